package io.nexuslite.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.testing.Seed;
import io.nexuslite.testing.Threads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EpochsTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private final AtomicLong horizon = new AtomicLong();
    private final Epochs epochs = new Epochs(horizon::getAcquire);

    @Test
    void reclaimsTwoEpochsAfterRetirement() {
        List<Long> back = new ArrayList<>();
        epochs.retire(back::add, 7);
        assertEquals(0, epochs.reclaim());
        assertEquals(3, epochs.tryAdvance());
        assertEquals(0, epochs.reclaim());
        assertEquals(4, epochs.tryAdvance());
        assertEquals(1, epochs.reclaim());
        assertEquals(List.of(7L), back);
        assertEquals(0, epochs.retiredCount());
    }

    @Test
    void aPinnedSessionHoldsTheEpochAtOneMore() {
        int session = epochs.openSession();
        epochs.pin(session);
        epochs.retire(handle -> {
            throw new AssertionError("reclaimed under a pin");
        }, 1);
        assertEquals(3, epochs.tryAdvance());
        for (int i = 0; i < 5; i++) {
            assertEquals(Epochs.NOT_ADVANCED, epochs.tryAdvance());
            assertEquals(0, epochs.collect());
        }
        assertTrue(epochs.blocker().contains("session " + session), epochs.blocker());
        assertThrows(AssertionError.class, () -> {
            epochs.unpin(session);
            epochs.collect();
        });
        assertNull(epochs.blocker());
        assertEquals(0, epochs.retiredCount());
        epochs.closeSession(session);
        assertEquals(0, epochs.openSessionCount());
    }

    @Test
    void pinsNestAndOnlyTheOutermostEnds() {
        int session = epochs.openSession();
        epochs.pin(session);
        epochs.pin(session);
        epochs.tryAdvance();
        epochs.unpin(session);
        assertTrue(epochs.isPinned(session));
        assertEquals(Epochs.NOT_ADVANCED, epochs.tryAdvance());
        epochs.unpin(session);
        assertFalse(epochs.isPinned(session));
        assertEquals(4, epochs.tryAdvance());
        assertThrows(IllegalStateException.class, () -> epochs.unpin(session));
        epochs.closeSession(session);
        assertThrows(IllegalStateException.class, () -> epochs.closeSession(session));
    }

    @Test
    void aSharedPinHoldsTheEpochAndAnyThreadMayEndIt() throws InterruptedException {
        int token = epochs.pinShared();
        assertEquals(1, epochs.pinCount());
        assertEquals(3, epochs.tryAdvance());
        assertEquals(Epochs.NOT_ADVANCED, epochs.tryAdvance());
        assertTrue(epochs.blocker().contains("without a session"), epochs.blocker());
        int later = epochs.pinShared();
        Threads.run(1, index -> epochs.unpinShared(token));
        assertEquals(4, epochs.tryAdvance());
        assertEquals(Epochs.NOT_ADVANCED, epochs.tryAdvance());
        epochs.unpinShared(later);
        assertEquals(5, epochs.tryAdvance());
        assertEquals(0, epochs.pinCount());
        assertThrows(IllegalStateException.class, () -> new Epochs(horizon::get).unpinShared(0));
    }

    @Test
    void closingASessionEndsItsPinAndReusesItsPlace() {
        int first = epochs.openSession();
        epochs.pin(first);
        epochs.tryAdvance();
        epochs.closeSession(first);
        assertEquals(4, epochs.tryAdvance());
        assertEquals(first, epochs.openSession());
        assertFalse(epochs.isPinned(first));
        int last = 0;
        for (int i = 0; i < 100; i++) {
            last = epochs.openSession();
        }
        epochs.pin(last);
        epochs.tryAdvance();
        assertEquals(Epochs.NOT_ADVANCED, epochs.tryAdvance());
        epochs.unpin(last);
    }

    @Test
    void tellsTheHorizonOfEachEpochBeforeAnybodyCanPinInIt() {
        List<String> told = new ArrayList<>();
        Epochs[] self = new Epochs[1];
        self[0] = new Epochs(new HorizonSource() {
            @Override
            public long readHorizonAcquire() {
                return horizon.get();
            }

            @Override
            public void epochAdvanced(long epoch, long horizonAtEpoch) {
                told.add(epoch + ":" + horizonAtEpoch);
            }
        });
        for (int i = 1; i <= 6; i++) {
            horizon.set(i * 10);
            assertEquals(i + 2, self[0].tryAdvance());
            assertEquals(i * 10, self[0].horizonAt(i + 2));
        }
        assertEquals(List.of("2:0", "3:10", "4:20", "5:30", "6:40", "7:50"), told);
    }

    @Test
    void aReclaimerMayRetireAndAFailingOneLosesNoOther() {
        AtomicInteger calls = new AtomicInteger();
        RuntimeException refusal = new RuntimeException("refused");
        for (int i = 0; i < 200; i++) {
            epochs.retire(handle -> {
                calls.incrementAndGet();
                if (handle % 50 == 0) {
                    throw refusal;
                }
                epochs.retire(again -> calls.addAndGet(1000), handle);
            }, i);
        }
        epochs.tryAdvance();
        epochs.tryAdvance();
        assertSame(refusal, assertThrows(RuntimeException.class, epochs::reclaim));
        assertEquals(200, calls.get());
        assertEquals(196, epochs.retiredCount());
        assertEquals(196, epochs.collect());
        assertEquals(200 + 196_000, calls.get());
        assertEquals(0, epochs.retiredCount());
    }

    /** Random steps of one thread against the rules themselves: what each pin could reach, and when it was retired. */
    @Test
    void agreesWithAModelOfPins() {
        SplittableRandom random = seed.random("model");
        Map<Integer, Long> sessionPins = new HashMap<>();
        List<long[]> sharedPins = new ArrayList<>(); // token, epoch
        Map<Long, Long> retired = new HashMap<>();
        List<Integer> sessions = new ArrayList<>();
        long next = 0;
        Reclaimer reclaimer = handle -> {
            long since = retired.remove(handle);
            assertTrue(epochs.epoch() >= since + 2);
            sessionPins.values().forEach(pinned -> assertTrue(pinned > since, "a pin of the retirement's epoch"));
            sharedPins.forEach(pin -> assertTrue(pin[1] > since, "a pin of the retirement's epoch"));
        };
        for (int i = 0, end = Seed.scaled(50_000); i < end; i++) {
            switch (random.nextInt(9)) {
                case 0 -> sessions.add(epochs.openSession());
                case 1, 2 -> {
                    if (!sessions.isEmpty()) {
                        int session = sessions.get(random.nextInt(sessions.size()));
                        if (sessionPins.remove(session) == null) {
                            epochs.pin(session);
                            sessionPins.put(session, epochs.epoch());
                        } else {
                            epochs.unpin(session);
                        }
                    }
                }
                case 3 -> sharedPins.add(new long[]{epochs.pinShared(), epochs.epoch()});
                case 4 -> {
                    if (!sharedPins.isEmpty()) {
                        epochs.unpinShared((int) sharedPins.remove(random.nextInt(sharedPins.size()))[0]);
                    }
                }
                case 5 -> {
                    retired.put(next, epochs.epoch());
                    epochs.retire(reclaimer, next++);
                }
                case 6 -> {
                    long epoch = epochs.epoch();
                    boolean held = sessionPins.values().stream().anyMatch(pinned -> pinned < epoch)
                            || sharedPins.stream().anyMatch(pin -> pin[1] < epoch);
                    assertEquals(held ? Epochs.NOT_ADVANCED : epoch + 1, epochs.tryAdvance());
                }
                case 7 -> epochs.reclaim();
                default -> {
                    if (!sessions.isEmpty()) {
                        int session = sessions.remove(random.nextInt(sessions.size()));
                        sessionPins.remove(session);
                        epochs.closeSession(session);
                    }
                }
            }
            assertEquals(retired.size(), epochs.retiredCount());
            assertEquals(sessionPins.size() + sharedPins.size(), epochs.pinCount());
        }
    }

    /** Readers follow pointers to cells that writers replace, retire and reuse: no reader may see a cell reused under its pin. */
    @Test
    void noReaderSeesAReusedCell() throws InterruptedException {
        int pointers = 8;
        AtomicLongArray cells = new AtomicLongArray(4096); // content: generation of the cell, bumped at each reuse
        AtomicReferenceArray<long[]> table = new AtomicReferenceArray<>(pointers); // {cell, generation}
        AtomicInteger free = new AtomicInteger(pointers);
        java.util.concurrent.ConcurrentLinkedQueue<Integer> pool = new java.util.concurrent.ConcurrentLinkedQueue<>();
        for (int i = 0; i < pointers; i++) {
            table.set(i, new long[]{i, 0});
        }
        Reclaimer reclaimer = handle -> {
            cells.incrementAndGet((int) handle);
            pool.add((int) handle);
        };
        int rounds = Seed.scaled(40_000);
        AtomicInteger writersLeft = new AtomicInteger(2);
        Threads.run(5, index -> {
            SplittableRandom random = seed.random("thread" + index);
            if (index < 2) {
                for (int i = 0; i < rounds; i++) {
                    Integer cell = pool.poll();
                    int target = cell != null ? cell : free.get() < cells.length() ? free.getAndIncrement() : -1;
                    if (target >= 0 && target < cells.length()) {
                        long[] old = table.getAndSet(random.nextInt(pointers), new long[]{target, cells.get(target)});
                        epochs.retire(reclaimer, old[0]);
                    }
                    epochs.collect();
                }
                writersLeft.decrementAndGet();
                return;
            }
            int session = epochs.openSession();
            while (writersLeft.get() > 0) {
                boolean shared = random.nextBoolean();
                int token = 0;
                if (shared) {
                    token = epochs.pinShared();
                } else {
                    epochs.pin(session);
                }
                long[] pointer = table.get(random.nextInt(pointers));
                for (int i = 0; i < 20; i++) {
                    assertEquals(pointer[1], cells.get((int) pointer[0]), "reused under a pin");
                }
                if (shared) {
                    epochs.unpinShared(token);
                } else {
                    epochs.unpin(session);
                }
            }
            epochs.closeSession(session);
        });
        epochs.collect();
        epochs.collect();
        assertEquals(0, epochs.retiredCount());
        assertEquals(0, epochs.pinCount());
        assertNotEquals(2, epochs.epoch());
    }
}
