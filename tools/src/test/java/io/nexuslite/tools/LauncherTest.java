package io.nexuslite.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The shell scripts that find a JDK; the Windows launcher has its own search, which CI runs. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
    private static final Path FIND_JDK = Path.of(System.getProperty("basedir", ""), "..", ".mvn", "find-jdk.sh")
            .normalize();

    @TempDir
    Path folder;

    private record Answer(int exitCode, String out, String err) {
    }

    @Test
    void takesTheJdkOfJavaHome() throws Exception {
        String home = System.getProperty("java.home");
        Answer answer = run(Files.readString(FIND_JDK), Map.of("JAVA_HOME", home));
        assertEquals(new Answer(0, home + "\n", ""), answer);
    }

    @Test
    void takesTheJdkOfThePathWhereJavaHomeIsAnother() throws Exception {
        Path old = Files.createDirectories(folder.resolve("jdk-8/bin")).getParent();
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"1.8.0_25\"\n");
        String bin = System.getProperty("java.home") + "/bin";
        Answer answer = run(Files.readString(FIND_JDK),
                Map.of("JAVA_HOME", old.toString(), "PATH", bin + ":/usr/bin:/bin"));
        assertEquals(0, answer.exitCode(), answer.err());
        assertTrue(Files.isSameFile(Path.of(System.getProperty("java.home")), Path.of(answer.out().strip())),
                answer.out());
    }

    @Test
    void saysHowToGetOneWhereThereIsNone() throws Exception {
        Answer answer = run(Files.readString(FIND_JDK).replace("wanted=25", "wanted=99"), Map.of());
        assertEquals(ExitCode.FAILED, answer.exitCode());
        assertEquals("", answer.out());
        assertTrue(answer.err().contains("needs a JDK 99"), answer.err());
        assertTrue(answer.err().contains("https://adoptium.net/"), answer.err());
        assertTrue(answer.err().contains("JAVA_HOME"), answer.err());
    }

    private Answer run(String script, Map<String, String> environment) throws IOException, InterruptedException {
        Path copy = Files.writeString(folder.resolve("find-jdk.sh"), script);
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", copy.toString()).redirectError(err.toFile());
        builder.environment().remove("JAVA_HOME");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), out, Files.readString(err));
    }
}
