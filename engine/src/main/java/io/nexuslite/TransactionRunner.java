package io.nexuslite;

import io.nexuslite.error.DeadlineExceededException;
import io.nexuslite.error.ReadOnlyException;
import io.nexuslite.error.TransactionConflictException;
import io.nexuslite.store.TransactionMode;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Runs bodies in transactions: single writes exclusively, others optimistically first. Any thread. */
final class TransactionRunner {
    /** What one operation does in a transaction. */
    @FunctionalInterface
    interface Body<R> {
        R run(TransactionScope scope, OperationContext context);
    }

    /** What an operation can do before its transaction keeps others waiting: encode, parse. */
    @FunctionalInterface
    interface Preparation<P> {
        P prepare(OperationContext context);
    }

    /** What it then does in the transaction. */
    @FunctionalInterface
    interface PreparedBody<P, R> {
        R run(TransactionScope scope, OperationContext context, P prepared);
    }

    /** After so many conflicts a body is run with all other writers kept out. */
    private static final int OPTIMISTIC_TRIES = 3;
    private static final long BACKOFF_NANOS = 100_000;
    /** 2^64 divided by the golden ratio, odd. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final DatabaseCore core;
    private final LongAdder conflicts = new LongAdder();
    /** Threads inside a body: their writes past the transaction would wait for themselves, or tear it apart. */
    private final Set<Thread> threadsInside = ConcurrentHashMap.newKeySet();

    TransactionRunner(DatabaseCore core) {
        this.core = core;
    }

    long conflicts() {
        return conflicts.sum();
    }

    /** A transaction that runs on its own met a conflict. */
    void countConflict() {
        conflicts.increment();
    }

    /** Runs one write of its own. */
    <R> R runSingle(Body<R> body) {
        return runSingle(context -> null, (scope, context, nothing) -> body.run(scope, context));
    }

    /** Runs one write of its own, prepared before others are kept out. */
    <P, R> R runSingle(Preparation<P> preparation, PreparedBody<P, R> body) {
        checkMayWrite();
        OperationContext context = core.contexts().acquire();
        try {
            P prepared = preparation.prepare(context);
            try (TransactionScope scope = TransactionScope.begin(core, context, TransactionMode.EXCLUSIVE)) {
                R result = body.run(scope, context, prepared);
                scope.commit();
                return result;
            }
        } finally {
            core.contexts().release(context);
        }
    }

    /** Refuses writes where none can succeed, before anything is done. */
    void checkMayWrite() {
        core.checkOpen();
        if (core.engine().isReadOnly()) {
            throw new ReadOnlyException("the database takes no writes");
        }
        if (!threadsInside.isEmpty() && threadsInside.contains(Thread.currentThread())) {
            throw new IllegalStateException("Inside a transaction write through its own collections.");
        }
    }

    <R> R run(Function<Transactional, R> body, Duration deadline) {
        core.checkOpen();
        long start = core.host().nanoTime();
        long limitNanos = TimeUnit.NANOSECONDS.convert(deadline);
        if (!threadsInside.add(Thread.currentThread())) {
            throw new IllegalStateException("A transaction does not run inside another one.");
        }
        try {
            for (int tries = 0;; tries++) {
                try {
                    return runOnce(body, tries < OPTIMISTIC_TRIES
                            ? TransactionMode.OPTIMISTIC
                            : TransactionMode.EXCLUSIVE);
                } catch (TransactionConflictException e) {
                    conflicts.increment();
                    long elapsed = core.host().nanoTime() - start;
                    if (elapsed >= limitNanos) {
                        DeadlineExceededException late = new DeadlineExceededException(
                                "the transaction met " + (tries + 1)
                                        + " conflicts");
                        late.addSuppressed(e);
                        throw late;
                    }
                    backOff(tries, limitNanos - elapsed);
                }
            }
        } finally {
            threadsInside.remove(Thread.currentThread());
        }
    }

    private <R> R runOnce(Function<Transactional, R> body, TransactionMode mode) {
        OperationContext context = core.contexts().acquire();
        try (TransactionScope scope = TransactionScope.begin(core, context, mode)) {
            R result = body.apply(new TransactionView(core, scope));
            scope.commit();
            return result;
        } finally {
            core.contexts().release(context);
        }
    }

    /** Waits longer with each try, and threads differ: those that met once do not meet again for that. */
    private static void backOff(int tries, long nanosMax) {
        long range = BACKOFF_NANOS << Math.min(tries, 5);
        long nanos = 1 + (Thread.currentThread().threadId() * SPREAD >>> 1) % range;
        LockSupport.parkNanos(Math.min(nanos, nanosMax));
    }
}
