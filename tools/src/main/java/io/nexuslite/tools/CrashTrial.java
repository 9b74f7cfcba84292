package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.DocumentCursor;
import io.nexuslite.NexusLite;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;

/**
 * Kills a process in the middle of durable inserts, and looks at what is left: every acknowledged document, at most the one that
 * was on its way, and nothing else.
 */
final class CrashTrial {
    private static final long MILLIS_MIN = 250;
    private static final long MILLIS_MAX = 750;
    private static final int FIRST_SECONDS_MAX = 60;
    private static final int SIGKILL = 9;

    private final Path file;
    private final long seed;

    /**
     * @param acknowledged ids whose insert the process had reported
     * @param loadNanos from the first acknowledgement to the kill
     * @param openNanos how long the file took to open afterwards, recovery included
     * @param found documents that were there
     */
    record Result(long acknowledged, long loadNanos, long openNanos, long found) {
    }

    /** @param seed of the documents, and of the moment of the kill */
    CrashTrial(Path file, long seed) {
        this.file = file;
        this.seed = seed;
    }

    /**
     * Writes until killed, opens again and compares.
     *
     * @throws RefusedException if the process ended by itself or acknowledged nothing, or a document is missing or invented
     */
    Result run() {
        List<Long> acknowledged = new ArrayList<>();
        long loadNanos = writeUntilKilled(acknowledged);
        if (acknowledged.isEmpty()) {
            throw new RefusedException("the writing process acknowledged nothing before it was killed");
        }
        long start = System.nanoTime();
        try (Database database = NexusLite.open(file)) {
            long openNanos = System.nanoTime() - start;
            return new Result(acknowledged.size(), loadNanos, openNanos, compare(database, acknowledged));
        }
    }

    private long writeUntilKilled(List<Long> acknowledged) {
        long pauseMillis = MILLIS_MIN + Math.floorMod(seed * 0x9e3779b97f4a7c15L >>> 16, MILLIS_MAX - MILLIS_MIN + 1);
        try {
            Process writer = start();
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(writer.getInputStream(), StandardCharsets.US_ASCII))) {
                Thread hangWatch = Thread.ofPlatform().daemon().start(() -> killIfSilent(writer));
                String first = lines.readLine();
                hangWatch.interrupt();
                long firstAt = System.nanoTime();
                Thread killer = Thread.ofPlatform().daemon().start(() -> killLater(writer, pauseMillis));
                readAll(first, lines, acknowledged);
                long loadNanos = System.nanoTime() - firstAt;
                killer.join();
                writer.waitFor();
                refuseOwnEnd(writer, loadNanos, pauseMillis);
                return loadNanos;
            } finally {
                writer.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the writing process ran", e);
        }
    }

    private Process start() throws IOException {
        List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx256m", "-cp",
                System.getProperty("java.class.path"),
                DurableWriter.class.getName(), file.toString(), Long.toString(seed));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static void killIfSilent(Process writer) {
        try {
            Thread.sleep(TimeUnit.SECONDS.toMillis(FIRST_SECONDS_MAX));
            writer.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it spoke
        }
    }

    private static void killLater(Process writer, long pauseMillis) {
        try {
            Thread.sleep(pauseMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.toHandle().destroyForcibly(); // not the Process' own method: that closes the pipe, with promises still in it
    }

    /** Reads to the end. A last line without its end may be half a number, so it counts as nothing. */
    private static void readAll(String first, BufferedReader lines, List<Long> acknowledged) throws IOException {
        if (first == null) {
            return;
        }
        acknowledged.add(Long.parseLong(first));
        StringBuilder line = new StringBuilder();
        for (int c = lines.read(); c >= 0; c = lines.read()) {
            if (c == '\n') {
                acknowledged.add(Long.parseLong(line.toString().strip()));
                line.setLength(0);
            } else {
                line.append((char) c);
            }
        }
    }

    private static void refuseOwnEnd(Process writer, long loadNanos, long pauseMillis) {
        boolean killed = File.separatorChar != '/' || writer.exitValue() == 128 + SIGKILL;
        if (!killed || loadNanos < TimeUnit.MILLISECONDS.toNanos(pauseMillis)) {
            throw new RefusedException("the writing process had ended by itself, with exit code " + writer.exitValue()
                    + ", before it could be killed");
        }
    }

    long compare(Database database, List<Long> acknowledged) {
        long last = acknowledged.size();
        for (int i = 0; i < last; i++) {
            if (acknowledged.get(i) != i + 1) {
                throw new RefusedException(
                        "the writing process acknowledged " + acknowledged.get(i) + " where " + (i + 1) + " was due");
            }
        }
        long expected = 1;
        try (DocumentCursor<BsonDocument> found = database.collection(DurableWriter.COLLECTION, BsonDocument.class)
                .find().iterator()) {
            for (; found.hasNext(); expected++) {
                BsonDocument document = found.next();
                if (expected > last + 1 || !document.equals(DurableWriter.document(expected, seed))) {
                    throw new RefusedException("after the crash, in place of document " + expected + " of " + last
                            + " acknowledged, there is one that was never written: " + document.get("_id"));
                }
            }
        }
        if (expected - 1 < last) {
            throw new RefusedException(
                    "after the crash, document " + expected + " of " + last + " acknowledged is missing");
        }
        return expected - 1;
    }
}
