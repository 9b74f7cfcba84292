package io.nexuslite.wasp.tree;

import static io.nexuslite.format.PageLayout.BIRTH_MANIFEST_OFFSET;
import static io.nexuslite.format.PageLayout.CSN_BASE_OFFSET;
import static io.nexuslite.format.PageLayout.HEADER_SIZE;
import static io.nexuslite.format.PageLayout.HEAP_START_OFFSET;
import static io.nexuslite.format.PageLayout.KIND_OFFSET;
import static io.nexuslite.format.PageLayout.LEVEL_OFFSET;
import static io.nexuslite.format.PageLayout.PAGE_NUMBER_OFFSET;
import static io.nexuslite.format.PageLayout.PREFIX_LENGTH_OFFSET;
import static io.nexuslite.format.PageLayout.RESERVED_OFFSET;
import static io.nexuslite.format.PageLayout.SEPARATOR_LENGTH_SIZE;
import static io.nexuslite.format.PageLayout.SLOT_SIZE;
import static io.nexuslite.format.PageLayout.TIME_BASE_OFFSET;
import static io.nexuslite.format.PageLayout.TREE_ID_OFFSET;
import static io.nexuslite.format.PointerLayout.POINTER_SIZE;

import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.format.PageLayout;
import java.lang.foreign.MemorySegment;

/** Where things lie in an inner page on disk. Static, on (memory, page). */
final class InnerImage {
    /** More levels than any file can fill. */
    static final int LEVEL_MAX = 40;

    private InnerImage() {
    }

    /** Bytes that a child takes of a page, with the head that its page frame adds. */
    static int entrySize(int separatorLength) {
        return POINTER_SIZE + PageLayout.KEY_HEAD_SIZE + SLOT_SIZE + SEPARATOR_LENGTH_SIZE + separatorLength;
    }

    /** Bytes for entries in a page. */
    static int capacity(int pageSize) {
        return pageSize - HEADER_SIZE;
    }

    static long pointerOffset(long page, int index) {
        return page + HEADER_SIZE + (long) index * POINTER_SIZE;
    }

    /** Offset of the length of separator {@code index}, its bytes follow. */
    static long separatorOffset(MemorySegment memory, long page, int childCount, int index) {
        return page + Bytes.unsignedShort(memory, page + HEADER_SIZE + (long) childCount * POINTER_SIZE
                + (long) index * SLOT_SIZE);
    }

    /** Child whose range holds a key: the last whose separator is not above it. */
    static int childOf(MemorySegment memory, long page, MemorySegment key, long keyOffset, int keyLength) {
        int count = LeafImage.slotCount(memory, page);
        int low = 1; // child 0 has no lower bound here
        int high = count;
        while (low < high) {
            int middle = low + high >>> 1;
            long separator = separatorOffset(memory, page, count, middle);
            int length = Bytes.unsignedShort(memory, separator);
            if (Bytes.compare(memory, separator + SEPARATOR_LENGTH_SIZE, length, key, keyOffset, keyLength) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** Writes a page with its children, whose separators' bytes end at the page's end; the first separator is written as empty. */
    static void write(MemorySegment memory, long page, int pageSize, int treeId, int level, long pageNumber,
            long birthManifest, InnerEntry[] entries, int from, int to) {
        int count = to - from;
        Bytes.zero(memory, page, pageSize);
        memory.set(Bytes.BYTE, page + KIND_OFFSET, PageLayout.KIND_INNER);
        memory.set(Bytes.BYTE, page + LEVEL_OFFSET, (byte) level);
        LeafImage.putSlotCount(memory, page, count);
        memory.set(Bytes.INT, page + TREE_ID_OFFSET, treeId);
        memory.set(Bytes.LONG, page + PAGE_NUMBER_OFFSET, pageNumber);
        memory.set(Bytes.LONG, page + BIRTH_MANIFEST_OFFSET, birthManifest);
        int heap = pageSize;
        for (int i = count - 1; i >= 0; i--) {
            InnerEntry entry = entries[from + i];
            int length = i == 0 ? 0 : entry.separator.length;
            heap -= SEPARATOR_LENGTH_SIZE + length;
            memory.set(Bytes.SHORT, page + heap, (short) length);
            MemorySegment.copy(entry.separator, 0, memory, Bytes.BYTE, page + heap + SEPARATOR_LENGTH_SIZE, length);
            entry.pointer.store(memory, pointerOffset(page, i));
            memory.set(Bytes.SHORT, page + HEADER_SIZE + (long) count * POINTER_SIZE + (long) i * SLOT_SIZE,
                    (short) heap);
        }
        memory.set(Bytes.INT, page + HEAP_START_OFFSET, heap);
    }

    /**
     * Refuses an inner page as read from disk that breaks a rule of the format.
     *
     * @param level level that its parent expects, or -1 for a root
     */
    static void requireWellFormed(MemorySegment memory, long page, int pageSize, int level) {
        int count = LeafImage.slotCount(memory, page);
        int heapStart = LeafImage.heapStart(memory, page);
        int found = LeafImage.level(memory, page);
        if (found < 1 || found > LEVEL_MAX || level >= 0 && found != level) {
            throw new MalformedRecordException("inner page of level " + found + ", expected " + level);
        }
        if (count < 1 || heapStart > pageSize || HEADER_SIZE + count * (POINTER_SIZE + SLOT_SIZE) > heapStart
                || memory.get(Bytes.LONG, page + CSN_BASE_OFFSET) != 0
                || memory.get(Bytes.LONG, page + TIME_BASE_OFFSET) != 0
                || memory.get(Bytes.INT, page + PREFIX_LENGTH_OFFSET) != 0) {
            throw new MalformedRecordException("inner page with " + count + " children and heap at " + heapStart);
        }
        assert RESERVED_OFFSET == PREFIX_LENGTH_OFFSET + PageLayout.PREFIX_LENGTH_SIZE; // read above as one number
        int size = 0;
        long before = 0;
        int beforeLength = 0;
        for (int i = 0; i < count; i++) {
            long separator = separatorOffset(memory, page, count, i);
            long limit = page + pageSize - SEPARATOR_LENGTH_SIZE;
            if (separator < page + heapStart || separator > limit) {
                throw new MalformedRecordException("separator " + i + " lies outside of the heap");
            }
            int length = Bytes.unsignedShort(memory, separator);
            long bytes = separator + SEPARATOR_LENGTH_SIZE;
            if (length > KeyTooLongException.KEY_LENGTH_MAX || separator + length > limit || i == 0 && length != 0
                    || i > 0 && Bytes.compare(memory, before, beforeLength, memory, bytes, length) >= 0) {
                throw new MalformedRecordException("separator " + i + " of " + length + " bytes");
            }
            before = bytes;
            beforeLength = length;
            size += entrySize(length);
            requireChild(memory.get(Bytes.LONG, pointerOffset(page, i)), found, i);
        }
        if (size > capacity(pageSize)) {
            throw new MalformedRecordException("inner page is fuller than allowed");
        }
    }

    private static void requireChild(long pageAndKind, int level, int index) {
        PagePointer child = new PagePointer().set(pageAndKind, 0, 0);
        boolean inner = child.kind() == PageLayout.KIND_INNER;
        boolean leaf = child.kind() == PageLayout.KIND_DOCUMENT_LEAF || child.kind() == PageLayout.KIND_KEYED_LEAF;
        if (level > 1 ? !inner : !leaf) {
            throw new MalformedRecordException("child " + index + " has kind " + child.kind());
        }
    }
}
