package io.nexuslite.wasp;

import static io.nexuslite.wasp.SceneSteps.MILLIS_6;
import static io.nexuslite.wasp.SceneSteps.end;
import static io.nexuslite.wasp.SceneSteps.failing;
import static io.nexuslite.wasp.SceneSteps.isCut;
import static io.nexuslite.wasp.SceneSteps.liveOnFromAnyImage;
import static io.nexuslite.wasp.SceneSteps.newestSlot;
import static io.nexuslite.wasp.SceneSteps.puts;
import static io.nexuslite.wasp.SceneSteps.rotNewestSlot;
import static io.nexuslite.wasp.SceneSteps.world;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.ForeignLogException;
import io.nexuslite.format.FileLayout;
import io.nexuslite.io.Call;
import io.nexuslite.io.CallKind;
import io.nexuslite.io.CallListener;
import io.nexuslite.io.CrashNow;
import io.nexuslite.io.CrashPolicy;
import io.nexuslite.io.Fault;
import io.nexuslite.io.FileImage;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.wasp.log.LogDurability;
import java.util.SplittableRandom;

/**
 * Short lives made for one rule each, which random ones meet too seldom. A scene throws a {@link Violation} when a promise is broken: it must
 * not as things are, and must when its rule is switched off.
 */
final class ProtocolScenes {
    /** One scene. */
    interface Scene {
        void play(long seed, CrashWorld.Liar liar);
    }

    private ProtocolScenes() {
    }

