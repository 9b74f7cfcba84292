package io.nexuslite.wasp.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.J_Result;

/** {@link FilledPrefix}: F reaches every number that is filled, and nobody sees R before what it stands for. */
public class FilledPrefixStress {
    private FilledPrefixStress() {
    }

    /** Two neighbours mark and look: one of them must move F over both. Without the fence in {@code mark} x86 shows F left behind. */
    @JCStressTest
    @Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "F and R cover both.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "F or R stays behind for ever.")
    @State
    public static class Neighbours {
        private final Horizons horizons = new Horizons(0);
        private final FilledPrefix prefix = new FilledPrefix(64, horizons);

        @Actor
        public void first() {
            prefix.mark(1);
            prefix.advance(true);
        }

        @Actor
        public void second() {
            prefix.mark(2);
            prefix.advance(true);
        }

        @Arbiter
        public void after(JJ_Result result) {
            result.r1 = horizons.filledAcquire();
            result.r2 = horizons.readAcquire();
        }
    }

    /** Who sees R ≥ c sees what was stored before the mark of c. Release and acquire: x86 cannot show their absence. */
    @JCStressTest
    @Outcome(id = {"0", "7"}, expect = Expect.ACCEPTABLE, desc = "Not yet visible, or visible with its record.")
    @Outcome(id = "-1", expect = Expect.FORBIDDEN, desc = "Visible without its record.")
    @State
    public static class Visibility {
        private final Horizons horizons = new Horizons(0);
        private final FilledPrefix prefix = new FilledPrefix(64, horizons);
        private long record;

        @Actor
        public void writer() {
            record = 7;
            prefix.mark(1);
            prefix.advance(true);
        }

        @Actor
        public void reader(J_Result result) {
            if (horizons.readAcquire() < 1) {
                result.r1 = 0;
            } else {
                result.r1 = record == 7 ? 7 : -1;
            }
        }
    }
}
