package io.nexuslite.cache;

import io.nexuslite.memory.SlabAllocator;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * From the hash of a key to the cell that holds its entry: linear hashing over buckets of 64 bytes, which grows bucket by bucket, has no
 * second table and never stops its readers.
 *
 * <p><b>State.</b>
 * <table>
 * <caption>Shared words</caption>
 * <tr><th>word</th><th>read</th><th>write</th><th>guard</th></tr>
 * <tr><td>stamp of a bucket: bit 0 LOCKED, bits 1–6 depth (hash bits that choose the bucket), the rest a count that never goes
 * back</td><td>acquire; opaque after an acquire fence</td><td>{@code cas} to lock, release to unlock</td><td>itself</td></tr>
 * <tr><td>entry word: tag (upper 16 bits of the hash) and handle of the cell (48 bits); 0 = free</td><td>acquire</td><td>release</td>
 * <td>the stamp's lock</td></tr>
 * <tr><td>link, in place of the last entry word: {@code LINK_TAG} and the handle of an overflow bucket of eight words</td><td>acquire</td>
 * <td>release</td><td>the lock of the head bucket</td></tr>
 * <tr><td>{@code bucketCount}</td><td>acquire</td><td>release</td><td>{@code growing}</td></tr>
 * <tr><td>{@code chunks}</td><td>plain</td><td>plain, before any bucket in them is reachable</td><td>{@code growing}</td></tr>
 * </table>
 * A word tells by its tag whether it is an entry or a link, so a reader with an old stamp takes neither for the other. No cell
 * has handle 0: that is the first chunk.
 *
 * <p><b>Invariants.</b> (I12) Every key that was put and not taken out is found by a reader that starts after the put and ends before the
 * removal, also while its bucket splits. (I16) A word is taken out once, under the lock of its bucket; who takes it out retires the cell.
 *
 * <p><b>Ordering.</b> A cell is filled before its word is stored with release, and followed after the word was loaded with acquire. A
 * reader that finds no equal key has seen a state of the bucket only if the stamp is the same afterwards: acquire fence, then the
 * stamp again. A key that is found needs no second look: its word was there, and the pin keeps the cell. After the {@code cas} of the
 * lock stands a store-store fence, since readers that hold the older stamp may see the stores below it. A split opens the new
 * bucket, then the old one with its new depth, then raises the count; a reader with an older count meets the greater depth and goes on,
 * one split at a time: each step leads to a bucket that was open before the depth was seen.
 *
 * <p><b>Progress.</b> Readers write nothing, and repeat while the bucket is locked or changed under them. Writers spin for a bucket, whose holder
 * does a few dozen stores (a split some hundred), takes no second lock, and neither parks, yields nor allocates: on a virtual thread
 * it keeps its carrier until the unlock, so the machine's scheduler brings it on whatever the waiters do. Waiters hold no spin lock, so they may yield.
 * Each step of a reader to another bucket adds a bit of its hash to the number, so there are at most 30. One thread at a time splits; others do not wait
 * for it.
 *
 * <p><b>Reclamation.</b> Chunks stay until the cache is closed. Readers hold an epoch pin, since overflow buckets are retired. Writers need
 * none: what is linked in a bucket that they have locked cannot be retired by another.
 *
 * <p><b>Proof.</b> {@code io.nexuslite.cache.CacheIndexStress}, with twins that do not look at the stamp again, have no depth in it, or go by the
 * whole depth at once.
 */
final class CacheIndex {
    /** No such entry; no handle. */
    static final long NONE = 0;

    static final int BUCKET_SIZE = 64;
    static final long HANDLE_MASK = (1L << 48) - 1;

    /** {@link #insertLocked} changed nothing, and needs an overflow bucket. */
    static final int NEEDS_SPARE = -1;
    static final int INSERTED = 0;
    static final int INSERTED_WITH_SPARE = 1;

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final VarHandle BUCKET_COUNT = field("bucketCount", int.class);
    private static final VarHandle GROWING = field("growing", int.class);

