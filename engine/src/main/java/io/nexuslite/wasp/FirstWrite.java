package io.nexuslite.wasp;

import io.nexuslite.error.StorageFullException;
import io.nexuslite.memory.NativeBuffer;
import io.nexuslite.wasp.log.Anchor;
import io.nexuslite.wasp.log.WaspLog;
import io.nexuslite.wasp.space.Manifest;
import java.lang.foreign.ValueLayout;

/**
 * Begins an incarnation: what the first write of an opening does before it may commit. The caller keeps other writers out.
 *
 * <p>The log is created whole under a temporary name, flushed, named, and the directory flushed; then a LOG slot that names its
 * generation is flushed. A crash before that leaves a CLEAN slot with a log that holds nothing.
 */
final class FirstWrite {
    private final EngineState state;

    FirstWrite(EngineState state) {
        this.state = state;
    }

    void run() {
        state.loadSpace();
        if (!state.space().refillReserve()) {
            throw new StorageFullException("allocate", 0, state.file().path().toString(), -1,
                    "no room for the reserve of "
                            + state.options().reserveBytesMin() + " bytes that writing needs");
        }
        try {
            if (!EngineLie.RESERVE_UNFLUSHED.isTold()) {
                state.file().sync(); // the reserve, before a slot tells of it
            }
            start(createLog());
        } catch (StorageFullException full) {
            throw full; // before the log has its name: nothing has changed
        } catch (Throwable failure) {
            state.poison().set(failure);
            throw failure;
        }
    }

    private WaspLog createLog() {
        return WaspLog.create(state.host(), EngineFiles.log(state.file().path()), state.file().identity().uuid(),
                randomGeneration(), state.visible().appliedHorizon(), state.options().log(), state.budget(),
                state.poison());
    }

    /** The log has its name: whatever fails from now on, a full disk too, leaves a slot that nobody knows. */
    private void start(WaspLog log) {
        Manifest last = state.manifests().newest();
        Anchor anchor = log.firstAnchor();
        try {
            state.manifests()
                    .write(last.next(false).withIncarnation(last.incarnation() + 1, anchor, state.space().reservePage(),
                            state.space().reservePages(), state.space().map().filePages()));
            state.file().sync();
            log.manifestFlipped(state.manifests().newest().number(), anchor);
        } catch (Throwable failure) {
            state.poison().set(failure);
            log.close();
            throw failure;
        }
        state.startLog(log, last.incarnation() + 1);
    }

    private long randomGeneration() {
        try (NativeBuffer bytes = new NativeBuffer(Long.BYTES)) {
            state.host().entropy(bytes.memory(), 0, Long.BYTES);
            return bytes.memory().get(ValueLayout.JAVA_LONG_UNALIGNED, 0) | 1; // 0 is no generation
        }
    }
}
