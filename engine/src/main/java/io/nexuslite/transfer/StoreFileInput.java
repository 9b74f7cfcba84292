package io.nexuslite.transfer;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.io.StoreFile;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;

/** A file of {@code .io} as a stream: no interrupt closes it, and it reads without garbage. Owns the file. */
final class StoreFileInput extends InputStream {
    private static final int BUFFER_SIZE = 256 * 1024;

    private final StoreFile file;
    private final GrowableBuffer buffer = new GrowableBuffer(BUFFER_SIZE, BUFFER_SIZE);
    private long position;

    StoreFileInput(StoreFile file) {
        this.file = file;
    }

    /** The file underneath, which stays its own. */
    StoreFile file() {
        return file;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        MemorySegment memory = buffer.memory();
        int read = file.read(position, memory, 0, Math.min(length, BUFFER_SIZE));
        if (read == 0) {
            return length == 0 ? 0 : -1;
        }
        MemorySegment.copy(memory, BsonRow.BYTE, 0, target, offset, read);
        position += read;
        return read;
    }

    @Override
    public void close() {
        buffer.close();
        file.close();
    }
}
