package io.nexuslite.wasp.tree;

import java.lang.foreign.MemorySegment;

/**
 * Where records that go into an image lie: in the copy of a leaf, in slab cells, or one behind another in a buffer. A record is named by a
 * number: a slot value of the leaf, the link to a cell, or {@link #BUFFERED} with an offset.
 */
final class ImageSource {
    static final long BUFFERED = 1L << 61;

    private final HotTrees trees; // null: there are no cells
    private boolean document;
    private final int pageSize;
    private final TreeScratch scratch;
    private final MemorySegment leaf; // copy of a leaf at offset 0, or null

    MemorySegment buffer; // for buffered records; their owner sets it

    ImageSource(HotTrees trees, boolean document, int pageSize, TreeScratch scratch, MemorySegment leaf) {
        this.trees = trees;
        this.document = document;
        this.pageSize = pageSize;
        this.scratch = scratch;
        this.leaf = leaf;
    }

    /** Turns to another kind of tree. */
    void setDocument(boolean isDocument) {
        document = isDocument;
    }

    /** Parses a record. */
    RecordParser parse(long name) {
        RecordParser record = scratch.record;
        if (LeafFrame.isCell(name)) {
            MemorySegment cell = trees.cellMemory(name);
            LeafFrame.parseAppended(cell, HotTrees.cellOffset(name), cell.byteSize(), document, record);
        } else if ((name & BUFFERED) != 0) {
            LeafFrame.parseAppended(buffer, name & ~BUFFERED, buffer.byteSize(), document, record);
        } else {
            LeafFrame.parse(leaf, 0, pageSize, document, (int) name, record);
        }
        return record;
    }

    /** Parses a record and copies its whole key to a place of the scratch memory; returns the key's length. */
    int copyKey(long name, int place) {
        long target = TreeScratch.keyPlace(place);
        if (name < ImageSource.BUFFERED) {
            return LeafFrame.copyKey(leaf, 0, pageSize, document, (int) name, scratch, scratch.keyMemory, target);
        }
        RecordParser record = parse(name);
        if (document) {
            return DocumentKey.encode(record.memory, record.bodyOffset, scratch.keyMemory, target);
        }
        MemorySegment.copy(record.memory, record.keyOffset, scratch.keyMemory, target, record.keyLength);
        return record.keyLength;
    }
}
