package io.nexuslite.cache;

import io.nexuslite.io.Hosts;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * How a cache is opened; immutable. All but the clock can be changed while the cache runs.
 *
 * @param capacityBytes most bytes of native memory, {@value #CAPACITY_BYTES_MIN} or more: keys, values, headers, index and free space
 * @param capacityEntries most entries, 1 or more
 * @param mode what a full cache gives up
 * @param maxSamples entries looked at to choose one to evict, 1 to {@value #SAMPLES_MAX}; more come closer to the true order of use
 * @param batchSize most entries that one thread evicts before it lets another be the evictor, 1 to {@value #BATCH_SIZE_MAX}
 * @param sweepIntervalMillis pause between two sweeps of the daemon thread; 0 for no thread
 * @param clock wall clock in milliseconds, called by any thread; the cache takes no step back with it
 */
public record CacheOptions(long capacityBytes, long capacityEntries, EvictionMode mode, int maxSamples,
        int batchSize, long sweepIntervalMillis, LongSupplier clock) {
    /** Least capacity: below it, slabs of different sizes have no room beside each other. */
    public static final long CAPACITY_BYTES_MIN = 1 << 20;

    /** Most samples. */
    public static final int SAMPLES_MAX = 64;

    /** Largest batch. */
    public static final int BATCH_SIZE_MAX = 1 << 16;

    /** Checks the ranges. */
    public CacheOptions {
        requireCapacityBytes(capacityBytes);
        requireCapacityEntries(capacityEntries);
        Objects.requireNonNull(mode, "mode");
        requireMaxSamples(maxSamples);
        requireBatchSize(batchSize);
        requireSweepInterval(sweepIntervalMillis);
        Objects.requireNonNull(clock, "clock");
    }

    /** {@code TTL_FIRST}, five samples, batches of 64, any number of entries, no sweeper thread, the machine's clock. */
    public static CacheOptions ofCapacity(long capacityBytes) {
        return new CacheOptions(capacityBytes, Long.MAX_VALUE, EvictionMode.TTL_FIRST, 5, 64, 0,
                Hosts.platform()::wallMillis);
    }

    public CacheOptions withCapacityEntries(long entries) {
        return new CacheOptions(capacityBytes, entries, mode, maxSamples, batchSize, sweepIntervalMillis, clock);
    }

    public CacheOptions withMode(EvictionMode newMode) {
        return new CacheOptions(capacityBytes, capacityEntries, newMode, maxSamples, batchSize, sweepIntervalMillis, clock);
    }

    public CacheOptions withMaxSamples(int samples) {
        return new CacheOptions(capacityBytes, capacityEntries, mode, samples, batchSize, sweepIntervalMillis, clock);
    }

    public CacheOptions withBatchSize(int entries) {
        return new CacheOptions(capacityBytes, capacityEntries, mode, maxSamples, entries, sweepIntervalMillis, clock);
    }

    public CacheOptions withSweepIntervalMillis(long millis) {
        return new CacheOptions(capacityBytes, capacityEntries, mode, maxSamples, batchSize, millis, clock);
    }

    public CacheOptions withClock(LongSupplier newClock) {
        return new CacheOptions(capacityBytes, capacityEntries, mode, maxSamples, batchSize, sweepIntervalMillis,
                newClock);
    }

    static void requireCapacityBytes(long bytes) {
        require(bytes >= CAPACITY_BYTES_MIN, "capacityBytes", CAPACITY_BYTES_MIN + " or more", bytes);
    }

    static void requireCapacityEntries(long entries) {
        require(entries >= 1, "capacityEntries", "1 or more", entries);
    }

    static void requireMaxSamples(int samples) {
        require(samples >= 1 && samples <= SAMPLES_MAX, "maxSamples", "1 to " + SAMPLES_MAX, samples);
    }

    static void requireBatchSize(int entries) {
        require(entries >= 1 && entries <= BATCH_SIZE_MAX, "batchSize", "1 to " + BATCH_SIZE_MAX, entries);
    }

    static void requireSweepInterval(long millis) {
        require(millis >= 0, "sweepIntervalMillis", "0 or more", millis);
    }

    private static void require(boolean holds, String name, String expected, long found) {
        if (!holds) {
            throw new IllegalArgumentException("Bad " + name + ": expected " + expected + ", found " + found + ".");
        }
    }
}
