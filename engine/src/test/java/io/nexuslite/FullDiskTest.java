package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A real disk that is full: a tmpfs of 192 MiB that only the child process sees, in name spaces of its own. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "a tmpfs in a name space of its own is Linux'")
class FullDiskTest {
    @TempDir
    private Path directory;

    private String inNameSpace(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-ec", script, "sh"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + "\n" + output;
    }

    @Test
    void keepsWhatItAcknowledgedAndGoesOnWhenThereIsRoom() throws IOException, InterruptedException {
        String mount = "mount -t tmpfs -o size=192m tmpfs \"$1\"";
        String tried;
        try {
            tried = inNameSpace(mount, directory.toString());
        } catch (IOException e) {
            tried = e.toString(); // no such program
        }
        assumeTrue(tried.startsWith("0\n"), "no small file system can be mounted here: " + tried);
        String result = inNameSpace(mount + "; shift; exec \"$@\"", directory.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-ea", "-cp",
                System.getProperty("java.class.path"),
                FullDiskLife.class.getName(), directory.toString());
        assertTrue(result.startsWith("0\n"), result);
        assertEquals(FullDiskLife.HELD, result.lines().reduce((first, second) -> second).orElse(""), result);
    }
}
