package io.nexuslite.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

/**
 * Random calls on one simulated file beside a plain model: an array for what readers see, and per sector all contents that it
 * had since it was last made durable. Every image must be made of those, and what is durable must be in every image.
 */
class FaultyHostModelTest {
    private static final Path FILE = Path.of("/db/x");
    private static final int SECTOR = 512;
    private static final int SECTORS = 24;
    private static final int SIZE_MAX = SECTORS * SECTOR;

    /** What the test knows; bytes behind a size are zero. */
    private static final class Model {
        private byte[] visible = new byte[SIZE_MAX];
        private int size;
        private final List<List<byte[]>> history = new ArrayList<>(); // per sector, the durable content first
        private List<Integer> sizes = new ArrayList<>(List.of(0)); // the durable one first
        private boolean structural; // a pending truncation or punch goes with the next commit of metadata

        Model() {
            for (int i = 0; i < SECTORS; i++) {
                history.add(new ArrayList<>(List.of(new byte[SECTOR])));
            }
        }

        void changed(int from, int to) {
            for (int sector = from / SECTOR; sector * SECTOR < to; sector++) {
                history.get(sector).add(sector(visible, sector));
            }
        }

        void resized(int newSize) {
            size = newSize;
            sizes.add(newSize);
        }

        void settled(int from, int to) {
            for (int sector = from / SECTOR; sector * SECTOR < to; sector++) {
                history.set(sector, new ArrayList<>(List.of(history.get(sector).getLast())));
            }
        }

        void settledSize() {
            sizes = new ArrayList<>(List.of(size));
            structural = false;
        }

        static byte[] sector(byte[] bytes, int sector) {
            return Arrays.copyOfRange(bytes, sector * SECTOR, (sector + 1) * SECTOR);
        }
    }

    @Test
    void imagesAreMadeOfWhatWasWritten() {
        long seed = Seeds.seed();
        Seeds.run(FaultyHostModelTest.class, "imagesAreMadeOfWhatWasWritten", seed, () -> {
            SplittableRandom seeds = Seeds.child(seed, "runs");
            for (int run = 0; run < 150 * Seeds.scale(); run++) {
                run(seeds.nextLong());
            }
        });
    }

    private void run(long seed) {
        SplittableRandom random = Seeds.child(seed, "calls");
        FaultyHost host = new FaultyHost(seed);
        Model model = new Model();
        int[] weights = new int[7]; // some calls are frequent, some never happen
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.nextInt(4);
        }
        weights[0]++;
        try (Arena arena = Arena.ofConfined(); StoreFile file = host.files().open(FILE, OpenMode.CREATE_NEW)) {
            host.files().syncDirectory(FILE.getParent());
            for (int step = 0; step < 40; step++) {
                step(random, weights, file, model, arena);
                assertArrayEquals(Arrays.copyOf(model.visible, model.size), host.copy(FILE).bytes());
                if (random.nextInt(3) == 0) {
                    checkImages(random, host, model);
                }
            }
        }
    }

    private void step(SplittableRandom random, int[] weights, StoreFile file, Model model, Arena arena) {
        int position = edge(random, SIZE_MAX - 1);
        int length = Math.min(SIZE_MAX - position, 1 + edge(random, 3000));
        switch (choose(random, weights)) {
            case 0 -> {
                file.write(position, bytes(random, model, position, length, arena), 0, length);
                model.changed(position, position + length);
                grow(model, position + length);
            }
            case 1 -> {
                boolean commits = position + length > model.sizes.getFirst() || model.structural;
                file.writeDurable(position, bytes(random, model, position, length, arena), 0, length);
                model.changed(position, position + length);
                grow(model, position + length);
                model.settled(position, position + length);
                if (commits) {
                    model.settledSize();
                }
            }
            case 2 -> {
                file.sync();
                model.settled(0, SIZE_MAX);
                model.settledSize();
            }
            case 3 -> {
                file.truncate(position);
                model.structural |= position < model.size;
                clear(model, position, SIZE_MAX);
                model.resized(position);
            }
            case 4 -> {
                file.punch(position, length);
                model.structural |= position < model.size;
                clear(model, position, position + length);
            }
            default -> {
                file.allocate(position, length);
                grow(model, position + length);
            }
        }
    }

    private static MemorySegment bytes(SplittableRandom random, Model model, int position, int length, Arena arena) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        System.arraycopy(bytes, 0, model.visible, position, length);
        return arena.allocate(length).copyFrom(MemorySegment.ofArray(bytes));
    }

    private static void clear(Model model, int from, int to) {
        Arrays.fill(model.visible, from, to, (byte) 0);
        model.changed(from, to);
    }

    private static void grow(Model model, int end) {
        if (end > model.size) {
            model.resized(end);
        }
    }

    /** Often at a border of a sector or a block, or beside one. */
    private static int edge(SplittableRandom random, int max) {
        int value = random.nextInt(max + 1);
        return switch (random.nextInt(4)) {
            case 0 -> value / SECTOR * SECTOR;
            case 1 -> value / 4096 * 4096;
            case 2 -> Math.max(0, value / SECTOR * SECTOR - 1);
            default -> value;
        };
    }

    private static int choose(SplittableRandom random, int[] weights) {
        int pick = random.nextInt(Arrays.stream(weights).sum());
        int index = 0;
        while (pick >= weights[index]) {
            pick -= weights[index++];
        }
        return index;
    }

    private void checkImages(SplittableRandom random, FaultyHost host, Model model) {
        long seed = random.nextLong();
        CrashPolicy policy = CrashPolicy.any(seed);
        checkImage(host.crashImage(seed, policy).copy(FILE).bytes(), model,
                policy.garbageChance() > 0 || policy.exposesGarbage());
        FaultyHost killed = host.killImage(seed);
        assertArrayEquals(host.copy(FILE).bytes(), killed.copy(FILE).bytes());
        checkImage(killed.crashImage(seed, policy).copy(FILE).bytes(), model,
                policy.garbageChance() > 0 || policy.exposesGarbage());
        byte[] lost = host.crashImage(seed, CrashPolicy.LOSE_UNSYNCED).copy(FILE).bytes();
        assertArrayEquals(host.copyDurable(FILE).bytes(), lost);
        assertArrayEquals(Arrays.copyOf(model.visible, model.size),
                host.crashImage(seed, CrashPolicy.KEEP_EVERYTHING).copy(FILE).bytes());
    }

    private static void checkImage(byte[] image, Model model, boolean garbage) {
        assertTrue(model.sizes.contains(image.length), "size " + image.length + " of " + model.sizes);
        byte[] padded = Arrays.copyOf(image, SIZE_MAX);
        for (int sector = 0; sector < SECTORS; sector++) {
            List<byte[]> contents = model.history.get(sector);
            int visible = Math.clamp(image.length - sector * SECTOR, 0, SECTOR);
            byte[] found = Model.sector(padded, sector);
            boolean known = contents.stream().anyMatch(content -> Arrays.equals(cut(content, visible), found));
            boolean unsure = contents.size() > 1 || image.length > model.sizes.getFirst()
                    && (sector + 1) * SECTOR > model.sizes.getFirst();
            assertTrue(known || garbage && unsure, "sector " + sector + " holds what was never written");
        }
        assertEquals(SIZE_MAX, padded.length);
    }

    private static byte[] cut(byte[] content, int length) {
        return Arrays.copyOf(Arrays.copyOf(content, length), SECTOR);
    }
}
