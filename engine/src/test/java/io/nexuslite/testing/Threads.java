package io.nexuslite.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Runs bodies at the same time and reports the first failure; a watchdog names who is stuck instead of hanging the build. */
public final class Threads {
    private static final long PATIENCE_MILLIS = 60_000; // far above any run, so that no test depends on speed

    /** What one thread does; it may throw anything. */
    public interface Body {
        void run(int index) throws Exception;
    }

    private Threads() {
    }

    public static void run(int count, Body body) throws InterruptedException {
        run(count, false, body);
    }

    public static void run(int count, boolean virtual, Body body) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        for (int i = 0; i < count; i++) {
            int index = i;
            Runnable task = () -> {
                try {
                    start.await();
                    body.run(index);
                } catch (Throwable t) {
                    synchronized (failures) {
                        failures.add(t);
                    }
                }
            };
            threads.add(virtual ? Thread.ofVirtual().unstarted(task) : Thread.ofPlatform().daemon().unstarted(task));
        }
        threads.forEach(Thread::start);
        start.countDown();
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        for (Thread thread : threads) {
            thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            if (thread.isAlive()) {
                AssertionError stuck = new AssertionError("stuck: " + thread);
                stuck.setStackTrace(thread.getStackTrace());
                synchronized (failures) {
                    failures.forEach(stuck::addSuppressed); // of one that the others wait for
                }
                throw stuck;
            }
        }
        synchronized (failures) {
            if (!failures.isEmpty()) {
                AssertionError error = new AssertionError("a thread failed: " + failures.get(0), failures.get(0));
                failures.stream().skip(1).forEach(error::addSuppressed);
                throw error;
            }
        }
    }
}
