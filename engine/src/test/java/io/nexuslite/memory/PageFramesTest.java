package io.nexuslite.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.testing.Seed;
import io.nexuslite.testing.Threads;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageFramesTest {
    @RegisterExtension
    final Seed seed = new Seed();

    @ParameterizedTest
    @ValueSource(ints = {8192, 16384, 32768})
    void givesEveryFrameItsOwnBytes(int pageSize) {
        MemoryBudget budget = new MemoryBudget(64 << 20);
        try (PageFrames frames = new PageFrames(budget, pageSize, 3 << 20)) {
            assertEquals(0, budget.total());
            int count = (3 << 20) / pageSize;
            for (int i = 0; i < count; i++) {
                int frame = frames.acquire();
                assertTrue(frames.isFrame(frame));
                frames.memory(frame).asSlice(frames.offset(frame), pageSize).fill((byte) frame);
            }
            assertEquals(PageFrames.NOT_FOUND, frames.acquire());
            assertEquals(count, frames.acquiredCount());
            assertEquals(3 << 20, budget.used(MemoryUse.PAGE));
            for (int frame = 0; frame < count; frame++) {
                assertEquals(0, frames.offset(frame) % pageSize);
                assertEquals(0, frames.memory(frame).address() + frames.offset(frame) & pageSize - 1 & 4095);
                for (int at = 0; at < pageSize; at += 512) {
                    assertEquals((byte) frame,
                            frames.memory(frame).get(ValueLayout.JAVA_BYTE, frames.offset(frame) + at));
                }
            }
        }
        assertEquals(0, budget.total());
    }

    @Test
    void startsSmallAndGrowsWithinTheBudget() {
        MemoryBudget budget = new MemoryBudget(1 << 20);
        try (PageFrames frames = new PageFrames(budget, 8192, 1 << 30)) {
            frames.acquire();
            assertEquals(256 << 10, budget.total());
            int count = 1;
            while (frames.acquire() != PageFrames.NOT_FOUND) {
                count++;
            }
            assertEquals((1 << 20) / 8192, count);
            assertEquals(1 << 20, budget.total());
            budget.setLimit(2 << 20);
            assertTrue(frames.acquire() != PageFrames.NOT_FOUND);
        }
        assertEquals(0, budget.total());
    }

    @Test
    void refusesASecondReleaseAndForeignFrames() {
        MemoryBudget budget = new MemoryBudget(1 << 20);
        try (PageFrames frames = new PageFrames(budget, 8192, 1 << 20)) {
            int frame = frames.acquire();
            frames.release(frame);
            assertThrows(IllegalStateException.class, () -> frames.release(frame));
            assertThrows(IllegalStateException.class, () -> frames.release(-1));
            assertThrows(IllegalStateException.class, () -> frames.release(frames.frameCount()));
            assertFalse(frames.isFrame(-1));
            assertFalse(frames.isFrame(frames.frameCount()));
            assertEquals(0, frames.acquiredCount());
        }
        assertThrows(IllegalArgumentException.class, () -> new PageFrames(budget, 4096, 1 << 20));
        assertThrows(IllegalArgumentException.class, () -> new PageFrames(budget, 8192, 8192));
    }

    @Test
    void agreesWithASetOfFrames() {
        MemoryBudget budget = new MemoryBudget(4 << 20);
        SplittableRandom random = seed.random("frames");
        try (PageFrames frames = new PageFrames(budget, 16384, 2 << 20)) {
            Map<Integer, Long> held = new HashMap<>();
            List<Integer> order = new ArrayList<>();
            for (int i = 0, end = Seed.scaled(20_000); i < end; i++) {
                if (random.nextInt(100) < 52) {
                    int frame = random.nextBoolean() ? frames.acquire() : frames.tryAcquire();
                    if (frame != PageFrames.NOT_FOUND) {
                        long mark = random.nextLong();
                        assertEquals(null, held.put(frame, mark));
                        order.add(frame);
                        frames.memory(frame).set(ValueLayout.JAVA_LONG, frames.offset(frame), mark);
                    }
                } else if (!order.isEmpty()) {
                    int frame = order.remove(random.nextInt(order.size()));
                    assertEquals(held.remove(frame),
                            frames.memory(frame).get(ValueLayout.JAVA_LONG, frames.offset(frame)));
                    frames.release(frame);
                }
                assertEquals(order.size(), frames.acquiredCount());
            }
        }
        assertEquals(0, budget.total());
    }

    @Test
    void givesNoFrameToTwoThreads() throws InterruptedException {
        MemoryBudget budget = new MemoryBudget(4 << 20);
        int rounds = Seed.scaled(30_000);
        try (PageFrames frames = new PageFrames(budget, 8192, 1 << 20)) {
            Threads.run(4, index -> {
                SplittableRandom random = seed.random("thread" + index);
                int[] held = new int[40];
                int count = 0;
                for (int i = 0; i < rounds; i++) {
                    if (count < held.length && random.nextBoolean()) {
                        int frame = frames.acquire();
                        if (frame != PageFrames.NOT_FOUND) {
                            frames.memory(frame).set(ValueLayout.JAVA_LONG, frames.offset(frame) + 8, index);
                            held[count++] = frame;
                        }
                    } else if (count > 0) {
                        int at = random.nextInt(count);
                        int frame = held[at];
                        held[at] = held[--count];
                        assertEquals(index,
                                frames.memory(frame).get(ValueLayout.JAVA_LONG, frames.offset(frame) + 8));
                        frames.release(frame);
                    }
                }
                while (count > 0) {
                    frames.release(held[--count]);
                }
            });
            assertEquals(0, frames.acquiredCount());
            BitSet all = new BitSet();
            for (int frame = frames.acquire(); frame != PageFrames.NOT_FOUND; frame = frames.acquire()) {
                assertFalse(all.get(frame));
                all.set(frame);
            }
            assertEquals(frames.frameCountMax(), all.cardinality());
        }
        assertEquals(0, budget.total());
    }
}
