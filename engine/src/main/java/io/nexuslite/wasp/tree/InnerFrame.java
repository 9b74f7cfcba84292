package io.nexuslite.wasp.tree;

import static io.nexuslite.format.PageLayout.HEADER_SIZE;
import static io.nexuslite.format.PageLayout.KEY_HEAD_SIZE;
import static io.nexuslite.format.PageLayout.KIND_OFFSET;
import static io.nexuslite.format.PageLayout.LEVEL_OFFSET;
import static io.nexuslite.format.PageLayout.PREFIX_LENGTH_OFFSET;
import static io.nexuslite.format.PageLayout.SEPARATOR_LENGTH_SIZE;
import static io.nexuslite.format.PageLayout.SLOT_SIZE;
import static io.nexuslite.format.PointerLayout.KIND_SHIFT;
import static io.nexuslite.format.PointerLayout.POINTER_SIZE;

import io.nexuslite.format.PageLayout;
import java.lang.foreign.MemorySegment;

/**
 * An inner page in its page frame: header, children, heads of the separators, slots, gap, separators. Static, on (memory, page).
 *
 * <p>As on disk, with heads put between children and slots. The prefix length counts the bytes that all separators but the first
 * share; heads stand for the bytes behind them. A child of 24 bytes is a pointer to disk, or (kind byte 0) the index of the child's page frame.
 */
final class InnerFrame {
    private static final long NO_FRAME = -1;

    private InnerFrame() {
    }

    static int childCount(MemorySegment memory, long page) {
        return LeafImage.slotCount(memory, page);
    }

    static long childOffset(long page, int index) {
        return page + HEADER_SIZE + (long) index * POINTER_SIZE;
    }

    /** Page frame of a child, or -1 if it lies on disk. */
    static int childFrame(MemorySegment memory, long page, int index) {
        long word = memory.get(Bytes.LONG, childOffset(page, index));
        return (int) (word >>> KIND_SHIFT != 0 ? NO_FRAME : word);
    }

    static void putChildFrame(MemorySegment memory, long page, int index, int frameIndex) {
        long child = childOffset(page, index);
        memory.set(Bytes.LONG, child, (long) frameIndex);
        memory.set(Bytes.LONG, child + 8, 0L);
        memory.set(Bytes.LONG, child + 16, 0L);
    }

    /** Index of the child that lies in a page frame, or -1. */
    static int indexOfFrame(MemorySegment memory, long page, int frameIndex) {
        int count = childCount(memory, page);
        for (int i = 0; i < count; i++) {
            if (memory.get(Bytes.LONG, childOffset(page, i)) == frameIndex) {
                return i;
            }
        }
        return -1;
    }

    private static long headOffset(long page, int childCount, int index) {
        return page + HEADER_SIZE + (long) childCount * POINTER_SIZE + (long) index * KEY_HEAD_SIZE;
    }

    private static long slotOffset(long page, int childCount, int index) {
        return page + HEADER_SIZE + (long) childCount * (POINTER_SIZE + KEY_HEAD_SIZE) + (long) index * SLOT_SIZE;
    }

    /** Offset of the bytes of a separator. */
    static long separator(MemorySegment memory, long page, int childCount, int index) {
        return page + Bytes.unsignedShort(memory, slotOffset(page, childCount, index)) + SEPARATOR_LENGTH_SIZE;
    }

    /** Length of the separator whose bytes stand at an offset. */
    static int separatorLength(MemorySegment memory, long separator) {
        return Bytes.unsignedShort(memory, separator - SEPARATOR_LENGTH_SIZE);
    }

    static int freeBytes(MemorySegment memory, long page) {
        int count = childCount(memory, page);
        return LeafImage.heapStart(memory, page) - (int) (slotOffset(page, count, count) - page);
    }

    /** Bytes that the entries take once the heap is compacted. */
    static int usedBytes(MemorySegment memory, long page) {
        int count = childCount(memory, page);
        int used = 0;
        for (int i = 0; i < count; i++) {
            used += InnerImage.entrySize(separatorLength(memory, separator(memory, page, count, i)));
        }
        return used;
    }

    // ---- search

