package io.nexuslite.stress.broken;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The protocol of {@code io.nexuslite.memory.Epochs} with one session, one pair of counters and room for one retired object, where single
 * rules can be left out.
 */
final class EpochsTwin {
    /** What is left out. */
    enum Fault {
        NONE, NO_FENCE_IN_PIN, NO_SECOND_READ, ONE_EPOCH_EARLY
    }

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final int WORDS_APART = 16;
    private static final int EPOCH = 0;
    private static final int PIN_WORD = WORDS_APART;
    private static final int COUNTERS = 2 * WORDS_APART;
    private static final int RETIRED_IN = 4 * WORDS_APART; // 0 = nothing is retired

    private final long[] words = new long[5 * WORDS_APART];
    private final Fault fault;
    private final int pause;

    /** @param pause rounds between the look at the pins and the new epoch, in every second advance */
    EpochsTwin(Fault fault, int pause) {
        this.fault = fault;
        this.pause = pause;
        words[EPOCH] = 2;
    }

    void pin() {
        WORDS.setOpaque(words, PIN_WORD, (long) WORDS.getOpaque(words, EPOCH));
        if (fault != Fault.NO_FENCE_IN_PIN) {
            VarHandle.fullFence();
        }
    }

    void unpin() {
        WORDS.setRelease(words, PIN_WORD, 0L);
    }

    int pinShared() {
        while (true) {
            long epoch = (long) WORDS.getAcquire(words, EPOCH);
            int token = (int) epoch & 1;
            long before = (long) WORDS.getAndAdd(words, COUNTERS + token * WORDS_APART, 1L);
            if (before < 0) {
                throw new AssertionError();
            }
            if (fault == Fault.NO_SECOND_READ || (long) WORDS.getVolatile(words, EPOCH) == epoch) {
                return token;
            }
            unpinShared(token);
        }
    }

    void unpinShared(int token) {
        long before = (long) WORDS.getAndAddRelease(words, COUNTERS + token * WORDS_APART, -1L);
        if (before <= 0) {
            throw new AssertionError();
        }
    }

    void retire() {
        VarHandle.fullFence();
        WORDS.setRelease(words, RETIRED_IN, (long) WORDS.getVolatile(words, EPOCH));
    }

    void tryAdvance() {
        long epoch = (long) WORDS.getVolatile(words, EPOCH);
        VarHandle.fullFence();
        long pinned = (long) WORDS.getAcquire(words, PIN_WORD);
        if (pinned > 0 && pinned < epoch
                || (long) WORDS.getAcquire(words, COUNTERS + (int) (epoch - 1 & 1) * WORDS_APART) != 0) {
            return;
        }
        for (int i = 0; i < pause && (epoch & 1) != 0; i++) {
            Thread.onSpinWait();
        }
        WORDS.setVolatile(words, EPOCH, epoch + 1);
        VarHandle.fullFence();
    }

    /** Whether the retired object may be used again. */
    boolean reclaim() {
        long since = (long) WORDS.getAcquire(words, RETIRED_IN);
        int grace = fault == Fault.ONE_EPOCH_EARLY ? 1 : 2;
        return since != 0 && (long) WORDS.getAcquire(words, EPOCH) >= since + grace;
    }
}
