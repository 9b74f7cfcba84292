package io.nexuslite;

import io.nexuslite.io.FileSystem;
import io.nexuslite.io.Host;
import java.lang.foreign.MemorySegment;
import java.time.InstantSource;

/** A machine whose wall clock is the caller's. */
final class ClockedHost implements Host {
    private final Host host;
    private final InstantSource clock;

    ClockedHost(Host host, InstantSource clock) {
        this.host = host;
        this.clock = clock;
    }

    @Override
    public FileSystem files() {
        return host.files();
    }

    @Override
    public long wallMillis() {
        return clock.millis();
    }

    @Override
    public long nanoTime() {
        return host.nanoTime();
    }

    @Override
    public void entropy(MemorySegment target, long offset, int length) {
        host.entropy(target, offset, length);
    }

    @Override
    public long processId() {
        return host.processId();
    }

    @Override
    public String hostName() {
        return host.hostName();
    }
}
