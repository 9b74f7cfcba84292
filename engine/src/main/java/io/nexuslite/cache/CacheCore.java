package io.nexuslite.cache;

import io.nexuslite.io.Host;
import io.nexuslite.memory.Epochs;
import io.nexuslite.memory.HorizonSource;
import io.nexuslite.memory.MemoryBudget;
import io.nexuslite.memory.MemoryUse;
import io.nexuslite.memory.NativeBuffer;
import io.nexuslite.memory.Reclaimer;
import io.nexuslite.memory.SlabAllocator;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;

/**
 * What get, put and remove do with index, cells, epochs and capacity. Arguments are checked by {@link OffHeapCache}.
 *
 * <p><b>State.</b> {@link CacheIndex}; cells ({@link CacheCell}); {@link CacheCounters}; {@code uses}, a count of puts that stands for time in access stamps
 * (opaque; two puts may give the same); settings, volatile.
 * <p><b>Invariants.</b> (I16) {@link #discard} is called once for each word, by who took it out of the index. (I17) Entries and bytes are counted before
 * they are published, and the capacity is looked at afterwards ({@link Evictor}).
 * <p><b>Ordering.</b> A cell is filled with plain stores; its word is published with release under the bucket's lock.
 * <p><b>Progress.</b> Lookups wait for nobody but the holder of one bucket, for a few dozen stores. The memory of callers, which they may close at any time, and
 * their clock are never touched under a lock.
 * <p><b>Reclamation.</b> Cells come back two epochs after {@code discard}; who allocates, or sweeps, moves the epochs on. A cell's access stamp and
 * expiry are written inside the pin that found it.
 * <p><b>Proof.</b> {@code CacheIndexStress}; {@code OffHeapCacheStressTest} with values that carry their key and a checksum.
 */
final class CacheCore implements AutoCloseable {
    private static final VarHandle USES = usesHandle();
    private static final int CHUNK_BUCKETS = 1024;
    private static final int FIRST_BUCKETS = 64;
    private static final int EPOCH_STRIPES = 16;
    private static final int SPLITS_PER_PUT = 2;
    private static final int COLLECT_MASK = 31; // every 32nd put
    private static final int ENTRIES_WORTH_A_CHUNK = 6; // to a bucket of seven
    private static final int LENGTH_MAX = 32 << 20;
    private static final int LARGEST_SHIFT = 3; // an entry may take an eighth of the capacity

    private final Host host;
    private final MemoryBudget budget;
    private final SlabAllocator slabs;
    private final Epochs epochs;
    private final CacheIndex index;
    private final CacheMemory memory;
    private final CacheCounters counters = new CacheCounters();
    private final RemovalEvents events = new RemovalEvents();
    private final CacheClock clock;
    private final Evictor evictor;
    private final long hashSeed;
    private final Reclaimer freesCell = this::freeCell;
    private volatile long capacityEntries;
    private volatile int maxSamples;
    private volatile int batchSize;
    private volatile EvictionMode mode = EvictionMode.TTL_FIRST;
    private volatile FrequencySketch sketch; // written under this
    @SuppressWarnings("unused") // by USES
    private long uses;

    CacheCore(CacheOptions options, Host host) {
        this.host = host;
        capacityEntries = options.capacityEntries();
        maxSamples = options.maxSamples();
        batchSize = options.batchSize();
        clock = new CacheClock(options.clock());
        budget = new MemoryBudget(options.capacityBytes());
        slabs = new SlabAllocator(budget, MemoryUse.CACHE);
        epochs = new Epochs(NoHorizon.INSTANCE, EPOCH_STRIPES);
        index = new CacheIndex(new SlabMemory(slabs, epochs), CHUNK_BUCKETS, FIRST_BUCKETS);
        try (NativeBuffer random = new NativeBuffer(Long.BYTES)) {
            host.entropy(random.memory(), 0, Long.BYTES);
            hashSeed = random.memory().get(ValueLayout.JAVA_LONG, 0);
        }
        memory = new CacheMemory(this, budget, slabs, epochs, hashSeed);
        evictor = new Evictor(this, epochs, host, hashSeed);
        setMode(options.mode());
    }

    // ---- lookups

