package io.nexuslite.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/**
 * The memory of one in-memory host, in zeroed chunks of equal size. Chunks given back are kept for other files, since a shared
 * arena is dear to close; the system gets the memory back when no file needs a chunk any more. All methods may be called by
 * any thread.
 */
final class MemoryChunks {
    static final int CHUNK_SIZE = 1 << 20;

    private final long bytesMax;
    private final ArrayDeque<MemorySegment> free = new ArrayDeque<>();
    private Arena arena;
    private long chunksInUse;
    private boolean closed;

    MemoryChunks(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** A zeroed chunk, or {@code null} when there is no room. */
    synchronized MemorySegment take() {
        if (closed || chunksInUse >= bytesMax / CHUNK_SIZE) {
            return null;
        }
        MemorySegment chunk = free.poll();
        if (chunk != null) {
            chunk.fill((byte) 0);
        } else {
            chunk = allocate();
        }
        if (chunk != null) {
            chunksInUse++;
        }
        return chunk;
    }

    private MemorySegment allocate() {
        try {
            if (arena == null) {
                arena = Arena.ofShared();
            }
            return arena.allocate(CHUNK_SIZE, Long.BYTES);
        } catch (OutOfMemoryError e) {
            return null; // native memory, not the heap: the caller says that the disk is full
        }
    }

    synchronized void giveBack(MemorySegment chunk) {
        if (closed) {
            return;
        }
        chunksInUse--;
        free.push(chunk);
        if (chunksInUse == 0) {
            free.clear();
            arena.close();
            arena = null;
        }
    }

    synchronized long bytesInUse() {
        return chunksInUse * CHUNK_SIZE;
    }

    /** Frees everything; files that still use chunks find them dead. Idempotent. */
    synchronized void close() {
        closed = true;
        free.clear();
        if (arena != null) {
            arena.close();
            arena = null;
        }
    }
}
