package io.nexuslite.wasp;

import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.TreeKind;
import io.nexuslite.testing.Seed;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What recovery does with what a crash left, in directed scenes. */
class RecoveryTest {
    @RegisterExtension
    final Seed seed = new Seed();

    /**
     * Symptom: a log with many updates of the same keys cannot be finished, for want of memory. Cause: recovery kept every older record,
     * since nothing moved the epochs and with them the floor. Rule: the end of a process never makes a store unreadable.
     */
    @Test
    void finishesLongLogsWithinSmallMemory() {
        SplittableRandom random = seed.random("keys");
        EngineOptions options = CrashWorld.smallOptions().withLog(1024 * 1024, 8L * 1024 * 1024, 64 * 1024)
                .withMemory(3 * 1024 * 1024);
        try (CrashWorld world = new CrashWorld(seed.value(), options)) {
            world.open(random);
            int[] tree = new int[1];
            world.transact(TransactionMode.OPTIMISTIC, draft -> tree[0] = draft.createTree(TreeKind.KEYED));
            world.use(roomy -> roomy.withMemory(64 * 1024 * 1024));
            world.closeCleanly();
            world.open(random);
            for (int update = 0; update < 3000; update++) {
                world.transact(TransactionMode.OPTIMISTIC, draft -> draft.put(tree[0], random.nextLong(20), 1500));
            }
            world.crash(seed.value(), null);
            world.use(small -> small.withMemory(3 * 1024 * 1024));
            world.open(random);
            world.closeCleanly();
        }
    }
}
