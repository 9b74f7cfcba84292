package io.nexuslite.wasp;

import io.nexuslite.error.SnapshotTooOldException;
import io.nexuslite.store.Snapshot;
import java.util.concurrent.atomic.AtomicBoolean;

/** A registered commit number with its owner's name. Any thread. */
final class WaspSnapshot implements Snapshot {
    private final SnapshotRegistry registry;
    private final Registration registration;
    private final String owner;
    private final long startMillis;
    private final AtomicBoolean closed = new AtomicBoolean();

    WaspSnapshot(SnapshotRegistry registry, String owner, long startMillis) {
        this.registry = registry;
        this.owner = owner;
        this.startMillis = startMillis;
        registration = new Registration(() -> new SnapshotTooOldException(owner, csn()));
        registry.register(registration);
    }

    /** What tells after each read whether the snapshot was ended because memory was needed. */
    Registration registration() {
        return registration;
    }

    @Override
    public long csn() {
        return registration.csn();
    }

    @Override
    public String owner() {
        return owner;
    }

    @Override
    public long startMillis() {
        return startMillis;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            registry.end(registration);
        }
    }
}