    private static final long LOCKED = 1;
    private static final int DEPTH_SHIFT = 1;
    private static final long DEPTH_MASK = 63;
    private static final long DEPTH_ONE = 1L << DEPTH_SHIFT;
    private static final long COUNT_ONE = 1L << 7;
    private static final int TAG_SHIFT = 48;
    private static final int LINK_TAG = 0xffff;
    private static final int WORD_SIZE = Long.BYTES;
    private static final int LAST_WORD = BUCKET_SIZE - WORD_SIZE;
    private static final int BUCKET_COUNT_MAX = 1 << 30;
    private static final int ENTRIES_PER_BUCKET = 4; // not yet split ones hold up to a third more: few overflow
    private static final int SPINS = 128;

    private final BucketMemory source;
    private final int chunkShift; // buckets of a chunk, as a power of two
    private final int chunkMask;
    private final AtomicLong overflowCount = new AtomicLong();
    private MemorySegment[] chunks = new MemorySegment[4];
    private int chunkCount; // guarded by growing
    private long[] splitWords = new long[32]; // guarded by growing
    private long[] splitOverflow = new long[8]; // guarded by growing
    private int overflowGathered; // guarded by growing: how many the last split found
    @SuppressWarnings("unused") // by BUCKET_COUNT
    private int bucketCount;
    @SuppressWarnings("unused") // by GROWING
    private int growing;

    /** An index with a first chunk of {@code chunkBuckets}, a power of two, of which {@code buckets}, a power of two, are used at once. */
    CacheIndex(BucketMemory source, int chunkBuckets, int buckets) {
        this.source = source;
        chunkShift = Integer.numberOfTrailingZeros(chunkBuckets);
        chunkMask = chunkBuckets - 1;
        if (!addChunk()) {
            throw new IllegalArgumentException("no memory for the first chunk of the index");
        }
        int depth = Integer.numberOfTrailingZeros(buckets);
        for (int bucket = 0; bucket < buckets; bucket++) {
            WORD.setRelease(chunk(bucket), head(bucket), (long) depth << DEPTH_SHIFT);
        }
        BUCKET_COUNT.setRelease(this, buckets);
    }

    /** The word for a cell. */
    static long word(long hash, long handle) {
        return (long) tag(hash) << TAG_SHIFT | handle;
    }

    static long handle(long word) {
        return word & HANDLE_MASK;
    }

    int bucketCountAcquire() {
        return (int) BUCKET_COUNT.getAcquire(this);
    }

    /** Bytes of all buckets. */
    long bytes() {
        return ((long) chunks() << chunkShift) * BUCKET_SIZE + overflowBuckets() * BUCKET_SIZE;
    }

    /** Overflow buckets that are in use. */
    long overflowBuckets() {
        return overflowCount.get();
    }

    /** Chunks of buckets. */
    int chunks() {
        return (bucketCountAcquire() - 1 >>> chunkShift) + 1;
    }

    // ---- reading, inside a pin

    /** The word of the key's entry, or {@link #NONE}. The caller is pinned, and may follow the word until the unpin. */
    long find(long hash, MemorySegment key, long keyOffset, int keyLength) {
        int bucket = bucketOf(hash, bucketCountAcquire());
        for (int round = 1;; round++) {
            MemorySegment memory = chunk(bucket);
            long head = head(bucket);
            long stamp = (long) WORD.getAcquire(memory, head);
            int owner = ownerOf(hash, bucket, stamp);
            if (owner != bucket) {
                bucket = owner; // split since the count was read; the stamp's acquire makes the new bucket visible
            } else if ((stamp & LOCKED) == 0) {
                long word = search(memory, head, hash, key, keyOffset, keyLength);
                if (word != NONE) {
                    return word;
                }
                VarHandle.acquireFence(); // I12: the bucket's words before the second look at its stamp
                if ((long) WORD.getOpaque(memory, head) == stamp) {
                    return NONE;
                }
            } else {
                pause(round);
            }
        }
    }

