package io.nexuslite.wasp.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.store.RecordView;
import io.nexuslite.store.SeekMode;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import io.nexuslite.testing.Seed;
import io.nexuslite.testing.Threads;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Readers and cursors beside one writer and a checkpointer. Every transaction writes one number to a group of keys, so that a reader at
 * one horizon must see one number in all of them; each value carries its key, and a checksum over both.
 */
class HotTreeConcurrencyTest {
    private static final int GROUPS = 150;
    private static final int GROUP_KEYS = 4;

    @RegisterExtension
    final Seed seed = new Seed();

    private final AtomicLong running = new AtomicLong();
    private TreeKind kind;
    private TreeWorld world;
    private HotTree tree;
    private boolean tight;

    @ParameterizedTest
    @CsvSource({"KEYED,8192,false", "KEYED,8192,true", "DOCUMENT,8192,true", "DOCUMENT,16384,false"})
    void readersSeeWholeTransactions(TreeKind treeKind, int pageSize, boolean tightFrames) throws InterruptedException {
        kind = treeKind;
        tight = tightFrames;
        world = new TreeWorld(kind, pageSize, tight ? 768 << 10 : 64 << 20);
        world.onPressure = Thread::yield; // the checkpointer is at work
        tree = world.tree(new PagePointer(), 0, 0);
        running.set(1);
        Threads.run(5, index -> {
            try {
                switch (index) {
                    case 0 -> write(seed.random("writer"));
                    case 1 -> checkpoint();
                    case 2 -> scan(seed.random("scan"));
                    default -> get(seed.random("get" + index), index == 3);
                }
            } catch (Throwable e) {
                running.set(0);
                throw e;
            }
        });
        tree.drop();
        world.close();
    }

    private static String name(int group, int member) {
        return String.format("%02d/%05d", member * 7, group); // members lie far apart
    }

