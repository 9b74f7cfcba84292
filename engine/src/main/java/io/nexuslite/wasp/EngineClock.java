package io.nexuslite.wasp;

import io.nexuslite.io.Host;
import java.util.concurrent.atomic.AtomicLong;

/** The wall clock, except that it never goes back: not below what it has shown, nor below what the files have seen. Any thread. */
final class EngineClock {
    private final Host host;
    private final AtomicLong floorMillis = new AtomicLong();

    EngineClock(Host host, long floorMillis) {
        this.host = host;
        this.floorMillis.set(floorMillis);
    }

    /** Milliseconds since 1970 UTC. */
    long millis() {
        long now = host.wallMillis();
        long floor = floorMillis.get();
        while (now > floor && !floorMillis.compareAndSet(floor, now)) {
            floor = floorMillis.get();
        }
        return Math.max(now, floor);
    }

    /** Never shows less than {@code millis} from now on. */
    void raise(long millis) {
        floorMillis.accumulateAndGet(millis, Math::max);
    }
}