    /** Length of the value, which is copied if it fits, or -1. */
    long get(MemorySegment key, long keyOffset, int keyLength, MemorySegment target, long targetOffset, long room) {
        long hash = KeyHash.of(key, keyOffset, keyLength, hashSeed);
        int token = epochs.pinShared();
        try {
            long word = findLive(hash, key, keyOffset, keyLength, true);
            if (word == CacheIndex.NONE) {
                return OffHeapCache.NOT_FOUND;
            }
            int length = CacheCell.valueLength(memory(word), cell(word));
            if (length <= room) {
                copyValue(word, target, targetOffset, length);
            }
            return length;
        } finally {
            epochs.unpinShared(token);
        }
    }

    /** A copy of the value, or {@code null}. */
    byte[] get(MemorySegment key, boolean used) {
        long hash = KeyHash.of(key, 0, (int) key.byteSize(), hashSeed);
        int token = epochs.pinShared();
        try {
            int length = (int) key.byteSize();
            long word = used ? findLive(hash, key, 0, length, true) : index.find(hash, key, 0, length);
            if (word == CacheIndex.NONE || !used && isExpired(word, clock.millis())) {
                return null;
            }
            return value(word);
        } finally {
            epochs.unpinShared(token);
        }
    }

    private void copyValue(long word, MemorySegment target, long targetOffset, int length) {
        MemorySegment cells = memory(word);
        long cell = cell(word);
        int keyLength = CacheCell.keyLength(cells, cell);
        if (CacheCell.isChained(keyLength + length)) {
            memory.copyOut(CacheIndex.handle(word), keyLength + length, keyLength, target, targetOffset, length);
        } else {
            MemorySegment.copy(cells, cell + CacheCell.HEADER_SIZE + keyLength, target, targetOffset, length);
        }
    }

    /** Milliseconds until the key's entry expires, {@link CacheCell#NEVER}, or -1 if it is not there. Counts as no use. */
    long remainingMillis(MemorySegment key, long keyOffset, int keyLength) {
        long hash = KeyHash.of(key, keyOffset, keyLength, hashSeed);
        int token = epochs.pinShared();
        try {
            long word = index.find(hash, key, keyOffset, keyLength);
            if (word == CacheIndex.NONE) {
                return OffHeapCache.NOT_FOUND;
            }
            long expiry = CacheCell.expiryOpaque(memory(word), cell(word));
            if (expiry == CacheCell.NEVER) {
                return CacheCell.NEVER;
            }
            long now = clock.millis();
            return expiry > now ? expiry - now : OffHeapCache.NOT_FOUND;
        } finally {
            epochs.unpinShared(token);
        }
    }

    /** Uses an entry without reading it; {@code ttlMillis} 0 keeps an expiry that does not slide. False if it is not there. */
    boolean touch(MemorySegment key, long keyOffset, int keyLength, long ttlMillis) {
        long hash = KeyHash.of(key, keyOffset, keyLength, hashSeed);
        int token = epochs.pinShared();
        try {
            long word = findLive(hash, key, keyOffset, keyLength, false);
            if (word == CacheIndex.NONE) {
                return false;
            }
            if (ttlMillis > 0) {
                CacheCell.putExpiryOpaque(memory(word), cell(word), CacheClock.after(clock.millis(), ttlMillis));
            }
            return true;
        } finally {
            epochs.unpinShared(token);
        }
    }

    /** The key's word if it lives, marked as used, its expiry moved if that slides. Inside a pin. */
    private long findLive(long hash, MemorySegment key, long keyOffset, int keyLength, boolean counted) {
        long word = index.find(hash, key, keyOffset, keyLength);
        boolean found = word != CacheIndex.NONE && use(hash, word);
        if (counted) {
            counters.add(found ? CacheCounters.HITS : CacheCounters.MISSES, 1);
        }
        return found ? word : CacheIndex.NONE;
    }

    private boolean use(long hash, long word) {
        MemorySegment memory = memory(word);
        long cell = cell(word);
        long expiry = CacheCell.expiryOpaque(memory, cell);
        if (expiry != CacheCell.NEVER) {
            long now = clock.millis();
            if (expiry <= now) {
                takeExpired(hash, word, now, CacheCounters.EXPIRED, true);
                return false;
            }
            long sliding = CacheCell.slidingMillis(memory, cell);
            if (sliding > 0 && expiry != CacheClock.after(now, sliding)) {
                CacheCell.putExpiryOpaque(memory, cell, CacheClock.after(now, sliding));
            }
        }
        CacheCell.putAccessStampOpaque(memory, cell, (long) USES.getOpaque(this));
        if (mode == EvictionMode.HYBRID) {
            FrequencySketch seen = sketch;
            if (seen != null) {
                seen.add(hash);
            }
        }
        return true;
    }

