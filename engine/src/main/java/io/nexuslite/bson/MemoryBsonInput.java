package io.nexuslite.bson;

import static io.nexuslite.bson.BsonBytes.BYTE;
import static io.nexuslite.bson.BsonBytes.DOUBLE;
import static io.nexuslite.bson.BsonBytes.INT;
import static io.nexuslite.bson.BsonBytes.LONG;

import java.lang.foreign.MemorySegment;
import org.bson.BsonSerializationException;
import org.bson.io.BsonInput;
import org.bson.io.BsonInputMark;
import org.bson.types.ObjectId;

/** Lets the readers of {@code org.bson} read a document where it lies off-heap. Every read is bounded by the document. */
final class MemoryBsonInput implements BsonInput {
    private final MemorySegment memory;
    private final long start;
    private final long end;
    private long at;

    MemoryBsonInput(MemorySegment memory, long offset, int length) {
        this.memory = memory;
        this.start = offset;
        this.end = offset + length;
        this.at = offset;
    }

    @Override
    public int getPosition() {
        return (int) (at - start);
    }

    @Override
    public byte readByte() {
        return memory.get(BYTE, advance(1));
    }

    @Override
    public void readBytes(byte[] target) {
        readBytes(target, 0, target.length);
    }

    @Override
    public void readBytes(byte[] target, int offset, int length) {
        MemorySegment.copy(memory, BYTE, advance(length), target, offset, length);
    }

    @Override
    public long readInt64() {
        return memory.get(LONG, advance(Long.BYTES));
    }

    @Override
    public double readDouble() {
        return memory.get(DOUBLE, advance(Double.BYTES));
    }

    @Override
    public int readInt32() {
        return memory.get(INT, advance(Integer.BYTES));
    }

    @Override
    public String readString() {
        int length = readInt32();
        if (length < 1 || length > end - at) {
            throw new BsonSerializationException("Expected a string that fits, found length " + length);
        }
        long text = advance(length);
        if (memory.get(BYTE, text + length - 1) != 0) {
            throw new BsonSerializationException("Expected a string that ends in zero, found another byte");
        }
        return Utf8.decode(memory, text, length - 1);
    }

    @Override
    public ObjectId readObjectId() {
        byte[] bytes = new byte[BsonBytes.OBJECT_ID_SIZE];
        readBytes(bytes);
        return new ObjectId(bytes);
    }

    @Override
    public String readCString() {
        long text = at;
        skipCString();
        return Utf8.decode(memory, text, (int) (at - 1 - text));
    }

    @Override
    public void skipCString() {
        long nul = BsonBytes.terminator(memory, at, end);
        if (nul < 0) {
            throw new BsonSerializationException("Expected a string that ends, found none");
        }
        at = nul + 1;
    }

    @Override
    public void skip(int bytes) {
        advance(bytes);
    }

    @Override
    public BsonInputMark getMark(int readLimit) {
        long marked = at;
        return () -> at = marked;
    }

    @Override
    public boolean hasRemaining() {
        return at < end;
    }

    @Override
    public int getRemaining() {
        return (int) (end - at);
    }

    @Override
    public void close() {
        // Owns nothing.
    }

    private long advance(int bytes) {
        if (bytes < 0 || bytes > end - at) {
            throw new BsonSerializationException("Expected " + bytes + " bytes more, found " + (end - at));
        }
        long from = at;
        at += bytes;
        return from;
    }
}
