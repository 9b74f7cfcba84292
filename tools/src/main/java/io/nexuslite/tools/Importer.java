package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.DocumentCollection;
import io.nexuslite.ReplaceOptions;
import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.error.NexusLiteException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/** Reads documents from lines of Extended JSON into a collection, in batches that are a transaction each. One run, one thread. */
final class Importer implements AutoCloseable {
    private static final int BATCH = 1_000;
    private static final int TOLD_MAX = 10;

    private final BufferedReader lines;
    private final Console console;
    private final Progress progress;
    private final List<RawBsonDocument> batch = new ArrayList<>();
    private final List<Long> batchLines = new ArrayList<>();
    private long line;
    private long chars;
    private long read;
    private long inserted;
    private long replaced;
    private long refused;

    /**
     * @param read lines with something on them
     * @param inserted documents stored under a new id
     * @param replaced documents stored in place of another
     * @param refused lines that are no document, or whose document was refused
     */
    record Outcome(long read, long inserted, long replaced, long refused) {
    }

    private Importer(InputStream in, Console console, long bytes) {
        lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
        this.console = console;
        progress = new Progress(console, "import", bytes);
    }

    static Importer fromFile(Path file, Console console) {
        try {
            return new Importer(Files.newInputStream(file), console, Files.size(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Importer fromStandardInput(Console console) {
        return new Importer(console.in(), console, 0);
    }

    Outcome into(Database database, String collection, DuplicatePolicy policy, boolean stopOnError) {
        DocumentCollection<RawBsonDocument> target = DatabaseFlags.raw(database, collection);
        try {
            for (String text = lines.readLine(); text != null
                    && !(stopOnError && refused > 0); text = lines.readLine()) {
                line++;
                chars += text.length() + 1;
                accept(text);
                if (batch.size() == BATCH) {
                    store(target, policy, stopOnError);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!(stopOnError && refused > 0)) {
            store(target, policy, stopOnError);
        }
        return new Outcome(read, inserted, replaced, refused);
    }

    private void accept(String text) {
        if (text.isBlank()) {
            return;
        }
        read++;
        try {
            batch.add(RawBsonDocument.parse(text));
            batchLines.add(line);
        } catch (RuntimeException e) {
            refuse(line, e.getMessage());
        }
    }

    private void store(DocumentCollection<RawBsonDocument> target, DuplicatePolicy policy, boolean stopOnError) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            target.insertMany(batch);
            inserted += batch.size();
        } catch (DuplicateKeyException | InvalidDocumentException | KeyTooLongException e) {
            storeOneByOne(target, policy, stopOnError); // the batch had no effect
        }
        batch.clear();
        batchLines.clear();
        progress.update(chars, read);
    }

    private void storeOneByOne(DocumentCollection<RawBsonDocument> target, DuplicatePolicy policy,
            boolean stopOnError) {
        for (int i = 0; i < batch.size() && !(stopOnError && refused > 0); i++) {
            RawBsonDocument document = batch.get(i);
            try {
                target.insertOne(document);
                inserted++;
            } catch (DuplicateKeyException e) {
                settle(target, document, batchLines.get(i), policy, e);
            } catch (InvalidDocumentException | KeyTooLongException e) {
                refuse(batchLines.get(i), e.getMessage());
            }
        }
    }

    private void settle(DocumentCollection<RawBsonDocument> target, RawBsonDocument document, long atLine,
            DuplicatePolicy policy,
            NexusLiteException duplicate) {
        switch (policy) {
            case fail -> refuse(atLine, duplicate.getMessage());
            case skip -> {
            }
            case replace -> {
                BsonValue id = document.get("_id");
                target.replaceOne(new BsonDocument("_id", id), document, ReplaceOptions.defaults().withUpsert(true));
                replaced++;
            }
        }
    }

    private void refuse(long atLine, String why) {
        if (refused++ < TOLD_MAX) {
            console.err().println("nexuslite: line " + atLine + " refused: " + why);
        }
    }

    @Override
    public void close() {
        progress.close();
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
