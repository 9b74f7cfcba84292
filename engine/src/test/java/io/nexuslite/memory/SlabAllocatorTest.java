package io.nexuslite.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.testing.Seed;
import io.nexuslite.testing.Threads;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SlabAllocatorTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private record Cell(long handle, int length, byte mark) {
        static Cell take(SlabAllocator slabs, int length, byte mark) {
            long handle = slabs.allocate(length);
            if (handle == SlabAllocator.NOT_FOUND) {
                return null;
            }
            assertTrue(handle >>> 48 == 0);
            slabs.memory(handle).asSlice(SlabAllocator.offset(handle), length).fill(mark);
            return new Cell(handle, length, mark);
        }

        void giveBack(SlabAllocator slabs) {
            MemorySegment memory = slabs.memory(handle);
            long offset = SlabAllocator.offset(handle);
            int step = Math.max(1, length / 16);
            for (int i = 0; i < length; i += step) {
                assertEquals(mark, memory.get(ValueLayout.JAVA_BYTE, offset + i));
            }
            assertEquals(mark, memory.get(ValueLayout.JAVA_BYTE, offset + length - 1));
            slabs.free(handle, length);
        }
    }

    @Test
    void sizeClassesWasteAtMostAnEighth() {
        int previous = 0;
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            int size = SizeClasses.cellSize(c);
            assertTrue(size > previous && size % 16 == 0);
            assertEquals(c, SizeClasses.of(size));
            assertEquals(c, SizeClasses.of(previous + 1));
            if (previous >= 128) {
                assertTrue((size - previous - 1) * 8L <= size, "class of " + size);
            } else {
                assertEquals(previous + 16, size);
            }
            previous = size;
        }
        assertEquals(SlabAllocator.LENGTH_MAX, previous);
    }

    @Test
    void refusesLengthsOutOfRange() {
        try (SlabAllocator slabs = new SlabAllocator(new MemoryBudget(1 << 20), MemoryUse.CACHE)) {
            assertThrows(IllegalArgumentException.class, () -> slabs.allocate(0));
            assertThrows(IllegalArgumentException.class, () -> slabs.allocate(-1));
            assertThrows(IllegalArgumentException.class, () -> slabs.allocate(SlabAllocator.LENGTH_MAX + 1));
            assertThrows(IllegalArgumentException.class, () -> slabs.free(12345, 1));
            assertEquals(SlabAllocator.NOT_FOUND, slabs.allocate(SlabAllocator.LENGTH_MAX));
        }
    }

    @Test
    void findsADoubleFree() {
        try (SlabAllocator slabs = new SlabAllocator(new MemoryBudget(1 << 20), MemoryUse.CACHE, true)) {
            long handle = slabs.allocate(100);
            slabs.free(handle, 100);
            assertThrows(IllegalStateException.class, () -> slabs.free(handle, 100));
            long other = slabs.allocate(100);
            assertThrows(IllegalArgumentException.class, () -> slabs.free(other, 5000));
            assertThrows(IllegalStateException.class, () -> slabs.free(other + 1, 100));
            slabs.free(other, 100);
            assertEquals(0, slabs.statistics().cells());
        }
    }

    @Test
    void findsALeak() {
        try (SlabAllocator slabs = new SlabAllocator(new MemoryBudget(1 << 20), MemoryUse.VERSION)) {
            long first = slabs.allocate(200);
            slabs.allocate(33);
            slabs.free(first, 200);
            SlabStatistics all = slabs.statistics();
            assertEquals(1, all.cells());
            assertEquals(33, all.usedBytes());
            assertEquals(48, all.cellBytes());
            assertEquals(all.reservedBytes() - 33, all.slackBytes());
            assertEquals(MemoryUse.VERSION, all.use());
            SlabStatistics held = slabs.classStatistics().stream().filter(c -> c.cells() != 0).findFirst()
                    .orElseThrow();
            assertEquals(48, held.cellSize());
        }
    }

    @Test
    void anEmptySlabServesOtherSizes() {
        MemoryBudget budget = new MemoryBudget(4 * 65536);
        try (SlabAllocator slabs = new SlabAllocator(budget, MemoryUse.CACHE)) {
            SplittableRandom random = seed.random("sizes");
            for (int round = 0; round < 50; round++) {
                int length = 1 + random.nextInt(8192);
                List<Cell> cells = new ArrayList<>();
                for (Cell cell = Cell.take(slabs, length, (byte) round); cell != null; cell = Cell
                        .take(slabs, length, (byte) round)) {
                    cells.add(cell);
                }
                assertTrue(cells.size() >= 4 * (65536 / SlabAllocator.cellSize(length)), "only " + cells.size());
                cells.forEach(cell -> cell.giveBack(slabs));
            }
            assertEquals(0, slabs.statistics().cells());
        }
        assertEquals(0, budget.total());
    }

    @Test
    void aShortageUsesFreeCellsOfLargerClasses() {
        MemoryBudget budget = new MemoryBudget(100 * 1024);
        try (SlabAllocator slabs = new SlabAllocator(budget, MemoryUse.CACHE)) {
            Cell large = Cell.take(slabs, 90_000, (byte) 1);
            large.giveBack(slabs);
            Cell shorter = Cell.take(slabs, 70_000, (byte) 2);
            assertNotEquals(null, shorter);
            assertEquals(null, Cell.take(slabs, 90_000, (byte) 3));
            shorter.giveBack(slabs);
            assertEquals(0, slabs.statistics().cells());
            assertEquals(0, slabs.statistics().usedBytes());
        }
        assertEquals(0, budget.total());
    }

    @Test
    void agreesWithAListOfCells() {
        MemoryBudget budget = new MemoryBudget(8 << 20);
        SplittableRandom random = seed.random("cells");
        try (SlabAllocator slabs = new SlabAllocator(budget, MemoryUse.VERSION, true)) {
            List<Cell> held = new ArrayList<>();
            long usedBytes = 0;
            for (int i = 0, end = Seed.scaled(40_000); i < end; i++) {
                if (random.nextInt(1000) < 510) {
                    int length = 1 + random.nextInt(1 << 1 + random.nextInt(random.nextInt(20) == 0 ? 18 : 11));
                    Cell cell = Cell.take(slabs, length, (byte) random.nextInt());
                    if (cell != null) {
                        held.add(cell);
                        usedBytes += length;
                    }
                } else if (!held.isEmpty()) {
                    Cell cell = held.remove(random.nextInt(held.size()));
                    cell.giveBack(slabs);
                    usedBytes -= cell.length();
                }
                if (i % 1000 == 0) {
                    assertEquals(held.size(), slabs.statistics().cells());
                    assertEquals(usedBytes, slabs.statistics().usedBytes());
                    assertEquals(budget.total(), slabs.reservedBytes());
                }
            }
            for (Cell cell : held) {
                cell.giveBack(slabs);
            }
            assertEquals(0, slabs.statistics().cells());
            assertEquals(0, slabs.statistics().usedBytes());
            slabs.classStatistics().forEach(c -> assertEquals(0, c.cells()));
        }
        assertEquals(0, budget.total());
    }

    /** Cells are allocated by some threads and freed by others, as versions and cache entries are. */
    @Test
    void givesNoCellToTwoThreads() throws InterruptedException {
        MemoryBudget budget = new MemoryBudget(4 << 20);
        ConcurrentLinkedQueue<Cell> handedOver = new ConcurrentLinkedQueue<>();
        int rounds = Seed.scaled(20_000);
        try (SlabAllocator slabs = new SlabAllocator(budget, MemoryUse.CACHE, true)) {
            for (boolean virtual : new boolean[]{false, true}) {
                Threads.run(virtual ? 32 : 4, virtual, index -> {
                    SplittableRandom random = seed.random("thread" + index + virtual);
                    List<Cell> held = new ArrayList<>();
                    for (int i = 0; i < (virtual ? rounds / 8 : rounds); i++) {
                        if (random.nextInt(100) < 55) {
                            Cell cell = Cell.take(slabs, 1 + random.nextInt(3000), (byte) random.nextInt());
                            if (cell != null) {
                                held.add(cell);
                            }
                        }
                        Cell cell = random.nextBoolean() ? handedOver.poll() : null;
                        if (cell != null) {
                            cell.giveBack(slabs);
                        }
                        if (held.size() > 50) {
                            handedOver.add(held.removeLast());
                            held.removeFirst().giveBack(slabs);
                        }
                    }
                    held.forEach(cell -> cell.giveBack(slabs));
                });
                handedOver.forEach(cell -> cell.giveBack(slabs));
                handedOver.clear();
                assertEquals(0, slabs.statistics().cells());
                assertEquals(0, slabs.statistics().usedBytes());
            }
        }
        assertEquals(0, budget.total());
    }
}
