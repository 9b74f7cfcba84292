package io.nexuslite.wasp;

import io.nexuslite.io.Hosts;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A child process that commits counters, one after the other, each in two trees at once, and prints each number once its commit has
 * returned; and the parent's hold on it.
 */
final class DurableLoad implements AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int FIRST_TREE = 16;

    private final Process process;
    private final BufferedReader output;
    private long acknowledged;

    DurableLoad(Path path, long seed) throws IOException {
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), DurableLoad.class.getName(), path.toString(),
                Long.toString(seed))
                .redirectError(Redirect.INHERIT).start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    long processId() {
        return process.pid();
    }

    /** Reads on until a number of commits is acknowledged; returns the last counter read. */
    long awaitAcknowledged(int count) throws IOException {
        for (int line = 0; line < count; line++) {
            String text = output.readLine();
            if (text == null) {
                throw new IOException("the child has ended by itself");
            }
            acknowledged = Long.parseLong(text.substring(0, text.length() - 1));
        }
        return acknowledged;
    }

    /** Kills it after some acknowledgements; returns the last counter that it printed whole. */
    long killAfter(int count) throws Exception {
        awaitAcknowledged(count);
        process.toHandle().destroyForcibly(); // unlike the process itself, leaves its output readable
        for (String text = output.readLine(); text != null; text = output.readLine()) {
            if (text.endsWith(".")) {
                acknowledged = Long.parseLong(text.substring(0, text.length() - 1));
            }
        }
        return acknowledged;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        output.close();
    }

    /** Both trees hold the counters from 1 on without a gap, the same ones, and at least those acknowledged. */
    static void verify(WaspEngine engine, long acknowledged) {
        try (Session session = engine.openSession(); Snapshot snapshot = engine.snapshot("verification")) {
            long first = count(engine, session, snapshot, FIRST_TREE);
            long second = count(engine, session, snapshot, FIRST_TREE + 1);
            if (first != second || first < acknowledged) {
                throw new Violation(
                        "acknowledged are " + acknowledged + ", one tree holds " + first + ", the other " + second);
            }
        }
    }

    private static long count(WaspEngine engine, Session session, Snapshot snapshot, int treeId) {
        long last = 0;
        try (TreeCursor cursor = engine.tree(treeId).cursor(session, snapshot)) {
            while (cursor.next()) {
                RecordView view = cursor.record();
                long counter = view.key().memory().get(LONG, view.key().offset());
                if (counter != last + 1) {
                    throw new Violation("tree " + treeId + ": counter " + counter + " follows " + last);
                }
                for (int at = 0; at < view.length(); at++) {
                    if (view.memory().get(ValueLayout.JAVA_BYTE, view.offset() + at) != (byte) (counter + at)) {
                        throw new Violation("tree " + treeId + ": wrong byte in the value of " + counter);
                    }
                }
                last = counter;
            }
        }
        return last;
    }

    /** The child: path, seed. */
    public static void main(String[] arguments) {
        SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[1]));
        EngineOptions options = CrashWorld.smallOptions().withLog(256 * 1024, 1024 * 1024, 256 * 1024).withBackground();
        PrintStream answers = System.out;
        try (WaspEngine engine = WaspEngine.open(Hosts.platform(), Path.of(arguments[0]), options);
                Session session = engine.openSession();
                Arena arena = Arena.ofConfined()) {
            long counter = prepare(engine, session);
            MemorySegment memory = arena.allocate(4096);
            Key key = new Key();
            while (true) {
                counter++;
                try (Transaction transaction = engine.begin(session, TransactionMode.OPTIMISTIC)) {
                    memory.set(LONG, 0, counter);
                    int length = random.nextInt(1000);
                    for (int at = 0; at < length; at++) {
                        memory.set(ValueLayout.JAVA_BYTE, 64 + at, (byte) (counter + at));
                    }
                    key.wrap(memory, 0, Long.BYTES);
                    transaction.put(engine.tree(FIRST_TREE), key, memory, 64, length);
                    transaction.put(engine.tree(FIRST_TREE + 1), key, memory, 64, length / 2);
                    transaction.commit();
                }
                answers.println(counter + ".");
                answers.flush();
                if (random.nextInt(100) == 0) {
                    engine.checkpoint();
                }
            }
        }
    }

    private static long prepare(WaspEngine engine, Session session) {
        try {
            engine.tree(FIRST_TREE);
        } catch (IllegalArgumentException fresh) {
            try (Transaction transaction = engine.begin(session, TransactionMode.EXCLUSIVE)) {
                engine.createTree(transaction, TreeKind.KEYED);
                engine.createTree(transaction, TreeKind.KEYED);
                transaction.commit();
            }
        }
        try (Snapshot snapshot = engine.snapshot("start")) {
            return count(engine, session, snapshot, FIRST_TREE);
        }
    }
}
