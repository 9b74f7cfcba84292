package io.nexuslite.wasp.tree;

import static io.nexuslite.format.PageLayout.BIRTH_MANIFEST_OFFSET;
import static io.nexuslite.format.PageLayout.CSN_BASE_OFFSET;
import static io.nexuslite.format.PageLayout.HEADER_SIZE;
import static io.nexuslite.format.PageLayout.HEAP_START_OFFSET;
import static io.nexuslite.format.PageLayout.KEY_HEAD_SIZE;
import static io.nexuslite.format.PageLayout.KIND_OFFSET;
import static io.nexuslite.format.PageLayout.LEVEL_OFFSET;
import static io.nexuslite.format.PageLayout.PAGE_NUMBER_OFFSET;
import static io.nexuslite.format.PageLayout.PREFIX_LENGTH_OFFSET;
import static io.nexuslite.format.PageLayout.RESERVED_OFFSET;
import static io.nexuslite.format.PageLayout.SLOT_COUNT_OFFSET;
import static io.nexuslite.format.PageLayout.SLOT_SIZE;
import static io.nexuslite.format.PageLayout.TIME_BASE_OFFSET;
import static io.nexuslite.format.PageLayout.TREE_ID_OFFSET;

import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.format.PageLayout;
import java.lang.foreign.MemorySegment;

/** Where things lie in a leaf, on disk and in a page frame. Static, on (memory, page); plain accesses. */
final class LeafImage {
    private LeafImage() {
    }

    static int level(MemorySegment memory, long page) {
        return memory.get(Bytes.BYTE, page + LEVEL_OFFSET);
    }

    static int slotCount(MemorySegment memory, long page) {
        return Bytes.unsignedShort(memory, page + SLOT_COUNT_OFFSET);
    }

    static void putSlotCount(MemorySegment memory, long page, int slotCount) {
        memory.set(Bytes.SHORT, page + SLOT_COUNT_OFFSET, (short) slotCount);
    }

    static int heapStart(MemorySegment memory, long page) {
        return memory.get(Bytes.INT, page + HEAP_START_OFFSET);
    }

    static void putHeapStart(MemorySegment memory, long page, int heapStart) {
        memory.set(Bytes.INT, page + HEAP_START_OFFSET, heapStart);
    }

    static int prefixLength(MemorySegment memory, long page) {
        return Bytes.unsignedShort(memory, page + PREFIX_LENGTH_OFFSET);
    }

    static long csnBase(MemorySegment memory, long page) {
        return memory.get(Bytes.LONG, page + CSN_BASE_OFFSET);
    }

    static long timeBase(MemorySegment memory, long page) {
        return memory.get(Bytes.LONG, page + TIME_BASE_OFFSET);
    }

    /** Bytes from the start of the page to its heads. */
    static int headsStart(int prefixLength) {
        return HEADER_SIZE + Bytes.align4(prefixLength);
    }

    static int slotsStart(int prefixLength, int slotCount) {
        return headsStart(prefixLength) + slotCount * KEY_HEAD_SIZE;
    }

    static int slotsEnd(int prefixLength, int slotCount) {
        return headsStart(prefixLength) + slotCount * (KEY_HEAD_SIZE + SLOT_SIZE);
    }

    static int head(MemorySegment memory, long page, int prefixLength, int slotIndex) {
        return memory.get(Bytes.INT_BE, page + headsStart(prefixLength) + (long) slotIndex * KEY_HEAD_SIZE);
    }

    static void putHead(MemorySegment memory, long page, int prefixLength, int slotIndex, int head) {
        memory.set(Bytes.INT_BE, page + headsStart(prefixLength) + (long) slotIndex * KEY_HEAD_SIZE, head);
    }

    static int slot(MemorySegment memory, long page, int prefixLength, int slotCount, int slotIndex) {
        return Bytes.unsignedShort(memory, page + slotsStart(prefixLength, slotCount) + (long) slotIndex * SLOT_SIZE);
    }

    static void putSlot(MemorySegment memory, long page, int prefixLength, int slotCount, int slotIndex, int slot) {
        memory.set(Bytes.SHORT, page + slotsStart(prefixLength, slotCount) + (long) slotIndex * SLOT_SIZE,
                (short) slot);
    }

