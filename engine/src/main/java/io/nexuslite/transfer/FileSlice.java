package io.nexuslite.transfer;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.io.StoreFile;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;

/** A file from some byte on as a stream, beside others on the same file. Borrows file and buffer; one thread for all of them. */
final class FileSlice extends InputStream {
    private final StoreFile file;
    private final GrowableBuffer buffer;
    private long position;

    /** @param buffer what reads go through; its capacity is the most that is read at once */
    FileSlice(StoreFile file, long position, GrowableBuffer buffer) {
        this.file = file;
        this.position = position;
        this.buffer = buffer;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        MemorySegment memory = buffer.memory();
        int read = file.read(position, memory, 0, Math.min(length, buffer.capacity()));
        if (read == 0) {
            return length == 0 ? 0 : -1;
        }
        MemorySegment.copy(memory, BsonRow.BYTE, 0, target, offset, read);
        position += read;
        return read;
    }
}
