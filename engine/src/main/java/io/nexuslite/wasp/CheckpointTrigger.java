package io.nexuslite.wasp;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.MemoryBudgetExceededException;
import io.nexuslite.error.StorageFullException;
import io.nexuslite.wasp.log.WaspLog;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins a checkpoint when time, the log's length or the changed pages ask for one; backs off while the disk is full. */
final class CheckpointTrigger implements Agent {
    private static final long BACK_OFF_NANOS = 1_000_000_000;
    private static final long LOOK_INTERVAL_NANOS = 20_000_000; // counting changed frames looks at all of them

    private final EngineState state;
    private long lastNanos;
    private long lastCsn;
    private long notBeforeNanos; // the next look

    CheckpointTrigger(EngineState state) {
        this.state = state;
        this.lastNanos = state.host().nanoTime();
        this.notBeforeNanos = lastNanos;
    }

    @Override
    public int doWork() {
        WaspLog log = state.log();
        if (log == null || state.poison().isSet() || !isDue(log)) {
            return 0;
        }
        try {
            if (state.checkpointer().run() == Checkpointer.Outcome.DONE) {
                lastNanos = state.host().nanoTime();
                lastCsn = state.manifests().newest().checkpointCsn();
            }
        } catch (StorageFullException | MemoryBudgetExceededException | CorruptionException full) {
            notBeforeNanos = state.host().nanoTime() + BACK_OFF_NANOS;
            Log.LOGGER.warn("a checkpoint was abandoned: file={}, why={}", state.file().path(), full.getMessage());
        }
        return 1;
    }

    private boolean isDue(WaspLog log) {
        long now = state.host().nanoTime();
        if (now - notBeforeNanos < 0) {
            return false;
        }
        notBeforeNanos = now + LOOK_INTERVAL_NANOS;
        EngineOptions options = state.options();
        if (log.statistics().bytesSinceAnchor() > options.checkpointLogBytes()) {
            return true;
        }
        long dirtyBytes = (long) state.hotTrees().dirtyFrames() * state.file().pageSize();
        long dirtyBytesMax = Math.min(options.dirtyBytesMax(),
                (long) state.frames().frameCountMax() * state.file().pageSize() / 2);
        if (dirtyBytes > dirtyBytesMax) {
            return true;
        }
        return now - lastNanos > options.checkpointIntervalNanos() && state.visible().appliedHorizon() > lastCsn;
    }

    @Override
    public String roleName() {
        return "nexuslite-checkpoint";
    }

    private static final class Log {
        static final Logger LOGGER = LoggerFactory.getLogger(CheckpointTrigger.class);
    }
}
