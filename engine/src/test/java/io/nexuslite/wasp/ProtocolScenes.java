package io.nexuslite.wasp;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.ForeignLogException;
import io.nexuslite.error.NexusLiteException;
import io.nexuslite.format.FileLayout;
import io.nexuslite.io.Call;
import io.nexuslite.io.CallKind;
import io.nexuslite.io.CallListener;
import io.nexuslite.io.CrashNow;
import io.nexuslite.io.CrashPolicy;
import io.nexuslite.io.Fault;
import io.nexuslite.io.FaultyHost;
import io.nexuslite.io.FileImage;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.log.LogDurability;
import java.util.SplittableRandom;

/**
 * Short lives made for one rule each, which random ones meet too seldom. A scene throws a {@link Violation} when a promise is broken: it must
 * not as things are, and must when its rule is switched off.
 */
final class ProtocolScenes {
    private static final long MILLIS_5 = 6_000_000;

    /** One scene. */
    interface Scene {
        void play(long seed, CrashWorld.Liar liar);
    }

    private ProtocolScenes() {
    }

    private static CrashWorld world(long seed, LogDurability durability, CrashWorld.Liar liar) {
        CrashWorld world = new CrashWorld(seed, CrashWorld.smallOptions().withDurability(durability), liar);
        world.points().beQuiet();
        return world;
    }

    private static void put(CrashWorld world, long key, int length) {
        world.transact(TransactionMode.OPTIMISTIC, draft -> {
            int tree = draft.state().keySet().stream().findFirst().orElseGet(() -> draft.createTree(TreeKind.KEYED));
            draft.put(tree, key, length);
        });
    }

    private static void puts(CrashWorld world, int count, int length) {
        for (int key = 0; key < count; key++) {
            put(world, key, length);
        }
    }

    /** Does something that ends at the point that was armed. */
    private static void end(CrashWorld world, Runnable body) {
        try {
            body.run();
        } catch (RuntimeException | Error failure) {
            if (failure instanceof Violation || !world.host().isCrashed()) {
                throw failure;
            }
            return;
        }
        throw new IllegalStateException("the scene does not come by the point where it should end");
    }

    private static ManifestSlots.Slot newestSlot(FaultyHost host) {
        return ManifestSlots.newest(host.copy(CrashWorld.PATH));
    }

    private static void rotNewestSlot(CrashWorld world, SplittableRandom random) {
        world.host().flipBit(CrashWorld.PATH,
                newestSlot(world.host()).position() + random.nextInt(FileLayout.BLOCK_SIZE),
                random.nextInt(8));
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

    /** RULES 6: a freed extent is written only once a durable group names the manifest that freed it. */
    static void gate(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        try (CrashWorld world = world(seed, LogDurability.GROUP, liar)) {
            world.open(random);
            puts(world, 1, 10);
            world.checkpoint();
            long before = newestSlot(world.host()).number();
            puts(world, 100, 1200); // from one extent into the next, in one flush
            world.checkpoint();
            if (newestSlot(world.host()).number() != before + 1) {
                throw new IllegalStateException("the scene made another checkpoint");
            }
            puts(world, 60, 1400); // into what was freed
            CrashPolicy torn = new CrashPolicy(CrashPolicy.Survival.SUBSET, 512, 0.02, 0.4, false,
                    CrashPolicy.NameSurvival.ALL);
            for (int image = 0; image < 200; image++) {
                try (CrashWorld copy = world.image(random.nextLong(), torn)) {
                    rotNewestSlot(copy, random);
                    copy.judge(random, copy.history().required());
                }
            }
        }
    }

    /** RULES 3: a commit is durable only with all groups before it, also when it fills several itself. */
    static void severalGroups(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
            world.open(random);
            puts(world, 3, 100);
            int tree = world.history().newest().keySet().iterator().next();
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

    /** RULES 11, 13: each of the two CLEAN slots has a flush of its own, so that failed flushes do not use the slots up. */
    static void failedFlushesOfCleanSlots(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int life = 0; life < 8; life++) {
            failedFlushesOfCleanSlots(random, liar);
        }
    }

    private static void failedFlushesOfCleanSlots(SplittableRandom random, CrashWorld.Liar liar) {
        long seed = random.nextLong();
        try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
            world.open(random);
            puts(world, 5, 100);
            world.crash(seed, null);
            for (int attempt = 0; attempt < 7; attempt++) {
                world.plan(Fault.of(CallKind.SYNC).in(".nxl").nth(2));
                try {
                    world.open(random);
                } catch (NexusLiteException failed) {
                    if (!world.hasFailed()) {
                        throw failed;
                    }
                }
                try (CrashWorld copy = world.image(random.nextLong(), CrashPolicy.LOSE_UNSYNCED)) {
                    copy.open(random);
                }
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
            world.host().setNanoTick(MILLIS_5);
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

    /** RULES 12: a crash anywhere in the first write leaves a store that opens. */
    static void firstWrite(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        for (String point : new String[]{">TEMP_CREATE", ">TEMP_SYNC", ">RENAME", "RENAME>DIRECTORY_SYNC",
                "DIRECTORY_SYNC>SLOT_WRITE", "SLOT_WRITE>NXL_SYNC", ">LOG_WRITE_DURABLE"}) {
            try (CrashWorld world = world(seed, LogDurability.SYNC, liar)) {
                world.open(random);
                puts(world, 3, 100);
                world.closeCleanly();
                world.open(random);
                world.points().armAt(point);
                end(world, () -> puts(world, 1, 100));
                for (int image = 0; image < 12; image++) {
                    try (CrashWorld copy = world.image(random.nextLong(),
                            image < 2 ? null : CrashPolicy.any(random.nextLong()))) {
                        copy.liveOn(random);
                    }
                }
            }
        }
    }

    /** RULES 8: after a failed flush of any file nothing is acknowledged any more, whatever later flushes say. */
    static void failedFlush(long seed, CrashWorld.Liar liar) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int nth = 1; nth <= 6; nth++) {
            for (LogDurability durability : new LogDurability[]{LogDurability.SYNC, LogDurability.GROUP}) {
                try (CrashWorld world = world(seed, durability, liar)) {
                    world.host().setNanoTick(MILLIS_5);
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

    /** Does something that may fail where a failure was planned, then looks at what a loss of power would leave. */
    private static void failing(CrashWorld world, Runnable body, SplittableRandom random) {
        try {
            body.run();
        } catch (NexusLiteException failed) {
            if (!world.hasFailed()) {
                throw failed;
            }
        }
        try (CrashWorld copy = world.image(random.nextLong(), CrashPolicy.LOSE_UNSYNCED)) {
            copy.open(random);
        }
    }
}
