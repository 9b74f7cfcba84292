package io.nexuslite.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.MemoryBudgetExceededException;
import io.nexuslite.testing.Seed;
import io.nexuslite.testing.Threads;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MemoryBudgetTest {
    @RegisterExtension
    final Seed seed = new Seed();

    @Test
    void refusesWhatTheLimitDoesNotAllow() {
        MemoryBudget budget = new MemoryBudget(100);
        assertTrue(budget.tryReserve(MemoryUse.PAGE, 60));
        assertFalse(budget.tryReserve(MemoryUse.LOG, 41));
        assertFalse(budget.tryReserve(MemoryUse.LOG, Long.MAX_VALUE));
        assertTrue(budget.tryReserve(MemoryUse.LOG, 40));
        assertFalse(budget.tryReserve(MemoryUse.LOG, 1));
        assertTrue(budget.tryReserve(MemoryUse.LOG, 0));
        assertThrows(MemoryBudgetExceededException.class, () -> budget.reserve(MemoryUse.SORT, 1));
        assertEquals(60, budget.used(MemoryUse.PAGE));
        assertEquals(40, budget.used(MemoryUse.LOG));
        assertEquals(100, budget.total());
        budget.release(MemoryUse.PAGE, 60);
        budget.release(MemoryUse.LOG, 40);
        assertEquals(0, budget.total());
    }

    @Test
    void refusesNegativeBytesAndMoreThanWasReserved() {
        MemoryBudget budget = new MemoryBudget(100);
        budget.reserve(MemoryUse.PAGE, 10);
        assertThrows(IllegalArgumentException.class, () -> budget.tryReserve(MemoryUse.PAGE, -1));
        assertThrows(IllegalArgumentException.class, () -> budget.release(MemoryUse.PAGE, -1));
        assertThrows(IllegalStateException.class, () -> budget.release(MemoryUse.PAGE, 11));
        assertThrows(IllegalStateException.class, () -> budget.release(MemoryUse.LOG, 1));
        assertThrows(IllegalArgumentException.class, () -> new MemoryBudget(0));
        assertEquals(10, budget.total());
        budget.release(MemoryUse.PAGE, 10);
        assertEquals(0, budget.total());
    }

    @Test
    void aLowerLimitRefusesUntilEnoughIsGivenBack() {
        MemoryBudget budget = new MemoryBudget(100);
        budget.reserve(MemoryUse.CACHE, 80);
        budget.setLimit(50);
        assertFalse(budget.tryReserve(MemoryUse.CACHE, 1));
        budget.release(MemoryUse.CACHE, 40);
        assertTrue(budget.tryReserve(MemoryUse.CACHE, 10));
        assertEquals(50, budget.total());
    }

    @Test
    void neverExceedsTheLimitUnderManyThreads() throws InterruptedException {
        MemoryBudget budget = new MemoryBudget(1000);
        int rounds = Seed.scaled(20_000);
        Threads.run(4, index -> {
            SplittableRandom random = seed.random("thread" + index);
            MemoryUse use = MemoryUse.values()[random.nextInt(MemoryUse.values().length)];
            long held = 0;
            for (int i = 0; i < rounds; i++) {
                long bytes = random.nextInt(400);
                if (random.nextBoolean() && budget.tryReserve(use, bytes)) {
                    held += bytes;
                    assertTrue(budget.used(use) >= held);
                } else if (held > 0) {
                    long back = random.nextLong(held + 1);
                    budget.release(use, back);
                    held -= back;
                }
                assertTrue(budget.total() <= 1000);
            }
            budget.release(use, held);
        });
        assertEquals(0, budget.total());
        for (MemoryUse use : MemoryUse.values()) {
            assertEquals(0, budget.used(use));
        }
    }
}
