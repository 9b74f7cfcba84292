package io.nexuslite.wasp;

import java.lang.invoke.VarHandle;
import java.util.function.Supplier;

/**
 * A commit number at which its owner reads, while it is registered ({@link SnapshotRegistry}); used again by a session for its next
 * transaction.
 *
 * <p><b>State.</b> {@code csn}, written before the registration; {@code ended}: memory was needed, and what the number shows may be gone.
 * <p><b>Ordering.</b> {@code ended} is set before the number leaves the registry, and with it before any record is given up; the owner looks at it
 * <em>after</em> each read, so that an answer that missed such a record is never given.
 */
final class Registration {
    private final Supplier<RuntimeException> whenEnded;
    private long csn;
    private boolean registered; // guarded by the registry
    private volatile boolean ended;

    /** @param whenEnded makes what to throw at the owner of a registration that was ended for memory */
    Registration(Supplier<RuntimeException> whenEnded) {
        this.whenEnded = whenEnded;
    }

    long csn() {
        return csn;
    }

    /** Called after each read, before its answer is given; throws if the registration was ended meanwhile. */
    void requireAlive() {
        VarHandle.acquireFence(); // the loads of the read stay above
        if (ended) {
            throw whenEnded.get();
        }
    }

    /** What to throw for a failure of a read: if the registration was ended, that explains it, since what the read followed may be gone. */
    RuntimeException explain(RuntimeException failure) {
        VarHandle.acquireFence();
        if (!ended) {
            return failure;
        }
        RuntimeException explained = whenEnded.get();
        if (explained.getClass() == failure.getClass()) {
            return failure;
        }
        explained.addSuppressed(failure);
        return explained;
    }

    // ---- by the registry, under its monitor

    void begin(long at) {
        csn = at;
        ended = false;
        registered = true;
    }

    boolean isRegistered() {
        return registered;
    }

    void end(boolean forMemory) {
        ended = forMemory;
        registered = false;
    }
}
