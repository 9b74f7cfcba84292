package io.nexuslite.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Objects that wait for their epoch: striped first-in-first-out rings of (reclaimer, handle, epoch).
 *
 * <p>State: each ring is guarded by its spin lock. The epoch of an object is read inside the lock, so a ring is in the order of epochs, and
 * the due ones are always its head; reading later than needed only delays. {@code reclaiming} lets one thread reclaim at a time;
 * it takes due objects out in batches and calls their reclaimers with no lock held, since they may retire other objects.
 *
 * <p>Progress: a thread that finds a stripe locked takes the next. Rings grow by doubling and keep their size.
 */
final class RetireLists {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final VarHandle COUNT = field("count", long.class);
    private static final VarHandle RECLAIMING = field("reclaiming", int.class);

    private static final int STRIPES = 8;
    private static final int BATCH = 64;

    private final SpinLocks locks = new SpinLocks(STRIPES);
    private final Ring[] rings = new Ring[STRIPES];
    private final Reclaimer[] dueReclaimers = new Reclaimer[BATCH]; // of the thread that set reclaiming
    private final long[] dueHandles = new long[BATCH];
    @SuppressWarnings("unused") // by COUNT
    private long count;
    @SuppressWarnings("unused") // by RECLAIMING
    private int reclaiming;

    RetireLists() {
        for (int i = 0; i < STRIPES; i++) {
            rings[i] = new Ring();
        }
    }

    /** Adds an object with the epoch that stands in {@code epochWords[epochIndex]}, loaded volatile in here. */
    void add(Reclaimer to, long handle, long[] epochWords, int epochIndex) {
        int stripe = locks.lockAny(Epochs.stripeOfThread(), STRIPES);
        try {
            rings[stripe].add(to, handle, (long) WORDS.getVolatile(epochWords, epochIndex));
        } finally {
            locks.unlock(stripe);
        }
        long before = (long) COUNT.getAndAdd(this, 1L);
        assert before >= -1L << 32;
    }

    long count() {
        return Math.max(0, (long) COUNT.getAcquire(this));
    }

    /** Calls the reclaimers of all objects retired in {@code epoch} or before. */
    int reclaimUpTo(long epoch) {
        if (count() == 0 || !RECLAIMING.compareAndSet(this, 0, 1)) {
            return 0;
        }
        int total = 0;
        Throwable failure = null;
        try {
            for (int stripe = 0; stripe < STRIPES; stripe++) {
                int length;
                do {
                    length = take(stripe, epoch);
                    failure = callReclaimers(length, failure);
                    total += length;
                } while (length == BATCH);
            }
        } finally {
            RECLAIMING.setVolatile(this, 0);
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure; // Reclaimer declares no checked exception
        }
        return total;
    }

    private int take(int stripe, long epoch) {
        int length = 0;
        locks.lock(stripe);
        try {
            Ring ring = rings[stripe];
            while (length < BATCH && ring.size > 0 && ring.epochs[ring.head] <= epoch) {
                dueReclaimers[length] = ring.reclaimers[ring.head];
                dueHandles[length++] = ring.handles[ring.head];
                ring.removeHead();
            }
        } finally {
            locks.unlock(stripe);
        }
        long before = (long) COUNT.getAndAdd(this, (long) -length);
        assert before >= -1L << 32;
        return length;
    }

    private Throwable callReclaimers(int length, Throwable earlier) {
        Throwable failure = earlier;
        for (int i = 0; i < length; i++) {
            try {
                dueReclaimers[i].reclaim(dueHandles[i]);
            } catch (Throwable thrown) { // the others of the batch are out of their ring, and must not be lost
                if (failure == null) {
                    failure = thrown;
                } else if (failure != thrown) {
                    failure.addSuppressed(thrown);
                }
            }
            dueReclaimers[i] = null;
        }
        return failure;
    }

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(RetireLists.class, name, type).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Ring {
        private Reclaimer[] reclaimers = new Reclaimer[16];
        private long[] handles = new long[16];
        private long[] epochs = new long[16];
        private int head;
        private int size;

        void add(Reclaimer to, long handle, long epoch) {
            if (size == handles.length) {
                grow();
            }
            int at = head + size & handles.length - 1;
            reclaimers[at] = to;
            handles[at] = handle;
            epochs[at] = epoch;
            size++;
        }

        void removeHead() {
            reclaimers[head] = null;
            head = head + 1 & handles.length - 1;
            size--;
        }

        private void grow() {
            int length = handles.length * 2;
            Reclaimer[] newReclaimers = new Reclaimer[length]; // all three first: an OutOfMemoryError changes nothing
            long[] newHandles = new long[length];
            long[] newEpochs = new long[length];
            for (int i = 0; i < size; i++) {
                int at = head + i & handles.length - 1;
                newReclaimers[i] = reclaimers[at];
                newHandles[i] = handles[at];
                newEpochs[i] = epochs[at];
            }
            reclaimers = newReclaimers;
            handles = newHandles;
            epochs = newEpochs;
            head = 0;
        }
    }
}
