package io.nexuslite.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Keys, and values that carry their key and a checksum, so that no reader can take another's bytes for his own. */
final class Entries {
    private Entries() {
    }

    static byte[] key(int number) {
        return ("key " + number).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    static byte[] value(int number, int length, SplittableRandom random) {
        byte[] value = new byte[8 + length];
        random.nextBytes(value);
        ByteBuffer.wrap(value).putInt(0, number).putInt(4, 0).putInt(4, checksum(value, value.length));
        return value;
    }

    static void assertIntact(int number, byte[] value, int length) {
        assertTrue(length >= 8, "length " + length);
        ByteBuffer bytes = ByteBuffer.wrap(value, 0, length);
        assertEquals(number, bytes.getInt(0), "another key's value");
        int checksum = bytes.getInt(4);
        bytes.putInt(4, 0);
        assertEquals(checksum, checksum(value, length), "torn value of key " + number);
    }

    private static int checksum(byte[] value, int length) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(value, 0, length);
        return (int) crc.getValue();
    }

    /** All that was reserved is free again, save the index; and every count agrees. */
    static void assertEmptyAfterClear(OffHeapCache cache) {
        cache.clear();
        for (int i = 0; i < 4; i++) {
            cache.sweep();
        }
        CacheStatistics statistics = cache.statistics();
        assertEquals(0, statistics.entries());
        assertEquals(0, statistics.payloadBytes());
        assertEquals(0, statistics.retiredBytes());
        assertEquals(cache.core().index().bytes() + cache.core().cells().sketchBytes(), statistics.usedBytes());
        assertEquals(0, cache.core().epochs().pinCount());
        assertEquals(0, cache.core().index().overflowBuckets());
        assertEquals(cache.core().index().chunks() + cache.core().cells().sketchCells(), cache.core().heldCells(),
                "cells that nobody can reach");
    }
}
