package io.nexuslite.cache;

import io.nexuslite.io.Host;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes expired entries out in small portions, goes on where it stopped, and moves the epochs on; on callers' threads and on one of its own. */
final class Sweeper implements AutoCloseable {
    private static final long PORTION_NANOS = 500_000;
    private static final int WORDS = 64;

    private final CacheCore core;
    private final Host host;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private final long[] words = new long[WORDS]; // guarded by sweeping
    private int cursor; // guarded by sweeping
    private volatile long intervalMillis;
    private volatile Thread daemon; // written under this
    private volatile boolean closed;

    Sweeper(CacheCore core, Host host) {
        this.core = core;
        this.host = host;
    }

    /** One portion: at most one round over the index and about 500 µs. Does nothing if another thread is at it. */
    int sweep() {
        if (!sweeping.compareAndSet(false, true)) {
            return 0;
        }
        try {
            long start = host.nanoTime();
            long now = core.clock().millis();
            int buckets = core.index().bucketCountAcquire();
            int out = 0;
            for (int i = 0; i < buckets && host.nanoTime() - start < PORTION_NANOS; i++) {
                cursor = cursor >= buckets - 1 ? 0 : cursor + 1;
                out += core.sweepBucket(cursor, words, now);
            }
            core.epochs().collect();
            core.evictor().evict(now);
            return out;
        } finally {
            sweeping.set(false);
        }
    }

    /** Takes all out that is expired at this moment. */
    long purge() {
        long now = core.clock().millis();
        long[] scratch = new long[WORDS];
        long out = 0;
        for (int bucket = 0; bucket < core.index().bucketCountAcquire(); bucket++) { // splits move entries to higher ones only
            out += core.sweepBucket(bucket, scratch, now);
        }
        core.epochs().collect();
        return out;
    }

    long intervalMillis() {
        return intervalMillis;
    }

    /** Starts, paces or, with 0, ends the thread. */
    synchronized void setIntervalMillis(long millis) {
        intervalMillis = millis;
        Thread thread = daemon;
        if (thread != null) {
            LockSupport.unpark(thread);
        } else if (millis > 0 && !closed) {
            thread = new Thread(this::run, "nexuslite-cache-sweeper");
            thread.setDaemon(true);
            daemon = thread;
            thread.start();
        }
    }

    private void run() {
        while (goesOn()) {
            try {
                sweep();
            } catch (Throwable failure) { // of the caller's clock: the next portion may go well
                Log.LOGGER.error("cache sweep failed", failure);
            }
            LockSupport.parkNanos(this, intervalMillis * 1_000_000);
        }
    }

    private synchronized boolean goesOn() {
        if (closed || intervalMillis == 0) {
            daemon = null;
            return false;
        }
        return true;
    }

    /** Ends the thread and waits for it; uninterruptibly, since the memory is freed next. */
    @Override
    public void close() {
        Thread thread;
        synchronized (this) {
            closed = true;
            thread = daemon;
        }
        boolean interrupted = false;
        while (thread != null && thread.isAlive()) {
            LockSupport.unpark(thread);
            try {
                thread.join(10);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Log {
        static final Logger LOGGER = LoggerFactory.getLogger(Sweeper.class);
    }
}
