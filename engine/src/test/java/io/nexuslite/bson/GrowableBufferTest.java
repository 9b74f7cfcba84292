package io.nexuslite.bson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.InvalidDocumentException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class GrowableBufferTest {
    @Test
    void keepsItsContentWhileItGrows() {
        try (GrowableBuffer buffer = new GrowableBuffer(0, 100_000)) {
            byte[] expected = new byte[50_000];
            for (int i = 0; i < expected.length; i += 50) {
                java.util.Arrays.fill(expected, i, i + 50, (byte) i);
                buffer.append(expected, i, 50);
            }
            assertArrayEquals(expected, buffer.toByteArray());
            assertTrue(buffer.bytesReserved() <= 2L * buffer.capacity() + 1024);
            buffer.append(buffer.memory(), 0, 50_000);
            assertEquals(100_000, buffer.length());
            assertEquals(100_000, buffer.capacity());
        }
    }

    @Test
    void refusesToGrowBeyondItsLimit() {
        try (GrowableBuffer buffer = GrowableBuffer.ofConfined(10, 100)) {
            buffer.append(new byte[99], 0, 99);
            assertThrows(InvalidDocumentException.class, () -> buffer.reserve(2));
            assertThrows(IllegalArgumentException.class, () -> buffer.reserve(-1));
            assertEquals(99, buffer.length());
            assertEquals(99, buffer.reserve(1));
        }
    }

    @Test
    void givesMemoryBack() {
        GrowableBuffer buffer = new GrowableBuffer(64, 1 << 20);
        buffer.append(new byte[100_000], 0, 100_000);
        MemorySegment large = buffer.memory();
        buffer.shrink(4096);
        assertEquals(4096, buffer.capacity());
        assertEquals(0, buffer.length());
        assertThrows(IllegalStateException.class, () -> large.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0));
        buffer.append(new byte[10], 0, 10);
        buffer.shrink(4096);
        assertEquals(4096, buffer.capacity());
        buffer.close();
        buffer.close();
        assertEquals(0, buffer.bytesReserved());
        assertThrows(IllegalStateException.class, () -> buffer.reserve(1));
    }

    @Test
    void refusesHeapMemoryInViews() {
        MemorySegment heap = MemorySegment.ofArray(new byte[]{5, 0, 0, 0, 0});
        assertThrows(IllegalArgumentException.class, () -> new BsonView().wrap(heap, 0, 5));
        assertThrows(IllegalArgumentException.class, () -> new BsonCursor().wrap(heap, 0, 5));
        assertThrows(IllegalArgumentException.class, () -> new BsonValidator().validate(heap, 0, 5));
    }
}
