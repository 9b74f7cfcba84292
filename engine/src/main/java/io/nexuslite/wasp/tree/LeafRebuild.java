package io.nexuslite.wasp.tree;

import static io.nexuslite.format.PageLayout.HEADER_SIZE;
import static io.nexuslite.format.PageLayout.KEY_HEAD_SIZE;
import static io.nexuslite.format.PageLayout.SLOT_SIZE;

import io.nexuslite.memory.FrameCells;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Writes a leaf anew, into one page frame or several: packed, without records that nobody needs, with room for the record to come.
 *
 * <p>{@link #collect} and {@link #divide} plan under the tree's latch and change nothing; {@link #write} fills page frames that nobody sees
 * yet. The tree then puts them in the old one's place. The writer's: one at a time.
 */
final class LeafRebuild {
    /** Longest prefix of a document leaf, where it costs room and saves none. */
    static final int DOCUMENT_PREFIX_MAX = 64;

    private static final int PREFIX_ITEMS_MIN = 3;
    private static final int SLACK_FRACTION = 8;
    private static final int PLACE_FIRST = 1; // places in the scratch memory
    private static final int PLACE_LAST = 2;

    final LeafItems items = new LeafItems();
    final CellStash cells;
    private final HotTrees trees;
    private final TreeScratch scratch;

    private HotTree tree;
    private boolean document;
    private MemorySegment comingKey; // of the record to come; borrowed for one plan
    private long comingOffset;
    private int comingLength;
    private long csnBase;
    private long timeBase;
    private int[] parts = new int[8]; // part i is items [parts[i], parts[i + 1])
    private int partCount;

    LeafRebuild(HotTrees trees) {
        this.trees = trees;
        this.scratch = trees.writer;
        this.cells = new CellStash(trees);
    }

    // ---- plan

    void begin(HotTree owner) {
        tree = owner;
        document = owner.isDocument();
        items.clear();
        cells.clearWanted();
        csnBase = Long.MAX_VALUE;
        timeBase = Long.MAX_VALUE;
        comingKey = null;
    }

    /** Adds the keys of a leaf, whose keys follow those that were added before. */
    void collect(int frameIndex) {
        MemorySegment memory = trees.memory(frameIndex);
        long page = trees.page(frameIndex);
        int slotCount = LeafImage.slotCount(memory, page);
        int prefixLength = LeafImage.prefixLength(memory, page);
        for (int i = 0; i < slotCount; i++) {
            collectKey(frameIndex, memory, page, LeafImage.slot(memory, page, prefixLength, slotCount, i));
        }
    }

    private void collectKey(int frameIndex, MemorySegment memory, long page, int slot) {
        int item = items.add(frameIndex);
        int newest = slot;
        if (LeafFrame.isAppended(slot)
                && LeafFrame.csnAcquire(memory, page + LeafFrame.offsetOf(slot)) == HotTree.PENDING) {
            items.pending[item] = slot;
            newest = (int) LeafFrame.linkAcquire(memory, page + LeafFrame.offsetOf(slot)); // of the same frame, or none
        }
        items.newest[item] = newest;
        if (newest == LeafItems.NOTHING) {
            return;
        }
        RecordParser record = scratch.record;
        LeafFrame.parse(memory, page, trees.pageSize, document, newest, record);
        boolean tombstone = record.isTombstone();
        long newestCsn = record.csn;
        long updatedMillis = record.updatedMillis;
        if (LeafFrame.isAppended(newest)) {
            collectOlder(item, memory, page, newest, newestCsn);
        }
        boolean alone = items.olderFrom[item] == items.olderTo[item];
        if (tombstone && alone && items.pending[item] == LeafItems.NOTHING
                && trees.retention.tombstoneDead(newestCsn)) {
            items.count--;
            return;
        }
        items.packs[item] = alone && !tombstone;
        if (items.packs[item]) {
            csnBase = Math.min(csnBase, newestCsn);
            timeBase = document ? Math.min(timeBase, updatedMillis) : 0;
        }
    }

    /** Walks the older records of a key and tells those that somebody may need from the dead. */
    private void collectOlder(int item, MemorySegment memory, long page, int newest, long newestCsn) {
        long newer = newestCsn;
        long link = LeafFrame.linkAcquire(memory, page + LeafFrame.offsetOf(newest));
        while (link != LeafFrame.LINK_NONE) {
            long csn;
            long next = LeafFrame.LINK_NONE;
            if (LeafFrame.isCell(link)) {
                csn = LeafFrame.csnAcquire(trees.cellMemory(link), HotTrees.cellOffset(link));
                next = LeafFrame.linkAcquire(trees.cellMemory(link), HotTrees.cellOffset(link));
            } else if (LeafFrame.isAppended((int) link)) {
                csn = LeafFrame.csnAcquire(memory, page + LeafFrame.offsetOf((int) link));
                next = LeafFrame.linkAcquire(memory, page + LeafFrame.offsetOf((int) link));
            } else {
                LeafFrame.parse(memory, page, trees.pageSize, document, (int) link, scratch.record);
                csn = scratch.record.csn;
            }
            if (!trees.retention.isDead(csn, newer)) {
                items.addOlder(item, link);
                if (!LeafFrame.isCell(link)) {
                    cells.want(LeafFrame.RECORD_OFFSET + absoluteSize(memory, page, (int) link));
                }
            } else if (LeafFrame.isCell(link)) {
                items.addDead(link);
            }
            newer = csn;
            link = next;
        }
    }

    private int absoluteSize(MemorySegment memory, long page, int slot) {
        LeafFrame.parse(memory, page, trees.pageSize, document, slot, scratch.record);
        int keyLength = document ? 0 : fullKeyLength(memory, page, slot);
        return RecordCodec.absoluteSize(document, scratch.record, keyLength);
    }

    private int fullKeyLength(MemorySegment memory, long page, int slot) {
        return scratch.record.keyLength + (LeafFrame.isAppended(slot) ? 0 : LeafImage.prefixLength(memory, page));
    }

    /** Finds the sizes; to be called when all is collected. */
    void measure() {
        if (csnBase == Long.MAX_VALUE) {
            csnBase = 0;
        }
        if (timeBase == Long.MAX_VALUE) {
            timeBase = 0;
        }
        for (int i = 0; i < items.count; i++) {
            items.size[i] = measure(i);
        }
    }

    private int measure(int item) {
        MemorySegment memory = trees.memory(items.frame[item]);
        long page = trees.page(items.frame[item]);
        int size = KEY_HEAD_SIZE + SLOT_SIZE;
        if (items.pending[item] != LeafItems.NOTHING) {
            size += LeafFrame.appendedSizeMax(LeafFrame.recordLength(memory, page + LeafFrame.offsetOf(
                    items.pending[item])));
        }
        int newest = items.newest[item];
        if (newest == LeafItems.NOTHING) {
            return size;
        }
        if (!items.packs[item]) {
            // an appended one: a packed one always packs again
            return size + LeafFrame.appendedSizeMax(LeafFrame.recordLength(memory, page + LeafFrame.offsetOf(newest)));
        }
        RecordParser record = scratch.record;
        LeafFrame.parse(memory, page, trees.pageSize, document, newest, record);
        return size + (document
                ? RecordCodec.packedDocumentSize(record, record.csn, csnBase, timeBase)
                : RecordCodec.packedKeyedSize(record, record.csn, csnBase, fullKeyLength(memory, page, newest)));
    }

    /**
     * Counts a record in that is about to be appended.
     *
     * @return the item of its key
     */
    int expect(MemorySegment key, long keyOffset, int keyLength, int recordLength) {
        comingKey = key;
        comingOffset = keyOffset;
        comingLength = keyLength;
        int low = 0;
        int high = items.count;
        while (low < high) {
            int middle = low + high >>> 1;
            int compared = compareKey(middle, key, keyOffset, keyLength);
            if (compared == 0) {
                items.size[middle] += LeafFrame.appendedSizeMax(recordLength);
                return middle;
            }
            if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        insertComing(low, KEY_HEAD_SIZE + SLOT_SIZE + LeafFrame.appendedSizeMax(recordLength));
        return low;
    }

    private void insertComing(int at, int size) {
        int last = items.add(FrameTable.NONE);
        for (int i = last; i > at; i--) {
            items.frame[i] = items.frame[i - 1];
            items.pending[i] = items.pending[i - 1];
            items.newest[i] = items.newest[i - 1];
            items.packs[i] = items.packs[i - 1];
            items.size[i] = items.size[i - 1];
            items.olderFrom[i] = items.olderFrom[i - 1];
            items.olderTo[i] = items.olderTo[i - 1];
        }
        items.frame[at] = FrameTable.NONE;
        items.pending[at] = LeafItems.NOTHING;
        items.newest[at] = LeafItems.NOTHING;
        items.packs[at] = false;
        items.size[at] = size;
        items.olderFrom[at] = items.olderCount;
        items.olderTo[at] = items.olderCount;
    }

    private int compareKey(int item, MemorySegment key, long keyOffset, int keyLength) {
        int length = copyKey(item, 0);
        return Bytes.compare(scratch.keyMemory, placeOffset(0), length, key, keyOffset, keyLength);
    }

    private static long placeOffset(int place) {
        return TreeScratch.keyPlace(place);
    }

    /** Copies the whole key of an item to a place of the scratch memory; returns its length. */
    int copyKey(int item, int place) {
        int frameIndex = items.frame[item];
        if (frameIndex == FrameTable.NONE) {
            MemorySegment.copy(comingKey, comingOffset, scratch.keyMemory, placeOffset(place), comingLength);
            return comingLength;
        }
        int slot = items.pending[item] != LeafItems.NOTHING ? items.pending[item] : items.newest[item];
        return LeafFrame.copyKey(trees.memory(frameIndex), trees.page(frameIndex), trees.pageSize, document, slot,
                scratch, scratch.keyMemory, placeOffset(place));
    }

    /** Bytes of the prefix that a leaf with these items gets. */
    private int prefixOf(int from, int to) {
        if (to - from < PREFIX_ITEMS_MIN) {
            return 0;
        }
        int first = copyKey(from, PLACE_FIRST);
        int last = copyKey(to - 1, PLACE_LAST);
        int common = Bytes.commonPrefix(scratch.keyMemory, placeOffset(PLACE_FIRST), first, scratch.keyMemory,
                placeOffset(PLACE_LAST), last);
        return document ? Math.min(common, DOCUMENT_PREFIX_MAX) : common;
    }

    /** Bytes of a leaf with these items, header included. */
    int sizeOf(int from, int to) {
        int size = HEADER_SIZE;
        for (int i = from; i < to; i++) {
            size += items.size[i];
        }
        int prefixLength = prefixOf(from, to);
        size += Bytes.align4(prefixLength);
        if (!document) {
            for (int i = from; i < to; i++) {
                size -= items.packs[i] ? prefixLength : 0;
            }
        }
        return size;
    }

    /**
     * Divides the items into parts that fit a leaf each.
     *
     * @param coming item of the record to come
     * @param ascending whether the next keys are expected right behind it
     * @return how many parts
     */
    int divide(int coming, boolean ascending) {
        int count = items.count;
        int size = sizeOf(0, count);
        int limit = ascending ? trees.pageSize : trees.pageSize - trees.pageSize / SLACK_FRACTION;
        if (size <= limit || count == 1) {
            return part(0, count);
        }
        if (ascending && coming > 0) {
            int at = coming; // a size is an upper bound, so that even what came from one leaf may seem too much for it
            while (at > 1 && sizeOf(0, at) > trees.pageSize) {
                at--;
            }
            if (sizeOf(0, at) <= trees.pageSize && sizeOf(at, count) <= trees.pageSize) {
                return part(0, at, count);
            }
        }
        int middle = balance();
        if (sizeOf(0, middle) <= trees.pageSize && sizeOf(middle, count) <= trees.pageSize) {
            return part(0, middle, count);
        }
        return divideGreedily();
    }

    /** The item at which the bytes are halved. */
    private int balance() {
        long total = 0;
        for (int i = 0; i < items.count; i++) {
            total += items.size[i];
        }
        long left = 0;
        int middle = 0;
        while (middle < items.count - 1 && 2 * (left + items.size[middle]) <= total) {
            left += items.size[middle++];
        }
        return Math.max(1, middle);
    }

    private int divideGreedily() {
        partCount = 0;
        parts[0] = 0;
        int from = 0;
        for (int to = 1; to <= items.count; to++) {
            if (to - from > 1 && sizeOf(from, to) > trees.pageSize) {
                from = to - 1;
                addPart(from);
            }
        }
        addPart(items.count);
        return partCount;
    }

    private void addPart(int end) {
        if (partCount + 2 > parts.length) {
            parts = Arrays.copyOf(parts, 2 * parts.length);
        }
        parts[++partCount] = end;
    }

    private int part(int... bounds) {
        System.arraycopy(bounds, 0, parts, 0, bounds.length);
        partCount = bounds.length - 1;
        return partCount;
    }

    /** All items in one leaf, which they must fit. */
    int single() {
        return part(0, items.count);
    }

    int partCount() {
        return partCount;
    }

    /** Writes the smallest key of a part, cut behind the byte that tells it from the part before, to place 3; returns its length. */
    int separatorOf(int part) {
        int before = copyKey(parts[part] - 1, PLACE_FIRST);
        int first = copyKey(parts[part], TreeScratch.PLACE_SEPARATOR);
        int common = Bytes.commonPrefix(scratch.keyMemory, placeOffset(PLACE_FIRST), before, scratch.keyMemory,
                placeOffset(TreeScratch.PLACE_SEPARATOR), first);
        return Math.min(first, common + 1);
    }

    // ---- write

    /** Fills a page frame with a part; returns how many of its records are pending. */
    int write(int part, int frameIndex) {
        int from = parts[part];
        int to = parts[part + 1];
        int prefixLength = prefixOf(from, to);
        MemorySegment target = trees.memory(frameIndex);
        long page = trees.page(frameIndex);
        LeafImage.init(target, page, trees.pageSize, LeafImage.kindOf(document), tree.treeId(), csnBase, timeBase,
                scratch.keyMemory, placeOffset(PLACE_FIRST), prefixLength);
        int slotCount = 0;
        for (int i = from; i < to; i++) {
            slotCount += items.frame[i] == FrameTable.NONE ? 0 : 1;
        }
        LeafImage.putSlotCount(target, page, slotCount);
        int pendingCount = 0;
        int slotIndex = slotCount;
        for (int i = to - 1; i >= from; i--) { // downwards, so that records ascend with their keys
            if (items.frame[i] != FrameTable.NONE) {
                slotIndex--;
                int slot = writeItem(i, target, page, prefixLength);
                LeafImage.putSlot(target, page, prefixLength, slotCount, slotIndex, slot);
                LeafImage.putHead(target, page, prefixLength, slotIndex, headOf(i, prefixLength));
                pendingCount += items.pending[i] != LeafItems.NOTHING ? 1 : 0;
            }
        }
        assert LeafImage.heapStart(target, page) >= LeafImage.slotsEnd(prefixLength, slotCount);
        return pendingCount;
    }

    private int headOf(int item, int prefixLength) {
        int length = copyKey(item, 0);
        return Bytes.head(scratch.keyMemory, placeOffset(0) + prefixLength, length - prefixLength);
    }

    private int writeItem(int item, MemorySegment target, long page, int prefixLength) {
        MemorySegment memory = trees.memory(items.frame[item]);
        long source = trees.page(items.frame[item]);
        int newest = items.newest[item];
        int slot = LeafItems.NOTHING;
        if (newest != LeafItems.NOTHING) {
            slot = items.packs[item]
                    ? writePacked(item, memory, source, target, page, prefixLength)
                    : appendAgain(memory, source, newest, target, page, writeOlder(item, memory, source));
        }
        int pending = items.pending[item];
        return pending == LeafItems.NOTHING ? slot : appendAgain(memory, source, pending, target, page, slot);
    }

    private int writePacked(int item, MemorySegment memory, long source, MemorySegment target, long page,
            int prefixLength) {
        RecordParser record = scratch.record;
        int newest = items.newest[item];
        int heap = LeafImage.heapStart(target, page);
        if (document) {
            LeafFrame.parse(memory, source, trees.pageSize, true, newest, record);
            heap -= RecordCodec.packedDocumentSize(record, record.csn, csnBase, timeBase);
            RecordCodec.writePackedDocument(record, record.csn, csnBase, timeBase, target, page + heap);
        } else {
            int keyLength = LeafFrame.copyKey(memory, source, trees.pageSize, false, newest, scratch,
                    scratch.keyMemory, placeOffset(0)) - prefixLength;
            heap -= RecordCodec.packedKeyedSize(record, record.csn, csnBase, keyLength);
            RecordCodec.writePackedKeyed(record, record.csn, csnBase, scratch.keyMemory, placeOffset(0) + prefixLength,
                    keyLength, target, page + heap);
        }
        LeafImage.putHeapStart(target, page, heap);
        return heap;
    }

    private static int appendAgain(MemorySegment memory, long source, int slot, MemorySegment target, long page,
            long link) {
        long appended = source + LeafFrame.offsetOf(slot);
        return LeafFrame.append(target, page, LeafFrame.csnAcquire(memory, appended), link, memory, appended
                + LeafFrame.RECORD_OFFSET, LeafFrame.recordLength(memory, appended));
    }

    /** Chains the older records of a key in cells; returns the link to the first. */
    private long writeOlder(int item, MemorySegment memory, long source) {
        long link = LeafFrame.LINK_NONE;
        for (int i = items.olderTo[item] - 1; i >= items.olderFrom[item]; i--) { // oldest first
            long older = items.older[i];
            if (LeafFrame.isCell(older)) {
                MemorySegment cell = trees.cellMemory(older);
                if (LeafFrame.linkAcquire(cell, HotTrees.cellOffset(older)) != link) {
                    LeafFrame.putLinkRelease(cell, HotTrees.cellOffset(older), link); // skips the dead
                }
                link = older;
            } else {
                link = writeCell((int) older, memory, source, link);
            }
        }
        return link;
    }

    private long writeCell(int slot, MemorySegment memory, long source, long link) {
        RecordParser record = scratch.record;
        int keyLength = 0;
        if (document) {
            LeafFrame.parse(memory, source, trees.pageSize, true, slot, record);
        } else {
            keyLength = LeafFrame.copyKey(memory, source, trees.pageSize, false, slot, scratch, scratch.keyMemory,
                    placeOffset(0));
        }
        int length = RecordCodec.absoluteSize(document, record, keyLength);
        long handle = cells.take(LeafFrame.RECORD_OFFSET + length);
        MemorySegment cell = trees.versions.memory(handle);
        long offset = FrameCells.offset(handle);
        LeafFrame.putAppended(cell, offset, record.csn, link, length);
        RecordCodec.writeAbsolute(document, record, scratch.keyMemory, placeOffset(0), keyLength, cell, offset
                + LeafFrame.RECORD_OFFSET);
        return LeafFrame.LINK_CELL | handle;
    }

    /** The old leaves are unreachable now: so are the cells that nobody needs. */
    void retireDead() {
        for (int i = 0; i < items.deadCount; i++) {
            trees.retireCell(items.dead[i]);
        }
        items.deadCount = 0;
    }
}
