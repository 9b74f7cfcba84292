package io.nexuslite.stress.broken;

import io.nexuslite.stress.Cells;
import io.nexuslite.stress.broken.EpochsTwin.Fault;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The actors of {@code EpochsStress} over {@link EpochsTwin} with a rule left out; {@code Whole…} shows that the twin itself is sound. */
public class EpochsBrokenStress {
    private EpochsBrokenStress() {
    }

    /** A session's reader against a writer that retires and moves the epoch twice. */
    abstract static class Session {
        private final EpochsTwin epochs;
        private final Cells cells = new Cells();

        Session(Fault fault) {
            epochs = new EpochsTwin(fault, 0);
        }

        final void read(II_Result result) {
            cells.fillStoreBuffer();
            epochs.pin();
            int cell = cells.pointerAcquire();
            result.r1 = cell;
            result.r2 = cells.watch(cell);
            epochs.unpin();
        }

        final void write() {
            cells.replacePointer();
            epochs.retire();
            epochs.tryAdvance();
            epochs.tryAdvance();
            if (epochs.reclaim()) {
                cells.reuse(Cells.OLD);
            }
        }
    }

    /** A reader without a session that retires what it reads, against an advancer. */
    abstract static class Shared {
        private final EpochsTwin epochs;
        private final Cells cells = new Cells();

        Shared(Fault fault) {
            epochs = new EpochsTwin(fault, 16);
        }

        final void read(II_Result result) {
            int token = epochs.pinShared();
            int cell = cells.pointerAcquire();
            cells.replacePointer();
            epochs.retire();
            result.r1 = cell;
            result.r2 = cells.watch(cell);
            epochs.unpinShared(token);
        }

        final void advance() {
            epochs.unpinShared(epochs.pinShared()); // takes the counter's cache line, so that the reader's add is slow
            epochs.tryAdvance();
            epochs.tryAdvance();
            epochs.tryAdvance();
            if (epochs.reclaim()) {
                cells.reuse(Cells.OLD);
            }
        }
    }

    @JCStressTest
    @Outcome(id = {"0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "Kept for the pin.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Reused under a pin: the load overtook the pin word.")
    @State
    public static class NoFenceInPin extends Session {
        public NoFenceInPin() {
            super(Fault.NO_FENCE_IN_PIN);
        }

        @Actor
        public void reader(II_Result result) {
            read(result);
        }

        @Actor
        public void writer() {
            write();
        }
    }

    @JCStressTest
    @Outcome(id = {"0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "Kept for the pin.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Reused under a pin.")
    @State
    public static class WholeSession extends Session {
        public WholeSession() {
            super(Fault.NONE);
        }

        @Actor
        public void reader(II_Result result) {
            read(result);
        }

        @Actor
        public void writer() {
            write();
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Kept for the pin.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Reused under a pin: it was counted in the parity just found empty.")
    @State
    public static class NoSecondRead extends Shared {
        public NoSecondRead() {
            super(Fault.NO_SECOND_READ);
        }

        @Actor
        public void reader(II_Result result) {
            read(result);
        }

        @Actor
        public void advancer() {
            advance();
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Kept for the pin.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Reused under a pin: one epoch is not enough.")
    @State
    public static class OneEpochEarly extends Shared {
        public OneEpochEarly() {
            super(Fault.ONE_EPOCH_EARLY);
        }

        @Actor
        public void reader(II_Result result) {
            read(result);
        }

        @Actor
        public void advancer() {
            advance();
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Kept for the pin.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Reused under a pin.")
    @State
    public static class WholeShared extends Shared {
        public WholeShared() {
            super(Fault.NONE);
        }

        @Actor
        public void reader(II_Result result) {
            read(result);
        }

        @Actor
        public void advancer() {
            advance();
        }
    }
}
