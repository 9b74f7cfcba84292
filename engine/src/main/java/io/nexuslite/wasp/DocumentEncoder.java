package io.nexuslite.wasp;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.format.PointerLayout;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.wasp.tree.RecordCodec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Puts documents and their deletions into a write set, in the forms that tree and log want; long values go to extents of the database
 * file at once. One thread at a time.
 */
final class DocumentEncoder implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int POINTERS_MAX = 1 << 24;

    private final EngineState state;
    private final WriteSet writes;
    private final ExtentWriter extents;
    private final GrowableBuffer pointers = new GrowableBuffer(256, POINTERS_MAX); // to all extents since the reset
    private final BsonCursor idCursor = new BsonCursor();
    private final RecordMeta noMeta = new RecordMeta();

    DocumentEncoder(EngineState state, WriteSet writes) {
        this.state = state;
        this.writes = writes;
        this.extents = new ExtentWriter(state.space());
    }

    void reset() {
        pointers.reset();
    }

    /** Adds a document; see {@link io.nexuslite.store.Transaction#putDocument}. */
    void put(WaspTree tree, Key key, MemorySegment memory, long offset, int length, RecordMeta meta) {
        GrowableBuffer records = writes.records();
        int view = records.reserve(RecordCodec.documentLengthMax(meta, length));
        int viewLength = RecordCodec.writeDocument(records.memory(), view, meta, memory, offset, length);
        records.setLength(view + viewLength);
        if (length <= RecordCodec.inlineLengthMax(state.file().pageSize())) {
            writes.put(tree, key, false, view, viewLength, view, viewLength);
            return;
        }
        int first = pointers.length();
        extents.write(memory, offset, length, state.manifests().newest().number() + 1, pointers);
        int count = ExtentWriter.pieces(length);
        int idLength = appendIdDocument(memory, offset);
        int id = records.length() - idLength;
        int inTree = records.reserve(
                RecordCodec.documentLengthMax(meta, idLength) + count * PointerLayout.POINTER_SIZE);
        int inTreeLength = RecordCodec.writeExtents(records.memory(), inTree, meta, length, pointers.memory(), first,
                count,
                records.memory(), id, idLength);
        records.setLength(inTree + inTreeLength);
        writes.put(tree, key, false, inTree, inTreeLength, view, viewLength);
    }

    /** Adds the deletion of the document at {@code offset}. */
    void delete(WaspTree tree, Key key, MemorySegment memory, long offset) {
        GrowableBuffer records = writes.records();
        int idLength = appendIdDocument(memory, offset);
        int id = records.length() - idLength;
        int at = records.reserve(RecordCodec.documentLengthMax(noMeta, idLength));
        int length = RecordCodec.writeDocumentTombstone(records.memory(), at, state.clock().millis(), records.memory(),
                id,
                idLength);
        records.setLength(at + length);
        writes.put(tree, key, true, at, length, at, length);
    }

    /** Appends a document that holds {@code _id} alone to the records buffer; returns its length. */
    private int appendIdDocument(MemorySegment memory, long offset) {
        idCursor.wrap(memory, offset, memory.get(INT, offset)).next();
        int elementLength = (int) (idCursor.valueOffset() + idCursor.valueLength() - offset) - Integer.BYTES;
        int length = Integer.BYTES + elementLength + 1;
        GrowableBuffer records = writes.records();
        int at = records.reserve(length);
        records.memory().set(INT, at, length);
        MemorySegment.copy(memory, offset + Integer.BYTES, records.memory(), at + Integer.BYTES, elementLength);
        records.memory().set(ValueLayout.JAVA_BYTE, at + length - 1, (byte) 0);
        records.setLength(at + length);
        return length;
    }

    /** The writes have a commit number. */
    void committed(long csn) {
        extents.committed(pointers.memory(), 0, pointers.length() / PointerLayout.POINTER_SIZE, csn);
    }

    /** The writes will never be: their extents are free again. */
    void abandon() {
        extents.giveBack(pointers.memory(), 0, pointers.length() / PointerLayout.POINTER_SIZE);
    }

    @Override
    public void close() {
        pointers.close();
    }
}
