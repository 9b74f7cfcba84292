package io.nexuslite.wasp.tree;

import io.nexuslite.format.PointerLayout;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.TreeKind;
import java.lang.foreign.MemorySegment;

/**
 * Reads a record in absolute form, as log frames hold it. A reusable carrier: borrows the memory, one thread at a time.
 */
public final class AbsoluteRecord {
    private final RecordParser parser = new RecordParser();

    /**
     * Points at a record that fills {@code [offset, offset + length)}; returns this.
     *
     * @throws IllegalArgumentException if the bytes are no record
     */
    public AbsoluteRecord wrap(TreeKind kind, MemorySegment memory, long offset, int length) {
        try {
            parser.parseAbsolute(kind == TreeKind.DOCUMENT, memory, offset, length);
            return this;
        } catch (MalformedRecordException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    public boolean isTombstone() {
        return parser.isTombstone();
    }

    public int extentCount() {
        return parser.hasExtents() ? parser.extentCount : 0;
    }

    /** Points at an extent of the value. */
    public PagePointer extent(int index, PagePointer into) {
        return into.load(parser.memory, parser.extentsOffset + (long) index * PointerLayout.POINTER_SIZE);
    }

    /** Shows the record: a document, with extents that of its {@code _id} alone, or key and value. */
    public RecordView view(RecordView into) {
        into.set(parser.memory, parser.bodyOffset, parser.bodyLength, 0);
        into.key().wrap(parser.memory, parser.keyOffset, parser.keyLength);
        RecordMeta meta = into.meta();
        meta.updatedMillis = parser.updatedMillis;
        meta.createdMillis = parser.createdMillis;
        meta.documentVersion = parser.documentVersion;
        meta.expiryMillis = parser.expiryMillis;
        meta.tagsMemory = parser.tagsLength > 0 ? parser.memory : null;
        meta.tagsOffset = parser.tagsLength > 0 ? parser.tagsOffset : 0;
        meta.tagsLength = parser.tagsLength;
        return into;
    }
}
