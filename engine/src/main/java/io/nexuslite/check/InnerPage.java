package io.nexuslite.check;

import static io.nexuslite.format.PageLayout.CSN_BASE_OFFSET;
import static io.nexuslite.format.PageLayout.HEADER_SIZE;
import static io.nexuslite.format.PageLayout.HEAP_START_OFFSET;
import static io.nexuslite.format.PageLayout.PREFIX_LENGTH_OFFSET;
import static io.nexuslite.format.PageLayout.RESERVED_OFFSET;
import static io.nexuslite.format.PageLayout.SEPARATOR_LENGTH_SIZE;
import static io.nexuslite.format.PageLayout.SLOT_COUNT_OFFSET;
import static io.nexuslite.format.PageLayout.SLOT_SIZE;
import static io.nexuslite.format.PageLayout.TIME_BASE_OFFSET;
import static io.nexuslite.format.PointerLayout.POINTER_SIZE;

import io.nexuslite.format.Pointer;
import java.lang.foreign.MemorySegment;

/** The structure of an inner page whose checksum and identity are right. */
final class InnerPage {
    private InnerPage() {
    }

    static int childCount(MemorySegment page) {
        return Bytes.unsignedShort(page, SLOT_COUNT_OFFSET);
    }

    static Pointer child(MemorySegment page, int index) {
        return Pointer.read(page, HEADER_SIZE + (long) index * POINTER_SIZE);
    }

    /** Offset of the bytes of a separator. */
    static long separatorOffset(MemorySegment page, int index) {
        return slot(page, index) + SEPARATOR_LENGTH_SIZE;
    }

    static int separatorLength(MemorySegment page, int index) {
        return Bytes.unsignedShort(page, slot(page, index));
    }

    /** What is wrong with the page, or {@code null}; its children can be walked only then. */
    static String wrong(MemorySegment page, int pageSize, Fence low, Fence high, HeapPacking packing) {
        int count = childCount(page);
        long slotsEnd = HEADER_SIZE + (long) count * (POINTER_SIZE + SLOT_SIZE);
        long heapStart = Integer.toUnsignedLong(Bytes.intAt(page, HEAP_START_OFFSET));
        if (count < 1) {
            return "expected at least one child, found none";
        }
        if (slotsEnd > heapStart || heapStart > pageSize) {
            return "expected separators between offsets " + slotsEnd + " and " + pageSize + ", found heap start "
                    + heapStart;
        }
        if (Bytes.longAt(page, CSN_BASE_OFFSET) != 0 || Bytes.longAt(page, TIME_BASE_OFFSET) != 0
                || Bytes.unsignedShort(page, PREFIX_LENGTH_OFFSET) != 0
                || Bytes.unsignedShort(page, RESERVED_OFFSET) != 0) {
            return "expected bases, prefix and reserved bytes of zero in an inner page, found others";
        }
        if (Bytes.firstNonZero(page, slotsEnd, heapStart - slotsEnd) >= 0) {
            return "expected a gap of zeros, found another byte at offset "
                    + Bytes.firstNonZero(page, slotsEnd, heapStart - slotsEnd);
        }
        packing.start();
        for (int i = 0; i < count; i++) {
            String wrong = wrongSeparator(page, pageSize, i, heapStart, low, high);
            if (wrong != null) {
                return wrong;
            }
            packing.add(slot(page, i), separatorOffset(page, i) + separatorLength(page, i));
        }
        return packing.wrong(heapStart, pageSize);
    }

    private static String wrongSeparator(MemorySegment page, int pageSize, int index, long heapStart, Fence low,
            Fence high) {
        long slot = slot(page, index);
        if (slot < heapStart || slot > pageSize - SEPARATOR_LENGTH_SIZE) {
            return "expected separator " + index + " between offsets " + heapStart + " and " + pageSize + ", found "
                    + slot;
        }
        long offset = separatorOffset(page, index);
        int length = separatorLength(page, index);
        if (length > pageSize - offset) {
            return "expected separator " + index + " to fit the page, found length " + length;
        }
        if (index == 0) {
            return length == 0 ? null : "expected an empty first separator, found length " + length;
        }
        if (Bytes.compare(page, offset, length, page, separatorOffset(page, index - 1),
                separatorLength(page, index - 1)) <= 0) {
            return "expected separators that ascend, found that separator " + index + " does not";
        }
        boolean inside = (!low.isSet() || low.compareKey(page, offset, length) > 0)
                && (!high.isSet() || high.compareKey(page, offset, length) < 0);
        return inside ? null : "expected separator " + index + " within the bounds its parents give, found it outside";
    }

    private static long slot(MemorySegment page, int index) {
        return Bytes.unsignedShort(page,
                HEADER_SIZE + (long) childCount(page) * POINTER_SIZE + (long) index * SLOT_SIZE);
    }
}