    /**
     * Copies entry words of a bucket, any of them, for sampling. The caller is pinned, or the words are only compared.
     *
     * @return how many, up to the length of {@code target} less {@code from}
     */
    int copyWords(int bucket, long[] target, int from) {
        MemorySegment memory = chunk(bucket);
        long at = head(bucket) + WORD_SIZE;
        long last = head(bucket) + LAST_WORD;
        int count = from;
        while (true) {
            long link = NONE;
            for (; at <= last; at += WORD_SIZE) {
                long word = (long) WORD.getAcquire(memory, at);
                if (isLink(word)) {
                    link = handle(word);
                } else if (word != NONE && count < target.length) {
                    target[count++] = word;
                }
            }
            if (link == NONE || count == target.length) {
                return count - from;
            }
            memory = source.memory(link);
            at = SlabAllocator.offset(link);
            last = at + LAST_WORD;
        }
    }

    // ---- writing

    /** Locks the bucket of a hash and returns its number. Until the unlock the caller neither parks nor allocates. */
    int lock(long hash) {
        for (int round = 1;; round++) {
            int bucket = tryLock(hash);
            if (bucket >= 0) {
                return bucket;
            }
            pause(round);
        }
    }

    /** As {@link #lock}, or -1 if the bucket is locked or has just changed. */
    int tryLock(long hash) {
        int bucket = bucketOf(hash, bucketCountAcquire());
        while (true) {
            MemorySegment memory = chunk(bucket);
            long stamp = (long) WORD.getAcquire(memory, head(bucket));
            int owner = ownerOf(hash, bucket, stamp);
            if (owner == bucket) {
                return (stamp & LOCKED) == 0 && casLocked(memory, head(bucket), stamp) ? bucket : -1;
            }
            bucket = owner;
        }
    }

    /** Locks a bucket by its number. */
    void lockBucket(int bucket) {
        MemorySegment memory = chunk(bucket);
        for (int round = 1;; round++) {
            long stamp = (long) WORD.getAcquire(memory, head(bucket));
            if ((stamp & LOCKED) == 0 && casLocked(memory, head(bucket), stamp)) {
                return;
            }
            pause(round);
        }
    }

    /** Unlocks a bucket; readers that saw nothing in it look again. */
    void unlock(int bucket) {
        MemorySegment memory = chunk(bucket);
        long stamp = (long) WORD.getOpaque(memory, head(bucket));
        WORD.setRelease(memory, head(bucket), (stamp & ~LOCKED) + COUNT_ONE);
    }

    /** As {@link #find}, in a bucket that the caller has locked; no pin is needed. */
    long findLocked(int bucket, long hash, MemorySegment key, long keyOffset, int keyLength) {
        return search(chunk(bucket), head(bucket), hash, key, keyOffset, keyLength);
    }

    /** Whether the locked bucket holds the word. */
    boolean containsLocked(int bucket, long word) {
        MemorySegment memory = chunk(bucket);
        long at = head(bucket) + WORD_SIZE;
        long last = head(bucket) + LAST_WORD;
        while (true) {
            long link = NONE;
            for (; at <= last; at += WORD_SIZE) {
                long found = (long) WORD.getOpaque(memory, at);
                if (found == word) {
                    return true;
                }
                link = isLink(found) ? handle(found) : link;
            }
            if (link == NONE) {
                return false;
            }
            memory = source.memory(link);
            at = SlabAllocator.offset(link);
            last = at + LAST_WORD;
        }
    }

    /** Puts {@code word} in the place of {@code oldWord}, which the locked bucket holds. */
    void replaceLocked(int bucket, long oldWord, long word) {
        MemorySegment memory = chunk(bucket);
        long at = head(bucket) + WORD_SIZE;
        long last = head(bucket) + LAST_WORD;
        while (true) {
            for (; at <= last; at += WORD_SIZE) {
                if ((long) WORD.getOpaque(memory, at) == oldWord) {
                    WORD.setRelease(memory, at, word); // publishes the cell
                    return;
                }
            }
            long link = handle((long) WORD.getOpaque(memory, last));
            memory = source.memory(link);
            at = SlabAllocator.offset(link);
            last = at + LAST_WORD;
        }
    }

