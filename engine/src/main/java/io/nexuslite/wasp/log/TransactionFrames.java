package io.nexuslite.wasp.log;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.TransactionTooLargeException;
import io.nexuslite.format.LogFrameLayout;
import java.lang.foreign.MemorySegment;

/**
 * The log frames of one transaction, encoded before it claims: changes in order, then a commit. Owned by a session and reused; one thread at
 * a time. Its memory is read by the log's leader only while the owner waits in {@link WaspLog#append}.
 */
public final class TransactionFrames implements AutoCloseable {
    private static final int CAPACITY_FIRST = 4 * 1024;
    private static final int CAPACITY_MAX = 1 << 30;
    private static final int KEPT_CAPACITY_MAX = 1 << 20; // what a long transaction needed more is given back

    private final GrowableBuffer buffer = new GrowableBuffer(CAPACITY_FIRST, CAPACITY_MAX);
    private int largestFrame;
    private boolean complete;
    private long csn;
    private long lsn;

    /** Forgets all frames. */
    public void reset() {
        if (buffer.capacity() > KEPT_CAPACITY_MAX) {
            buffer.shrink(CAPACITY_FIRST);
        } else {
            buffer.reset();
        }
        largestFrame = 0;
        complete = false;
        csn = 0;
    }

    /**
     * Appends one change.
     *
     * @param kind one of the kinds of {@link LogFrameLayout}, other than commit
     * @param flags flags of {@link LogFrameLayout}
     * @param payload borrowed for the call; {@code length} bytes from {@code offset} on, may be none
     * @throws TransactionTooLargeException if the frames exceed 1 GiB; what was appended stays
     */
    public void add(byte kind, byte flags, int treeId, MemorySegment payload, long offset, int length) {
        if (complete || kind == LogFrameLayout.KIND_COMMIT) {
            throw new IllegalStateException("a transaction's commit frame comes from complete()");
        }
        int at = header(kind, flags, treeId, length);
        MemorySegment.copy(payload, offset, buffer.memory(), at + LogFrameLayout.HEADER_SIZE, length);
    }

    /** Appends the commit frame; nothing can be added behind it. */
    public void complete() {
        if (!complete) {
            header(LogFrameLayout.KIND_COMMIT, (byte) 0, 0, 0);
            complete = true;
        }
    }

    /** Bytes of all frames. */
    public int length() {
        return buffer.length();
    }

    /** Whether there is no change: no frame at all, or a commit alone. */
    public boolean isEmpty() {
        return buffer.length() <= (complete ? LogFrameLayout.HEADER_SIZE : 0);
    }

    /** Commit number given by {@link WaspLog#append}; 0 before. */
    public long csn() {
        return csn;
    }

    @Override
    public void close() {
        buffer.close();
    }

    boolean isComplete() {
        return complete;
    }

    /** Bytes of the longest frame, padding included. */
    int largestFrame() {
        return largestFrame;
    }

    MemorySegment memory() {
        return buffer.memory();
    }

    long lsn() {
        return lsn;
    }

    void claimed(long newCsn, long newLsn) {
        csn = newCsn;
        lsn = newLsn;
    }

    /** Puts the commit number into each frame. */
    void stamp() {
        MemorySegment memory = buffer.memory();
        int end = buffer.length();
        for (int at = 0; at < end;) {
            memory.set(LogBytes.LONG, at + LogFrameLayout.CSN_OFFSET, csn);
            at += LogFrameLayout.paddedLength(memory.get(LogBytes.INT, at + LogFrameLayout.LENGTH_OFFSET));
        }
    }

    private int header(byte kind, byte flags, int treeId, int payloadLength) {
        long length = (long) LogFrameLayout.HEADER_SIZE + payloadLength;
        long padded = LogBytes.roundUp(length, LogFrameLayout.ALIGNMENT);
        if (payloadLength < 0 || buffer.length() + padded > CAPACITY_MAX) {
            throw new TransactionTooLargeException(buffer.length() + padded, CAPACITY_MAX);
        }
        int at = buffer.reserve((int) padded);
        MemorySegment memory = buffer.memory();
        memory.set(LogBytes.LONG, at + padded - Long.BYTES, 0L); // the padding; the payload comes over it
        memory.set(LogBytes.INT, at + LogFrameLayout.LENGTH_OFFSET, (int) length);
        memory.set(LogBytes.BYTE, at + LogFrameLayout.KIND_OFFSET, kind);
        memory.set(LogBytes.BYTE, at + LogFrameLayout.FLAGS_OFFSET, flags);
        memory.set(LogBytes.SHORT, at + LogFrameLayout.RESERVED_FLAGS_OFFSET, (short) 0);
        memory.set(LogBytes.INT, at + LogFrameLayout.TREE_ID_OFFSET, treeId);
        memory.set(LogBytes.INT, at + LogFrameLayout.RESERVED_TREE_OFFSET, 0);
        memory.set(LogBytes.LONG, at + LogFrameLayout.CSN_OFFSET, 0L);
        buffer.setLength(at + (int) padded);
        largestFrame = Math.max(largestFrame, (int) padded);
        return at;
    }
}
