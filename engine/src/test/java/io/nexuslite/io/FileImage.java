package io.nexuslite.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Content of a file taken out of a {@link FaultyHost}, to be put back later or elsewhere. Immutable. */
public final class FileImage {
    private final SparseBytes bytes;
    private final long size;

    FileImage(SparseBytes bytes, long size) {
        this.bytes = bytes;
        this.size = size;
    }

    public static FileImage of(byte[] content) {
        SparseBytes bytes = new SparseBytes();
        bytes.set(0, content);
        return new FileImage(bytes, content.length);
    }

    /** Reads a real file whole. */
    public static FileImage from(Path real) throws IOException {
        SparseBytes bytes = new SparseBytes();
        long size = 0;
        try (InputStream input = Files.newInputStream(real)) {
            byte[] part = new byte[SparseBytes.CHUNK_SIZE];
            for (int count = input.readNBytes(part, 0, part.length); count > 0; count = input.readNBytes(part, 0,
                    part.length)) {
                bytes.set(size, part, 0, count);
                size += count;
            }
        }
        return new FileImage(bytes, size);
    }

    /** Writes a real file, byte for byte, replacing what is there. */
    public void writeTo(Path real) throws IOException {
        try (OutputStream output = Files.newOutputStream(real)) {
            for (long at = 0; at < size; at += SparseBytes.CHUNK_SIZE) {
                output.write(bytes.get(at, (int) Math.min(SparseBytes.CHUNK_SIZE, size - at)));
            }
        }
    }

    public long size() {
        return size;
    }

    /** A copy of the content; it must fit an array. */
    public byte[] bytes() {
        return bytes.get(0, Math.toIntExact(size));
    }

    SparseBytes sparseCopy() {
        synchronized (bytes) { // copying marks the chunks of both sides as shared
            return bytes.copy();
        }
    }
}
