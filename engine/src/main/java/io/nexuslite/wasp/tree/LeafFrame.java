package io.nexuslite.wasp.tree;

import static io.nexuslite.format.PageLayout.HEADER_SIZE;
import static io.nexuslite.format.PageLayout.KEY_HEAD_SIZE;
import static io.nexuslite.format.PageLayout.SLOT_SIZE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A leaf in its page frame: laid out as on disk, plus records appended in memory. Static, on (memory, page).
 *
 * <p>A slot without {@link #APPENDED} names a packed record, as on disk: stamped, without older versions. With it, the slot names
 * {csn, link, length, record in absolute form} on a multiple of 8. The link leads to the next older version of the key:
 * {@link #LINK_NONE}, a slot value of the same frame, or {@link #LINK_CELL} with the handle of a slab cell, which begins with the
 * same three words. Record bytes never change while a pin can see them; a csn goes once from pending to its number, and a cell's link may
 * skip versions that nobody needs.
 */
final class LeafFrame {
    static final int APPENDED = 1 << 15;

    static final int CSN_OFFSET = 0;
    static final int LINK_OFFSET = CSN_OFFSET + Long.BYTES;
    static final int LENGTH_OFFSET = LINK_OFFSET + Long.BYTES;
    static final int RECORD_OFFSET = LENGTH_OFFSET + Integer.BYTES;

    static final long LINK_NONE = 0;
    /** Links from here on are cells: the handle lies in the bits below. */
    static final long LINK_CELL = 1L << 62;

    /** Most bytes that appending a record of {@code length} bytes takes, alignment included. */
    static int appendedSizeMax(int length) {
        return Bytes.align8(RECORD_OFFSET + length) + Long.BYTES - 1;
    }

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle()
            .withInvokeExactBehavior();

    private LeafFrame() {
    }

    static long csnAcquire(MemorySegment memory, long appended) {
        return (long) WORD.getAcquire(memory, appended + CSN_OFFSET);
    }

    static void putCsnRelease(MemorySegment memory, long appended, long csn) {
        WORD.setRelease(memory, appended + CSN_OFFSET, csn);
    }

    static long linkAcquire(MemorySegment memory, long appended) {
        return (long) WORD.getAcquire(memory, appended + LINK_OFFSET);
    }

    static void putLinkRelease(MemorySegment memory, long appended, long link) {
        WORD.setRelease(memory, appended + LINK_OFFSET, link);
    }

    static int recordLength(MemorySegment memory, long appended) {
        return memory.get(Bytes.INT, appended + LENGTH_OFFSET);
    }

    static boolean isAppended(int slot) {
        return (slot & APPENDED) != 0;
    }

    static int offsetOf(int slot) {
        return slot & ~APPENDED;
    }

    static boolean isCell(long link) {
        return link >= LINK_CELL;
    }

    // ---- search

    /** Index of the slot of a key, or −1 − the index where it would be. */
    static int find(MemorySegment memory, long page, int pageSize, boolean document, MemorySegment key, long keyOffset,
            int keyLength, TreeScratch scratch) {
        int slotCount = LeafImage.slotCount(memory, page);
        int prefixLength = LeafImage.prefixLength(memory, page);
        if (LeafImage.slotsEnd(prefixLength, slotCount) > pageSize) {
            throw new MalformedRecordException("torn leaf"); // only under an optimistic reader
        }
        if (prefixLength > 0) {
            int compared = Bytes.compare(key, keyOffset, Math.min(keyLength, prefixLength), memory, page + HEADER_SIZE,
                    prefixLength);
            if (compared != 0) {
                return compared < 0 ? -1 : -1 - slotCount;
            }
        }
        int head = Bytes.head(key, keyOffset + prefixLength, keyLength - prefixLength);
        long heads = page + LeafImage.headsStart(prefixLength);
        int low = lowerBound(memory, heads, slotCount, head);
        int high = low;
        while (high < slotCount && memory.get(Bytes.INT_BE, heads + (long) high * KEY_HEAD_SIZE) == head) {
            high++;
        }
        while (low < high) {
            int middle = low + high >>> 1;
            int slot = LeafImage.slot(memory, page, prefixLength, slotCount, middle);
            keyOf(memory, page, pageSize, document, prefixLength, slot, scratch);
            int skipped = scratch.foundKeyMemory == memory && !isAppended(slot) ? prefixLength : 0;
            int compared = Bytes.compare(scratch.foundKeyMemory, scratch.foundKeyOffset, scratch.foundKeyLength, key,
                    keyOffset + skipped, keyLength - skipped);
            if (compared == 0) {
                return middle;
            }
            if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return -1 - low;
    }

    /** First index whose head is not below {@code head}, unsigned. */
    private static int lowerBound(MemorySegment memory, long heads, int slotCount, int head) {
        int base = 0;
        int length = slotCount;
        while (length > 0) {
            int half = length + 1 >>> 1;
            int found = memory.get(Bytes.INT_BE, heads + (long) (base + half - 1) * KEY_HEAD_SIZE);
            base += Integer.compareUnsigned(found, head) < 0 ? half : 0; // shaped for a conditional move
            length -= half;
        }
        return base;
    }

    /**
     * Finds the key of a record and parses it: documents' keys are encoded into place 0 of the scratch memory. For a packed keyed record the
     * key is found in place, without the page's prefix.
     */
    static void keyOf(MemorySegment memory, long page, int pageSize, boolean document, int prefixLength, int slot,
            TreeScratch scratch) {
        RecordParser record = scratch.record;
        parse(memory, page, pageSize, document, slot, record);
        if (document) {
            scratch.foundKeyLength = DocumentKey.encode(memory, record.bodyOffset, scratch.keyMemory, 0);
            scratch.foundKeyMemory = scratch.keyMemory;
            scratch.foundKeyOffset = 0;
        } else {
            scratch.foundKeyMemory = memory;
            scratch.foundKeyOffset = record.keyOffset;
            scratch.foundKeyLength = record.keyLength;
        }
    }

    /** Writes the whole key of a record to {@code target}; returns its length. The record is parsed then. */
    static int copyKey(MemorySegment memory, long page, int pageSize, boolean document, int slot,
            TreeScratch scratch, MemorySegment target, long offset) {
        int prefixLength = LeafImage.prefixLength(memory, page);
        keyOf(memory, page, pageSize, document, prefixLength, slot, scratch);
        int missing = document || isAppended(slot) ? 0 : prefixLength;
        MemorySegment.copy(memory, page + HEADER_SIZE, target, offset, missing);
        MemorySegment.copy(scratch.foundKeyMemory, scratch.foundKeyOffset, target, offset + missing,
                scratch.foundKeyLength);
        return missing + scratch.foundKeyLength;
    }

    /** Parses the record that a slot names; {@link RecordParser#csn} is set for both forms. */
    static void parse(MemorySegment memory, long page, int pageSize, boolean document, int slot, RecordParser record) {
        long at = page + offsetOf(slot);
        if (isAppended(slot)) {
            parseAppended(memory, at, page + pageSize, document, record);
        } else {
            record.parsePacked(document, memory, at, page + pageSize, LeafImage.csnBase(memory, page), LeafImage
                    .timeBase(memory, page));
        }
    }

    /** Parses a record with its three words, in a frame or a cell. */
    static void parseAppended(MemorySegment memory, long appended, long limit, boolean document,
            RecordParser record) {
        int length = recordLength(memory, appended);
        if (length < 0 || appended + RECORD_OFFSET + length > limit) {
            throw new MalformedRecordException("record of " + length + " bytes");
        }
        record.parseAbsolute(document, memory, appended + RECORD_OFFSET, length);
        record.csn = csnAcquire(memory, appended);
    }

    // ---- change; under the latch

    /** Whether a record and, if its key is new, its slot fit. */
    static boolean fits(MemorySegment memory, long page, int length, boolean isNew) {
        int slotCount = LeafImage.slotCount(memory, page) + (isNew ? 1 : 0);
        return appendedOffset(memory, page, length) >= LeafImage.slotsEnd(LeafImage.prefixLength(memory, page),
                slotCount);
    }

    private static int appendedOffset(MemorySegment memory, long page, int length) {
        return LeafImage.heapStart(memory, page) - RECORD_OFFSET - length & -Long.BYTES;
    }

    /** Appends a record, which must fit, without a slot; returns the slot value for it. */
    static int append(MemorySegment memory, long page, long csn, long link, MemorySegment record, long offset,
            int length) {
        int heap = appendedOffset(memory, page, length);
        LeafImage.putHeapStart(memory, page, heap);
        putAppended(memory, page + heap, csn, link, length);
        MemorySegment.copy(record, offset, memory, page + heap + RECORD_OFFSET, length);
        return heap | APPENDED;
    }

    static void putAppended(MemorySegment memory, long appended, long csn, long link, int length) {
        memory.set(Bytes.LONG, appended + CSN_OFFSET, csn);
        memory.set(Bytes.LONG, appended + LINK_OFFSET, link);
        memory.set(Bytes.INT, appended + LENGTH_OFFSET, length);
    }

    static void insertSlot(MemorySegment memory, long page, int index, int head, int slot) {
        int count = LeafImage.slotCount(memory, page);
        int prefixLength = LeafImage.prefixLength(memory, page);
        long heads = page + LeafImage.headsStart(prefixLength);
        long slots = page + LeafImage.slotsStart(prefixLength, count);
        long newSlots = slots + KEY_HEAD_SIZE;
        MemorySegment.copy(memory, slots + (long) index * SLOT_SIZE, memory, newSlots + (long) (index + 1) * SLOT_SIZE,
                (long) (count - index) * SLOT_SIZE);
        MemorySegment.copy(memory, slots, memory, newSlots, (long) index * SLOT_SIZE);
        MemorySegment.copy(memory, heads + (long) index * KEY_HEAD_SIZE, memory, heads + (long) (index + 1)
                * KEY_HEAD_SIZE, (long) (count - index) * KEY_HEAD_SIZE);
        LeafImage.putSlotCount(memory, page, count + 1);
        LeafImage.putHead(memory, page, prefixLength, index, head);
        LeafImage.putSlot(memory, page, prefixLength, count + 1, index, slot);
    }

    static void removeSlot(MemorySegment memory, long page, int index) {
        int count = LeafImage.slotCount(memory, page);
        int prefixLength = LeafImage.prefixLength(memory, page);
        long heads = page + LeafImage.headsStart(prefixLength);
        long slots = page + LeafImage.slotsStart(prefixLength, count);
        long newSlots = slots - KEY_HEAD_SIZE;
        long after = count - index - 1L;
        MemorySegment.copy(memory, heads + (index + 1L) * KEY_HEAD_SIZE, memory, heads + (long) index * KEY_HEAD_SIZE,
                after * KEY_HEAD_SIZE);
        MemorySegment.copy(memory, slots, memory, newSlots, (long) index * SLOT_SIZE);
        MemorySegment.copy(memory, slots + (index + 1L) * SLOT_SIZE, memory, newSlots + (long) index * SLOT_SIZE, after
                * SLOT_SIZE);
        LeafImage.putSlotCount(memory, page, count - 1);
    }
}
