package io.nexuslite.wasp.log;

import io.nexuslite.format.LogFrameLayout;
import io.nexuslite.memory.NativeBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Frames between claim and write: a ring of bytes counted by lsn, and beside it, for each commit number, where its frames end.
 *
 * <p><b>State.</b> Bytes of the ring; {@code ends[csn & mask]}, {@code costs}: plain, valid once the number is marked ({@link FilledPrefix});
 * {@code claimers}: the thread that must mark it. {@code releasedLsn} and {@code releasedCsn}: everything up to them is in the file, their places are
 * free. {@code outside}: the one transaction that is too long for the ring and lies in its session's buffer.
 * <p><b>Invariant.</b> A place is claimed only if what was in it before is released ({@code Sequencer}).
 * <p><b>Ordering.</b> What is plain here is published by the mark's release and read after its acquire. The two released words are volatile, by the
 * leader, and read with acquire.
 */
final class LogRing implements AutoCloseable {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final int BYTES_FOR_A_SLOT = 256;
    private static final int RELEASED_LSN = 0;
    private static final int RELEASED_CSN = 16;

    private final NativeBuffer buffer;
    private final MemorySegment memory;
    private final int capacity;
    private final int slotMask;
    private final long[] ends;
    private final long[] costs;
    private final long[] claimers;
    private final long[] released = new long[32];
    private volatile TransactionFrames outside;

    /** @param csn last commit number before the log */
    LogRing(int capacity, long csn) {
        this.capacity = capacity;
        int slots = slotsFor(capacity);
        slotMask = slots - 1;
        ends = new long[slots];
        costs = new long[slots];
        claimers = new long[slots];
        WORDS.setVolatile(released, RELEASED_CSN, csn);
        buffer = new NativeBuffer(capacity);
        memory = buffer.memory();
    }

    /** Native and heap bytes that a ring of this capacity takes, with its marks. */
    static long bytesFor(int capacity) {
        return capacity + 4L * Long.BYTES * slotsFor(capacity);
    }

    /** Commit numbers that may be under way at once. */
    static int slotsFor(int capacity) {
        return Math.max(64, capacity / BYTES_FOR_A_SLOT);
    }

    /** Longest transaction that goes through the ring. */
    int lengthMax() {
        return capacity / 2;
    }

    /** Whether a claim of {@code length} bytes behind {@code lsn} as number {@code csn} overwrites nothing that is needed. */
    boolean hasRoom(long lsn, int length, long csn) {
        return lsn + length - (long) WORDS.getAcquire(released, RELEASED_LSN) <= capacity
                && csn - (long) WORDS.getAcquire(released, RELEASED_CSN) <= slotMask + 1;
    }

    void claimed(long csn, long threadId) {
        claimers[(int) csn & slotMask] = threadId;
    }

    /** The thread that claimed a number whose mark may be missing. */
    long claimer(long csn) {
        return claimers[(int) csn & slotMask];
    }

    /** Copies the frames, which are stamped, to their place. Their number is marked next. */
    void fill(TransactionFrames frames, boolean inRing, long cost) {
        long csn = frames.csn();
        long lsn = frames.lsn();
        costs[(int) csn & slotMask] = cost;
        if (inRing) {
            copyIn(lsn, frames.memory(), frames.length());
            ends[(int) csn & slotMask] = lsn + frames.length();
        } else {
            outside = frames;
            ends[(int) csn & slotMask] = lsn;
        }
    }

    /** Lsn behind the frames of a marked number; that of the number before if they lie {@link #outside}. */
    long end(long csn) {
        return ends[(int) csn & slotMask];
    }

    /** Bytes of the file that a marked number has reserved. */
    long cost(long csn) {
        return costs[(int) csn & slotMask];
    }

    /** The frames of a marked number that lie outside of the ring. */
    TransactionFrames outside(long csn) {
        TransactionFrames frames = outside;
        if (frames == null || frames.csn() != csn) {
            throw new IllegalStateException("commit " + csn + " has no frames");
        }
        return frames;
    }

    void forgetOutside() {
        outside = null;
    }

    long releasedLsn() {
        return (long) WORDS.getAcquire(released, RELEASED_LSN);
    }

    long releasedCsn() {
        return (long) WORDS.getAcquire(released, RELEASED_CSN);
    }

    /** Everything up to here is written. By the leader. */
    void release(long lsn, long csn) {
        WORDS.setVolatile(released, RELEASED_LSN, lsn);
        WORDS.setVolatile(released, RELEASED_CSN, csn);
    }

    /** Bytes, padding included, of the frame at an lsn: its length never lies across the ring's end. */
    int frameLength(long lsn) {
        return LogFrameLayout.paddedLength(memory.get(LogBytes.INT, lsn & capacity - 1));
    }

    void copyOut(long lsn, MemorySegment target, long offset, int length) {
        int at = (int) lsn & capacity - 1;
        int first = Math.min(length, capacity - at);
        MemorySegment.copy(memory, at, target, offset, first);
        if (first < length) {
            MemorySegment.copy(memory, 0, target, offset + first, length - first);
        }
    }

    private void copyIn(long lsn, MemorySegment source, int length) {
        int at = (int) lsn & capacity - 1;
        int first = Math.min(length, capacity - at);
        MemorySegment.copy(source, 0, memory, at, first);
        if (first < length) {
            MemorySegment.copy(source, first, memory, 0, length - first);
        }
    }

    @Override
    public void close() {
        buffer.close();
    }
}
