package io.nexuslite.bson;

import static io.nexuslite.bson.BsonBytes.BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.Decoder;

/**
 * A document in somebody else's memory: memory, offset and length, and nothing copied.
 *
 * <p>A carrier to be reused; one thread at a time. Borrows: it is dead when the memory's owner moves on (the buffer grows, the
 * cursor steps). The bytes are taken as a valid document; what comes from outside is for {@link BsonValidator} first.
 */
public final class BsonView {
    private MemorySegment memory = MemorySegment.NULL;
    private long offset;
    private int length;

    /** A view of nothing; {@link #wrap} comes first. */
    public BsonView() {
    }

    /**
     * Stands for the document of {@code length} bytes at {@code offset}.
     *
     * @throws IndexOutOfBoundsException if the memory is shorter
     * @throws IllegalArgumentException if the memory is on the heap
     */
    public BsonView wrap(MemorySegment memory, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, memory.byteSize());
        this.memory = BsonBytes.requireNative(memory);
        this.offset = offset;
        this.length = length;
        return this;
    }

    /**
     * Stands for the document at {@code offset}, which tells its own length.
     *
     * @throws io.nexuslite.error.InvalidDocumentException if the length does not fit the memory
     */
    public BsonView wrap(MemorySegment memory, long offset) {
        Objects.checkIndex(offset, memory.byteSize() + 1);
        return wrap(memory, offset, BsonBytes.documentLength(memory, offset, memory.byteSize() - offset));
    }

    /** Stands for the whole content of a buffer. Valid until the buffer changes. */
    public BsonView wrap(GrowableBuffer buffer) {
        return wrap(buffer.memory(), 0, buffer.length());
    }

    /** Stands for the same document as {@code other}. */
    public BsonView wrap(BsonView other) {
        this.memory = other.memory;
        this.offset = other.offset;
        this.length = other.length;
        return this;
    }

    /** The memory the document lies in. */
    public MemorySegment memory() {
        return memory;
    }

    /** Where the document starts in the memory, in bytes. */
    public long offset() {
        return offset;
    }

    /** Bytes of the document; 0 for a view of nothing. */
    public int length() {
        return length;
    }

    /**
     * Puts {@code cursor} on the first field of that name at the top level.
     *
     * @return false if there is none; the cursor then stands on no element
     */
    public boolean find(FieldName name, BsonCursor cursor) {
        return cursor.wrap(this).find(name);
    }

    /** As {@link #find(FieldName, BsonCursor)}; allocates the encoded name. */
    public boolean find(String name, BsonCursor cursor) {
        return find(FieldName.of(name), cursor);
    }

    /** Whether both views show the same bytes. */
    public boolean contentEquals(BsonView other) {
        return length == other.length && MemorySegment.mismatch(memory, offset, offset + length, other.memory,
                other.offset, other.offset + length) < 0;
    }

    /** A copy of the bytes on the heap. */
    public byte[] toByteArray() {
        byte[] bytes = new byte[length];
        MemorySegment.copy(memory, BYTE, offset, bytes, 0, length);
        return bytes;
    }

    /** The document as a tree of {@code org.bson} values; lives on when the view is dead. */
    public BsonDocument toBsonDocument() {
        return decode(new BsonDocumentCodec());
    }

    /** A copy of the bytes as a document of {@code org.bson} that is decoded lazily; lives on when the view is dead. */
    public RawBsonDocument toRawBsonDocument() {
        return new RawBsonDocument(toByteArray());
    }

    /** What {@code decoder} makes of the bytes, read in place. Codecs of {@code org.bson} are decoders. */
    public <T> T decode(Decoder<T> decoder) {
        return BsonBridge.decode(this, decoder);
    }
}
