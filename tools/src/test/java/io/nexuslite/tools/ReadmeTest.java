package io.nexuslite.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's program runs as it stands there and prints what it says; its commands exist. */
class ReadmeTest {
    private static final Path README = Path.of(System.getProperty("basedir", ""), "..", "README.md").normalize();

    @TempDir
    Path folder;

    @Test
    void programPrintsWhatItSays() throws Exception {
        String readme = Files.readString(README);
        Path program = Files.writeString(folder.resolve("Tour.java"), block(readme, "java"));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), program.toString())
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        int exitCode = process.waitFor();
        String printed = Files.readString(output, StandardCharsets.UTF_8).replace("\r", "");
        assertEquals(0, exitCode, printed);
        assertEquals(block(readme, "text"), printed);
        try (Stream<Path> files = Files.list(folder)) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".wasp")),
                    "a cleanly closed database is one file");
        }
    }

    @Test
    void commandsExist() throws Exception {
        Matcher commands = Pattern.compile("(?m)^\\./nexuslite (\\w+)").matcher(Files.readString(README));
        int count = 0;
        for (; commands.find(); count++) {
            CliRun.of(commands.group(1), "--help").expectDone();
        }
        assertTrue(count >= 5, "the README shows commands");
    }

    private static String block(String text, String language) {
        Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(text);
        assertTrue(block.find(), "a block of " + language);
        return block.group(1);
    }
}