    /**
     * Adds a word to a locked bucket.
     *
     * @param spare a cell of {@link #BUCKET_SIZE} bytes to use as overflow bucket if all places are taken, or {@link #NONE}
     */
    int insertLocked(int bucket, long word, long spare) {
        MemorySegment memory = chunk(bucket);
        long at = head(bucket) + WORD_SIZE;
        long last = head(bucket) + LAST_WORD;
        while (true) {
            long found = NONE;
            for (; at <= last; at += WORD_SIZE) {
                found = (long) WORD.getOpaque(memory, at);
                if (found == NONE) {
                    WORD.setRelease(memory, at, word); // publishes the cell
                    return INSERTED;
                }
            }
            if (!isLink(found)) {
                return spare == NONE ? NEEDS_SPARE : append(memory, last, found, word, spare);
            }
            memory = source.memory(handle(found));
            at = SlabAllocator.offset(handle(found));
            last = at + LAST_WORD;
        }
    }

    private int append(MemorySegment memory, long last, long moved, long word, long spare) {
        MemorySegment overflow = source.memory(spare);
        long at = SlabAllocator.offset(spare);
        WORD.setRelease(overflow, at, moved);
        WORD.setRelease(overflow, at + WORD_SIZE, word);
        for (int i = 2 * WORD_SIZE; i < BUCKET_SIZE; i += WORD_SIZE) {
            WORD.setOpaque(overflow, at + i, NONE);
        }
        WORD.setRelease(memory, last, link(spare)); // publishes the overflow bucket
        overflowCount.getAndIncrement();
        return INSERTED_WITH_SPARE;
    }

    /**
     * Takes a word, which the locked bucket holds, out of it. The cell is the caller's to retire, after the unlock.
     *
     * @return an overflow bucket that became empty, for {@link #retireOverflow} after the unlock, or {@link #NONE}
     */
    long removeLocked(int bucket, long word) {
        MemorySegment previous = null;
        long previousLast = 0;
        MemorySegment memory = chunk(bucket);
        long at = head(bucket) + WORD_SIZE;
        long first = at;
        long self = NONE;
        while (true) {
            long last = (self == NONE ? head(bucket) : first) + LAST_WORD;
            for (; at <= last; at += WORD_SIZE) {
                if ((long) WORD.getOpaque(memory, at) == word) {
                    WORD.setRelease(memory, at, NONE);
                    if (self == NONE || !isEmpty(memory, first)) {
                        return NONE;
                    }
                    WORD.setRelease(previous, previousLast, (long) WORD.getOpaque(memory, last)); // its link, or nothing
                    return self;
                }
            }
            previous = memory;
            previousLast = last;
            self = handle((long) WORD.getOpaque(memory, last));
            memory = source.memory(self);
            first = SlabAllocator.offset(self);
            at = first;
        }
    }

    /** Copies entry words of a locked bucket to {@code target}; returns how many. */
    int copyLocked(int bucket, long[] target) {
        return copyWords(bucket, target, 0);
    }

    void retireOverflow(long handle) {
        overflowCount.getAndDecrement();
        source.retireOverflow(handle);
    }

    /** Gives back a spare that {@link #insertLocked} did not need. */
    void freeSpare(long handle) {
        source.freeOverflow(handle);
    }

    // ---- growth

    boolean isCrowded(long entries) {
        return entries > (long) bucketCountAcquire() * ENTRIES_PER_BUCKET;
    }

