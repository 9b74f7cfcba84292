package io.nexuslite.wasp;

import static io.nexuslite.wasp.SceneSteps.commit;
import static io.nexuslite.wasp.SceneSteps.failing;
import static io.nexuslite.wasp.SceneSteps.isCut;
import static io.nexuslite.wasp.SceneSteps.puts;
import static io.nexuslite.wasp.SceneSteps.world;

import io.nexuslite.format.LogFileLayout;
import io.nexuslite.format.RecordLayout;
import io.nexuslite.io.CallKind;
import io.nexuslite.io.CrashNow;
import io.nexuslite.io.CrashPolicy;
import io.nexuslite.io.Fault;
import io.nexuslite.io.FaultyHost;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.log.LogDurability;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Scenes of openings that find a log: it is finished before anything is served, and only read. */
final class RecoveryScenes {
    private RecoveryScenes() {
    }

    /** RULES 11: what was in the kernel alone is served once recovery has made it durable: a loss of power takes it no more. */
    static void servedStays(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        try (CrashWorld world = world(seed, LogDurability.GROUP, liar)) {
            world.open(random);
            puts(world, 5, 100);
            world.crash(seed, null);
            world.open(random);
            world.crash(seed, CrashPolicy.LOSE_UNSYNCED);
            world.open(random);
        }
    }

    /** RULES 11: the first write after a recovery begins a log of its own, and what the old one held does not depend on it. */
    static void firstWriteAfterRecovery(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean cut = true;
        for (int calls = 0; cut; calls++) {
            try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
                world.open(random);
                puts(world, 5, 100);
                world.crash(seed, null);
                world.open(random);
                world.points().arm(calls, CrashNow.Effect.NOT_APPLIED);
                cut = isCut(world, () -> puts(world, 2, 100));
                for (CrashPolicy policy : new CrashPolicy[]{null, CrashPolicy.LOSE_UNSYNCED,
                        CrashPolicy.KEEP_EVERYTHING,
                        CrashPolicy.any(random.nextLong())}) {
                    try (CrashWorld copy = world.image(random.nextLong(), policy)) {
                        copy.liveOn(random);
                    }
                }
            }
        }
    }

    /**
     * RULES 11: the CLEAN slot beside a log may be in the cache alone, where a flush that failed has left it for good, so nothing is served, and no
     * new log begun, before two others are durable.
     */
    static void cleanSlotInTheCache(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean cut = true;
        for (int calls = 0; cut; calls++) {
            try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
                world.open(random);
                puts(world, 5, 100);
                world.crash(seed, null);
                world.host().tearFailedSyncs();
                world.plan(Fault.of(CallKind.SYNC).in(".nxl").nth(2));
                failing(world, () -> world.open(random), random);
                world.open(random);
                world.points().arm(calls, CrashNow.Effect.NOT_APPLIED);
                cut = isCut(world, () -> puts(world, 1, 100));
                for (CrashPolicy policy : new CrashPolicy[]{CrashPolicy.LOSE_UNSYNCED, CrashPolicy.KEEP_EVERYTHING,
                        CrashPolicy.any(random.nextLong())}) {
                    try (CrashWorld copy = world.image(random.nextLong(), policy)) {
                        copy.liveOn(random);
                    }
                }
            }
        }
    }

    /** RULES 11: recovery only reads the log, so that a loss of power in the middle of it finds every group as it was. */
    static void logIsOnlyRead(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean cut = true;
        for (int calls = 0; cut; calls++) {
            try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
                world.open(random);
                puts(world, 5, 600);
                world.crash(seed, null);
                world.points().arm(calls, CrashNow.Effect.NOT_APPLIED);
                cut = isCut(world, () -> world.open(random));
                for (int image = 0; image < 4; image++) {
                    try (CrashWorld copy = world.image(random.nextLong(), CrashPolicy.GARBAGE)) {
                        copy.liveOn(random);
                    }
                }
            }
        }
    }

    /** Rewrites the end of the log with the same bytes before each opening, in place, and flushes that. */
    static final class TailRewriter implements CrashWorld.Liar {
        @Override
        public void beforeOpening(FaultyHost host) {
            if (!host.fileNames().contains(CrashWorld.LOG)) {
                return;
            }
            ManifestSlots.Slot newest = ManifestSlots.newest(host.copy(CrashWorld.PATH));
            byte[] bytes = host.copy(CrashWorld.LOG).bytes();
            int from = (int) (LogFileLayout.EXTENTS_POSITION + newest.anchorEnd()); // all in the first extent
            try (StoreFile log = host.files().open(CrashWorld.LOG, OpenMode.READ_WRITE);
                    Arena arena = Arena.ofConfined()) {
                MemorySegment memory = arena.allocate(bytes.length);
                memory.copyFrom(MemorySegment.ofArray(bytes));
                log.write(from, memory, from, bytes.length - from);
                log.sync();
            }
        }
    }

    /**
     * RULES 11: before recovery writes its first page it has read which extents the log names: they count as free in the newest manifest, and hold
     * what nothing else does. Also after a crash of that recovery, anywhere.
     */
    static void loggedExtents(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean cut = true;
        for (int calls = 0; cut; calls++) {
            try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
                world.open(random);
                putsInOne(world, 1500, 1);
                world.checkpoint();
                commit(world, draft -> draft.put(draft.createTree(TreeKind.DOCUMENT), 1,
                        RecordLayout.LOGGED_VALUE_MAX + 5_000));
                putsInOne(world, 10, 5); // many leaves to write, and little log
                world.crash(seed, null);
                world.points().arm(calls, CrashNow.Effect.NOT_APPLIED);
                cut = isCut(world, () -> world.open(random));
                for (CrashPolicy policy : new CrashPolicy[]{CrashPolicy.LOSE_UNSYNCED,
                        CrashPolicy.any(random.nextLong())}) {
                    try (CrashWorld copy = world.image(random.nextLong(), policy)) {
                        copy.liveOn(random);
                    }
                }
            }
        }
    }

    private static void putsInOne(CrashWorld world, int length, int step) {
        for (int part = 0; part < 10; part++) {
            int first = 40 * part;
            commit(world, draft -> {
                int tree = draft.trees().stream().findFirst()
                        .orElseGet(() -> draft.createTree(TreeKind.KEYED));
                for (int key = first; key < first + 40; key += step) {
                    draft.put(tree, key, length);
                }
            });
        }
    }
}
