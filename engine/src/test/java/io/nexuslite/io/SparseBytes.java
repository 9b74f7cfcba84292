package io.nexuslite.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Bytes by position, zero where nothing was put. Copies share what neither side has changed since. */
final class SparseBytes {
    static final int CHUNK_SIZE = 1 << 14;
    static final long END_MAX = 1L << 36;

    private byte[][] chunks = {};
    private boolean[] owned = {};

    SparseBytes copy() {
        SparseBytes copy = new SparseBytes();
        copy.chunks = chunks.clone();
        copy.owned = new boolean[chunks.length];
        Arrays.fill(owned, false);
        return copy;
    }

    void get(long position, byte[] target, int offset, int length) {
        for (int done = 0; done < length;) {
            int part = Math.min(length - done, CHUNK_SIZE - inChunk(position + done));
            byte[] chunk = chunk(position + done);
            if (chunk == null) {
                Arrays.fill(target, offset + done, offset + done + part, (byte) 0);
            } else {
                System.arraycopy(chunk, inChunk(position + done), target, offset + done, part);
            }
            done += part;
        }
    }

    byte[] get(long position, int length) {
        byte[] bytes = new byte[length];
        get(position, bytes, 0, length);
        return bytes;
    }

    void get(long position, MemorySegment target, long offset, int length) {
        for (int done = 0; done < length;) {
            int part = Math.min(length - done, CHUNK_SIZE - inChunk(position + done));
            byte[] chunk = chunk(position + done);
            if (chunk == null) {
                target.asSlice(offset + done, part).fill((byte) 0);
            } else {
                MemorySegment.copy(chunk, inChunk(position + done), target, ValueLayout.JAVA_BYTE, offset + done, part);
            }
            done += part;
        }
    }

    void set(long position, byte[] source, int offset, int length) {
        for (int done = 0; done < length;) {
            int part = Math.min(length - done, CHUNK_SIZE - inChunk(position + done));
            System.arraycopy(source, offset + done, chunkForWriting(position + done), inChunk(position + done), part);
            done += part;
        }
    }

    void set(long position, byte[] source) {
        set(position, source, 0, source.length);
    }

    void zero(long start, long end) {
        long last = Math.min(end, (long) chunks.length * CHUNK_SIZE);
        for (long at = start; at < last;) {
            int part = (int) Math.min(last - at, CHUNK_SIZE - inChunk(at));
            if (part == CHUNK_SIZE) {
                chunks[(int) (at / CHUNK_SIZE)] = null;
            } else if (chunk(at) != null) {
                Arrays.fill(chunkForWriting(at), inChunk(at), inChunk(at) + part, (byte) 0);
            }
            at += part;
        }
    }

    /** Whether the chunk around a position was never put, so that a walk may skip it. */
    boolean isHole(long position) {
        return chunk(position) == null;
    }

    private byte[] chunk(long position) {
        long index = position / CHUNK_SIZE;
        return index < chunks.length ? chunks[(int) index] : null;
    }

    private byte[] chunkForWriting(long position) {
        int index = Math.toIntExact(position / CHUNK_SIZE);
        if (index >= chunks.length) {
            int length = Math.max(index + 1, chunks.length + (chunks.length >> 1));
            chunks = Arrays.copyOf(chunks, length);
            owned = Arrays.copyOf(owned, length);
        }
        if (chunks[index] == null) {
            chunks[index] = new byte[CHUNK_SIZE];
        } else if (!owned[index]) {
            chunks[index] = chunks[index].clone();
        }
        owned[index] = true;
        return chunks[index];
    }

    private static int inChunk(long position) {
        return (int) (position % CHUNK_SIZE);
    }
}
