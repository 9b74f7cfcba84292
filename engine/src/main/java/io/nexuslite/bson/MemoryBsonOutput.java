package io.nexuslite.bson;

import static io.nexuslite.bson.BsonBytes.BYTE;
import static io.nexuslite.bson.BsonBytes.INT;
import static io.nexuslite.bson.BsonBytes.LONG;

import io.nexuslite.error.InvalidDocumentException;
import org.bson.io.BsonOutput;
import org.bson.types.ObjectId;

/** Lets the writers of {@code org.bson} write into a {@link GrowableBuffer}, behind what it holds. */
final class MemoryBsonOutput implements BsonOutput {
    private final GrowableBuffer target;
    private final int start;

    MemoryBsonOutput(GrowableBuffer target) {
        this.target = target;
        this.start = target.length();
    }

    @Override
    public int getPosition() {
        return target.length() - start;
    }

    @Override
    public int getSize() {
        return getPosition();
    }

    @Override
    public void truncateToPosition(int position) {
        target.setLength(start + position);
    }

    @Override
    public void writeBytes(byte[] bytes) {
        target.append(bytes, 0, bytes.length);
    }

    @Override
    public void writeBytes(byte[] bytes, int offset, int length) {
        target.append(bytes, offset, length);
    }

    @Override
    public void writeByte(int value) {
        int at = target.reserve(1);
        target.memory().set(BYTE, at, (byte) value);
        target.setLength(at + 1);
    }

    @Override
    public void writeInt32(int value) {
        int at = target.reserve(Integer.BYTES);
        target.memory().set(INT, at, value);
        target.setLength(at + Integer.BYTES);
    }

    @Override
    public void writeInt32(int position, int value) {
        target.memory().set(INT, start + (long) position, value);
    }

    @Override
    public void writeInt64(long value) {
        int at = target.reserve(Long.BYTES);
        target.memory().set(LONG, at, value);
        target.setLength(at + Long.BYTES);
    }

    @Override
    public void writeDouble(double value) {
        writeInt64(Double.doubleToRawLongBits(value));
    }

    @Override
    public void writeObjectId(ObjectId value) {
        writeBytes(value.toByteArray());
    }

    @Override
    public void writeString(String value) {
        int lengthAt = getPosition();
        writeInt32(0);
        writeInt32(lengthAt, writeText(value, false));
    }

    @Override
    public void writeCString(String value) {
        writeText(value, true);
    }

    @Override
    public void close() {
        // The buffer belongs to its owner.
    }

    /** Writes text and NUL, and returns their bytes. */
    private int writeText(String value, boolean refuseNul) {
        long room = Utf8.encodedLength(value) + 1;
        int at = target.reserve((int) Math.min(room, Integer.MAX_VALUE));
        int length = Utf8.encode(value, refuseNul, target.memory(), at);
        if (length == Utf8.INVALID) {
            throw new InvalidDocumentException("expected text that UTF-8 can hold (and no NUL where C strings stand),"
                    + " found another", getPosition(), "");
        }
        target.memory().set(BYTE, at + (long) length, (byte) 0);
        target.setLength(at + length + 1);
        return length + 1;
    }
}