    /**
     * Splits the next bucket, unless another thread is splitting.
     *
     * @return false if there is no memory for another bucket, or another thread was at it
     */
    boolean split() {
        if (!GROWING.compareAndSet(this, 0, 1)) {
            return false;
        }
        int unused = 0;
        try {
            int target = bucketCountAcquire();
            if (target == BUCKET_COUNT_MAX || target >>> chunkShift == chunkCount && !addChunk()) {
                return false;
            }
            int bucket = target - Integer.highestOneBit(target);
            unused = splitTo(bucket, target);
            BUCKET_COUNT.setRelease(this, target + 1);
            for (int i = 0; i < unused; i++) {
                retireOverflow(splitOverflow[i]);
            }
            return true;
        } finally {
            GROWING.setVolatile(this, 0);
        }
    }

    /** Divides a bucket's words; returns how many overflow buckets were left over. */
    private int splitTo(int bucket, int target) {
        int count = gatherLocking(bucket);
        MemorySegment memory = chunk(bucket);
        long stamp = (long) WORD.getOpaque(memory, head(bucket));
        long bit = 1L << depth(stamp);
        int stay = 0;
        for (int i = 0; i < count; i++) {
            long word = splitWords[i];
            long handle = handle(word);
            if ((CacheCell.hash(source.memory(handle), SlabAllocator.offset(handle)) & bit) == 0) {
                splitWords[i] = splitWords[stay];
                splitWords[stay++] = word;
            }
        }
        int overflow = overflowGathered;
        overflow = writeChain(target, stay, count, overflow);
        overflow = writeChain(bucket, 0, stay, overflow);
        long depths = (stamp & DEPTH_MASK << DEPTH_SHIFT) + DEPTH_ONE;
        WORD.setRelease(chunk(target), head(target), depths); // open first: who meets the new depth below goes there
        WORD.setRelease(memory, head(bucket),
                (stamp & ~(LOCKED | DEPTH_MASK << DEPTH_SHIFT) | depths) + COUNT_ONE);
        return overflow;
    }

    /** Locks a bucket and copies its words and overflow buckets to the scratch arrays, which are lengthened outside of the lock. */
    private int gatherLocking(int bucket) {
        while (true) {
            lockBucket(bucket);
            MemorySegment memory = chunk(bucket);
            long at = head(bucket) + WORD_SIZE;
            long last = head(bucket) + LAST_WORD;
            int count = 0;
            int overflow = 0;
            while (true) {
                long link = NONE;
                for (; at <= last && count < splitWords.length; at += WORD_SIZE) {
                    long word = (long) WORD.getOpaque(memory, at);
                    if (isLink(word)) {
                        link = handle(word);
                    } else if (word != NONE) {
                        splitWords[count++] = word;
                    }
                }
                if (at > last && link == NONE) {
                    overflowGathered = overflow;
                    return count;
                }
                if (link == NONE || overflow == splitOverflow.length) {
                    break; // an array is full
                }
                splitOverflow[overflow++] = link;
                memory = source.memory(link);
                at = SlabAllocator.offset(link);
                last = at + LAST_WORD;
            }
            unlock(bucket);
            splitWords = new long[splitWords.length * 2];
            splitOverflow = new long[splitOverflow.length * 2];
        }
    }

    /**
     * Writes words to a bucket that readers see as locked, or not at all, and to overflow buckets from the top of the gathered ones.
     * They suffice: two chains need no more of them than the one they were, since each holds seven words more than seven.
     */
    private int writeChain(int bucket, int from, int to, int overflowCountBefore) {
        int overflow = overflowCountBefore;
        MemorySegment memory = chunk(bucket);
        long at = head(bucket) + WORD_SIZE;
        long last = head(bucket) + LAST_WORD;
        int next = from;
        while (true) {
            int places = (int) ((last - at) / WORD_SIZE) + 1;
            boolean more = to - next > places;
            long end = more ? last - WORD_SIZE : last;
            for (; at <= end; at += WORD_SIZE) {
                WORD.setRelease(memory, at, next < to ? splitWords[next++] : NONE);
            }
            if (!more) {
                return overflow;
            }
            long link = splitOverflow[--overflow];
            WORD.setRelease(memory, last, link(link));
            memory = source.memory(link);
            at = SlabAllocator.offset(link);
            last = at + LAST_WORD;
        }
    }

