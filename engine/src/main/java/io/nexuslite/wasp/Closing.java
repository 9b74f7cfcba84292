package io.nexuslite.wasp;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.MemoryBudgetExceededException;
import io.nexuslite.error.StorageFullException;
import io.nexuslite.wasp.log.WaspLog;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends an opening: the file becomes everything, the log goes, the lock is let go. No transaction is under way any more. */
final class Closing {
    private final EngineState state;

    Closing(EngineState state) {
        this.state = state;
    }

    /** Closes cleanly; a poisoned opening, or one that finds the disk full or a page damaged, leaves its log for the next. */
    void run() {
        try {
            if (state.log() != null && !state.poison().isSet()) {
                finish();
            }
        } finally {
            release();
        }
    }

    private void finish() {
        try {
            state.checkpointer().runFinal();
        } catch (StorageFullException | MemoryBudgetExceededException | CorruptionException kept) {
            Log.LOGGER.warn("closed with its log left: file={}, why={}", state.file().path(), kept.getMessage());
            return;
        }
        removeLog(state);
        state.file().eraseOwner();
    }

    /** Takes the log away, once two CLEAN slots are durable. */
    static void removeLog(EngineState state) {
        Path log = EngineFiles.log(state.file().path());
        WaspLog open = state.log();
        if (open != null) {
            open.close();
        }
        state.host().files().unlink(log);
        state.host().files().syncDirectory(EngineFiles.directory(state.file().path()));
    }

    /** Closes the files and nothing more. */
    void release() {
        try {
            if (state.log() != null) {
                state.log().close();
            }
        } finally {
            state.file().close();
        }
    }

    private static final class Log {
        static final Logger LOGGER = LoggerFactory.getLogger(Closing.class);
    }
}
