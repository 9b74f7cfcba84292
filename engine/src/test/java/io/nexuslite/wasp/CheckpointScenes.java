package io.nexuslite.wasp;

import static io.nexuslite.wasp.SceneSteps.commit;
import static io.nexuslite.wasp.SceneSteps.end;
import static io.nexuslite.wasp.SceneSteps.flush;
import static io.nexuslite.wasp.SceneSteps.isCut;
import static io.nexuslite.wasp.SceneSteps.newestSlot;
import static io.nexuslite.wasp.SceneSteps.put;
import static io.nexuslite.wasp.SceneSteps.puts;
import static io.nexuslite.wasp.SceneSteps.world;

import io.nexuslite.format.FileLayout;
import io.nexuslite.format.RecordLayout;
import io.nexuslite.io.Call;
import io.nexuslite.io.CallListener;
import io.nexuslite.io.CrashNow;
import io.nexuslite.io.CrashPolicy;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.log.LogDurability;
import java.util.SplittableRandom;

/** Scenes of checkpoints: what is fixed when, what a slot may tell, and how the log gets its room back. */
final class CheckpointScenes {
    private CheckpointScenes() {
    }

    /**
     * RULES 5: others commit between the log's flush and the moment that fixes C, and again while the pages are written: so C lies above what the
     * anchor covers, inside a later group that goes on above C. Replay begins at the anchor and skips what the pages hold; the slot waits until the
     * log is durable up to C.
     */
    static void straddle(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean cut = true;
        for (int calls = 0; cut; calls++) {
            try (CrashWorld world = world(seed, LogDurability.NONE, liar)) {
                // with room for all: who waits for it in the middle of a flush, on the same thread, waits for ever
                world.use(options -> options.withLog(512 * 1024, 2L * 1024 * 1024, 64 * 1024));
                world.open(random);
                puts(world, 5, 100);
                world.checkpoint();
                puts(world, 2, 200); // so that the next one has something to flush
                SlipIn slips = new SlipIn(world);
                world.points().watch(slips);
                world.points().arm(calls, CrashNow.Effect.NOT_APPLIED);
                cut = isCut(world, () -> {
                    world.checkpoint();
                    slips.requireDone();
                    puts(world, 2, 200);
                    world.checkpoint();
                });
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

    /** Commits at the log's flush and at the flush of the pages of one checkpoint; looks at the slot when it is written. */
    private static final class SlipIn implements CallListener {
        private final CrashWorld world;
        private int slips;

        SlipIn(CrashWorld world) {
            this.world = world;
        }

        void requireDone() {
            if (slips != 2) {
                throw new IllegalStateException("nothing slips in");
            }
        }

        @Override
        public void before(Call call) {
            String gap = world.points().gap(call);
            boolean flushesLog = gap.endsWith(">LOG_SYNC") || gap.endsWith(">LOG_WRITE_DURABLE");
            if (slips == 0 && flushesLog || slips == 1 && gap.endsWith("PAGE_WRITE>NXL_SYNC")) {
                slips++;
                puts(world, 3, 150 * slips);
            }
        }

        @Override
        public void after(Call call) {
            long position = call.position();
            if (call.file().equals(CrashWorld.PATH) && position >= FileLayout.MANIFEST_POSITION
                    && position < FileLayout.OWNER_POSITION) {
                long csn = newestSlot(world.host()).checkpointCsn();
                long durable = world.engine().statistics().durableHorizon();
                if (csn > durable) {
                    throw new Violation("a slot with commits up to " + csn + " is written, durable are " + durable);
                }
            }
        }
    }

    /** RULES 6, 7: a log that is full has room again after a checkpoint, however it became full, and as often as it does. */
    static void fullLog(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        for (LogDurability durability : LogDurability.values()) {
            try (CrashWorld world = world(seed, durability, liar)) {
                world.open(random);
                put(world, 0, 10);
                for (int round = 0; round < 3; round++) {
                    fill(world, random, round);
                    for (int tick = random.nextInt(4); tick > 0; tick--) {
                        world.idle();
                    }
                    world.checkpoint();
                    long before = world.history().last();
                    puts(world, 3, 1000);
                    if (world.history().last() != before + 3) {
                        throw new Violation("the log is full for good", world.lastFull());
                    }
                }
                try (CrashWorld copy = world.image(seed, CrashPolicy.LOSE_UNSYNCED)) {
                    copy.liveOn(random);
                }
            }
        }
    }

    /** Writes until a transaction needs a checkpoint to find room: that is the first one which ends with fewer bytes since the anchor. */
    private static void fill(CrashWorld world, SplittableRandom random, int round) {
        long checkpoints = world.engine().statistics().checkpoints();
        for (int commit = 0; world.engine().statistics().checkpoints() == checkpoints; commit++) {
            if (commit > 5000) {
                throw new IllegalStateException("the log is never full");
            }
            int count = round == 1 ? 1 : 1 + random.nextInt(20);
            world.transact(TransactionMode.OPTIMISTIC, draft -> {
                int tree = draft.trees().getFirst();
                for (int index = 0; index < count; index++) {
                    draft.put(tree, random.nextLong(50), round == 1 ? 10 : random.nextInt(1900));
                }
            });
            if (round == 2 && random.nextInt(3) == 0) {
                world.idle();
            }
        }
    }

    /** The first slot of an incarnation tells of pages that the file has, also when of its own flush the slot alone survives. */
    static void reserveBeforeSlot(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
            world.use(options -> options.withReserve(1024 * 1024));
            world.open(random);
            world.points().armAt("SLOT_WRITE>NXL_SYNC");
            end(world, () -> puts(world, 1, 100));
            try (CrashWorld copy = SectorMix.imageOfSizeDurable(world, seed, CrashWorld.PATH, sector -> true)) {
                copy.check();
                copy.liveOn(random);
            }
        }
    }

    /**
     * RULES 11: an extent that a frame of the log names is not written again before a manifest holds that frame's commit, whatever has become of
     * its value since: the log's end may be lost, and with it that the value was replaced.
     */
    static void loggedExtent(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        for (boolean checkpoint : new boolean[]{false, true}) {
            try (CrashWorld world = world(seed, LogDurability.GROUP, liar)) {
                world.open(random);
                if (checkpoint) {
                    puts(world, 5, 100);
                    world.checkpoint();
                }
                commit(world, draft -> {
                    int tree = draft.createTree(TreeKind.DOCUMENT);
                    draft.put(tree, 1, RecordLayout.LOGGED_VALUE_MAX + 20_000);
                });
                flush(world);
                int tree = world.history().newest().entrySet().stream()
                        .filter(entry -> entry.getValue().kind() == TreeKind.DOCUMENT).findFirst().orElseThrow()
                        .getKey();
                for (int value = 0; value < 3; value++) {
                    int key = 1 + value / 2;
                    commit(world, draft -> draft.put(tree, key, RecordLayout.LOGGED_VALUE_MAX + 10_000));
                    commit(world, draft -> draft.delete(tree, key));
                }
                try (CrashWorld copy = SectorMix.image(world, seed, CrashWorld.PATH, sector -> true)) {
                    copy.liveOn(random);
                }
            }
        }
    }
}
