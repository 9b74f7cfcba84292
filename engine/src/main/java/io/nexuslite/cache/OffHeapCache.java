package io.nexuslite.cache;

import io.nexuslite.error.DatabaseClosedException;
import io.nexuslite.io.Host;
import io.nexuslite.io.Hosts;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A cache of byte strings in native memory: lookups take no lock and make no garbage, entries expire, and a full cache gives up what was used longest
 * ago.
 *
 * <p>All methods may be called by any thread at any time, virtual ones too, save {@link #close}. Keys and values are copied in and out; keys have
 * 0 to {@value CacheCell#KEY_MAX} bytes. An expired entry is invisible from its instant on, whether or not it was taken out yet. Memory that is passed in is borrowed for the call.
 *
 * <p>Any method but {@code close} throws {@link DatabaseClosedException} on a closed cache, {@link NullPointerException} for null, and
 * {@link IndexOutOfBoundsException} for a range outside of its memory.
 */
public final class OffHeapCache implements AutoCloseable {
    /** No live entry has the key. */
    public static final int NOT_FOUND = -1;

    /** {@link #remainingMillis} of an entry that does not expire. */
    public static final long NEVER = CacheCell.NEVER;

    private final CacheCore core;
    private final Sweeper sweeper;
    private final AtomicBoolean closed = new AtomicBoolean();

    private OffHeapCache(CacheOptions options) {
        Host host = Hosts.platform();
        core = new CacheCore(options, host);
        sweeper = new Sweeper(core, host);
        sweeper.setIntervalMillis(options.sweepIntervalMillis());
    }

    /** Opens an empty cache. The caller closes it. */
    public static OffHeapCache open(CacheOptions options) {
        return new OffHeapCache(Objects.requireNonNull(options, "options"));
    }

    // ---- lookups

    /**
     * Copies the value of a key to {@code target}, if it fits into {@code targetLength} bytes, and counts as a use of it. Allocates nothing.
     *
     * @return the value's length in bytes; if it is more than {@code targetLength}, nothing was copied; {@link #NOT_FOUND} if there is none
     */
    public int get(MemorySegment key, long keyOffset, int keyLength, MemorySegment target, long targetOffset,
            int targetLength) {
        requireOpen();
        Objects.checkFromIndexSize(keyOffset, keyLength, key.byteSize());
        Objects.checkFromIndexSize(targetOffset, targetLength, target.byteSize());
        return (int) core.get(key, keyOffset, keyLength, target, targetOffset, targetLength);
    }

    /** As {@link #get(MemorySegment, long, int, MemorySegment, long, int)}, with whole segments. */
    public int get(MemorySegment key, MemorySegment target) {
        return get(key, 0, lengthOf(key), target, 0, (int) Math.min(target.byteSize(), Integer.MAX_VALUE));
    }

    /** As {@link #get(MemorySegment, long, int, MemorySegment, long, int)}, from one array to another. */
    public int get(byte[] key, byte[] target) {
        return get(MemorySegment.ofArray(key), MemorySegment.ofArray(target));
    }

    /** A copy of the value of a key, or {@code null}. Counts as a use. */
    public byte[] get(byte[] key) {
        requireOpen();
        return core.get(MemorySegment.ofArray(key));
    }

    /** Whether the key has a live entry. Neither a use nor counted as hit or miss. */
    public boolean contains(MemorySegment key, long keyOffset, int keyLength) {
        return remainingMillis(key, keyOffset, keyLength) != NOT_FOUND;
    }

    /** As {@link #contains(MemorySegment, long, int)}. */
    public boolean contains(byte[] key) {
        return contains(MemorySegment.ofArray(key), 0, key.length);
    }

    /** Milliseconds until the entry expires, {@link #NEVER}, or {@link #NOT_FOUND}. Neither a use nor counted. */
    public long remainingMillis(MemorySegment key, long keyOffset, int keyLength) {
        requireOpen();
        Objects.checkFromIndexSize(keyOffset, keyLength, key.byteSize());
        return core.remainingMillis(key, keyOffset, keyLength);
    }

    /** As {@link #remainingMillis(MemorySegment, long, int)}. */
    public long remainingMillis(byte[] key) {
        return remainingMillis(MemorySegment.ofArray(key), 0, key.length);
    }

    /**
     * Uses an entry without reading it: an expiry that slides begins anew.
     *
     * @param ttlMillis if more than 0, the entry expires after so many milliseconds from now, until a use lets it slide again; 0 keeps its expiry
     * @return false if there is no live entry
     */
    public boolean touch(MemorySegment key, long keyOffset, int keyLength, long ttlMillis) {
        requireOpen();
        Objects.checkFromIndexSize(keyOffset, keyLength, key.byteSize());
        requireTtl(ttlMillis);
        return core.touch(key, keyOffset, keyLength, ttlMillis);
    }

    /** As {@link #touch(MemorySegment, long, int, long)} with 0. */
    public boolean touch(byte[] key) {
        return touch(key, 0);
    }

    /** As {@link #touch(MemorySegment, long, int, long)}. */
    public boolean touch(byte[] key, long ttlMillis) {
        return touch(MemorySegment.ofArray(key), 0, key.length, ttlMillis);
    }

    // ---- changes

    /**
     * Puts a value.
     *
     * @param ttlMillis milliseconds after which it expires; 0 for never
     * @param sliding whether each use begins its time anew
     * @return {@code ADMITTED}, {@code REPLACED}, or {@code REFUSED}: the entry is longer than 32 MiB or an eighth of the capacity, or the key than
     *     {@value CacheCell#KEY_MAX} bytes, or no
     *     memory could be freed for it, or the mode evicts expired entries only and there was none
     */
    public PutResult put(MemorySegment key, long keyOffset, int keyLength, MemorySegment value, long valueOffset,
            int valueLength, long ttlMillis, boolean sliding) {
        return put(key, keyOffset, keyLength, value, valueOffset, valueLength, ttlMillis, sliding, false);
    }

    /** As the long form, with whole segments, for ever. */
    public PutResult put(MemorySegment key, MemorySegment value) {
        return put(key, 0, lengthOf(key), value, 0, lengthOf(value), 0, false, false);
    }

    /** As the long form, for ever. */
    public PutResult put(byte[] key, byte[] value) {
        return put(key, value, 0, false);
    }

    /** As the long form. */
    public PutResult put(byte[] key, byte[] value, long ttlMillis, boolean sliding) {
        return put(MemorySegment.ofArray(key), 0, key.length, MemorySegment.ofArray(value), 0, value.length, ttlMillis,
                sliding, false);
    }

    /** As {@code put}, unless the key has a live entry: then {@code PRESENT}, and nothing is changed. */
    public PutResult putIfAbsent(MemorySegment key, long keyOffset, int keyLength, MemorySegment value,
            long valueOffset, int valueLength, long ttlMillis, boolean sliding) {
        return put(key, keyOffset, keyLength, value, valueOffset, valueLength, ttlMillis, sliding, true);
    }

    /** As the long form, for ever. */
    public PutResult putIfAbsent(byte[] key, byte[] value) {
        return putIfAbsent(key, value, 0, false);
    }

    /** As the long form. */
    public PutResult putIfAbsent(byte[] key, byte[] value, long ttlMillis, boolean sliding) {
        return put(MemorySegment.ofArray(key), 0, key.length, MemorySegment.ofArray(value), 0, value.length, ttlMillis,
                sliding, true);
    }

    private PutResult put(MemorySegment key, long keyOffset, int keyLength, MemorySegment value, long valueOffset,
            int valueLength, long ttlMillis, boolean sliding, boolean onlyIfAbsent) {
        requireOpen();
        Objects.checkFromIndexSize(keyOffset, keyLength, key.byteSize());
        Objects.checkFromIndexSize(valueOffset, valueLength, value.byteSize());
        requireTtl(ttlMillis);
        return core.put(key, keyOffset, keyLength, value, valueOffset, valueLength, ttlMillis, sliding, onlyIfAbsent);
    }

    /** Takes an entry out; false if the key had no live one. */
    public boolean remove(MemorySegment key, long keyOffset, int keyLength) {
        requireOpen();
        Objects.checkFromIndexSize(keyOffset, keyLength, key.byteSize());
        return core.remove(key, keyOffset, keyLength);
    }

    /** As {@link #remove(MemorySegment, long, int)}. */
    public boolean remove(byte[] key) {
        return remove(MemorySegment.ofArray(key), 0, key.length);
    }

    /** Takes out all entries that were there when the call began. Its memory stays with the cache. */
    public void clear() {
        requireOpen();
        core.clear();
    }

    // ---- upkeep

    /** Takes out all entries that are expired at this moment; returns how many. As long as the cache is large. */
    public long purge() {
        requireOpen();
        return sweeper.purge();
    }

    /** Takes expired entries out for about 500 µs, going on where the last sweep stopped, and frees memory. Returns how many. */
    public int sweep() {
        requireOpen();
        return sweeper.sweep();
    }

    /** Entries, expired ones that were not taken out yet included. Exact when nobody changes the cache. */
    public long size() {
        requireOpen();
        return core.entries();
    }

    public CacheStatistics statistics() {
        requireOpen();
        return core.statistics();
    }

    // ---- settings

    public EvictionMode mode() {
        return core.mode();
    }

    public void setMode(EvictionMode mode) {
        requireOpen();
        core.setMode(Objects.requireNonNull(mode, "mode"));
    }

    public int maxSamples() {
        return core.maxSamples();
    }

    /** See {@link CacheOptions#maxSamples}. */
    public void setMaxSamples(int samples) {
        requireOpen();
        CacheOptions.requireMaxSamples(samples);
        core.setMaxSamples(samples);
    }

    public int batchSize() {
        return core.batchSize();
    }

    /** See {@link CacheOptions#batchSize}. */
    public void setBatchSize(int entries) {
        requireOpen();
        CacheOptions.requireBatchSize(entries);
        core.setBatchSize(entries);
    }

    /**
     * Changes the capacity. Less evicts at once, as the mode allows; native memory that was reserved already is used again for entries, and
     * goes back to the machine with {@link #close}.
     */
    public void setCapacityBytes(long bytes) {
        requireOpen();
        CacheOptions.requireCapacityBytes(bytes);
        core.setCapacityBytes(bytes);
    }

    /** Changes the most entries. Less evicts at once, as the mode allows. */
    public void setCapacityEntries(long entries) {
        requireOpen();
        CacheOptions.requireCapacityEntries(entries);
        core.setCapacityEntries(entries);
    }

    public long sweepIntervalMillis() {
        return sweeper.intervalMillis();
    }

    /** Starts, paces or, with 0, ends the daemon thread that sweeps. */
    public void setSweepIntervalMillis(long millis) {
        requireOpen();
        CacheOptions.requireSweepInterval(millis);
        sweeper.setIntervalMillis(millis);
    }

    /** Ends the daemon and frees all memory; idempotent. No other thread uses the cache any more. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            sweeper.close();
            core.close();
        }
    }

    CacheCore core() {
        return core;
    }

    private void requireOpen() {
        if (closed.getAcquire()) {
            throw new DatabaseClosedException("cache");
        }
    }

    private static void requireTtl(long ttlMillis) {
        if (ttlMillis < 0) {
            throw new IllegalArgumentException("Bad ttlMillis: expected 0 or more, found " + ttlMillis + ".");
        }
    }

    private static int lengthOf(MemorySegment memory) {
        return Math.toIntExact(memory.byteSize());
    }
}