    /** RULES 1: a lost incarnation's log, put back, is not the log of the next one, though both begin alike. */
    static void sameGeneration(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
            world.open(random);
            world.points().armAt("NXL_SYNC>LOG_WRITE_DURABLE");
            end(world, () -> puts(world, 1, 10));
            FileImage lost;
            try (CrashWorld other = world(seed, LogDurability.SYNC, liar)) {
                other.open(random);
                puts(other, 1, 10);
                lost = other.host().copy(CrashWorld.LOG);
            }
            world.crash(seed, CrashPolicy.LOSE_UNSYNCED);
            FileImage uuidOf = world.host().copy(CrashWorld.LOG);
            world.open(random);
            puts(world, 2, 20);
            world.crash(seed, null);
            world.host().plant(CrashWorld.LOG, withHeaderOf(lost, uuidOf));
            world.judge(random, world.history().required());
        }
    }

    /** Both machines follow from one seed, so both databases have one UUID; kept in case that changes. */
    private static FileImage withHeaderOf(FileImage log, FileImage other) {
        byte[] bytes = log.bytes();
        byte[] header = other.bytes();
        System.arraycopy(header, 0, bytes, 0, 4096 * 2);
        return FileImage.of(bytes);
    }

    /** RULES 5: pages of the manifest before the newest stay, for the newest slot may be in the cache alone. */
    static void reuseEarly(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int checkpoints = 2; checkpoints < 7; checkpoints++) {
            try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
                world.use(options -> options.withReserve(0)); // whose pages recovery would take first
                world.open(random);
                for (int checkpoint = 0; checkpoint < checkpoints; checkpoint++) {
                    puts(world, 20, 900);
                    world.checkpoint();
                }
                puts(world, 20, 700);
                writeBeforeTheSlotIsFlushed(world);
                end(world, world::checkpoint);
                world.crash(seed, null);
                world.points().armAt("PAGE_WRITE>NXL_SYNC");
                end(world, () -> world.open(random));
                for (int image = 0; image < 12; image++) {
                    try (CrashWorld copy = world.image(random.nextLong(), CrashPolicy.SECTORS)) {
                        copy.open(random);
                    }
                }
            }
        }
    }

    /** The next slot is in the cache alone when others have written more, for recovery to do, and the process ends. */
    private static void writeBeforeTheSlotIsFlushed(CrashWorld world) {
        world.points().watch(new CallListener() {
            @Override
            public void before(Call call) {
                if (world.points().gap(call).endsWith("SLOT_WRITE>NXL_SYNC")) {
                    world.points().watch(null);
                    puts(world, 20, 800);
                    throw new CrashNow(CrashNow.Effect.NOT_APPLIED, call.toString());
                }
            }
        });
    }

    /** RULES 5, 10: an older copy of the log that does not hold the newest manifest's anchor is no log of it. */
    static void olderLog(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
            world.open(random);
            puts(world, 3, 100);
            FileImage older = world.host().copy(CrashWorld.LOG);
            puts(world, 3, 100);
            world.checkpoint();
            puts(world, 3, 100);
            world.crash(seed, null);
            world.host().plant(CrashWorld.LOG, older);
            world.judge(random, world.history().required());
        }
    }

    /** RULES 6: the log below an anchor stays until the manifest that names it is durable. */
    static void recycleBeforeFlip(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
            world.open(random);
            puts(world, 60, 1500);
            world.points().armAt(">SLOT_WRITE");
            end(world, world::checkpoint);
            world.crash(seed, CrashPolicy.LOSE_UNSYNCED);
            world.open(random);
        }
    }

    /**
     * RULES 6: a freed extent is written only once a durable group names the manifest that freed it. One long flush, which no header witnesses,
     * leads from one extent into the next; a flip frees the first, and later writes go into it, if they may, before the log is flushed again. Power
     * is lost: of these the sectors that begin no group survive. The flip's slot rots. What the manifest before it needs must be there, or missed.
     */
    static void gate(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        try (CrashWorld world = world(seed, LogDurability.GROUP, liar)) {
            world.open(random);
            puts(world, 1, 10);
            world.checkpoint();
            ManifestSlots.Slot before = newestSlot(world.host());
            puts(world, 60, 1200);
            endBeforeTheLogIsFlushedBehindAFlip(world);
            end(world, () -> {
                world.checkpoint();
                puts(world, 100, 1400);
            });
            if (newestSlot(world.host()).number() != before.number() + 1) {
                throw new IllegalStateException("the scene made another checkpoint");
            }
            byte[] log = world.host().copy(CrashWorld.LOG).bytes();
            int from = (int) (logFilePosition(before.anchorEnd()) / SectorMix.SECTOR);
            for (int image = 0; image < 10; image++) {
                double chance = image == 0 ? 1 : random.nextDouble();
                try (CrashWorld copy = SectorMix.image(world, random.nextLong(), CrashWorld.LOG,
                        sector -> sector >= from
                                && !SectorMix.holdsGroupHeader(log, sector) && random.nextDouble() < chance)) {
                    rotNewestSlot(copy, random);
                    copy.judge(random, copy.history().required());
                }
            }
        }
    }

    private static void endBeforeTheLogIsFlushedBehindAFlip(CrashWorld world) {
        world.points().watch(new CallListener() {
            @Override
            public void before(Call call) {
                if (world.points().gap(call).endsWith(">SLOT_WRITE")) {
                    world.points().watch(null);
                    world.history().acknowledge(world.engine().statistics().durableHorizon(), true);
                    world.points().armAt(">LOG_SYNC");
                }
            }
        });
    }

    /** RULES 3: a commit is durable only with all groups before it, also when it fills several itself. */
    static void severalGroups(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
            world.open(random);
            puts(world, 3, 100);
            int tree = CommitHistory.trees(world.history().newest()).getFirst();
            for (int round = 0; round < 4; round++) {
                world.transact(TransactionMode.OPTIMISTIC, draft -> {
                    for (int key = 0; key < 50; key++) {
                        draft.put(tree, key, 1600);
                    }
                });
                try (CrashWorld copy = world.image(random.nextLong(), CrashPolicy.LOSE_UNSYNCED)) {
                    copy.open(random);
                }
            }
        }
    }

    /**
     * RULES 11, 13: each of the two CLEAN slots has a flush of its own, so that failed flushes, each of which tears what it should make durable,
     * do not use the slots up.
     */
    static void failedFlushesOfCleanSlots(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
            world.open(random);
            puts(world, 5, 100);
            world.crash(seed, null);
            world.host().tearFailedSyncs();
            for (int attempt = 0; attempt < FileLayout.MANIFEST_SLOTS - 1; attempt++) {
                world.plan(Fault.of(CallKind.SYNC).in(".nxl").nth(2));
                failing(world, () -> world.open(random), random);
            }
        }
    }

    /** RULES 11: a log beside a CLEAN slot is finished, for the slot may be in the cache alone. */
    static void staleLog(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
            world.open(random);
            puts(world, 5, 100);
            world.points().armAt("SLOT_WRITE>NXL_SYNC");
            end(world, world::closeCleanly);
            world.crash(seed, null);
            world.open(random);
            world.crash(seed, CrashPolicy.LOSE_UNSYNCED);
            world.open(random);
        }
    }

    /** RULES 15: rot in the last flush may read as a torn tail, but no longer once a bare group was written behind it. */
    static void window(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
            world.host().setNanoTick(MILLIS_6);
            world.open(random);
            puts(world, 3, 700);
            long end = world.engine().statistics().logBytes();
            int offset = 4096 + random.nextInt(700); // of the last group, from its end: 4 KiB blocks
            try (CrashWorld copy = world.image(seed, null)) {
                copy.host().flipBit(CrashWorld.LOG, logFilePosition(end - offset), 3);
                copy.judge(random, copy.history().witnessed() - 1);
            }
            world.idle();
            world.idle();
            if (world.engine().statistics().logBytes() == end) {
                throw new Violation("no bare group was written when idle");
            }
            for (int image = 0; image < 30; image++) {
                try (CrashWorld copy = world.image(seed, null)) {
                    copy.host().flipBit(CrashWorld.LOG, logFilePosition(4096 + random.nextLong(end - 4096)),
                            random.nextInt(8));
                    copy.judge(random, copy.history().required());
                }
            }
        }
    }

    /** File position of a log position in the first extent, which is the only one. */
    private static long logFilePosition(long logPosition) {
        return io.nexuslite.format.LogFileLayout.EXTENTS_POSITION + logPosition;
    }

    /** RULES 9: no log where the newest slot says LOG is refused, and so is one of another database, or one without a header. */
    static void wrongLogs(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        try (CrashWorld world = world(seed, LogDurability.SYNC, liar);
                CrashWorld other = world(~seed, LogDurability.SYNC, liar)) {
            world.open(random);
            other.open(random);
            puts(world, 5, 100);
            puts(other, 5, 100);
            FileImage own = world.host().copy(CrashWorld.LOG);
            byte[] headless = own.bytes();
            java.util.Arrays.fill(headless, 0, 8192, (byte) 0);
            for (FileImage planted : new FileImage[]{null, other.host().copy(CrashWorld.LOG), FileImage.of(headless),
                    FileImage.of(new byte[0]), FileImage.of(new byte[10])}) {
                try (CrashWorld copy = world.image(seed, null)) {
                    if (planted == null) {
                        copy.host().remove(CrashWorld.LOG);
                    } else {
                        copy.host().plant(CrashWorld.LOG, planted);
                    }
                    FileImage before = copy.host().copy(CrashWorld.PATH);
                    try (WaspEngine engine = WaspEngine.open(copy.machine(), CrashWorld.PATH, copy.options())) {
                        throw new Violation("a log of " + (planted == null ? "nobody" : planted.size() + " bytes")
                                + " is accepted, manifest " + engine.statistics().manifestNumber());
                    } catch (CorruptionException | ForeignLogException refused) {
                        boolean kept = planted == null || copy.host().fileNames().contains(CrashWorld.LOG);
                        if (!kept || !java.util.Arrays.equals(before.bytes(),
                                copy.host().copy(CrashWorld.PATH).bytes())) {
                            throw new Violation("a refused store was changed", refused);
                        }
                    }
                }
            }
        }
    }

    /** RULES 12: a crash before any call of the first write, or right behind it, leaves a store that opens. */
    static void firstWrite(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean cut = true;
        for (int calls = 0; cut; calls++) {
            try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
                world.open(random);
                puts(world, 3, 100);
                world.closeCleanly();
                world.open(random);
                world.points().arm(calls, CrashNow.Effect.NOT_APPLIED);
                cut = isCut(world, () -> puts(world, 1, 100));
                liveOnFromAnyImage(world, random);
            }
        }
    }

    /** RULES 13: so does one before any call of a clean close; and once closed, either of its two slots is enough. */
    static void cleanClose(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean cut = true;
        for (int calls = 0; cut; calls++) {
            try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
                world.open(random);
                puts(world, 3, 100);
                world.points().arm(calls, CrashNow.Effect.NOT_APPLIED);
                cut = isCut(world, world::closeCleanly);
                liveOnFromAnyImage(world, random);
            }
        }
        try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
            world.open(random);
            puts(world, 3, 100);
            world.closeCleanly();
            long newest = newestSlot(world.host()).number();
            for (long number = newest - 1; number <= newest; number++) {
                try (CrashWorld copy = world.image(seed, CrashPolicy.LOSE_UNSYNCED)) {
                    copy.rotSlot(number, random);
                    copy.liveOn(random);
                }
            }
        }
    }

    /** RULES 9: the newest slot rots when the log has seen it; whatever the one before says, nothing is lost in silence. */
    static void rottenSlot(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
            world.open(random);
            for (int round = 0; round < 3; round++) { // a CLEAN slot is the one before, at first
                puts(world, 3, 100);
                try (CrashWorld copy = world.image(seed, null)) {
                    rotNewestSlot(copy, random);
                    copy.judge(random, copy.history().required());
                }
                world.checkpoint();
            }
        }
    }

    /** RULES 5: a slot is written behind the flush of all that it names; of what is not flushed, the slot alone may survive. */
    static void slotBeforePages(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        for (boolean closing : new boolean[]{false, true}) {
            try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
                world.open(random);
                puts(world, 30, 700);
                world.points().armAt("SLOT_WRITE>NXL_SYNC");
                end(world, closing ? world::closeCleanly : world::checkpoint);
                try (CrashWorld copy = SectorMix.image(world, seed, CrashWorld.PATH,
                        sector -> (long) sector * SectorMix.SECTOR < FileLayout.OWNER_POSITION)) {
                    copy.liveOn(random);
                }
            }
        }
    }

    /** RULES 3: what the store calls durable, at whatever call one looks, is there after a loss of power at that moment. */
    static void horizon(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        for (LogDurability durability : LogDurability.values()) {
            try (CrashWorld world = world(seed, durability, liar)) {
                world.open(random);
                world.points().watch(new CallListener() {
                    @Override
                    public void before(Call call) {
                        world.history().acknowledge(world.engine().statistics().durableHorizon(), true);
                        try (CrashWorld copy = world.image(random.nextLong(), CrashPolicy.LOSE_UNSYNCED)) {
                            copy.open(random);
                        }
                    }
                });
                for (int round = 0; round < 2; round++) {
                    puts(world, 4, 500);
                    world.idle();
                }
                world.checkpoint();
            }
        }
    }

    /** RULES 8: after a failed flush of any file nothing is acknowledged any more, whatever later flushes say. */
    static void failedFlush(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int nth = 1; nth <= 6; nth++) {
            for (LogDurability durability : new LogDurability[]{LogDurability.SYNC, LogDurability.GROUP}) {
                try (CrashWorld world = world(seed, durability, liar)) {
                    world.host().setNanoTick(MILLIS_6);
                    if (random.nextBoolean()) {
                        world.host().tearFailedSyncs();
                    }
                    world.open(random);
                    puts(world, 2, 100);
                    world.plan(Fault.of(CallKind.SYNC, CallKind.WRITE_DURABLE, CallKind.SYNC_DIRECTORY).nth(nth));
                    for (int round = 0; round < 3; round++) {
                        failing(world, () -> puts(world, 2, 100), random);
                        failing(world, world::idle, random);
                        failing(world, world::checkpoint, random);
                    }
                }
            }
        }
    }
}
