package io.nexuslite.wasp.log;

import io.nexuslite.memory.SpinLocks;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that wait for a horizon or for the baton, first come first served. Nodes are reused, so waiting allocates nothing in the steady
 * state.
 *
 * <p>State: a doubly linked list under a spin lock. A node is in the list, or taken out by a leader who is about to unpark its
 * thread and then returns it, or in the pool. Unparking a thread that has gone on already is harmless: all who park do so in a loop.
 */
final class WaiterQueue {
    private static final int POOL_MAX = 1024;

    static final class Waiter {
        private Thread thread;
        private long csn;
        private boolean durable; // waits for H, else for W
        private boolean queued;
        private Waiter previous;
        private Waiter next;
    }

    private final SpinLocks lock = new SpinLocks(1);
    private final Waiter head = new Waiter(); // of a ring
    private Waiter pool;
    private int poolSize;

    WaiterQueue() {
        head.previous = head;
        head.next = head;
    }

    /** Adds the current thread. */
    Waiter add(long csn, boolean durable) {
        Waiter waiter = fromPool();
        if (waiter == null) {
            waiter = new Waiter();
        }
        waiter.thread = Thread.currentThread();
        waiter.csn = csn;
        waiter.durable = durable;
        lock.lock(0);
        waiter.queued = true;
        waiter.previous = head.previous;
        waiter.next = head;
        head.previous.next = waiter;
        head.previous = waiter;
        lock.unlock(0);
        return waiter;
    }

    /** Takes the current thread's node out, if no leader has. The node is dead for the caller. */
    void leave(Waiter waiter) {
        lock.lock(0);
        if (waiter.queued && waiter.thread == Thread.currentThread()) { // else a leader took it, and maybe another has it by now
            unlink(waiter);
            toPool(waiter);
        }
        lock.unlock(0);
    }

    /** Unparks the first who still has something to wait for, so that he leads; then all whose horizon has come. Returns how many. */
    int wake(long kernelHorizon, long durableHorizon) {
        Waiter first = null;
        Waiter due = null;
        lock.lock(0);
        for (Waiter waiter = head.next; waiter != head;) {
            Waiter next = waiter.next;
            boolean isDue = waiter.csn <= (waiter.durable ? durableHorizon : kernelHorizon);
            if (isDue || first == null) {
                unlink(waiter);
                if (isDue) {
                    waiter.next = due;
                    due = waiter;
                } else {
                    first = waiter;
                }
            }
            waiter = next;
        }
        lock.unlock(0);
        int count = 0;
        if (first != null) {
            LockSupport.unpark(first.thread);
            count++;
        }
        for (Waiter waiter = due; waiter != null; waiter = waiter.next) {
            LockSupport.unpark(waiter.thread);
            count++;
        }
        giveBack(first);
        giveBack(due);
        return count;
    }

    /** Unparks everybody: the database is poisoned. */
    int wakeAll() {
        return wake(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    private void giveBack(Waiter chain) {
        if (chain != null) {
            lock.lock(0);
            for (Waiter waiter = chain; waiter != null;) {
                Waiter next = waiter.next;
                toPool(waiter);
                waiter = next;
            }
            lock.unlock(0);
        }
    }

    private Waiter fromPool() {
        lock.lock(0);
        Waiter waiter = pool;
        if (waiter != null) {
            pool = waiter.next;
            poolSize--;
        }
        lock.unlock(0);
        return waiter;
    }

    private void toPool(Waiter waiter) {
        waiter.thread = null;
        if (poolSize < POOL_MAX) {
            waiter.next = pool;
            pool = waiter;
            poolSize++;
        }
    }

    private static void unlink(Waiter waiter) {
        waiter.queued = false;
        waiter.previous.next = waiter.next;
        waiter.next.previous = waiter.previous;
        waiter.previous = null;
        waiter.next = null;
    }
}