    // ---- puts

    PutResult put(MemorySegment key, long keyOffset, int keyLength, MemorySegment value, long valueOffset,
            int valueLength, long ttlMillis, boolean sliding, boolean onlyIfAbsent) {
        if (onlyIfAbsent && remainingMillis(key, keyOffset, keyLength) != OffHeapCache.NOT_FOUND) {
            return PutResult.PRESENT;
        }
        long length = (long) keyLength + valueLength;
        long now = clock.millis();
        long hash = KeyHash.of(key, keyOffset, keyLength, hashSeed);
        if (!admits(hash, key, keyOffset, keyLength, length, now)) {
            counters.add(CacheCounters.REFUSED, 1);
            counters.add(CacheCounters.REFUSED_RARE, 1);
            return PutResult.REFUSED;
        }
        long handle = length > lengthMax() || keyLength > CacheCell.KEY_MAX
                ? SlabAllocator.NOT_FOUND
                : memory.allocate(hash, (int) length, now);
        if (handle == SlabAllocator.NOT_FOUND) {
            counters.add(CacheCounters.REFUSED, 1);
            return PutResult.REFUSED;
        }
        try {
            CacheCell.fill(slabs.memory(handle), SlabAllocator.offset(handle), hash,
                    ttlMillis == 0 ? CacheCell.NEVER : CacheClock.after(now, ttlMillis), sliding ? ttlMillis : 0,
                    nextUse(), keyLength, valueLength);
            memory.copyIn(handle, (int) length, 0, key, keyOffset, keyLength);
            memory.copyIn(handle, (int) length, keyLength, value, valueOffset, valueLength);
        } catch (Throwable failure) { // the caller's memory was closed meanwhile
            memory.free(handle, (int) length);
            throw failure;
        }
        count(handle, 1);
        boolean mayAdd = mode != EvictionMode.TTL_ONLY || evictor.findExpired(now);
        PutResult result = publish(CacheIndex.word(hash, handle), hash, now, onlyIfAbsent, mayAdd);
        if (result == PutResult.PRESENT || result == PutResult.REFUSED) {
            count(handle, -1);
            memory.free(handle, (int) length);
            if (result == PutResult.REFUSED) {
                counters.add(CacheCounters.REFUSED, 1);
            }
            return result;
        }
        counters.add(CacheCounters.PUTS, 1);
        afterPut(now);
        return result;
    }

    /** The filter of {@code HYBRID}: false for a new key of a full cache that was seen no more often than the entry that would go for it. */
    private boolean admits(long hash, MemorySegment key, long keyOffset, int keyLength, long payload, long now) {
        FrequencySketch seen = mode == EvictionMode.HYBRID ? sketch : null;
        if (seen == null) {
            return true;
        }
        seen.add(hash);
        return payload > lengthMax() || !evictor.isFullFor(CacheCell.bytes((int) payload))
                || remainingMillis(key, keyOffset, keyLength) != OffHeapCache.NOT_FOUND
                || seen.frequency(hash) > evictor.victimFrequency(seen, now);
    }

    /** The key is compared in the new cell: it is the same, and nobody can take it away under the lock. */
    private PutResult publish(long word, long hash, long now, boolean onlyIfAbsent, boolean mayAdd) {
        MemorySegment cells = memory(word);
        long cell = cell(word);
        long keyOffset = CacheCell.keyOffset(cells, cell);
        int keyLength = CacheCell.keyLength(cells, cell);
        long spare = CacheIndex.NONE;
        while (true) {
            int bucket = index.lock(hash);
            long old = index.findLocked(bucket, hash, cells, keyOffset, keyLength);
            boolean wasLive = old != CacheIndex.NONE && !isExpired(old, now);
            int inserted = CacheIndex.INSERTED;
            PutResult result = wasLive ? PutResult.REPLACED : PutResult.ADMITTED;
            if (wasLive && onlyIfAbsent) {
                result = PutResult.PRESENT;
            } else if (!mayAdd && (old == CacheIndex.NONE || cellBytes(old) < cellBytes(word))) {
                result = PutResult.REFUSED;
            } else if (old != CacheIndex.NONE) {
                index.replaceLocked(bucket, old, word);
            } else {
                inserted = index.insertLocked(bucket, word, spare);
            }
            index.unlock(bucket);
            if (inserted == CacheIndex.NEEDS_SPARE) {
                spare = memory.allocateCell(CacheIndex.BUCKET_SIZE, now);
                if (spare == BucketMemory.NOT_FOUND) {
                    return PutResult.REFUSED;
                }
                continue;
            }
            if (spare != CacheIndex.NONE && inserted != CacheIndex.INSERTED_WITH_SPARE) {
                index.freeSpare(spare);
            }
            if (old != CacheIndex.NONE && (result == PutResult.REPLACED || result == PutResult.ADMITTED)) {
                counters.add(CacheCounters.EXPIRED, wasLive ? 0 : 1);
                discard(old, wasLive ? RemovalCause.REPLACED : RemovalCause.EXPIRED);
            }
            return result;
        }
    }

