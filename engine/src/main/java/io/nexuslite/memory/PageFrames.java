package io.nexuslite.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A pool of equal page frames: native memory in chunks, cut into page sizes, addressed by {@code frameIndex} from 0 on.
 *
 * <p>Memory is taken in growing steps (256 KiB at first, then a quarter of what there is, at most 16 MiB), reserved as
 * {@link MemoryUse#PAGE} before it is touched, and kept until {@link #close}: frames are type-stable. Address arithmetic stays the same for
 * all steps, because every step is handed out as chunks of one size.
 *
 * <p>State: {@code freeTop} = count of changes (32 bits) and index of the first free frame + 1 (32 bits); the first 8 bytes of a free
 * frame hold the index + 1 of the next; one bit for each frame says whether it is acquired.
 *
 * <p>Invariants: (I1) a frame is either acquired by one owner or in the free list once; its bit is changed by the owner alone, and a
 * second release is refused. (I2) {@code frameCount} only grows, and frames below it have memory.
 *
 * <p>Ordering: {@code freeTop} is changed by {@code cas} (volatile), after the link was stored (opaque); a link read from a frame that
 * another thread has just acquired may be that owner's data, but then the count in {@code freeTop} has moved and the {@code cas}
 * fails. {@code frameCount} is stored with release after the chunk. A frame index that was loaded with acquire from where its owner
 * released it may be used at once; one that came by a torn or unordered load must pass {@link #isFrame} first.
 *
 * <p>Progress: acquire and release are lock-free, save that a thread that finds no free frame takes a lock to allocate memory. So a frame is
 * acquired before any latch is taken.
 *
 * <p>Reclamation: a frame that readers may still see is retired through {@link Epochs} and released by its {@link Reclaimer}.
 */
public final class PageFrames implements AutoCloseable {
    /** No frame: the budget or the maximum is used up. */
    public static final int NOT_FOUND = -1;

    private static final VarHandle LINK = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final VarHandle ACQUIRED = MethodHandles.arrayElementVarHandle(long[].class)
            .withInvokeExactBehavior();
    private static final VarHandle FREE_TOP = field("freeTop", long.class);
    private static final VarHandle FRAME_COUNT = field("frameCount", int.class);
    private static final VarHandle ACQUIRED_COUNT = field("acquiredCount", int.class);

    private static final int CHUNK_SIZE = 256 * 1024;
    private static final long STEP_BYTES_MAX = 16L << 20;
    private static final int ALIGNMENT = 4096;
    private static final long INDEX_MASK = 0xffff_ffffL;

    private final MemoryBudget budget;
    private final int pageSize;
    private final int pageShift;
    private final int chunkShift; // frames of a chunk, as a power of two
    private final int chunkMask;
    private final int frameCountMax;
    private final MemorySegment[] chunks; // full length from the start: readers need no second look at a field
    private final long[] acquired;
    private final Arena arena = Arena.ofShared();
    private final ReentrantLock growth = new ReentrantLock();
    private boolean closed; // guarded by growth

    @SuppressWarnings("unused") // by FREE_TOP
    private long freeTop;
    @SuppressWarnings("unused") // by FRAME_COUNT
    private int frameCount;
    @SuppressWarnings("unused") // by ACQUIRED_COUNT
    private int acquiredCount;

    /**
     * An empty pool; memory is taken by the first {@link #acquire}.
     *
     * @param budget what the memory is reserved from
     * @param pageSize bytes of a frame: 8, 16 or 32 KiB
     * @param bytesMax most bytes that the pool may take, at least one chunk of 256 KiB; rounded down to whole chunks
     */
    public PageFrames(MemoryBudget budget, int pageSize, long bytesMax) {
        if (pageSize != 8192 && pageSize != 16384 && pageSize != 32768) {
            throw new IllegalArgumentException("pageSize must be 8192, 16384 or 32768: " + pageSize);
        }
        long frames = bytesMax / CHUNK_SIZE * (CHUNK_SIZE / pageSize);
        if (frames <= 0 || frames > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException("bytesMax out of range: " + bytesMax);
        }
        this.budget = budget;
        this.pageSize = pageSize;
        pageShift = Integer.numberOfTrailingZeros(pageSize);
        chunkShift = Integer.numberOfTrailingZeros(CHUNK_SIZE) - pageShift;
        chunkMask = (1 << chunkShift) - 1;
        frameCountMax = (int) frames;
        chunks = new MemorySegment[frameCountMax >>> chunkShift];
        acquired = new long[(frameCountMax + 63) >>> 6];
    }

    public int pageSize() {
        return pageSize;
    }

    /** Native memory that holds a frame, and others beside it; the frame starts at {@link #offset}. Owned by the pool. */
    public MemorySegment memory(int frameIndex) {
        return chunks[frameIndex >>> chunkShift];
    }

    /** Where a frame starts within {@link #memory}: a multiple of the page size. */
    public long offset(int frameIndex) {
        return (long) (frameIndex & chunkMask) << pageShift;
    }

    /** Whether an index that may be torn or stale names a frame with memory. Says nothing about its owner. */
    public boolean isFrame(int frameIndex) {
        return frameIndex >= 0 && frameIndex < (int) FRAME_COUNT.getAcquire(this);
    }

    /**
     * Takes a free frame, with whatever bytes it held last. May allocate memory and wait for another thread that does: never called
     * under a latch.
     *
     * @return its index, or {@link #NOT_FOUND} if the budget or the maximum is used up
     */
    public int acquire() {
        while (true) {
            int frameIndex = tryAcquire();
            if (frameIndex != NOT_FOUND) {
                return frameIndex;
            }
            if (!grow()) {
                return tryAcquire(); // another thread may have released one since
            }
        }
    }

    /** As {@link #acquire}, from the frames that have memory already: neither allocates nor waits. */
    public int tryAcquire() {
        while (true) {
            long top = (long) FREE_TOP.getVolatile(this);
            int frameIndex = (int) (top & INDEX_MASK) - 1;
            if (frameIndex < 0) {
                return NOT_FOUND;
            }
            long next = (long) LINK.getOpaque(memory(frameIndex), offset(frameIndex)) & INDEX_MASK;
            if (FREE_TOP.compareAndSet(this, top, nextCount(top) | next)) {
                markAcquired(frameIndex);
                return frameIndex;
            }
        }
    }

    /**
     * Gives a frame back. No reader can reach it any more.
     *
     * @throws IllegalStateException if the frame is not acquired
     */
    public void release(int frameIndex) {
        if (!isFrame(frameIndex)) {
            throw new IllegalStateException("no such page frame: " + frameIndex);
        }
        long bit = 1L << frameIndex;
        if (((long) ACQUIRED.getAndBitwiseAnd(acquired, frameIndex >>> 6, ~bit) & bit) == 0) {
            throw new IllegalStateException("page frame " + frameIndex + " is released twice");
        }
        int before = (int) ACQUIRED_COUNT.getAndAdd(this, -1);
        assert before > 0;
        pushFree(frameIndex, frameIndex);
    }

    /** Frames that have memory. */
    public int frameCount() {
        return (int) FRAME_COUNT.getAcquire(this);
    }

    /** Most frames that the pool may ever have. */
    public int frameCountMax() {
        return frameCountMax;
    }

    /** Frames acquired and not released. */
    public int acquiredCount() {
        return (int) ACQUIRED_COUNT.getAcquire(this);
    }

    /** Bytes reserved for frames. */
    public long reservedBytes() {
        return (long) frameCount() << pageShift;
    }

    /** Frees all memory and its reservation; idempotent. No other thread may use the pool or its frames any more. */
    @Override
    public void close() {
        growth.lock();
        try {
            if (!closed) {
                closed = true;
                FREE_TOP.setVolatile(this, 0L);
                arena.close();
                budget.release(MemoryUse.PAGE, reservedBytes());
            }
        } finally {
            growth.unlock();
        }
    }

    /** Allocates the next step, or sees that another thread has; false if there is no more. */
    private boolean grow() {
        growth.lock();
        try {
            if (((long) FREE_TOP.getVolatile(this) & INDEX_MASK) != 0) {
                return true;
            }
            int count = (int) FRAME_COUNT.getAcquire(this);
            if (closed || count >= frameCountMax) {
                return false;
            }
            int chunksLeft = chunks.length - (count >>> chunkShift);
            long step = Math.clamp((long) count << pageShift >>> 2, CHUNK_SIZE, STEP_BYTES_MAX);
            int stepChunks = (int) Math.min(chunksLeft, step / CHUNK_SIZE);
            if (!budget.tryReserve(MemoryUse.PAGE, (long) stepChunks * CHUNK_SIZE)) {
                stepChunks = 1; // the last corner of the budget is worth a small step
                if (!budget.tryReserve(MemoryUse.PAGE, CHUNK_SIZE)) {
                    return false;
                }
            }
            addChunks(count, stepChunks);
            return true;
        } finally {
            growth.unlock();
        }
    }

    private void addChunks(int count, int stepChunks) {
        long bytes = (long) stepChunks * CHUNK_SIZE;
        MemorySegment memory;
        try {
            memory = arena.allocate(bytes, ALIGNMENT);
        } catch (Throwable failure) {
            budget.release(MemoryUse.PAGE, bytes);
            throw failure;
        }
        int firstChunk = count >>> chunkShift;
        for (int i = 0; i < stepChunks; i++) {
            chunks[firstChunk + i] = memory.asSlice((long) i * CHUNK_SIZE, CHUNK_SIZE);
        }
        int end = count + (stepChunks << chunkShift);
        for (int i = count; i < end - 1; i++) {
            LINK.setOpaque(memory(i), offset(i), (long) i + 2);
        }
        FRAME_COUNT.setRelease(this, end); // I2: after the chunks
        pushFree(count, end - 1);
    }

    /** Puts a chain of frames, linked from first to last, before the free list. */
    private void pushFree(int first, int last) {
        while (true) {
            long top = (long) FREE_TOP.getVolatile(this);
            LINK.setOpaque(memory(last), offset(last), top & INDEX_MASK);
            if (FREE_TOP.compareAndSet(this, top, nextCount(top) | (first + 1L))) {
                return;
            }
        }
    }

    private void markAcquired(int frameIndex) {
        long bit = 1L << frameIndex;
        long before = (long) ACQUIRED.getAndBitwiseOr(acquired, frameIndex >>> 6, bit);
        if ((before & bit) != 0) {
            throw new IllegalStateException("page frame " + frameIndex + " is acquired twice");
        }
        int count = (int) ACQUIRED_COUNT.getAndAdd(this, 1);
        assert count >= 0;
    }

    private static long nextCount(long top) {
        return (top & ~INDEX_MASK) + (INDEX_MASK + 1);
    }

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(PageFrames.class, name, type).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