    /** Index of the child whose range holds a key. */
    static int childOf(MemorySegment memory, long page, MemorySegment key, long keyOffset, int keyLength) {
        return count(memory, page, key, keyOffset, keyLength, 0);
    }

    /** Index of the child whose range holds the keys just below a key. */
    static int childBefore(MemorySegment memory, long page, MemorySegment key, long keyOffset, int keyLength) {
        return count(memory, page, key, keyOffset, keyLength, 1);
    }

    /** Index of the last separator whose comparison with the key is below {@code 1 - strict}; the first one always is. */
    private static int count(MemorySegment memory, long page, MemorySegment key, long keyOffset, int keyLength,
            int strict) {
        int count = childCount(memory, page);
        if (count < 2) {
            return 0;
        }
        int prefixLength = LeafImage.prefixLength(memory, page);
        if (prefixLength > 0) {
            int common = Math.min(prefixLength, keyLength);
            int compared = Bytes.compare(key, keyOffset, common, memory, separator(memory, page, count, 1),
                    prefixLength);
            if (compared != 0) {
                return compared < 0 ? 0 : count - 1;
            }
        }
        int head = Bytes.head(key, keyOffset + prefixLength, keyLength - prefixLength);
        int low = 1;
        int high = count;
        while (low < high) { // first separator that is above, or with strict not below, the key
            int middle = low + high >>> 1;
            int compared = Integer.compareUnsigned(memory.get(Bytes.INT_BE, headOffset(page, count, middle)), head);
            if (compared == 0) {
                long separator = separator(memory, page, count, middle);
                compared = Bytes.compare(memory, separator, separatorLength(memory, separator), key, keyOffset,
                        keyLength);
            }
            if (compared < 1 - strict) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    // ---- change; under the latch

    /** Makes a page frame of an inner page as read from disk. */
    static void fromImage(MemorySegment memory, long page) {
        int count = childCount(memory, page);
        MemorySegment.copy(memory, headOffset(page, count, 0), memory, slotOffset(page, count, 0), (long) count
                * SLOT_SIZE);
        renewHeads(memory, page);
    }

    static void init(MemorySegment memory, long page, int pageSize, int level) {
        Bytes.zero(memory, page, HEADER_SIZE);
        memory.set(Bytes.BYTE, page + KIND_OFFSET, PageLayout.KIND_INNER);
        memory.set(Bytes.BYTE, page + LEVEL_OFFSET, (byte) level);
        LeafImage.putHeapStart(memory, page, pageSize);
    }

    /** Puts a separator at an index, the child stays to be written; {@link #freeBytes} must be enough. */
    static void insert(MemorySegment memory, long page, int index, MemorySegment separator, long separatorOffset,
            int separatorLength) {
        insertWithoutHead(memory, page, index, separator, separatorOffset, separatorLength);
        renewHeads(memory, page);
    }

    /** The first child of a page comes first, and with an empty separator. */
    private static void insertWithoutHead(MemorySegment memory, long page, int index, MemorySegment separator,
            long separatorOffset, int separatorLength) {
        int count = childCount(memory, page);
        int length = index == 0 ? 0 : separatorLength;
        assert index > 0 || count == 0;
        assert freeBytes(memory, page) >= InnerImage.entrySize(length);
        int heap = LeafImage.heapStart(memory, page) - SEPARATOR_LENGTH_SIZE - length;
        memory.set(Bytes.SHORT, page + heap, (short) length);
        MemorySegment.copy(separator, separatorOffset, memory, page + heap + SEPARATOR_LENGTH_SIZE, length);
        LeafImage.putHeapStart(memory, page, heap);
        move(memory, slotOffset(page, count, index), slotOffset(page, count + 1, index + 1), (long) (count - index)
                * SLOT_SIZE);
        move(memory, slotOffset(page, count, 0), slotOffset(page, count + 1, 0), (long) index * SLOT_SIZE);
        move(memory, headOffset(page, count, index), headOffset(page, count + 1, index + 1), (long) (count - index)
                * KEY_HEAD_SIZE);
        move(memory, headOffset(page, count, 0), headOffset(page, count + 1, 0), (long) index * KEY_HEAD_SIZE);
        move(memory, childOffset(page, index), childOffset(page, index + 1), (long) (count - index) * POINTER_SIZE);
        memory.set(Bytes.SHORT, slotOffset(page, count + 1, index), (short) heap);
        LeafImage.putSlotCount(memory, page, count + 1);
    }

    /** Takes a child out; if it was the first, the next takes its range over. */
    static void remove(MemorySegment memory, long page, int index) {
        int count = childCount(memory, page);
        int after = count - index - 1;
        move(memory, childOffset(page, index + 1), childOffset(page, index), (long) after * POINTER_SIZE);
        move(memory, headOffset(page, count, 0), headOffset(page, count - 1, 0), (long) index * KEY_HEAD_SIZE);
        move(memory, headOffset(page, count, index + 1), headOffset(page, count - 1, index), (long) after
                * KEY_HEAD_SIZE);
        move(memory, slotOffset(page, count, 0), slotOffset(page, count - 1, 0), (long) index * SLOT_SIZE);
        move(memory, slotOffset(page, count, index + 1), slotOffset(page, count - 1, index), (long) after * SLOT_SIZE);
        LeafImage.putSlotCount(memory, page, count - 1);
        if (index == 0 && count > 1) {
            long first = separator(memory, page, count - 1, 0);
            memory.set(Bytes.SHORT, first - SEPARATOR_LENGTH_SIZE, (short) 0);
        }
        renewHeads(memory, page);
    }

    /** Moves the children from {@code from} on behind those of another page, whose room must be enough. */
    static void moveTail(MemorySegment memory, long page, int from, MemorySegment target, long targetPage) {
        int count = childCount(memory, page);
        for (int i = from; i < count; i++) {
            int at = childCount(target, targetPage);
            long separator = separator(memory, page, count, i);
            insertWithoutHead(target, targetPage, at, memory, separator, separatorLength(memory, separator));
            MemorySegment.copy(memory, childOffset(page, i), target, childOffset(targetPage, at), POINTER_SIZE);
        }
        renewHeads(target, targetPage);
        // the heads and slots move down with the count
        move(memory, headOffset(page, count, 0), headOffset(page, from, 0), (long) from * KEY_HEAD_SIZE);
        move(memory, slotOffset(page, count, 0), slotOffset(page, from, 0), (long) from * SLOT_SIZE);
        LeafImage.putSlotCount(memory, page, from);
        renewHeads(memory, page);
    }

    /** Writes the heap anew without the bytes of separators that are gone. */
    static void compact(MemorySegment memory, long page, int pageSize, MemorySegment scratch) {
        MemorySegment.copy(memory, page, scratch, 0, pageSize);
        int count = childCount(memory, page);
        int heap = pageSize;
        for (int i = count - 1; i >= 0; i--) {
            long separator = separator(scratch, 0, count, i);
            int length = separatorLength(scratch, separator);
            heap -= SEPARATOR_LENGTH_SIZE + length;
            MemorySegment.copy(scratch, separator - SEPARATOR_LENGTH_SIZE, memory, page + heap, SEPARATOR_LENGTH_SIZE
                    + length);
            memory.set(Bytes.SHORT, slotOffset(page, count, i), (short) heap);
        }
        LeafImage.putHeapStart(memory, page, heap);
    }

    private static void move(MemorySegment memory, long from, long to, long length) {
        MemorySegment.copy(memory, from, memory, to, length);
    }

    /** Finds the prefix of all separators but the first, and the heads behind it. */
    private static void renewHeads(MemorySegment memory, long page) {
        int count = childCount(memory, page);
        int prefixLength = 0;
        if (count > 2) {
            long first = separator(memory, page, count, 1);
            long last = separator(memory, page, count, count - 1);
            prefixLength = Bytes.commonPrefix(memory, first, separatorLength(memory, first), memory, last,
                    separatorLength(memory, last));
        }
        memory.set(Bytes.SHORT, page + PREFIX_LENGTH_OFFSET, (short) prefixLength);
        for (int i = 0; i < count; i++) {
            long separator = separator(memory, page, count, i);
            int length = separatorLength(memory, separator);
            int head = i == 0 ? 0 : Bytes.head(memory, separator + prefixLength, length - prefixLength);
            memory.set(Bytes.INT_BE, headOffset(page, count, i), head);
        }
    }
}
