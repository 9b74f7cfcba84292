package io.nexuslite.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.IoFailedException;
import io.nexuslite.error.NexusLiteException;
import io.nexuslite.io.CallKind;
import io.nexuslite.io.CrashPolicy;
import io.nexuslite.io.Fault;
import io.nexuslite.io.FaultyHost;
import io.nexuslite.io.Hosts;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is exported is there whole or not at all, whichever call fails and whenever the machine stops. */
class AtomicFileFaultTest {
    private static final Path FILE = Path.of("/simulated/export.json");
    private static final byte[] OLD = "old".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEW = "new ".repeat(200_000).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    @Test
    void keepsTheOldFileWhenAnyCallFails() {
        for (CallKind kind : CallKind.values()) {
            for (int nth = 1;; nth++) {
                FaultyHost host = hostWithOldFile();
                Fault fault = host.plan(Fault.of(kind).nth(nth));
                NexusLiteException failure = null;
                try {
                    export(host);
                } catch (NexusLiteException e) {
                    failure = e;
                }
                if (fault.fired() == 0) {
                    break;
                }
                host.clearFaults();
                byte[] found = read(host);
                boolean whole = Arrays.equals(found, NEW);
                assertTrue(whole || Arrays.equals(found, OLD), kind + " " + nth);
                assertTrue(failure != null || whole, kind + " " + nth);
                assertEquals(0, host.openFiles(), kind + " " + nth);
                assertTrue(kind == CallKind.UNLINK || host.fileNames().equals(Set.of(FILE)), kind + " " + nth);
            }
        }
    }

    @Test
    void isWholeAfterAPowerLossAtAnyMoment() {
        FaultyHost counting = hostWithOldFile();
        long before = counting.mutatingCalls();
        export(counting);
        long calls = counting.mutatingCalls() - before;
        assertTrue(calls > 3);
        for (int image = 0; image < 20; image++) {
            assertEquals(NEW.length, read(counting.crashImage(image, CrashPolicy.SECTORS)).length,
                    "once it has returned");
        }
        for (CallKind kind : List.of(CallKind.SYNC, CallKind.RENAME, CallKind.SYNC_DIRECTORY)) {
            FaultyHost host = hostWithOldFile();
            host.plan(Fault.of(kind).forever());
            assertThrows(NexusLiteException.class, () -> export(host));
            for (int image = 0; image < 20; image++) {
                byte[] found = read(host.crashImage(image, CrashPolicy.SECTORS));
                assertTrue(Arrays.equals(found, OLD) || Arrays.equals(found, NEW), kind + ": " + found.length);
            }
        }
    }

    private static FaultyHost hostWithOldFile() {
        FaultyHost host = new FaultyHost(11);
        try (AtomicFile file = new AtomicFile(host, FILE, false)) {
            file.write(OLD, 0, OLD.length);
            file.commit();
        }
        return host;
    }

    private static void export(FaultyHost host) {
        try (AtomicFile file = new AtomicFile(host, FILE, true)) {
            file.write(NEW, 0, NEW.length);
            assertEquals(NEW.length, file.bytes());
            file.commit();
        }
    }

    private static byte[] read(FaultyHost host) {
        StoreFile file = host.files().open(FILE, OpenMode.READ);
        byte[] bytes = new byte[(int) file.size()];
        try (StoreFileInput input = new StoreFileInput(file)) {
            int at = 0;
            while (at < bytes.length) {
                at += input.read(bytes, at, bytes.length - at);
            }
            assertEquals(-1, input.read());
        }
        return bytes;
    }

    @Test
    void keepsPermissionsAndReplacesLinksNotTheirTargets() throws IOException {
        Path file = directory.resolve("a");
        write(file, "one");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        write(file, "two");
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("two", Files.readString(file));
        Path link = directory.resolve("link");
        Files.createSymbolicLink(link, file);
        write(link, "three");
        assertEquals("two", Files.readString(file));
        assertTrue(!Files.isSymbolicLink(link));
        assertEquals("three", Files.readString(link));
    }

    @Test
    void refusesAFileThatIsThereIfItMustNotReplace() throws IOException {
        Path file = directory.resolve("a");
        write(file, "one");
        assertEquals(17,
                assertThrows(IoFailedException.class, () -> new AtomicFile(Hosts.platform(), file, false)).errno());
        Path late = directory.resolve("b");
        try (AtomicFile atomic = new AtomicFile(Hosts.platform(), late, false)) {
            Files.writeString(late, "came in between");
            assertThrows(IoFailedException.class, atomic::commit);
        }
        assertEquals("came in between", Files.readString(late));
        assertThrows(IoFailedException.class,
                () -> new AtomicFile(Hosts.platform(), directory.resolve("none/a"), true));
        try (var files = Files.list(directory)) {
            assertEquals(Set.of(file, late), Set.copyOf(files.toList()));
        }
    }

    private static void write(Path path, String text) {
        try (AtomicFile file = new AtomicFile(Hosts.platform(), path, true)) {
            file.write(text.getBytes(StandardCharsets.UTF_8), 0, text.length());
            file.commit();
        }
    }
}
