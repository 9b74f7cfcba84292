package io.nexuslite.wasp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.format.LogFileLayout;
import io.nexuslite.io.FileImage;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.TreeKind;
import io.nexuslite.testing.Seed;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Damages a small database, closed or as a crash left it: everything that is then read is right, or a typed error names the damage. Never
 * wrong data, another exception, an endless loop. At scale 60 every byte in use is damaged once.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class WaspFlipTest {
    private static final int DAMAGES = 2500;

    @RegisterExtension
    final Seed seed = new Seed();

    /** A store with documents, keyed records, extents and a dropped tree; the log still has something to tell. */
    private CrashWorld world(SplittableRandom random) {
        CrashWorld world = new CrashWorld(seed.value(), CrashWorld.smallOptions().withReserve(0));
        world.points().beQuiet();
        world.host().setNanoTick(6_000_000);
        world.open(random);
        int[] trees = new int[3];
        world.transact(TransactionMode.OPTIMISTIC, draft -> {
            trees[0] = draft.createTree(TreeKind.KEYED);
            trees[1] = draft.createTree(TreeKind.DOCUMENT);
            trees[2] = draft.createTree(TreeKind.KEYED);
            for (int key = 0; key < 40; key++) {
                draft.put(trees[0], key, 300);
                draft.put(trees[1], key, 150);
            }
            draft.put(trees[1], 100, 9000);
            draft.put(trees[1], 50, 100, 7); // expires
            draft.createOrRename(1, 2);
            draft.put(trees[2], 1, 10);
        });
        world.checkpoint();
        world.transact(TransactionMode.OPTIMISTIC, draft -> {
            draft.put(trees[0], 7, 500);
            draft.put(trees[1], 101, 3000);
            draft.delete(trees[1], 3);
            draft.dropTree(trees[2]);
        });
        world.checkpoint();
        for (int commit = 0; commit < 3; commit++) {
            int key = commit;
            world.transact(TransactionMode.OPTIMISTIC, draft -> {
                draft.put(trees[0], key, 200);
                draft.put(trees[1], 200 + key, 2500);
            });
        }
        world.idle();
        world.idle();
        return world;
    }

    @Test
    void tellsEveryFlippedBitOfAClosedDatabase() {
        SplittableRandom random = seed.random("closed");
        try (CrashWorld world = world(random)) {
            world.closeCleanly();
            flipAll(world, CrashWorld.PATH, random);
        }
    }

    @Test
    void tellsEveryFlippedBitOfACrashedDatabase() {
        SplittableRandom random = seed.random("crashed");
        try (CrashWorld world = world(random)) {
            world.crash(seed.value(), null);
            flipAll(world, CrashWorld.PATH, random);
            flipAll(world, CrashWorld.LOG, random);
        }
    }

    private static void flipAll(CrashWorld world, Path file, SplittableRandom random) {
        byte[] bytes = world.host().copy(file).bytes();
        int used = 0;
        for (int block = 0; block < bytes.length; block += 4096) {
            used += isZero(bytes, block) ? 0 : 4096;
        }
        int stride = Math.max(1, used / Seed.scaled(DAMAGES));
        int damages = 0;
        int read = 0;
        for (int at = random.nextInt(stride); at < bytes.length; at += stride) {
            if (isZero(bytes, at / 4096 * 4096)) {
                at = at / 4096 * 4096 + 4096 - stride + random.nextInt(stride);
                continue;
            }
            int bit = random.nextInt(8);
            int position = at;
            damages++;
            read += judge(world, file + " bit " + bit + " of byte " + at, random,
                    copy -> copy.host().flipBit(file, position, bit));
        }
        assertTrue(damages > 500 && read > 0, damages + " flips, " + read + " harmless");
    }

    private static boolean isZero(byte[] bytes, int block) {
        return Arrays.equals(bytes, block, Math.min(bytes.length, block + 4096), new byte[4096], 0,
                Math.min(4096, bytes.length - block));
    }

    private static int judge(CrashWorld world, String damage, SplittableRandom random,
            java.util.function.Consumer<CrashWorld> harm) {
        try (CrashWorld copy = world.image(random.nextLong(), null)) {
            copy.points().beQuiet();
            harm.accept(copy);
            if (random.nextInt(3) == 0) {
                copy.use(EngineOptions::asReadOnly);
            }
            return copy.judge(random, copy.history().required()) ? 1 : 0;
        } catch (RuntimeException | Error failure) {
            throw new Violation(damage + ": " + failure, failure);
        }
    }

    @Test
    void tellsFilesCutAtAnySector() {
        SplittableRandom random = seed.random("cut");
        try (CrashWorld world = world(random)) {
            world.crash(seed.value(), null);
            for (Path file : new Path[]{CrashWorld.PATH, CrashWorld.LOG}) {
                byte[] bytes = world.host().copy(file).bytes();
                int sectors = bytes.length / 512;
                int stride = Math.max(1, sectors / Seed.scaled(500));
                for (int sector = random.nextInt(stride); sector < sectors; sector += stride) {
                    int length = sector * 512;
                    boolean behindUse = file.equals(CrashWorld.LOG) && length >= LogFileLayout.EXTENTS_POSITION;
                    judge(world, file + " cut to " + length, random, copy -> {
                        copy.host().plant(file, FileImage.of(Arrays.copyOf(bytes, length)));
                        if (behindUse) {
                            copy.history().forget(); // a log that ends early may read as a torn tail
                        }
                    });
                }
            }
        }
    }

    @Test
    void tellsRandomDamage() {
        SplittableRandom random = seed.random("random");
        try (CrashWorld world = world(random)) {
            world.crash(seed.value(), null);
            byte[] database = world.host().copy(CrashWorld.PATH).bytes();
            byte[] log = world.host().copy(CrashWorld.LOG).bytes();
            for (int run = 0; run < Seed.scaled(1500); run++) {
                boolean inLog = random.nextInt(3) == 0;
                byte[] bytes = (inLog ? log : database).clone();
                int count = 1 + random.nextInt(20);
                StringBuilder what = new StringBuilder(inLog ? "log" : "database");
                for (int damage = 0; damage < count; damage++) {
                    int at = ManifestSlots.usedByte(bytes, random);
                    int length = Math.min(bytes.length - at, 1 << random.nextInt(13));
                    what.append(' ').append(at).append('+').append(length);
                    switch (random.nextInt(3)) {
                        case 0 -> Arrays.fill(bytes, at, at + length, (byte) random.nextInt());
                        case 1 -> System.arraycopy(bytes, random.nextInt(bytes.length - length), bytes, at, length);
                        default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                    }
                }
                judge(world, what.toString(), random, copy -> {
                    copy.host().plant(inLog ? CrashWorld.LOG : CrashWorld.PATH, FileImage.of(bytes));
                    if (inLog) {
                        copy.history().forget(); // more than one place: all headers that could tell may be among them
                    }
                });
            }
        }
    }
}