    private void afterPut(long now) {
        int splits = 0;
        while (splits < SPLITS_PER_PUT && index.isCrowded(entries()) && hasRoomToGrow(now) && index.split()) {
            splits++;
        }
        evictor.evict(now);
        if (((long) USES.getOpaque(this) & COLLECT_MASK) == 0) {
            epochs.collect();
            memory.raiseCeiling();
        }
    }

    /**
     * Whether the next bucket has memory. A chunk costs a slab of entries once the limit is reached: worth it when the buckets overflow, which
     * they do after the entries became shorter.
     */
    private boolean hasRoomToGrow(long now) {
        int buckets = index.bucketCountAcquire();
        if (buckets % CHUNK_BUCKETS != 0) {
            return true;
        }
        int bytes = CHUNK_BUCKETS * CacheIndex.BUCKET_SIZE;
        return budget.limit() - budget.total() >= bytes || entries() > (long) buckets * ENTRIES_WORTH_A_CHUNK
                && ((long) USES.getOpaque(this) & COLLECT_MASK) == 0 && memory.makeRoom(bytes, now);
    }

    // ---- taking out

    boolean remove(MemorySegment key, long keyOffset, int keyLength) {
        long hash = KeyHash.of(key, keyOffset, keyLength, hashSeed);
        int token = epochs.pinShared(); // also keeps the handle from naming another entry between the two looks
        try {
            while (true) {
                long word = index.find(hash, key, keyOffset, keyLength);
                if (word == CacheIndex.NONE) {
                    return false;
                }
                boolean live = !isExpired(word, clock.millis());
                if (takeOut(index.lock(hash), word, true, live ? RemovalCause.REMOVED : RemovalCause.EXPIRED)) {
                    counters.add(live ? CacheCounters.REMOVED : CacheCounters.EXPIRED, 1);
                    return live;
                }
            }
        } finally {
            epochs.unpinShared(token);
        }
    }

    /** Takes an entry out if it is still there and expired; counts it under {@code counter}. */
    boolean takeExpired(long hash, long word, long now, int counter, boolean onlyIfUnlocked) {
        int bucket = onlyIfUnlocked ? index.tryLock(hash) : index.lock(hash);
        if (bucket < 0) {
            return false;
        }
        boolean out = takeOut(bucket, word, index.containsLocked(bucket, word) && isExpired(word, now),
                RemovalCause.EXPIRED);
        counters.add(counter, out ? 1 : 0);
        return out;
    }

    /** Takes an entry out for room if it is still there and was not used since it had that stamp. */
    boolean takeUnused(long hash, long word, long stamp) {
        int bucket = index.lock(hash);
        boolean out = takeOut(bucket, word, index.containsLocked(bucket, word) && accessStamp(word) == stamp,
                RemovalCause.EVICTED);
        counters.add(CacheCounters.EVICTED_LEAST_RECENT, out ? 1 : 0);
        return out;
    }

    /** Takes an entry out for its memory if its bucket holds that word, which may be any. False if not. */
    boolean takeForRoom(long hash, long word, long now) {
        int bucket = index.lock(hash);
        boolean found = word != CacheIndex.NONE && index.containsLocked(bucket, word);
        boolean expired = found && isExpired(word, now);
        if (takeOut(bucket, word, found, expired ? RemovalCause.EXPIRED : RemovalCause.EVICTED)) {
            counters.add(expired ? CacheCounters.EVICTED_EXPIRED : CacheCounters.EVICTED_LEAST_RECENT, 1);
            return true;
        }
        return false;
    }

    /** Ends the lock of a bucket, having taken the word out if it is wanted and there. */
    private boolean takeOut(int bucket, long word, boolean wanted, RemovalCause cause) {
        boolean out = wanted && index.containsLocked(bucket, word);
        long overflow = out ? index.removeLocked(bucket, word) : CacheIndex.NONE;
        index.unlock(bucket);
        if (overflow != CacheIndex.NONE) {
            index.retireOverflow(overflow);
        }
        if (out) {
            discard(word, cause);
        }
        return out;
    }