    private boolean addChunk() {
        long handle = source.allocate(BUCKET_SIZE << chunkShift);
        if (handle == BucketMemory.NOT_FOUND) {
            return false;
        }
        MemorySegment memory = source.memory(handle);
        assert SlabAllocator.offset(handle) == 0; // a slab of its own
        memory.fill((byte) 0);
        MemorySegment[] table = chunkCount == chunks.length ? Arrays.copyOf(chunks, chunkCount * 2) : chunks;
        table[chunkCount++] = memory;
        chunks = table; // before any bucket in it is reachable by a stamp or the count
        return true;
    }

    // ---- helpers

    private long search(MemorySegment headMemory, long head, long hash, MemorySegment key, long keyOffset,
            int keyLength) {
        MemorySegment memory = headMemory;
        long at = head + WORD_SIZE;
        long last = head + LAST_WORD;
        int tag = tag(hash);
        while (true) {
            long word = NONE;
            for (; at <= last; at += WORD_SIZE) {
                word = (long) WORD.getAcquire(memory, at);
                if (word >>> TAG_SHIFT == tag && word != NONE) {
                    long handle = handle(word);
                    if (CacheCell.matches(source.memory(handle), SlabAllocator.offset(handle), hash, key, keyOffset,
                            keyLength)) {
                        return word;
                    }
                }
            }
            if (!isLink(word)) {
                return NONE;
            }
            memory = source.memory(handle(word));
            at = SlabAllocator.offset(handle(word));
            last = at + LAST_WORD;
        }
    }

    private static boolean casLocked(MemorySegment memory, long head, long stamp) {
        if (!WORD.compareAndSet(memory, head, stamp, stamp | LOCKED)) {
            return false;
        }
        VarHandle.storeStoreFence(); // the lock before the stores that it covers: readers may see them
        return true;
    }

    private static boolean isEmpty(MemorySegment memory, long first) {
        for (long at = first; at < first + LAST_WORD; at += WORD_SIZE) {
            if ((long) WORD.getOpaque(memory, at) != NONE) {
                return false;
            }
        }
        long word = (long) WORD.getOpaque(memory, first + LAST_WORD);
        return word == NONE || isLink(word);
    }

    private MemorySegment chunk(int bucket) {
        return chunks[bucket >>> chunkShift];
    }

    private long head(int bucket) {
        return (long) (bucket & chunkMask) * BUCKET_SIZE;
    }

    private static int bucketOf(long hash, int buckets) {
        int mask = buckets == 1 ? 0 : (Integer.highestOneBit(buckets - 1) << 1) - 1;
        int bucket = (int) hash & mask;
        return bucket < buckets ? bucket : bucket & mask >>> 1;
    }

    /**
     * Where to look for a hash that was looked for in {@code bucket}, which has that stamp: there, or in the bucket that the first split since
     * moved it to. Not by the whole depth at once: the buckets that later splits of {@code bucket} opened are not those of the hash, and the
     * one that it would name may not be open.
     */
    static int ownerOf(long hash, int bucket, long stamp) {
        int moved = ((int) hash ^ bucket) & (1 << depth(stamp)) - 1;
        return bucket | Integer.lowestOneBit(moved);
    }

    private static int depth(long stamp) {
        return (int) (stamp >>> DEPTH_SHIFT & DEPTH_MASK);
    }

    private static int tag(long hash) {
        return Math.min((int) (hash >>> TAG_SHIFT), LINK_TAG - 1);
    }

    private static boolean isLink(long word) {
        return word >>> TAG_SHIFT == LINK_TAG;
    }

    private static long link(long handle) {
        return (long) LINK_TAG << TAG_SHIFT | handle;
    }

    private static void pause(int round) {
        if (round % SPINS == 0) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(CacheIndex.class, name, type).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
