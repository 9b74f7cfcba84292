package io.nexuslite.bson;

import io.nexuslite.error.InvalidDocumentException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Owns off-heap memory that grows by doubling up to a limit; what a {@link BsonWriter} writes into.
 *
 * <p>Made once and reused: {@link #reset} keeps the memory, so that in the steady state nothing is allocated. Memory given up by
 * growth stays reserved until {@link #shrink} or {@link #close}, since closing shared memory stops all threads for a moment; so
 * {@link #bytesReserved} is at most twice the capacity.
 *
 * <p>Used by one thread at a time. A {@linkplain #ofConfined confined} buffer belongs to the thread that made it and is cheap to
 * close; a {@linkplain #GrowableBuffer() shared} one may pass from thread to thread and be closed by any.
 */
public final class GrowableBuffer implements AutoCloseable {
    /** Default of the most bytes a buffer holds: a document of 16 MiB and 16 KiB for what goes beside it. */
    public static final int DEFAULT_LIMIT = BsonType.DOCUMENT_SIZE_MAX + 16 * 1024;
    /** Default of the first capacity in bytes. */
    public static final int DEFAULT_CAPACITY = 4 * 1024;

    /** Bytes behind the capacity that may be scribbled on, so that short copies are whole words. */
    static final int SLACK = 16;

    private static final int ALIGNMENT = 64;

    private final int limit;
    private final boolean confined;
    private Arena arena;
    private MemorySegment memory;
    private int capacity;
    private int length;
    private long bytesReserved;

    /** A shared buffer with the default capacity and limit. */
    public GrowableBuffer() {
        this(DEFAULT_CAPACITY, DEFAULT_LIMIT);
    }

    /**
     * A shared buffer.
     *
     * @param capacity first capacity in bytes, from 0 to {@code limit}
     * @param limit most bytes it will ever hold, at most 1 GiB
     */
    public GrowableBuffer(int capacity, int limit) {
        this(capacity, limit, false);
    }

    private GrowableBuffer(int capacity, int limit, boolean confined) {
        if (limit < 0 || limit > 1 << 30) {
            throw new IllegalArgumentException("Limit must be from 0 to 1 GiB, found " + limit);
        }
        if (capacity < 0 || capacity > limit) {
            throw new IllegalArgumentException("Capacity must be from 0 to " + limit + ", found " + capacity);
        }
        this.limit = limit;
        this.confined = confined;
        open(capacity);
    }

    /** A buffer that only the calling thread may use and close; otherwise as {@link #GrowableBuffer(int, int)}. */
    public static GrowableBuffer ofConfined(int capacity, int limit) {
        return new GrowableBuffer(capacity, limit, true);
    }

    /** The memory; the first {@link #length} bytes are what was written. Valid until the buffer grows, shrinks or is closed. */
    public MemorySegment memory() {
        return memory;
    }

    /** Bytes in use, from offset 0 on. */
    public int length() {
        return length;
    }

    /** Bytes it holds without growing. */
    public int capacity() {
        return capacity;
    }

    /** Most bytes it will ever hold. */
    public int limit() {
        return limit;
    }

    /** Bytes of memory it holds in all, growth included; 0 once closed. */
    public long bytesReserved() {
        return bytesReserved;
    }

    /** Forgets the content and keeps the memory. */
    public void reset() {
        length = 0;
    }

    /**
     * Sets the bytes in use: forgets what lies behind, or counts in what was written into {@link #memory} after a
     * {@link #reserve}.
     *
     * @param newLength from 0 to {@link #capacity}
     */
    public void setLength(int newLength) {
        Objects.checkIndex(newLength, capacity + 1);
        length = newLength;
    }

    /**
     * Makes room for {@code bytes} more and returns the offset where they go, without counting them in. The memory may be
     * another one afterwards.
     *
     * @throws InvalidDocumentException if the buffer would hold more than {@link #limit} bytes; it stays as it was
     */
    public int reserve(int bytes) {
        if (bytes < 0 || bytes > capacity - length) {
            grow(bytes);
        }
        return length;
    }

    /** Appends bytes. {@code source} may be any memory, also this buffer's own; errors as {@link #reserve}. */
    public void append(MemorySegment source, long offset, int bytes) {
        int at = reserve(bytes);
        MemorySegment.copy(source, offset, memory, at, bytes);
        length = at + bytes;
    }

    /** Appends bytes of an array; errors as {@link #reserve}. */
    public void append(byte[] source, int offset, int bytes) {
        int at = reserve(bytes);
        MemorySegment.copy(source, offset, memory, BsonBytes.BYTE, at, bytes);
        length = at + bytes;
    }

    /** A copy of the bytes in use, on the heap. */
    public byte[] toByteArray() {
        byte[] copy = new byte[length];
        MemorySegment.copy(memory, BsonBytes.BYTE, 0, copy, 0, length);
        return copy;
    }

    /**
     * Forgets the content and gives memory back if the capacity is above {@code capacityMax}. For buffers that live long and
     * once held something large.
     */
    public void shrink(int capacityMax) {
        length = 0;
        if (capacity > capacityMax) {
            arena.close();
            open(Math.min(capacityMax, limit));
        }
    }

    /** Gives all memory back. Every view into it is dead; idempotent. */
    @Override
    public void close() {
        if (bytesReserved != 0) {
            arena.close();
            memory = MemorySegment.NULL;
            capacity = 0;
            length = 0;
            bytesReserved = 0;
        }
    }

    private void open(int newCapacity) {
        arena = confined ? Arena.ofConfined() : Arena.ofShared();
        bytesReserved = 0;
        allocate(newCapacity);
    }

    private void allocate(int newCapacity) {
        memory = arena.allocate((long) newCapacity + SLACK, ALIGNMENT);
        bytesReserved += memory.byteSize();
        capacity = newCapacity;
    }

    private void grow(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("Bytes must not be negative, found " + bytes);
        }
        if (bytesReserved == 0) {
            throw new IllegalStateException("Buffer is closed");
        }
        long needed = (long) length + bytes;
        if (needed > limit) {
            throw new InvalidDocumentException("expected at most " + limit + " bytes, found at least " + needed, length,
                    "");
        }
        MemorySegment source = memory;
        allocate((int) Math.min(limit, Math.max(needed, Math.max(64, 2L * capacity))));
        MemorySegment.copy(source, 0, memory, 0, length);
    }
}
