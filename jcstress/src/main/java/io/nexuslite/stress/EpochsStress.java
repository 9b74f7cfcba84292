package io.nexuslite.stress;

import io.nexuslite.memory.Epochs;
import io.nexuslite.memory.HorizonSource;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * {@link Epochs}, I1: an object reachable by a load made inside a pin is not reused before the unpin. Results are (cell that the
 * pointer led to, what was in it while pinned).
 *
 * <p>One stripe of counters keeps the advancer short, which widens the windows. On x86 these tests see a missing fence in the pin (a load
 * that overtakes an earlier store) and a missing second read; a missing fence in {@code retire} is hidden there by the lock that the
 * list of retired objects takes, and missing acquire and release modes are not visible at all.
 */
public class EpochsStress {
    private EpochsStress() {
    }

    /** The second advance takes long between its look at the counters and the new epoch: others can add and load meanwhile. */
    static final class SlowSecondHorizon implements HorizonSource {
        private static final int ROUNDS = 16;

        private int calls;

        @Override
        public long readHorizonAcquire() {
            if (++calls == 2) {
                for (int i = 0; i < ROUNDS; i++) {
                    Thread.onSpinWait();
                }
            }
            return 0;
        }
    }

    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Old cell, kept for the pin.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "New cell.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The old cell was reused under a pin.")
    @State
    public static class SessionPin {
        private final Epochs epochs = new Epochs(() -> 0, 1);
        private final Cells cells = new Cells();
        private final int session = epochs.openSession();

        @Actor
        public void reader(II_Result result) {
            cells.fillStoreBuffer();
            epochs.pin(session);
            int cell = cells.pointerAcquire();
            result.r1 = cell;
            result.r2 = cells.watch(cell);
            epochs.unpin(session);
        }

        @Actor
        public void writer() {
            cells.replacePointer();
            epochs.retire(cells::reuse, Cells.OLD);
            epochs.tryAdvance();
            epochs.tryAdvance();
            epochs.reclaim();
        }
    }

    /** A session that is opened while the epoch moves: the advancer may not have counted it. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Old cell, kept for the pin.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "New cell.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The old cell was reused under a pin.")
    @State
    public static class NewSessionPin {
        private final Epochs epochs = new Epochs(() -> 0, 1);
        private final Cells cells = new Cells();

        @Actor
        public void reader(II_Result result) {
            int session = epochs.openSession();
            epochs.pin(session);
            int cell = cells.pointerAcquire();
            result.r1 = cell;
            result.r2 = cells.watch(cell);
            epochs.unpin(session);
        }

        @Actor
        public void writer() {
            cells.replacePointer();
            epochs.retire(cells::reuse, Cells.OLD);
            epochs.tryAdvance();
            epochs.tryAdvance();
            epochs.reclaim();
        }
    }

    /** The pinned thread itself retires what it still reads, while another moves the epoch. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Old cell, kept for the pin.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The old cell was reused under a pin.")
    @State
    public static class SharedPin {
        private final Epochs epochs = new Epochs(new SlowSecondHorizon(), 1);
        private final Cells cells = new Cells();

        @Actor
        public void reader(II_Result result) {
            int token = epochs.pinShared();
            int cell = cells.pointerAcquire();
            cells.replacePointer();
            epochs.retire(cells::reuse, Cells.OLD);
            result.r1 = cell;
            result.r2 = cells.watch(cell);
            epochs.unpinShared(token);
        }

        @Actor
        public void advancer() {
            epochs.unpinShared(epochs.pinShared()); // takes the counter's cache line, so that the reader's add is slow
            epochs.tryAdvance();
            epochs.tryAdvance();
            epochs.tryAdvance();
            epochs.reclaim();
        }
    }

    /** As {@link SessionPin}, without a session. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Old cell, kept for the pin.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "New cell.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The old cell was reused under a pin.")
    @State
    public static class SharedPinAndWriter {
        private final Epochs epochs = new Epochs(() -> 0, 1);
        private final Cells cells = new Cells();

        @Actor
        public void reader(II_Result result) {
            cells.fillStoreBuffer();
            int token = epochs.pinShared();
            int cell = cells.pointerAcquire();
            result.r1 = cell;
            result.r2 = cells.watch(cell);
            epochs.unpinShared(token);
        }

        @Actor
        public void writer() {
            cells.replacePointer();
            epochs.retire(cells::reuse, Cells.OLD);
            epochs.tryAdvance();
            epochs.tryAdvance();
            epochs.reclaim();
        }
    }
}
