package io.nexuslite.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bson.BsonDocument;

/** One run of the command line, and what came of it. */
record CliRun(int exitCode, String out, String err) {
    static CliRun of(String... args) {
        return withInput("", args);
    }

    static CliRun withInput(String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = NexusLiteCli.run(args, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new CliRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Done, without a word on standard error. */
    CliRun expectDone() {
        assertEquals(ExitCode.DONE, exitCode, this::toString);
        return this;
    }

    /** Failed with this code and exactly one line on standard error, which holds these words and no stack trace. */
    CliRun expectError(int code, String... words) {
        assertEquals(code, exitCode, this::toString);
        assertEquals(1, err.lines().count(), this::toString);
        assertFalse(err.contains("\tat "), this::toString);
        for (String word : words) {
            assertTrue(err.contains(word), () -> "no '" + word + "' in " + err);
        }
        return this;
    }

    List<String> lines() {
        return out.lines().toList();
    }

    List<BsonDocument> documents() {
        return out.lines().map(BsonDocument::parse).toList();
    }

    BsonDocument json() {
        assertEquals(1, out.lines().count(), this::toString);
        return BsonDocument.parse(out);
    }
}