    /** Writes head and prefix of a leaf without records. The prefix is borrowed, and may be {@code null} if it is empty. */
    static void init(MemorySegment memory, long page, int pageSize, byte kind, int treeId, long csnBase, long timeBase,
            MemorySegment prefix, long prefixOffset, int prefixLength) {
        memory.set(Bytes.BYTE, page + KIND_OFFSET, kind);
        memory.set(Bytes.BYTE, page + LEVEL_OFFSET, (byte) 0);
        putSlotCount(memory, page, 0);
        memory.set(Bytes.INT, page + TREE_ID_OFFSET, treeId);
        memory.set(Bytes.LONG, page + PAGE_NUMBER_OFFSET, 0L);
        memory.set(Bytes.LONG, page + BIRTH_MANIFEST_OFFSET, 0L);
        memory.set(Bytes.LONG, page + CSN_BASE_OFFSET, csnBase);
        memory.set(Bytes.LONG, page + TIME_BASE_OFFSET, timeBase);
        putHeapStart(memory, page, pageSize);
        memory.set(Bytes.SHORT, page + PREFIX_LENGTH_OFFSET, (short) prefixLength);
        memory.set(Bytes.SHORT, page + RESERVED_OFFSET, (short) 0);
        for (int i = prefixLength; i < Bytes.align4(prefixLength); i++) {
            memory.set(Bytes.BYTE, page + HEADER_SIZE + i, (byte) 0);
        }
        if (prefixLength > 0) {
            MemorySegment.copy(prefix, prefixOffset, memory, page + HEADER_SIZE, prefixLength);
        }
    }

    /** Gives a finished page its place. */
    static void putIdentity(MemorySegment memory, long page, long pageNumber, long birthManifest) {
        memory.set(Bytes.LONG, page + PAGE_NUMBER_OFFSET, pageNumber);
        memory.set(Bytes.LONG, page + BIRTH_MANIFEST_OFFSET, birthManifest);
    }

    static byte kindOf(boolean document) {
        return document ? PageLayout.KIND_DOCUMENT_LEAF : PageLayout.KIND_KEYED_LEAF;
    }

    /**
     * Refuses a leaf as read from disk that breaks a rule of the format, so that it can be used without looking again.
     *
     * @return whether a record names value extents
     * @throws MalformedRecordException with the rule that is broken
     */
    static boolean requireWellFormed(MemorySegment memory, long page, int pageSize, boolean document,
            RecordParser record) {
        int slotCount = slotCount(memory, page);
        int prefixLength = prefixLength(memory, page);
        int heapStart = heapStart(memory, page);
        if (level(memory, page) != 0 || prefixLength > KeyTooLongException.KEY_LENGTH_MAX || heapStart > pageSize
                || slotsEnd(prefixLength, slotCount) > heapStart || csnBase(memory, page) < 0) {
            throw new MalformedRecordException("leaf with " + slotCount + " slots, prefix of " + prefixLength
                    + " bytes, heap at " + heapStart + ", csn base " + csnBase(memory, page));
        }
        long csnBase = csnBase(memory, page);
        long timeBase = timeBase(memory, page);
        int head = 0;
        boolean hasExtents = false;
        for (int i = 0; i < slotCount; i++) {
            int slot = slot(memory, page, prefixLength, slotCount, i);
            if (slot < heapStart) {
                throw new MalformedRecordException("slot " + i + " names offset " + slot);
            }
            record.parsePacked(document, memory, page + slot, page + pageSize, csnBase, timeBase);
            int next = head(memory, page, prefixLength, i);
            if (i > 0 && Integer.compareUnsigned(head, next) > 0 || record.csn < 0 || record.csn == HotTree.PENDING
                    || !document && record.keyLength + prefixLength > KeyTooLongException.KEY_LENGTH_MAX) {
                throw new MalformedRecordException("record " + i + " is out of order or range");
            }
            head = next;
            hasExtents |= document && record.hasExtents();
        }
        return hasExtents;
    }
}
