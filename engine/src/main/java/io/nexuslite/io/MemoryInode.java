package io.nexuslite.io;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.StampedLock;

import io.nexuslite.error.IoFailedException;

/**
 * Content of one in-memory file, apart from its name. A missing chunk is a hole and reads as zero.
 *
 * <p>Lock order: the inode's lock, then the chunks' monitor. Transfers within the size share the lock, so that concurrent ones
 * of the same bytes may mix, as in a kernel; what changes size or chunks has it alone.
 */
final class MemoryInode {
    private static final int CHUNK_SIZE = MemoryChunks.CHUNK_SIZE;
    private static final long SIZE_MAX = 1L << 42; // bounds the table of chunks

    private final MemoryChunks memory;
    private final StampedLock lock = new StampedLock();
    private MemorySegment[] chunks = {};
    private long size;

    MemoryInode(MemoryChunks memory) {
        this.memory = memory;
    }

    int read(long position, MemorySegment target, long offset, int length) {
        long stamp = lock.readLock();
        try {
            int available = (int) Math.min(length, Math.max(0, size - position));
            for (int done = 0; done < available;) {
                long at = position + done;
                int part = Math.min(available - done, CHUNK_SIZE - inChunk(at));
                MemorySegment chunk = chunks[chunkIndex(at)];
                if (chunk != null) {
                    MemorySegment.copy(chunk, inChunk(at), target, offset + done, part);
                } else {
                    target.asSlice(offset + done, part).fill((byte) 0);
                }
                done += part;
            }
            return available;
        } finally {
            lock.unlockRead(stamp);
        }
    }

    void write(Path path, long position, MemorySegment source, long offset, int length) {
        if (length == 0) {
            return;
        }
        long stamp = lock.readLock();
        try {
            if (position + length <= size && hasChunks(position, length)) {
                copyIn(position, source, offset, length);
                return;
            }
        } finally {
            lock.unlockRead(stamp);
        }
        stamp = lock.writeLock();
        try {
            addChunks("write", path, position, length);
            copyIn(position, source, offset, length);
            size = Math.max(size, position + length);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    private boolean hasChunks(long position, long length) {
        for (int i = chunkIndex(position); i <= chunkIndex(position + length - 1); i++) {
            if (chunks[i] == null) {
                return false;
            }
        }
        return true;
    }

    private void copyIn(long position, MemorySegment source, long offset, int length) {
        for (int done = 0; done < length;) {
            long at = position + done;
            int part = Math.min(length - done, CHUNK_SIZE - inChunk(at));
            MemorySegment.copy(source, offset + done, chunks[chunkIndex(at)], inChunk(at), part);
            done += part;
        }
    }

    /** All or none: on a full host the file is as it was. */
    private void addChunks(String operation, Path path, long position, long length) {
        cover(operation, path, position + length);
        int first = chunkIndex(position);
        int last = chunkIndex(position + length - 1);
        boolean[] added = new boolean[last - first + 1];
        for (int i = first; i <= last; i++) {
            if (chunks[i] == null) {
                chunks[i] = memory.take();
                added[i - first] = chunks[i] != null;
                if (chunks[i] == null) {
                    giveBack(first, added);
                    throw IoErrors.failed(operation, Errno.ENOSPC, path, position, "no memory left");
                }
            }
        }
    }

    private void giveBack(int first, boolean[] added) {
        for (int i = 0; i < added.length; i++) {
            if (added[i]) {
                memory.giveBack(chunks[first + i]);
                chunks[first + i] = null;
            }
        }
    }

    /** Brings the table of chunks to at least {@code end} bytes. */
    private void cover(String operation, Path path, long end) {
        if (end > SIZE_MAX) {
            throw tooLarge(operation, path, end);
        }
        int needed = (int) ((end + CHUNK_SIZE - 1) / CHUNK_SIZE);
        if (needed > chunks.length) {
            chunks = Arrays.copyOf(chunks, Math.max(needed, chunks.length + (chunks.length >> 1)));
        }
    }

    private static IoFailedException tooLarge(String operation, Path path, long end) {
        return IoErrors.failed(operation, Errno.EFBIG, path, end, "file too large");
    }

    void allocate(Path path, long position, long length) {
        if (length == 0) {
            return;
        }
        long stamp = lock.writeLock();
        try {
            addChunks("allocate", path, position, length);
            size = Math.max(size, position + length);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    void truncate(Path path, long newSize) {
        long stamp = lock.writeLock();
        try {
            if (newSize < size) {
                clear(newSize, size - newSize); // also what is left of the last chunk: it may come back into the size
            } else {
                cover("truncate", path, newSize);
            }
            size = newSize;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    void punch(long position, long length) {
        long stamp = lock.writeLock();
        try {
            long end = Math.min(position + length, size);
            if (position < end) {
                clear(position, end - position);
            }
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** Whole chunks go back, parts become zero. A chunk is whole, too, when the range covers it up to the size. */
    private void clear(long position, long length) {
        long end = position + length;
        for (long at = position; at < end;) {
            int index = chunkIndex(at);
            long chunkEnd = (long) (index + 1) * CHUNK_SIZE;
            int part = (int) (Math.min(end, chunkEnd) - at);
            MemorySegment chunk = chunks[index];
            if (chunk != null && inChunk(at) == 0 && (part == CHUNK_SIZE || end == size)) {
                chunks[index] = null;
                memory.giveBack(chunk);
            } else if (chunk != null) {
                chunk.asSlice(inChunk(at), part).fill((byte) 0);
            }
            at += part;
        }
    }

    long size() {
        long stamp = lock.readLock();
        try {
            return size;
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Gives all memory back. Nobody has the file open, and it has no name. */
    void free() {
        long stamp = lock.writeLock();
        try {
            for (MemorySegment chunk : chunks) {
                if (chunk != null) {
                    memory.giveBack(chunk);
                }
            }
            chunks = new MemorySegment[0];
            size = 0;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    private static int chunkIndex(long position) {
        return (int) (position / CHUNK_SIZE);
    }

    private static int inChunk(long position) {
        return (int) (position % CHUNK_SIZE);
    }
}
