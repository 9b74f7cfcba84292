package io.nexuslite.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A fixed piece of native memory, zeroed at first, with one owner who closes it. Any thread may use the memory until then. */
public final class NativeBuffer implements AutoCloseable {
    /** Aligned to this many bytes, so that it suits direct I/O and whole cache lines. */
    public static final int ALIGNMENT = 4096;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private boolean closed;

    /** Allocates {@code size} bytes. */
    public NativeBuffer(long size) {
        memory = arena.allocate(size, ALIGNMENT);
    }

    public MemorySegment memory() {
        return memory;
    }

    /** Frees the memory. Idempotent; slow while other threads are busy, so not for the hot path. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            arena.close();
        }
    }
}
