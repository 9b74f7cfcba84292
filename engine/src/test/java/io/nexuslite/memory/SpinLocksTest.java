package io.nexuslite.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/**
 * A stress run of a cache stood still for ever: a virtual thread that held the lock of a depot had yielded while it waited for the table's
 * lock, and all carriers went on turning between virtual threads that spun for that depot. So a virtual thread that holds a spin
 * lock stays on its carrier, whoever else wants it.
 */
class SpinLocksTest {
    private static final int LOOKS = 500;
    private static final int WAITERS = 3 * Runtime.getRuntime().availableProcessors(); // more than carriers

    @Test
    void whoHoldsOneLockAndWaitsForAnotherKeepsItsCarrier() throws InterruptedException {
        SpinLocks locks = new SpinLocks(WAITERS + 1);
        locks.lock(WAITERS);
        assertNoneYields("lockInner", () -> locks.unlock(WAITERS), waiter -> {
            locks.lock(waiter);
            locks.lockInner(WAITERS);
            locks.unlock(WAITERS);
            locks.unlock(waiter);
        });
        for (int i = 0; i <= WAITERS; i++) {
            assertTrue(locks.tryLock(i), "let go");
        }
    }

    @Test
    void allocationKeepsItsCarrierWhileItHoldsAStripe() throws InterruptedException {
        int length = 64;
        int sizeClass = SizeClasses.of(length);
        try (SlabAllocator slabs = new SlabAllocator(new MemoryBudget(1 << 20), MemoryUse.CACHE)) {
            slabs.depotLocks.lock(sizeClass);
            assertNoneYields("refill", () -> slabs.depotLocks.unlock(sizeClass), waiter -> {
                slabs.free(slabs.allocate(length), length);
            });
            assertEquals(0, slabs.statistics().cells());
        }
    }

    /** Looks often at virtual threads that have come to {@code method}, which holds a lock: none may be off its carrier, or about to be. */
    private static void assertNoneYields(String method, Runnable letGo, IntConsumer body) throws InterruptedException {
        List<Thread> waiters = new ArrayList<>();
        int seen = 0;
        int yielding = 0;
        try {
            for (int i = 0; i < WAITERS; i++) {
                int waiter = i;
                waiters.add(Thread.startVirtualThread(() -> body.accept(waiter)));
            }
            while (seen < LOOKS) { // ends, or the build's own watchdog does
                for (Thread waiter : waiters) {
                    List<String> methods = Arrays.stream(waiter.getStackTrace()).map(StackTraceElement::getMethodName)
                            .toList();
                    seen += methods.contains(method) ? 1 : 0;
                    yielding += methods.contains(method) && methods.contains("yield") ? 1 : 0;
                }
            }
        } finally {
            letGo.run();
            for (Thread waiter : waiters) {
                waiter.join();
            }
        }
        assertEquals(0, yielding, "looks, of " + seen + ", that found a holder of a lock yielding");
    }
}
