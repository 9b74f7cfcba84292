package io.nexuslite.cache;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A keyed hash of 64 bits: 8 bytes at a time, each step a full product of 64 by 64 bits folded to its half (the step of wyhash and
 * XXH3). The seed is random for each cache, so that nobody who chooses keys can choose their buckets.
 */
final class KeyHash {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long STEP = 0x9e37_79b9_7f4a_7c15L; // odd constants of even bit count: golden ratio, and splitmix64's two
    private static final long FOLD = 0xbf58_476d_1ce4_e5b9L;
    private static final long LAST = 0x94d0_49bb_1331_11ebL;

    private KeyHash() {
    }

    static long of(MemorySegment key, long offset, int length, long seed) {
        long hash = seed + length * STEP;
        long at = offset;
        int left = length;
        for (; left >= Long.BYTES; left -= Long.BYTES, at += Long.BYTES) {
            hash = fold(key.get(LONG, at) ^ hash, FOLD ^ seed) + STEP;
        }
        long tail = 0;
        for (int i = 0; i < left; i++) {
            tail |= (key.get(ValueLayout.JAVA_BYTE, at + i) & 0xffL) << 8 * i;
        }
        hash = fold(tail ^ hash, LAST ^ seed) + STEP;
        return fold(hash ^ seed, LAST);
    }

    private static long fold(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }
}
