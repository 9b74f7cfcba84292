package io.nexuslite.stress.broken;

import io.nexuslite.stress.broken.CacheIndexTwin.Fault;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * The actors of {@code CacheIndexStress.Split} and {@code SplitTwice} over {@link CacheIndexTwin}; {@code WholeSplit} and {@code WholeSplitTwice} show that the
 * twin itself is sound.
 */
public class CacheIndexBrokenStress {
    private CacheIndexBrokenStress() {
    }

    /** A reader of a key that stays, against a split that moves it. */
    abstract static class Splitting {
        final CacheIndexTwin twin;

        Splitting(Fault fault) {
            twin = new CacheIndexTwin(fault);
        }
    }

    @JCStressTest
    @Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "Found.")
    @Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "A key that stays was missed: it moved between the two looks.")
    @State
    public static class NoSecondLook extends Splitting {
        public NoSecondLook() {
            super(Fault.NO_SECOND_LOOK);
        }

        @Actor
        public void reader(Z_Result result) {
            result.r1 = twin.contains();
        }

        @Actor
        public void writer() {
            twin.split();
        }
    }

    @JCStressTest
    @Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "Found.")
    @Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "A key that stays was missed: the count was older than the split.")
    @State
    public static class NoDepthInStamp extends Splitting {
        public NoDepthInStamp() {
            super(Fault.NO_DEPTH_IN_STAMP);
        }

        @Actor
        public void reader(Z_Result result) {
            result.r1 = twin.contains();
        }

        @Actor
        public void writer() {
            twin.split();
        }
    }

    @JCStressTest
    @Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "Found.")
    @Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "The twin is at fault.")
    @State
    public static class WholeSplit extends Splitting {
        public WholeSplit() {
            super(Fault.NONE);
        }

        @Actor
        public void reader(Z_Result result) {
            result.r1 = twin.contains();
        }

        @Actor
        public void writer() {
            twin.split();
        }
    }

    @JCStressTest
    @Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "Found.")
    @Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "A key that stays was looked for in a bucket that is not open.")
    @State
    public static class WholeDepth extends Splitting {
        public WholeDepth() {
            super(Fault.WHOLE_DEPTH);
        }

        @Actor
        public void reader(Z_Result result) {
            result.r1 = twin.contains();
        }

        @Actor
        public void writer() {
            twin.split();
            twin.split();
        }
    }

    @JCStressTest
    @Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "Found.")
    @Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "The twin is at fault.")
    @State
    public static class WholeSplitTwice extends Splitting {
        public WholeSplitTwice() {
            super(Fault.NONE);
        }

        @Actor
        public void reader(Z_Result result) {
            result.r1 = twin.contains();
        }

        @Actor
        public void writer() {
            twin.split();
            twin.split();
        }
    }
}
