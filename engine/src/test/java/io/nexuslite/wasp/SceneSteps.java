package io.nexuslite.wasp;

import io.nexuslite.error.NexusLiteException;
import io.nexuslite.io.CrashPolicy;
import io.nexuslite.io.FaultyHost;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.log.LogDurability;
import java.util.SplittableRandom;

/** What scenes are made of. */
final class SceneSteps {
    /** Longer than the idle time after which a witness is due. */
    static final long MILLIS_6 = 6_000_000;

    private static final CrashPolicy NAMES_ONLY = new CrashPolicy(CrashPolicy.Survival.NOTHING, 512, 0, 0, false,
            CrashPolicy.NameSurvival.ALL);
    private static final CrashPolicy BYTES_ONLY = new CrashPolicy(CrashPolicy.Survival.EVERYTHING, 512, 1, 0, false,
            CrashPolicy.NameSurvival.NONE);

    private SceneSteps() {
    }

    static CrashWorld world(long seed, LogDurability durability, CrashWorld.Liar liar) {
        CrashWorld world = new CrashWorld(seed, CrashWorld.smallOptions().withDurability(durability), liar);
        world.points().beQuiet();
        return world;
    }

    static void put(CrashWorld world, long key, int length) {
        world.transact(TransactionMode.OPTIMISTIC, draft -> {
            int tree = draft.trees().stream().findFirst().orElseGet(() -> draft.createTree(TreeKind.KEYED));
            draft.put(tree, key, length);
        });
    }

    static void puts(CrashWorld world, int count, int length) {
        for (int key = 0; key < count; key++) {
            put(world, key, length);
        }
    }

    /** Commits what {@code body} does: a scene in which that is refused is none. */
    static void commit(CrashWorld world, CrashWorld.Body body) {
        if (!world.transact(TransactionMode.OPTIMISTIC, body)) {
            throw new IllegalStateException("a commit of the scene is refused", world.lastFull());
        }
    }

    /** Lets time pass until everything is durable. */
    static void flush(CrashWorld world) {
        for (int tick = 0; world.history().durable() < world.history().last(); tick++) {
            if (tick == 10) {
                throw new Violation("commit " + world.history().last() + " never becomes durable");
            }
            world.idle();
        }
    }

    /** Does something that ends at the point that was armed. */
    static void end(CrashWorld world, Runnable body) {
        if (!isCut(world, body)) {
            throw new IllegalStateException("the scene does not come by the point where it should end");
        }
    }

    /** Does something that may come to a point that was armed; returns whether it has. */
    static boolean isCut(CrashWorld world, Runnable body) {
        try {
            body.run();
            return false;
        } catch (RuntimeException | Error failure) {
            if (failure instanceof Violation || !world.host().isCrashed()) {
                throw failure;
            }
            return true;
        }
    }

    static ManifestSlots.Slot newestSlot(FaultyHost host) {
        return ManifestSlots.newest(host.copy(CrashWorld.PATH));
    }

    static void rotNewestSlot(CrashWorld world, SplittableRandom random) {
        world.rotSlot(newestSlot(world.host()).number(), random);
    }

    /** Does something that may fail where a failure was planned, then looks at what a loss of power would leave. */
    static void failing(CrashWorld world, Runnable body, SplittableRandom random) {
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

    /** Goes on from what a kill, a loss of power of each extreme kind, and some of any kind would leave now. */
    static void liveOnFromAnyImage(CrashWorld world, SplittableRandom random) {
        CrashPolicy[] policies = {null, CrashPolicy.LOSE_UNSYNCED, NAMES_ONLY, BYTES_ONLY, CrashPolicy.KEEP_EVERYTHING,
                CrashPolicy.any(random.nextLong()), CrashPolicy.any(random.nextLong()),
                CrashPolicy.any(random.nextLong())};
        for (CrashPolicy policy : policies) {
            try (CrashWorld copy = world.image(random.nextLong(), policy)) {
                copy.liveOn(random);
            }
        }
    }
}
