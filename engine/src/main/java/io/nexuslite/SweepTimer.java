package io.nexuslite;

import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.error.NexusLiteException;
import java.time.Duration;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes expired documents every now and then, a bounded number each time, on a daemon thread of its own. */
final class SweepTimer implements Agent, AutoCloseable {
    private static final long DOCUMENTS_MAX = 4096;
    private static final long IDLE_MILLIS = 2; // so that closing does not wait for the next round

    private final Sweeper sweeper;
    private final long intervalNanos;
    private final DatabaseCore core;
    private long lastNanos;
    private AgentRunner runner;

    private SweepTimer(Sweeper sweeper, DatabaseCore core, Duration interval) {
        this.sweeper = sweeper;
        this.core = core;
        this.intervalNanos = interval.toNanos();
        this.lastNanos = core.host().nanoTime();
    }

    static SweepTimer start(Sweeper sweeper, DatabaseCore core, Duration interval) {
        SweepTimer timer = new SweepTimer(sweeper, core, interval);
        timer.runner = new AgentRunner(new SleepingMillisIdleStrategy(IDLE_MILLIS), timer::failed, null, timer);
        Thread thread = new Thread(timer.runner, timer.roleName());
        thread.setDaemon(true);
        thread.start();
        return timer;
    }

    @Override
    public int doWork() {
        long now = core.host().nanoTime();
        if (now - lastNanos < intervalNanos || core.engine().isReadOnly()) {
            return 0;
        }
        lastNanos = now;
        try {
            return sweeper.sweep(DOCUMENTS_MAX) == DOCUMENTS_MAX ? 1 : 0;
        } catch (DatabaseClosedException closed) {
            throw new AgentTerminationException(closed.getMessage());
        } catch (NexusLiteException refused) { // a full disk, a conflict, poison: the documents stay hidden, the next round tries again
            Log.LOGGER.debug("sweep refused: why={}", refused.getMessage());
            return 0;
        }
    }

    private void failed(Throwable failure) {
        Log.LOGGER.error("sweep failed", failure);
    }

    @Override
    public String roleName() {
        return "nexuslite-sweep";
    }

    @Override
    public void close() {
        runner.close();
    }

    private static final class Log {
        static final Logger LOGGER = LoggerFactory.getLogger(SweepTimer.class);
    }
}
