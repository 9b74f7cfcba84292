package io.nexuslite.cache;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A wall clock that never goes back: what has expired stays so. Any thread. */
final class CacheClock {
    private final LongSupplier source;
    private final AtomicLong floorMillis = new AtomicLong(Long.MIN_VALUE);

    CacheClock(LongSupplier source) {
        this.source = source;
    }

    long millis() {
        long now = source.getAsLong();
        long floor = floorMillis.get();
        while (now > floor && !floorMillis.compareAndSet(floor, now)) {
            floor = floorMillis.get();
        }
        return Math.max(now, floor);
    }

    /** {@code millis} from {@code now} on, or {@link CacheCell#NEVER} where that is beyond time. */
    static long after(long now, long millis) {
        long end = now + millis;
        return end < now ? CacheCell.NEVER : end;
    }
}
