package io.nexuslite.wasp.tree;

import static io.nexuslite.format.PageLayout.HEADER_SIZE;
import static io.nexuslite.format.PageLayout.KEY_HEAD_SIZE;
import static io.nexuslite.format.PageLayout.SLOT_SIZE;

import io.nexuslite.format.PointerLayout;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Makes leaf images of records in key order: normally one, more if they do not fit. One thread at a time.
 *
 * <p>An image differs from a page frame: bases are the smallest of its own records, there are no tombstones, and the gap is zero.
 */
final class LeafImageWriter {
    private static final int PREFIX_RECORDS_MIN = 3;
    private static final int PLACE_FIRST = 1;
    private static final int PLACE_LAST = 2;

    private final int treeId;
    private final boolean document;
    private final int pageSize;
    private final TreeScratch scratch;
    private final MemorySegment image; // one page at offset 0

    private ImageSource source;
    private long[] names = new long[256];
    private int count;
    private long csnBase; // of the range that measure looked at last
    private long timeBase;
    private int prefixLength;
    private boolean hasExtents;
    private int lastImageBytes;

    LeafImageWriter(int treeId, boolean document, int pageSize, TreeScratch scratch, MemorySegment image) {
        this.treeId = treeId;
        this.document = document;
        this.pageSize = pageSize;
        this.scratch = scratch;
        this.image = image;
    }

    void begin(ImageSource from) {
        source = from;
        count = 0;
        hasExtents = false;
    }

    void add(long name) {
        if (count == names.length) {
            names = Arrays.copyOf(names, 2 * count);
        }
        names[count++] = name;
    }

    int count() {
        return count;
    }

    long name(int index) {
        return names[index];
    }

    /** Whether records of the images written since {@link #begin} name extents. */
    boolean hasExtents() {
        return hasExtents;
    }

    /** Bytes in use of the image written last. */
    int lastImageBytes() {
        return lastImageBytes;
    }

    /** Bytes of an image of records {@code [from, to)}; finds its bases and prefix. */
    int measure(int from, int to) {
        csnBase = Long.MAX_VALUE;
        timeBase = document ? Long.MAX_VALUE : 0;
        for (int i = from; i < to; i++) {
            RecordParser record = source.parse(names[i]);
            csnBase = Math.min(csnBase, record.csn);
            timeBase = document ? Math.min(timeBase, record.updatedMillis) : 0;
        }
        if (from == to) {
            csnBase = 0;
            timeBase = 0;
        }
        prefixLength = prefixOf(from, to);
        int size = HEADER_SIZE + Bytes.align4(prefixLength) + (to - from) * (KEY_HEAD_SIZE + SLOT_SIZE);
        for (int i = from; i < to; i++) {
            size += sizeOf(names[i]);
        }
        return size;
    }

    private int prefixOf(int from, int to) {
        if (to - from < PREFIX_RECORDS_MIN) {
            return 0;
        }
        int first = source.copyKey(names[from], PLACE_FIRST);
        int last = source.copyKey(names[to - 1], PLACE_LAST);
        int common = Bytes.commonPrefix(scratch.keyMemory, TreeScratch.keyPlace(PLACE_FIRST), first, scratch.keyMemory,
                TreeScratch.keyPlace(PLACE_LAST), last);
        return document ? Math.min(common, LeafRebuild.DOCUMENT_PREFIX_MAX) : common;
    }

    private int sizeOf(long name) {
        if (document) {
            RecordParser record = source.parse(name);
            return RecordCodec.packedDocumentSize(record, record.csn, csnBase, timeBase);
        }
        int keyLength = source.copyKey(name, 0) - prefixLength;
        return RecordCodec.packedKeyedSize(scratch.record, scratch.record.csn, csnBase, keyLength);
    }

    /**
     * Writes images of all records and adds them to {@code entries}, the first one with {@code low} as its separator.
     */
    void write(byte[] low, PageWriter target, List<InnerEntry> entries) {
        write(0, count, low, target, entries);
    }

    /** As {@link #write(byte[], PageWriter, List)}, of some records. */
    void write(int from, int to, byte[] low, PageWriter target, List<InnerEntry> entries) {
        int size = measure(from, to);
        if (size > pageSize && to - from > 1) {
            int middle = from + to >>> 1;
            write(from, middle, low, target, entries);
            write(middle, to, separator(middle), target, entries);
            return;
        }
        fill(from, to);
        lastImageBytes = size;
        entries.add(new InnerEntry(low, put(target)));
        if (document) {
            tellExtents(from, to, target);
        }
    }

    private byte[] separator(int index) {
        int before = source.copyKey(names[index - 1], PLACE_FIRST);
        int first = source.copyKey(names[index], PLACE_LAST);
        int common = Bytes.commonPrefix(scratch.keyMemory, TreeScratch.keyPlace(PLACE_FIRST), before, scratch.keyMemory,
                TreeScratch.keyPlace(PLACE_LAST), first);
        return Bytes.copyOf(scratch.keyMemory, TreeScratch.keyPlace(PLACE_LAST), Math.min(first, common + 1));
    }

    private void fill(int from, int to) {
        Bytes.zero(image, 0, pageSize);
        LeafImage.init(image, 0, pageSize, LeafImage.kindOf(document), treeId, csnBase, timeBase, scratch.keyMemory,
                TreeScratch.keyPlace(PLACE_FIRST), prefixLength);
        int slotCount = to - from;
        LeafImage.putSlotCount(image, 0, slotCount);
        int heap = pageSize;
        for (int i = to - 1; i >= from; i--) { // downwards, so that records ascend with their keys
            int keyLength = source.copyKey(names[i], 0) - prefixLength;
            long suffix = TreeScratch.keyPlace(0) + prefixLength;
            RecordParser record = scratch.record;
            if (document) {
                heap -= RecordCodec.packedDocumentSize(record, record.csn, csnBase, timeBase);
                RecordCodec.writePackedDocument(record, record.csn, csnBase, timeBase, image, heap);
            } else {
                heap -= RecordCodec.packedKeyedSize(record, record.csn, csnBase, keyLength);
                RecordCodec.writePackedKeyed(record, record.csn, csnBase, scratch.keyMemory, suffix, keyLength, image,
                        heap);
            }
            LeafImage.putSlot(image, 0, prefixLength, slotCount, i - from, heap);
            LeafImage.putHead(image, 0, prefixLength, i - from, Bytes.head(scratch.keyMemory, suffix, keyLength));
        }
        LeafImage.putHeapStart(image, 0, heap);
        assert LeafImage.slotsEnd(prefixLength, slotCount) <= heap;
    }

    private PagePointer put(PageWriter target) {
        long pageNumber = target.allocatePage();
        LeafImage.putIdentity(image, 0, pageNumber, target.birthManifest());
        target.writePage(pageNumber, image, 0);
        return new PagePointer().set(LeafImage.kindOf(document), pageNumber, target.birthManifest(), scratch.crc.of(
                image, 0, pageSize), pageSize);
    }

    private void tellExtents(int from, int to, PageWriter target) {
        for (int i = from; i < to; i++) {
            RecordParser record = source.parse(names[i]);
            if (record.hasExtents()) {
                hasExtents = true;
                for (int k = 0; k < record.extentCount; k++) {
                    target.keepExtent(scratch.pointer.load(record.memory, record.extentsOffset + (long) k
                            * PointerLayout.POINTER_SIZE));
                }
            }
        }
    }
}