    private static byte[] value(String name, long number, SplittableRandom random) {
        byte[] bytes = new byte[24 + random.nextInt(300)];
        random.nextBytes(bytes);
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (number >>> 8 * i);
        }
        System.arraycopy(checksum(name, bytes), 0, bytes, 8, 4);
        return bytes;
    }

    private static byte[] checksum(String name, byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(name.getBytes());
        crc.update(bytes, 0, 8);
        crc.update(bytes, 12, bytes.length - 12);
        int sum = (int) crc.getValue();
        return new byte[]{(byte) sum, (byte) (sum >>> 8), (byte) (sum >>> 16), (byte) (sum >>> 24)};
    }

    private long numberOf(String name, RecordView view) {
        byte[] bytes = Rows.valueOf(view);
        if (kind == TreeKind.DOCUMENT) {
            byte[] inner = new RawBsonDocument(bytes).getBinary("v").getData();
            assertEquals(name, new RawBsonDocument(bytes).getString("_id").getValue());
            bytes = inner;
        }
        assertTrue(Arrays.equals(checksum(name, bytes), Arrays.copyOfRange(bytes, 8, 12)), () -> "torn value of "
                + name);
        long number = 0;
        for (int i = 7; i >= 0; i--) {
            number = number << 8 | bytes[i] & 0xFF;
        }
        return number;
    }

    private void write(SplittableRandom random) {
        long csn = 0;
        try (Rows rows = new Rows(kind, world.pages)) {
            for (int i = 0; i < Seed.scaled(12_000) && running.get() == 1; i++) {
                int group = random.nextInt(GROUPS);
                boolean delete = random.nextInt(5) == 0;
                boolean abort = random.nextInt(10) == 0;
                for (int member = 0; member < GROUP_KEYS; member++) {
                    String name = name(group, member);
                    byte[] key = rows.keyOf(name);
                    if (delete) {
                        rows.delete(name);
                    } else {
                        rows.put(name, value(name, csn + 1, random), random);
                    }
                    tree.insertPending(rows.key(key), rows.record(), 0, rows.recordLength);
                }
                csn += abort ? 0 : 1;
                for (int member = 0; member < GROUP_KEYS; member++) {
                    byte[] key = rows.keyOf(name(group, member));
                    if (abort) {
                        tree.abortPending(rows.key(key));
                    } else {
                        tree.stamp(rows.key(key), csn);
                    }
                }
                world.horizon.setRelease(csn);
            }
        } finally {
            running.set(0);
        }
    }

    private void checkpoint() {
        try (TreeReader reader = world.reader()) {
            PagePointer root = new PagePointer();
            for (int i = 0; running.get() == 1; i++) {
                long csn = world.register();
                try {
                    PagePointer written = tree.checkpoint(csn, world.pages, reader);
                    if (i % 5 == 4) {
                        tree.checkpointFailed();
                        world.pages.undo();
                        continue;
                    }
                    // a page that this frees may still be on its way into a frame: it stays, as the two newest manifests keep theirs
                    world.pages.flip(false);
                    tree.checkpointDone();
                    root = written;
                    world.pages.requireAccount(root, TreeWorld.TREE_ID, kind);
                } finally {
                    world.end(csn);
                }
                if (!tight) {
                    world.trees.evict(10);
                }
                world.epochs.collect();
            }
        }
    }

    private void get(SplittableRandom random, boolean plain) {
        TreeWorld.SessionPin pin = world.new SessionPin();
        pin.plain = plain;
        try (TreeReader reader = new TreeReader(pin); Rows rows = new Rows(kind, world.pages)) {
            RecordView view = new RecordView();
            while (running.get() == 1) {
                long registered = plain ? 0 : world.register();
                int group = random.nextInt(GROUPS);
                long seen = -1;
                long newest = 0;
                for (int member = 0; member < GROUP_KEYS; member++) {
                    String name = name(group, member);
                    byte[] key = rows.keyOf(name);
                    pin.pin();
                    try {
                        long horizon = plain ? world.horizon.getAcquire() : registered;
                        long number = tree.get(reader, horizon, rows.key(key), view) ? numberOf(name, view) : 0;
                        assertTrue(plain || member == 0 || number == seen, "a transaction was seen in part");
                        assertTrue(number == 0 || number == view.csn());
                        assertTrue(number == 0 || number >= newest, "went back in time");
                        seen = number;
                        newest = Math.max(newest, number);
                    } finally {
                        pin.unpin();
                    }
                }
                if (!plain) {
                    world.end(registered);
                }
            }
        }
    }

    private void scan(SplittableRandom random) {
        try (TreeReader reader = world.reader(); Rows rows = new Rows(kind, world.pages)) {
            while (running.get() == 1) {
                long csn = world.register();
                long[] numbers = new long[GROUPS];
                int[] counts = new int[GROUPS];
                try (TreeCursor cursor = tree.cursor(reader, csn)) {
                    boolean forward = random.nextBoolean();
                    while (forward ? cursor.next() : cursor.previous()) {
                        RecordView view = cursor.record();
                        assertTrue(view.csn() <= csn);
                        note(view, numbers, counts);
                    }
                    for (int group = 0; group < GROUPS; group++) {
                        assertTrue(counts[group] == 0 || counts[group] == GROUP_KEYS, "a transaction was seen in part");
                    }
                    byte[] key = rows.keyOf(name(random.nextInt(GROUPS), random.nextInt(GROUP_KEYS)));
                    cursor.seek(rows.key(key), SeekMode.values()[random.nextInt(4)]);
                } finally {
                    world.end(csn);
                }
            }
        }
    }

    private void note(RecordView view, long[] numbers, int[] counts) {
        String name = kind == TreeKind.KEYED
                ? new String(Rows.keyOf(view))
                : new RawBsonDocument(Rows.valueOf(view)).getString("_id").getValue();
        assertNotNull(name);
        int group = Integer.parseInt(name.substring(3));
        long number = numberOf(name, view);
        assertTrue(counts[group] == 0 || numbers[group] == number, "a transaction was seen in part");
        numbers[group] = number;
        counts[group]++;
    }
}
