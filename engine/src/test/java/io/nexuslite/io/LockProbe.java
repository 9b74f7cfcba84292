package io.nexuslite.io;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Another process that tries to take a lock, says whether it got it, and holds it until it is closed. */
final class LockProbe implements AutoCloseable {
    private final Process process;
    private final String answer;

    LockProbe(StoreFileContractTest.Kind kind, Path file, LockMode mode) throws IOException {
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), LockProbe.class.getName(), kind.name(), file.toString(),
                mode.name()).redirectError(Redirect.INHERIT).start();
        BufferedReader output = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        answer = output.readLine();
    }

    /** "free" if the other process has the lock now, "locked" if it was refused. */
    String answer() {
        return answer;
    }

    static String ask(StoreFileContractTest.Kind kind, Path file, LockMode mode) throws IOException {
        try (LockProbe probe = new LockProbe(kind, file, mode)) {
            return probe.answer();
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }

    public static void main(String[] arguments) throws IOException {
        Host host = StoreFileContractTest.Kind.valueOf(arguments[0]).open();
        LockMode mode = LockMode.valueOf(arguments[2]);
        OpenMode openMode = mode == LockMode.SHARED ? OpenMode.READ : OpenMode.READ_WRITE;
        try (StoreFile file = host.files().open(Path.of(arguments[1]), openMode)) {
            System.out.println(file.tryLock(mode) ? "free" : "locked");
            System.in.read(); // until the other side closes
        }
    }
}
