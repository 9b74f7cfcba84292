package io.nexuslite.wasp.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.store.RecordView;
import io.nexuslite.store.TreeKind;
import io.nexuslite.testing.Seed;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A tree that has hardly a page frame left for what it reads. */
class FewFramesTest {
    private static final int PAGE_SIZE = 8192;
    private static final int FRAMES = 64;
    private static final int KEYS = 900;
    private static final long READS_MAX = 200_000;

    @RegisterExtension
    final Seed seed = new Seed();

    private final TreeWorld world = new TreeWorld(TreeKind.KEYED, PAGE_SIZE, (long) FRAMES * PAGE_SIZE);
    private final HotTree tree = world.tree(new PagePointer(), 0, 0);
    private final Rows rows = new Rows(TreeKind.KEYED, world.pages);
    private final TreeReader reader = world.reader();
    private final TreeReader checkpointReader = world.reader();
    private final RecordView view = new RecordView();
    private long csn;
    private long snapshot = -1;
    private int pressures; // of one operation

    /** Long and different at the end, so that few separators fit in an inner page, and the tree has several levels. */
    private static String name(int number) {
        return "n".repeat(800) + String.format("%05d", number);
    }

    private void put(int number, byte value, SplittableRandom random) {
        pressures = 0;
        byte[] bytes = new byte[600];
        Arrays.fill(bytes, value);
        rows.put(name(number), bytes, random);
        tree.insertPending(rows.key(rows.keyOf(name(number))), rows.record(), 0, rows.recordLength);
        tree.stamp(rows.key(rows.keyOf(name(number))), ++csn);
        world.horizon.setRelease(csn);
    }

    private byte get(int number) {
        pressures = 0;
        reader.pin.pin();
        try {
            assertTrue(tree.get(reader, csn, rows.key(rows.keyOf(name(number))), view));
            return Rows.valueOf(view)[0];
        } finally {
            reader.pin.unpin();
        }
    }

    private void checkpoint() {
        long at = world.register();
        tree.checkpoint(at, world.pages, checkpointReader);
        world.pages.flip(true);
        tree.checkpointDone();
        world.end(at);
    }

    /**
     * Symptom: an operation that never ends, beside a snapshot that keeps nearly all page frames. Cause: each page that it read had to make way
     * for the next one of its own path, and every eviction counted as a success. Rule: who reads more pages than a path has, and is not done,
     * asks for memory as one who finds none.
     */
    @Test
    void readsOnWhenOnePathHardlyFits() {
        SplittableRandom random = seed.random("few frames");
        world.pages.readsMax = READS_MAX;
        world.onPressure = () -> {
            if (++pressures > 2 && snapshot >= 0) {
                world.end(snapshot);
                snapshot = -1;
                world.collectAll();
            }
            checkpoint();
        };
        for (int number = 0; number < KEYS; number++) {
            put(number, (byte) 1, random);
        }
        for (int round = 0; round < 3; round++) {
            checkpoint();
            snapshot = world.register();
            for (int number = 0; snapshot >= 0; number++) {
                put(number % KEYS, (byte) (2 + round), random);
                checkpoint();
                assertEquals((byte) (number < KEYS - 1 ? 1 + round : 2 + round), get(KEYS - 1));
                get((number + KEYS / 2) % KEYS);
            }
            for (int number = 0; number < KEYS; number++) {
                put(number, (byte) (2 + round), random);
            }
        }
        tree.drop();
        rows.close();
        reader.close();
        checkpointReader.close();
        world.close();
    }
}
