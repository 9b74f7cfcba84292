package io.nexuslite.wasp.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which commit numbers are filled, and up to where without a gap.
 *
 * <p><b>State.</b> {@code marks[csn & mask]}: the number itself once its records are stamped and its frames in the ring; outside of the ring's
 * bytes, where it would have to be told from what users once wrote there. F and R of {@link Horizons}.
 * <p><b>Invariants.</b> F = c only when all numbers up to c are marked. (I6) R is never above F here.
 * <p><b>Ordering.</b> A mark is stored with release, after stamps and bytes, then a full fence before F is read: else two neighbours may each see
 * the other missing, and F stays behind for ever. Marks are read with acquire; F moves by {@code cas}, then R.
 * <p><b>Progress.</b> Whoever finds the next mark missing leaves: its owner will move F on.
 * <p><b>Proof.</b> {@code FilledPrefixStress}.
 */
final class FilledPrefix {
    private static final VarHandle MARKS = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();

    private final long[] marks;
    private final int slotMask;
    private final Horizons horizons;

    /** @param slots numbers that may be under way at once: a power of two */
    FilledPrefix(int slots, Horizons horizons) {
        this.horizons = horizons;
        marks = new long[slots];
        slotMask = slots - 1;
    }

    /** Everything of a number is in place; the caller looks at F next. */
    void mark(long csn) {
        MARKS.setRelease(marks, (int) csn & slotMask, csn);
        VarHandle.fullFence();
    }

    boolean isMarkedAcquire(long csn) {
        return (long) MARKS.getAcquire(marks, (int) csn & slotMask) == csn;
    }

    /** Moves F over all numbers that are marked, and R with it if {@code readersFollow}. */
    void advance(boolean readersFollow) {
        while (true) {
            long filled = horizons.filledAcquire();
            if (!isMarkedAcquire(filled + 1)) {
                return;
            }
            if (horizons.casFilled(filled) && readersFollow) {
                horizons.raiseRead(filled + 1);
            }
        }
    }
}
