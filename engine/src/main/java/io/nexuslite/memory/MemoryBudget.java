package io.nexuslite.memory;

import io.nexuslite.error.MemoryBudgetExceededException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A limit in bytes, shared by all that reserve from it: the parts of one database, or several databases of a process.
 *
 * <p>State: the total and one count for each {@link MemoryUse}, 128 bytes apart. The total is what the limit is held against; a
 * use is counted after the total on the way up and before it on the way down, so that the uses never sum to more than the total.
 * All methods may be called by any thread; none waits.
 */
public final class MemoryBudget {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final int WORDS_APART = 16; // 128 bytes: a cache line and its neighbour, which is fetched along
    private static final int TOTAL = 0;
    private static final MemoryUse[] USES = MemoryUse.values();

    private final long[] words = new long[(USES.length + 2) * WORDS_APART];
    private volatile long limit;

    /** A budget of {@code limit} bytes, which must be positive. */
    public MemoryBudget(long limit) {
        setLimit(limit);
    }

    /**
     * Reserves {@code bytes} (not negative) for a use if the limit allows.
     *
     * @return false if it does not; nothing is reserved then
     */
    public boolean tryReserve(MemoryUse use, long bytes) {
        requireNotNegative(bytes);
        long total;
        do {
            total = (long) WORDS.getAcquire(words, TOTAL);
            if (bytes > limit - total) {
                return false;
            }
        } while (!WORDS.compareAndSet(words, TOTAL, total, total + bytes));
        long before = (long) WORDS.getAndAdd(words, index(use), bytes);
        assert before >= 0 : use;
        return true;
    }

    /** As {@link #tryReserve}, or throws {@link MemoryBudgetExceededException}. */
    public void reserve(MemoryUse use, long bytes) {
        if (!tryReserve(use, bytes)) {
            throw new MemoryBudgetExceededException(use.name(), bytes, limit);
        }
    }

    /**
     * Gives back what was reserved.
     *
     * @throws IllegalStateException if more is given back than the use has; nothing is changed then
     */
    public void release(MemoryUse use, long bytes) {
        requireNotNegative(bytes);
        take(use, bytes);
        long before = (long) WORDS.getAndAdd(words, TOTAL, -bytes);
        assert before >= bytes : "total " + before;
    }

    /**
     * Counts bytes that are reserved for one use for another from now on; the total stays.
     *
     * @throws IllegalStateException if the use has less; nothing is changed then
     */
    public void transfer(MemoryUse from, MemoryUse to, long bytes) {
        requireNotNegative(bytes);
        take(from, bytes);
        long before = (long) WORDS.getAndAdd(words, index(to), bytes);
        assert before >= 0 : to;
    }

    private void take(MemoryUse use, long bytes) {
        int index = index(use);
        long used;
        do {
            used = (long) WORDS.getAcquire(words, index);
            if (bytes > used) {
                throw new IllegalStateException(use + " gives back " + bytes + " bytes and has " + used);
            }
        } while (!WORDS.compareAndSet(words, index, used, used - bytes));
    }

    /** Bytes reserved for one use at this moment. */
    public long used(MemoryUse use) {
        return (long) WORDS.getAcquire(words, index(use));
    }

    /** Bytes reserved for all uses at this moment. */
    public long total() {
        return (long) WORDS.getAcquire(words, TOTAL);
    }

    public long limit() {
        return limit;
    }

    /** Changes the limit. A limit below {@link #total} takes nothing away; it refuses until enough was given back. */
    public void setLimit(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("limit must be positive: " + bytes);
        }
        limit = bytes;
    }

    /** One line with the limit, the total and each use that is not zero. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("MemoryBudget[limit=").append(limit).append(", total=").append(total());
        for (MemoryUse use : USES) {
            if (used(use) != 0) {
                text.append(", ").append(use).append('=').append(used(use));
            }
        }
        return text.append(']').toString();
    }

    private static int index(MemoryUse use) {
        return (use.ordinal() + 1) * WORDS_APART;
    }

    private static void requireNotNegative(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must not be negative: " + bytes);
        }
    }
}
