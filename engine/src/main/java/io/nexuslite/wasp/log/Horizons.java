package io.nexuslite.wasp.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The commit numbers up to which everything is filled (F), in the kernel (W), on disk (H), seen by readers (R); 128 bytes apart.
 *
 * <p><b>Invariants.</b> (I0) Each only grows. (I7) H ≥ c: all commits up to c are on disk. R ≥ c: every record of c is stamped and in its leaf.
 * <p><b>Ordering.</b> F: {@code cas} by whoever marks (in SYNC by the leader alone), read with acquire. W, H: volatile, by the leader, read with
 * acquire. R: {@code cas} upward, in SYNC by the leader before H, else by who moved F; read with acquire, as the first load of a pin: a
 * writer who was told "done" must find his own write.
 */
final class Horizons {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final int WORDS_APART = 16;
    private static final int FILLED = 0;
    private static final int KERNEL = WORDS_APART;
    private static final int DURABLE = 2 * WORDS_APART;
    private static final int READ = 3 * WORDS_APART;

    private final long[] words = new long[4 * WORDS_APART];

    Horizons(long csn) {
        for (int word = 0; word < words.length; word += WORDS_APART) {
            WORDS.setVolatile(words, word, csn);
        }
    }

    long filledAcquire() {
        return (long) WORDS.getAcquire(words, FILLED);
    }

    /** Moves F from {@code csn} to the next. */
    boolean casFilled(long csn) {
        return WORDS.compareAndSet(words, FILLED, csn, csn + 1);
    }

    long kernelAcquire() {
        return (long) WORDS.getAcquire(words, KERNEL);
    }

    void putKernelVolatile(long csn) {
        assert csn >= kernelAcquire();
        WORDS.setVolatile(words, KERNEL, csn);
    }

    long durableAcquire() {
        return (long) WORDS.getAcquire(words, DURABLE);
    }

    void putDurableVolatile(long csn) {
        assert csn >= durableAcquire();
        WORDS.setVolatile(words, DURABLE, csn);
    }

    long readAcquire() {
        return (long) WORDS.getAcquire(words, READ);
    }

    /** Moves R to {@code csn}, never back. */
    void raiseRead(long csn) {
        long read = (long) WORDS.getVolatile(words, READ);
        while (read < csn && !WORDS.compareAndSet(words, READ, read, csn)) {
            read = (long) WORDS.getVolatile(words, READ);
        }
    }
}
