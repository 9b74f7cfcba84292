package io.nexuslite.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.testing.Seed;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCellsTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private record Cell(long handle, int length, byte mark) {
    }

    private final MemoryBudget budget = new MemoryBudget(4 << 20);

    /** Every cell keeps its bytes, whatever is done with others; frames that are not needed come back; the account is right after each step. */
    @ParameterizedTest
    @ValueSource(ints = {8192, 16384, 32768})
    void agreesWithASetOfCells(int pageSize) {
        SplittableRandom random = seed.random("cells " + pageSize);
        try (PageFrames frames = new PageFrames(budget, pageSize, 3 << 20);
                FrameCells cells = new FrameCells(frames, budget, MemoryUse.VERSION)) {
            List<Cell> held = new ArrayList<>();
            long usedBytes = 0;
            for (int step = 0; step < Seed.scaled(20_000); step++) {
                boolean grows = step / 1000 % 2 == 0;
                if (random.nextInt(100) < (grows ? 70 : 30)) {
                    int length = 1
                            + random.nextInt(1 << 2 + random.nextInt(Integer.numberOfTrailingZeros(pageSize) - 2));
                    Cell cell = take(frames, cells, Math.min(length, cells.lengthMax()), (byte) step);
                    if (cell != null) {
                        held.add(cell);
                        usedBytes += cell.length;
                    }
                } else if (!held.isEmpty()) {
                    Cell cell = held.set(random.nextInt(held.size()), held.getLast());
                    held.removeLast();
                    usedBytes -= cell.length;
                    require(cells, cell);
                    cells.free(cell.handle, cell.length);
                }
                assertEquals(held.size(), cells.statistics().cells());
                assertEquals(usedBytes, cells.statistics().usedBytes());
                assertEquals(frames.acquiredCount(), cells.lentFrames());
                assertEquals(cells.lentFrames() * pageSize, budget.used(MemoryUse.VERSION));
                assertEquals(frames.reservedBytes(), budget.total());
            }
            held.forEach(cell -> require(cells, cell));
            held.forEach(cell -> cells.free(cell.handle, cell.length));
            cells.trim();
            assertEquals(0, frames.acquiredCount());
        }
        assertEquals(0, budget.total());
    }

    private static Cell take(PageFrames frames, FrameCells cells, int length, byte mark) {
        long handle = cells.allocate(length);
        if (handle == FrameCells.NOT_FOUND) {
            int frameIndex = frames.acquire();
            if (frameIndex != PageFrames.NOT_FOUND) {
                cells.lend(frameIndex);
            }
            handle = cells.allocateAny(length);
        }
        if (handle == FrameCells.NOT_FOUND) {
            return null;
        }
        assertTrue(handle >>> 48 == 0);
        assertEquals(0, FrameCells.offset(handle) % 16);
        cells.memory(handle).asSlice(FrameCells.offset(handle), length).fill(mark);
        return new Cell(handle, length, mark);
    }

    private static void require(FrameCells cells, Cell cell) {
        for (int at : new int[]{0, cell.length / 2, cell.length - 1}) {
            assertEquals(cell.mark, cells.memory(cell.handle).get(ValueLayout.JAVA_BYTE, FrameCells.offset(cell.handle)
                    + at));
        }
    }

    @Test
    void refusesLengthsOutOfRangeAndADoubleFree() {
        try (PageFrames frames = new PageFrames(budget, 8192, 1 << 20);
                FrameCells cells = new FrameCells(frames, budget, MemoryUse.VERSION)) {
            assertThrows(IllegalArgumentException.class, () -> cells.allocate(0));
            assertThrows(IllegalArgumentException.class, () -> cells.allocate(cells.lengthMax() + 1));
            assertThrows(IllegalArgumentException.class, () -> cells.free(12345, 1));
            assertEquals(FrameCells.NOT_FOUND, cells.allocateAny(1));
            cells.lend(frames.acquire());
            long handle = cells.allocate(100);
            long other = cells.allocate(100);
            assertNotEquals(handle, other);
            cells.free(handle, 100);
            assertThrows(IllegalStateException.class, () -> cells.free(handle, 100));
        }
        assertEquals(0, budget.total());
    }

    /** One frame without cells is kept for whoever comes next, of whatever length, and given back on demand. */
    @Test
    void keepsOneFrameWithoutCells() {
        try (PageFrames frames = new PageFrames(budget, 8192, 1 << 20);
                FrameCells cells = new FrameCells(frames, budget, MemoryUse.VERSION)) {
            Set<Long> handles = new HashSet<>();
            for (int i = 0; i < 6; i++) {
                cells.lend(frames.acquire());
                handles.add(cells.allocate(4096));
                handles.add(cells.allocate(4096));
            }
            assertEquals(12, handles.size());
            assertEquals(6, cells.lentFrames());
            handles.forEach(handle -> cells.free(handle, 4096));
            assertEquals(1, cells.lentFrames());
            long small = cells.allocate(10);
            assertNotEquals(FrameCells.NOT_FOUND, small);
            cells.free(small, 10);
            assertTrue(cells.trim());
            assertEquals(0, frames.acquiredCount());
            assertEquals(0, budget.used(MemoryUse.VERSION));
        }
    }
}
