package io.nexuslite.cache;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** Events for Java Flight Recorder, of what happens seldom or takes long; never one for each lookup or put. */
final class CacheEvents {
    /** An eviction cycle is told from so many entries on; below, it is the work of one put. */
    static final int EVICTION_ENTRIES_MIN = 16;
    /** A load is told from so many nanoseconds on. */
    static final long SLOW_LOAD_NANOS = 10_000_000;

    private CacheEvents() {
    }

    @Name("nexuslite.CacheEviction")
    @Label("Cache Eviction")
    @Category({"NexusLite", "Cache"})
    @Description("A batch of evictions, of 16 entries or more")
    @StackTrace(false)
    static final class Eviction extends Event {
        @Label("Entries")
        int entries;
        @Label("Duration of the Batch")
        @Timespan
        long nanos;
    }

    @Name("nexuslite.CacheSweep")
    @Label("Cache Sweep")
    @Category({"NexusLite", "Cache"})
    @Description("A portion of a sweep for expired entries")
    @StackTrace(false)
    static final class Sweep extends Event {
        @Label("Expired Entries")
        int expired;
        @Label("Buckets Looked At")
        int buckets;
    }

    @Name("nexuslite.CacheSlowLoad")
    @Label("Slow Cache Load")
    @Category({"NexusLite", "Cache"})
    @Description("A loader that took 10 ms or more")
    static final class SlowLoad extends Event {
        @Label("Duration of the Load")
        @Timespan
        long nanos;
        @Label("Loaded")
        boolean loaded;
    }
}
