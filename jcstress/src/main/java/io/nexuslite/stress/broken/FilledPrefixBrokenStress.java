package io.nexuslite.stress.broken;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** The filled prefix of the log without the fence between a mark and the look at F. */
public class FilledPrefixBrokenStress {
    private FilledPrefixBrokenStress() {
    }

    @JCStressTest
    @Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "F covers both.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "F stays behind for ever: each saw the other missing.")
    @State
    public static class NoFenceAfterMark {
        private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class)
                .withInvokeExactBehavior();
        private static final int FILLED = 0;
        private static final int MARKS_APART = 16;

        private final long[] words = new long[4 * MARKS_APART];

        private void fill(long csn) {
            WORDS.setRelease(words, (int) csn * MARKS_APART, csn);
            while (true) {
                long filled = (long) WORDS.getAcquire(words, FILLED);
                if ((long) WORDS.getAcquire(words, (int) (filled + 1) * MARKS_APART) != filled + 1) {
                    return;
                }
                WORDS.compareAndSet(words, FILLED, filled, filled + 1);
            }
        }

        @Actor
        public void first() {
            fill(1);
        }

        @Actor
        public void second() {
            fill(2);
        }

        @Arbiter
        public void after(J_Result result) {
            result.r1 = (long) WORDS.getAcquire(words, FILLED);
        }
    }
}
