package io.nexuslite.wasp;

import io.nexuslite.error.StorageFullException;
import io.nexuslite.wasp.log.LogDurability;
import io.nexuslite.wasp.log.WaspLog;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the log's promises while nobody commits: flushes by interval, witnesses, growth, watchdog; and lets old records go. */
final class LogKeeper implements Agent {
    private static final long IDLE_INTERVAL_NANOS = 5_000_000; // the window in which damage reads as a torn tail
    private static final long WATCHDOG_INTERVAL_NANOS = 1_000_000_000;

    private final EngineState state;
    private long lastIdleNanos;
    private long lastFlushNanos;
    private long lastWatchdogNanos;

    LogKeeper(EngineState state) {
        this.state = state;
        lastIdleNanos = state.host().nanoTime();
        lastFlushNanos = lastIdleNanos;
        lastWatchdogNanos = lastIdleNanos;
    }

    @Override
    public int doWork() {
        state.snapshots().advance();
        WaspLog log = state.log();
        if (log == null || state.poison().isSet()) {
            return 0;
        }
        long now = state.host().nanoTime();
        int work = 0;
        if (now - lastFlushNanos >= state.options().groupIntervalNanos()) {
            lastFlushNanos = now;
            work += flush(log);
        }
        if (now - lastIdleNanos >= IDLE_INTERVAL_NANOS) {
            lastIdleNanos = now;
            log.idleTick();
            work += grow(log);
        }
        if (now - lastWatchdogNanos >= WATCHDOG_INTERVAL_NANOS) {
            lastWatchdogNanos = now;
            log.watchdogTick();
        }
        return work;
    }

    private static int flush(WaspLog log) {
        if (log.durability() == LogDurability.GROUP && log.durableHorizon() < log.lastCsn()) {
            log.syncAll();
            return 1;
        }
        if (log.durability() == LogDurability.NONE && log.kernelHorizon() < log.lastCsn()) {
            log.writeAll();
            return 1;
        }
        return 0;
    }

    private static int grow(WaspLog log) {
        try {
            return log.growTick() ? 1 : 0;
        } catch (StorageFullException full) {
            Log.LOGGER.warn("the log cannot grow, the disk is full: file={}", full.file());
            return 0;
        }
    }

    @Override
    public String roleName() {
        return "nexuslite-log";
    }

    private static final class Log {
        static final Logger LOGGER = LoggerFactory.getLogger(LogKeeper.class);
    }
}