    /** Takes everything out that was there when the call began. */
    void clear() {
        long[] words = new long[64];
        for (int bucket = 0; bucket < index.bucketCountAcquire(); bucket++) { // splits move entries to higher ones only
            int count;
            do {
                index.lockBucket(bucket);
                count = index.copyLocked(bucket, words);
                index.unlock(bucket);
                for (int i = 0; i < count; i++) {
                    index.lockBucket(bucket);
                    counters.add(CacheCounters.REMOVED, takeOut(bucket, words[i], true, RemovalCause.REMOVED) ? 1 : 0);
                }
            } while (count == words.length);
        }
        epochs.collect();
    }

    /**
     * Adds copies of the live keys of the buckets that split off bucket {@code start} of the first {@code starts}, a power of two, and of itself. Over all
     * starts each key that stays is met; within one, splits may show it twice.
     */
    void copyKeys(int start, int starts, Collection<KeyLocks.Key> target) {
        long now = clock.millis();
        int token = epochs.pinShared();
        try {
            for (int bucket = start; bucket < index.bucketCountAcquire(); bucket += starts) {
                long[] words = new long[16];
                int count = index.copyWords(bucket, words, 0);
                while (count == words.length) {
                    words = new long[count * 2];
                    count = index.copyWords(bucket, words, 0);
                }
                for (int i = 0; i < count; i++) {
                    if (!isExpired(words[i], now)) {
                        target.add(new KeyLocks.Key(key(words[i])));
                    }
                }
            }
        } finally {
            epochs.unpinShared(token);
        }
    }

    /** Takes expired entries out of one bucket; returns how many. {@code words} is scratch. */
    int sweepBucket(int bucket, long[] words, long now) {
        int out = 0;
        int token = epochs.pinShared();
        try {
            long[] found = words;
            int count = index.copyWords(bucket, found, 0);
            while (count == found.length) { // a long chain, while the index has no memory to grow
                found = new long[count * 2];
                count = index.copyWords(bucket, found, 0);
            }
            for (int i = 0; i < count; i++) {
                if (isExpired(found[i], now)) {
                    out += takeExpired(hash(found[i]), found[i], now, CacheCounters.EXPIRED, false) ? 1 : 0;
                }
            }
        } finally {
            epochs.unpinShared(token);
        }
        return out;
    }

    /** Gives a cell that is out of the index back, once nobody can read it any more (I16). */
    private void discard(long word, RemovalCause cause) {
        if (events.isWanted()) {
            events.add(key(word), value(word), cause); // nobody else gives the cell back
        }
        long handle = CacheIndex.handle(word);
        counters.add(CacheCounters.RETIRED_BYTES, cellBytes(word));
        count(handle, -1);
        epochs.retire(freesCell, handle);
    }

    private void freeCell(long handle) {
        int payload = CacheCell.payloadLength(slabs.memory(handle), SlabAllocator.offset(handle));
        memory.free(handle, payload);
        counters.add(CacheCounters.RETIRED_BYTES, -CacheCell.bytes(payload));
    }

    private void count(long handle, int sign) {
        int payload = CacheCell.payloadLength(slabs.memory(handle), SlabAllocator.offset(handle));
        counters.add(CacheCounters.ENTRIES, sign);
        counters.add(CacheCounters.CELL_BYTES, sign * CacheCell.bytes(payload));
        counters.add(CacheCounters.PAYLOAD_BYTES, (long) sign * payload);
    }

    // ---- entries by their words, inside a pin or under the bucket's lock

    long hash(long word) {
        return CacheCell.hash(memory(word), cell(word));
    }

    boolean isExpired(long word, long now) {
        return CacheCell.expiryOpaque(memory(word), cell(word)) <= now;
    }

    long accessStamp(long word) {
        return CacheCell.accessStampOpaque(memory(word), cell(word));
    }

    private byte[] key(long word) {
        MemorySegment cells = memory(word);
        byte[] key = new byte[CacheCell.keyLength(cells, cell(word))];
        MemorySegment.copy(cells, ValueLayout.JAVA_BYTE, CacheCell.keyOffset(cells, cell(word)), key, 0, key.length);
        return key;
    }

    private byte[] value(long word) {
        byte[] value = new byte[CacheCell.valueLength(memory(word), cell(word))];
        copyValue(word, MemorySegment.ofArray(value), 0, value.length);
        return value;
    }

