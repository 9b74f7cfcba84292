package io.nexuslite.check;

import java.lang.foreign.MemorySegment;

/**
 * Compares the documents that have an expiry with the entries that list them, in constant memory: each side adds a fingerprint of
 * (expiry, tree id, key) to one of many sums, and the sums must agree in the end. Where they do not, a second walk looks only at what
 * falls into the sums that differ. A fingerprint has 64 bits, so a difference is overlooked with a chance of about 2⁻⁶⁴. One thread.
 */
final class EphemeralLedger {
    private static final int BUCKETS = 4096; // 64 KiB

    private final long[] sums = new long[BUCKETS];
    private final long[] counts = new long[BUCKETS];

    void addDocument(long fingerprint) {
        int bucket = bucket(fingerprint);
        sums[bucket] += fingerprint;
        counts[bucket]++;
    }

    void addEntry(long fingerprint) {
        int bucket = bucket(fingerprint);
        sums[bucket] -= fingerprint;
        counts[bucket]--;
    }

    boolean agrees() {
        for (int i = 0; i < BUCKETS; i++) {
            if (sums[i] != 0 || counts[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether this fingerprint may belong to a difference. */
    boolean mayDiffer(long fingerprint) {
        int bucket = bucket(fingerprint);
        return sums[bucket] != 0 || counts[bucket] != 0;
    }

    static long fingerprint(long expiryMillis, int treeId, MemorySegment key, long offset, int length) {
        long hash = mix(expiryMillis ^ mix(treeId ^ mix(length)));
        long at = offset;
        long end = offset + length;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            hash = mix(hash ^ Bytes.longAt(key, at));
        }
        long rest = 0;
        for (; at < end; at++) {
            rest = rest << Byte.SIZE | Bytes.unsignedByte(key, at);
        }
        return mix(hash ^ rest);
    }

    private static int bucket(long fingerprint) {
        return (int) (fingerprint >>> 52); // the top bits, the sums hold them all
    }

    /** Finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). */
    private static long mix(long value) {
        long mixed = value + 0x9e37_79b9_7f4a_7c15L;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ mixed >>> 31;
    }
}
