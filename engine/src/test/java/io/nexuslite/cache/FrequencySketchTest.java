package io.nexuslite.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.memory.MemoryBudget;
import io.nexuslite.memory.MemoryUse;
import io.nexuslite.memory.SlabAllocator;
import io.nexuslite.testing.Seed;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FrequencySketchTest {
    private static final int BYTES = 8 << 10;

    @RegisterExtension
    final Seed seed = new Seed();

    private FrequencySketch sketch(SlabAllocator slabs, int cells) {
        long[] handles = new long[cells];
        for (int i = 0; i < cells; i++) {
            handles[i] = slabs.allocate(BYTES);
        }
        return new FrequencySketch(slabs, handles, BYTES);
    }

    @Test
    void neverCountsTooFewAndSeldomTooMany() {
        try (SlabAllocator slabs = new SlabAllocator(new MemoryBudget(1 << 20), MemoryUse.CACHE)) {
            FrequencySketch sketch = sketch(slabs, 2);
            SplittableRandom random = seed.random("hashes");
            long[] hashes = random.longs(300).toArray(); // few additions: an aging among them is seldom, and halves one block
            int[] counts = new int[hashes.length];
            for (int i = 0; i < hashes.length; i++) {
                counts[i] = random.nextInt(1, 5);
                for (int j = 0; j < counts[i]; j++) {
                    sketch.add(hashes[i]);
                }
            }
            int tooMany = 0;
            int tooFew = 0;
            for (int i = 0; i < hashes.length; i++) {
                tooMany += sketch.frequency(hashes[i]) > counts[i] ? 1 : 0;
                tooFew += sketch.frequency(hashes[i]) < counts[i] ? 1 : 0;
            }
            assertTrue(tooMany < hashes.length / 4, tooMany + " too many");
            assertTrue(tooFew < hashes.length / 4, tooFew + " too few");
        }
    }

    @Test
    void agingHalvesAndCountersEndAtTheirMost() {
        try (SlabAllocator slabs = new SlabAllocator(new MemoryBudget(1 << 20), MemoryUse.CACHE)) {
            FrequencySketch sketch = sketch(slabs, 1);
            long hash = seed.random("hash").nextLong();
            int seen = 0;
            for (int i = 0; i < 10_000 && seen < FrequencySketch.COUNT_MAX; i++) {
                sketch.add(hash);
                seen = sketch.frequency(hash);
            }
            assertEquals(FrequencySketch.COUNT_MAX, seen);
            for (int block = 0; block < sketch.blocks(); block++) {
                sketch.age();
            }
            assertEquals(FrequencySketch.COUNT_MAX / 2, sketch.frequency(hash));
        }
    }
}