    private long cellBytes(long word) {
        return CacheCell.bytes(CacheCell.payloadLength(memory(word), cell(word)));
    }

    private MemorySegment memory(long word) {
        return slabs.memory(CacheIndex.handle(word));
    }

    private static long cell(long word) {
        return SlabAllocator.offset(CacheIndex.handle(word));
    }

    /** Time for access stamps goes on with each put; that two threads may see the same is of no account for a sample. */
    private long nextUse() {
        long next = (long) USES.getOpaque(this) + 1;
        USES.setOpaque(this, next);
        return next;
    }

    // ---- parts, settings, sums

    CacheIndex index() {
        return index;
    }

    Epochs epochs() {
        return epochs;
    }

    Evictor evictor() {
        return evictor;
    }

    CacheClock clock() {
        return clock;
    }

    EvictionMode mode() {
        return mode;
    }

    int maxSamples() {
        return maxSamples;
    }

    int batchSize() {
        return batchSize;
    }

    long capacityEntries() {
        return capacityEntries;
    }

    long retiredBytes() {
        return counters.sum(CacheCounters.RETIRED_BYTES);
    }

    long evictAboveBytes() {
        return memory.usableBytes();
    }

    long entries() {
        return counters.sum(CacheCounters.ENTRIES);
    }

    long usedBytes() {
        return counters.sum(CacheCounters.CELL_BYTES) + index.bytes() + memory.sketchBytes();
    }

    RemovalEvents events() {
        return events;
    }

    CacheMemory cells() {
        return memory;
    }

    /** Cells that are given out: of entries, retired entries and the index. */
    long heldCells() {
        return slabs.statistics().cells();
    }

    /** {@code HYBRID} without memory for its sketch admits all. The sketch stays when the mode is left, and goes on when it comes back. */
    synchronized void setMode(EvictionMode newMode) {
        if (newMode == EvictionMode.HYBRID && sketch == null) {
            sketch = memory.newSketch(clock.millis());
        }
        mode = newMode;
    }

    long nanoTime() {
        return host.nanoTime();
    }

    /** Counts a load that began at {@code start}. */
    void loaded(long start, boolean found) {
        long nanos = host.nanoTime() - start;
        counters.add(found ? CacheCounters.LOADS : CacheCounters.LOADS_IN_VAIN, 1);
        counters.add(CacheCounters.LOAD_NANOS, nanos);
        if (nanos >= CacheEvents.SLOW_LOAD_NANOS) {
            CacheEvents.SlowLoad event = new CacheEvents.SlowLoad();
            event.nanos = nanos;
            event.loaded = found;
            event.commit();
        }
    }

    void setMaxSamples(int samples) {
        maxSamples = samples;
    }

    void setBatchSize(int entries) {
        batchSize = entries;
    }

    void setCapacityBytes(long bytes) {
        budget.setLimit(bytes);
        evictor.evict(clock.millis());
    }

    void setCapacityEntries(long entries) {
        capacityEntries = entries;
        evictor.evict(clock.millis());
    }

    private long lengthMax() {
        return Math.min(LENGTH_MAX, budget.limit() >>> LARGEST_SHIFT);
    }

    CacheStatistics statistics() {
        return new CacheStatistics(counters.sum(CacheCounters.HITS), counters.sum(CacheCounters.MISSES),
                counters.sum(CacheCounters.PUTS), counters.sum(CacheCounters.REFUSED),
                counters.sum(CacheCounters.REFUSED_RARE),
                counters.sum(CacheCounters.REMOVED), counters.sum(CacheCounters.EVICTED_LEAST_RECENT),
                counters.sum(CacheCounters.EVICTED_EXPIRED), counters.sum(CacheCounters.EXPIRED), entries(),
                counters.sum(CacheCounters.PAYLOAD_BYTES), usedBytes(), counters.sum(CacheCounters.RETIRED_BYTES),
                slabs.reservedBytes(), budget.limit(), capacityEntries, counters.sum(CacheCounters.LOADS),
                counters.sum(CacheCounters.LOADS_IN_VAIN), counters.sum(CacheCounters.LOAD_NANOS));
    }

    @Override
    public void close() {
        slabs.close();
    }

    private static VarHandle usesHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(CacheCore.class, "uses", long.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A cache has no commits: its epochs serve reclamation alone. */
    private enum NoHorizon implements HorizonSource {
        INSTANCE;

        @Override
        public long readHorizonAcquire() {
            return 0;
        }
    }
}
