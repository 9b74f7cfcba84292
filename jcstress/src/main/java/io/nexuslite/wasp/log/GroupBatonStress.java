package io.nexuslite.wasp.log;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * {@link GroupBaton}: a waiter who would park is woken. Results are (1 if the waiter would have parked, how many the leader woke). The spin
 * lock of the queue, taken by both, is a fence on x86, so that here the fences beside it cannot be seen missing.
 */
public class GroupBatonStress {
    private GroupBatonStress() {
    }

    /** The leader makes the waiter's commit durable and frees the baton. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "Goes on, or is woken.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Sleeps for ever.")
    @State
    public static class Follower {
        private final Horizons horizons = new Horizons(0);
        private final GroupBaton baton = new GroupBaton(horizons, new Poison());

        public Follower() {
            baton.tryTake();
        }

        @Actor
        public void waiter(II_Result result) {
            baton.enter(1, true);
            result.r1 = baton.mustWait(1, true) ? 1 : 0;
        }

        @Actor
        public void leader(II_Result result) {
            horizons.putKernelVolatile(1);
            horizons.putDurableVolatile(1);
            result.r2 = baton.free();
        }
    }

    /** The leader did not write the waiter's commit: the waiter must lead next. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "Sees the baton free, or is woken.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Sleeps for ever.")
    @State
    public static class NextLeader {
        private final GroupBaton baton = new GroupBaton(new Horizons(0), new Poison());

        public NextLeader() {
            baton.tryTake();
        }

        @Actor
        public void waiter(II_Result result) {
            baton.enter(2, true);
            result.r1 = baton.mustWait(2, true) ? 1 : 0;
        }

        @Actor
        public void leader(II_Result result) {
            result.r2 = baton.free();
        }
    }
}
