package io.nexuslite.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CacheIndexTest {
    private static long stampOfDepth(int depth) {
        return (long) depth << 1;
    }

    /**
     * A lookup spun for ever between bucket 0 and one that was not open. It had read the count two levels ago, and went by the whole depth
     * of its bucket, whose later splits say nothing of a hash that had left it with the first. A reader moves by one split at a time.
     */
    @Test
    void staleReaderFollowsOneSplitAtATime() {
        long hash = 251;
        assertEquals(59, CacheIndex.ownerOf(hash, 59, stampOfDepth(6)));
        assertEquals(123, CacheIndex.ownerOf(hash, 59, stampOfDepth(7)));
        assertEquals(123, CacheIndex.ownerOf(hash, 59, stampOfDepth(8)));
        assertEquals(123, CacheIndex.ownerOf(hash, 123, stampOfDepth(7)));
        assertEquals(251, CacheIndex.ownerOf(hash, 123, stampOfDepth(8)));
        assertEquals(251, CacheIndex.ownerOf(hash, 251, stampOfDepth(8)));
        assertEquals(0, CacheIndex.ownerOf(hash << 32, 0, stampOfDepth(9)));
    }
}
