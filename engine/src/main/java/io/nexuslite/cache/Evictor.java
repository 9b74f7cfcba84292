package io.nexuslite.cache;

import io.nexuslite.io.Host;
import io.nexuslite.memory.Epochs;

/**
 * Keeps a cache within its capacity: one evictor at a time, in batches of a set number of entries and at most 500 µs, for whom
 * nobody waits.
 *
 * <p><b>State.</b> The guard of the first {@link Sampler} is the evictor's; three more serve threads that find it taken while the cache is far
 * over its capacity, or that lack memory.
 * <p><b>Invariants.</b> (I17) When no call is running, the cache is not over its capacity: who adds an entry looks afterwards, and so does who
 * frees the guard, after a full fence; so whoever went away because the guard was taken has added before that look. Where the mode
 * forbids eviction, room is asked for before an entry is added.
 * <p><b>Progress.</b> A thread that finds the guard taken goes on, unless the cache is over its capacity by 1/32: then it evicts one sample with a
 * sampler that is free. An evictor that the scheduler has stopped delays nobody.
 * <p><b>Reclamation.</b> {@link CacheCore#discard}, by who took the word out.
 */
final class Evictor {
    private static final long BATCH_NANOS = 500_000;
    private static final int HELPERS = 3;
    private static final int FAR_SHIFT = 5; // over by 1/32
    private static final int STEPS_TO_FIND_EXPIRED = 8;

    private final CacheCore core;
    private final Host host;
    private final Sampler main;
    private final Sampler[] helpers = new Sampler[HELPERS];
    private volatile boolean missed; // whether somebody went away since the guard was taken

    Evictor(CacheCore core, Epochs epochs, Host host, long seed) {
        this.core = core;
        this.host = host;
        main = new Sampler(core, epochs, seed);
        for (int i = 0; i < HELPERS; i++) {
            helpers[i] = new Sampler(core, epochs, seed + (i + 1) * 0x9e37_79b9_7f4a_7c15L);
        }
    }

    /** What an evictor holds; tests take it to park one. */
    Sampler main() {
        return main;
    }

    /** Evicts until the cache is within its capacity, or another thread is at it, or nothing may be evicted. */
    void evict(long now) {
        while (isOver(0)) {
            if (!main.tryTake() && !takeOrLeaveWord()) {
                if (isOver(FAR_SHIFT)) {
                    evictByHelper(1, now);
                }
                return;
            }
            boolean vain;
            missed = false;
            try {
                vain = batch(now);
            } finally {
                main.free();
            }
            if (vain && (!missed || core.mode() == EvictionMode.TTL_ONLY)) {
                return;
            }
        }
    }

    /** I17: word first, then a second try, so that an evictor who found nothing looks again for what this thread has added. */
    private boolean takeOrLeaveWord() {
        missed = true;
        return main.tryTake();
    }

    /** In {@code TTL_ONLY}, where room must be found before an entry is added: false if the cache stays over its capacity. */
    boolean findExpired(long now) {
        for (int i = 0; i < STEPS_TO_FIND_EXPIRED && isOver(0); i++) {
            evictByHelper(1, now);
        }
        return !isOver(0);
    }

    /** Evicts about {@code count} entries whatever the capacity; returns how many: 0 also if others are at it. */
    int evictByHelper(int count, long now) {
        for (Sampler sampler : helpers) {
            if (sampler.tryTake()) {
                int evicted = 0;
                try {
                    for (int steps = 0; evicted < count && steps < 2 * count; steps++) {
                        evicted += sampler.step(core.mode(), core.maxSamples(), now);
                    }
                } finally {
                    sampler.free();
                }
                return evicted;
            }
        }
        return 0;
    }

    /** As {@link Sampler#victimFrequency}; -1 also if all samplers are taken. */
    int victimFrequency(FrequencySketch sketch, long now) {
        for (Sampler sampler : helpers) {
            if (sampler.tryTake()) {
                try {
                    return sampler.victimFrequency(sketch, core.maxSamples(), now);
                } finally {
                    sampler.free();
                }
            }
        }
        return -1;
    }

    /** Whether one more entry of that many bytes would be too much. */
    boolean isFullFor(long bytes) {
        return core.entries() >= core.capacityEntries() || core.usedBytes() + bytes > core.evictAboveBytes();
    }

    /** Whether entries or bytes are more than the capacity and its {@code 2^-shift}th; 0 for no tolerance. */
    boolean isOver(int shift) {
        long entriesMax = core.capacityEntries();
        long bytesMax = core.evictAboveBytes();
        if (shift > 0) {
            entriesMax = CacheClock.after(entriesMax, entriesMax >>> shift);
            bytesMax += bytesMax >>> shift;
        }
        return core.entries() > entriesMax || core.usedBytes() > bytesMax;
    }

    /** True if a whole round over the index found nothing to evict. */
    private boolean batch(long now) {
        long start = host.nanoTime();
        int evicted = 0;
        main.startAnew();
        do {
            int step = main.step(core.mode(), core.maxSamples(), now);
            if (step == 0 && main.isInVain()) {
                return evicted == 0;
            }
            evicted += step;
        } while (isOver(0) && evicted < core.batchSize() && (evicted == 0 || host.nanoTime() - start < BATCH_NANOS));
        return false;
    }
}
