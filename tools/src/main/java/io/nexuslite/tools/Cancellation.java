package io.nexuslite.tools;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish of whoever interrupts the process (Ctrl-C, SIGTERM): imports and exports that hear of it end at their next step, so that
 * no half-written file is left. Any thread.
 */
final class Cancellation {
    private static final long PATIENCE_SECONDS = 5;
    private static final CountDownLatch DONE = new CountDownLatch(1);
    private static volatile boolean requested;

    private Cancellation() {
    }

    /** Listens for the end of the process; once, by the one who began it. */
    static void listen() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            requested = DONE.getCount() > 0;
            try {
                DONE.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }, "nexuslite-cancellation"));
    }

    static boolean isRequested() {
        return requested;
    }

    /** The command has ended: the process need not wait. */
    static void done() {
        DONE.countDown();
    }
}
