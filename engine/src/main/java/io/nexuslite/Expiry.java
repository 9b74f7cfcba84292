package io.nexuslite;

import io.nexuslite.store.RecordMeta;
import java.time.Duration;
import java.time.Instant;

/** When documents expire, in milliseconds since 1970 UTC. A document is expired from that very millisecond on. */
final class Expiry {
    static final long NONE = RecordMeta.NO_EXPIRY;
    /** Far enough for everybody, and far from overflow. */
    private static final long MILLIS_MAX = Long.MAX_VALUE / 4;

    private Expiry() {
    }

    static boolean isExpired(long expiryMillis, long nowMillis) {
        return expiryMillis != NONE && expiryMillis <= nowMillis;
    }

    static void checked(Instant expiry) {
        long millis = expiry.toEpochMilli();
        if (millis <= 0 || millis > MILLIS_MAX) {
            throw new IllegalArgumentException("Expiry must lie after 1970, found " + expiry);
        }
    }

    static void checked(Duration timeToLive) {
        if (timeToLive.isNegative() || timeToLive.isZero() || timeToLive.toMillis() > MILLIS_MAX) {
            throw new IllegalArgumentException("Time to live must be positive, found " + timeToLive);
        }
    }

    static long millis(Instant expiry, Duration timeToLive, long nowMillis) {
        if (expiry != null) {
            return expiry.toEpochMilli();
        }
        return timeToLive == null ? NONE : nowMillis + Math.max(1, timeToLive.toMillis());
    }
}
