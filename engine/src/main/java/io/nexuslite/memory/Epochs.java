package io.nexuslite.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Reclamation by epochs: readers pin, writers retire what they made unreachable, and it is used again once nobody can hold it.
 *
 * <p><b>State.</b> Every word stands 128 bytes from the next that another thread writes.
 * <table>
 * <caption>Shared words</caption>
 * <tr><th>word</th><th>written</th><th>read</th><th>guard</th></tr>
 * <tr><td>{@code epoch}, from 2</td><td>volatile, by the advancer</td><td>opaque by session pins, acquire by shared pins, then
 * volatile; volatile by retire</td><td>{@code advancing}</td></tr>
 * <tr><td>pin word of a session: 0 idle, else an epoch</td><td>opaque, then a full fence; 0 with release</td><td>acquire, by the
 * advancer</td><td>one thread at a time owns a session</td></tr>
 * <tr><td>counters of shared pins, stripes × 2 parities</td><td>atomic add: volatile up, release down</td><td>acquire, by the
 * advancer</td><td>none</td></tr>
 * <tr><td>{@code horizonAt[epoch & 3]}</td><td>release, before the epoch</td><td>acquire</td><td>{@code advancing}</td></tr>
 * <tr><td>retired objects: {@link RetireLists}</td><td colspan="3">under the lock of a stripe</td></tr>
 * </table>
 *
 * <p><b>Invariants.</b> (I1) An object reachable by a load made inside a pin is not reclaimed before the unpin. (I2) A thread pinned in
 * epoch e keeps the epoch at most e + 1. (I3) Every read horizon loaded inside a pin of epoch e is at least {@code horizonAt[e]}.
 *
 * <p><b>Ordering.</b> A session pin stores its word and then makes a full fence, so that the word is visible before the first load of the
 * pin; a stale epoch in it blocks the advance and does no other harm. A shared pin adds to the counter of the parity of the epoch it
 * read, and reads the epoch again: a thread delayed between the two may have added to the parity that the advancer found empty an
 * instant before, and then takes the addition back (volatile operations order the two; it holds where a store reaches all cores at
 * once, as on x86-64 and AArch64). Retire makes a full fence between the unlinking and its load of the epoch: an epoch read too early
 * would free under a reader. Unpin is release: all loads of the pin are done. An object retired in r is reclaimed at r + 2, because
 * the epoch leaves r + 1 only when nobody is pinned in r.
 *
 * <p><b>Progress.</b> Pins never wait, save that a shared pin repeats when the epoch moved under it. Nobody waits for a reader: a long
 * pin stops reclamation and the trim floor. Retire, advance and reclaim never wait for one another.
 *
 * <p><b>Reclamation.</b> Only what was handed to {@link #retire}; memory itself belongs to its allocator. A pin that is never ended stops
 * reclamation for good: pin and unpin stand in try and finally, with nothing between them that calls foreign code.
 *
 * <p><b>Proof.</b> {@code io.nexuslite.stress.EpochsStress}, with a twin for the missing fence and one for the missing second read.
 */
public final class Epochs {
    /** {@link #tryAdvance} could not move the epoch. */
    public static final long NOT_ADVANCED = 0;

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final VarHandle SESSION_COUNT = field("sessionCount", int.class);

    private static final int STRIPES = 64;
    private static final int WORDS_APART = 16;
    private static final int SESSIONS_IN_BLOCK = 16;
    private static final int BLOCK_SHIFT = Integer.numberOfTrailingZeros(SESSIONS_IN_BLOCK);
    private static final int SESSIONS_MAX = 1 << 16;

    private static final int EPOCH = 0; // words of `shared`
    private static final int ADVANCING = WORDS_APART;
    private static final int HORIZON_AT = 2 * WORDS_APART;
    private static final int SHARED_WORDS = 3 * WORDS_APART;

    private static final int PIN_WORD = 0; // words of one session
    private static final int DEPTH = 1; // private to the owner
    private static final int OPEN = 2; // under sessionLock

    private final long[] shared = new long[SHARED_WORDS];
    private final long[] counters;
    private final int stripeMask;
    private final Object sessionLock = new Object();
    private final RetireLists retired = new RetireLists();
    private final HorizonSource horizons;
    private long[][] sessions = new long[4][]; // written under sessionLock, before sessionCount
    private int[] freeSessions = new int[16]; // guarded by sessionLock
    private int freeSessionCount; // guarded by sessionLock
    @SuppressWarnings("unused") // by SESSION_COUNT
    private int sessionCount; // written under sessionLock

    /** Epochs whose advances note the horizon that {@code horizons} gives. */
    public Epochs(HorizonSource horizons) {
        this(horizons, STRIPES);
    }

    /** As {@link #Epochs(HorizonSource)}, with another number of stripes for shared pins, a power of two. */
    public Epochs(HorizonSource horizons, int stripes) {
        if (Integer.bitCount(stripes) != 1 || stripes > 1 << 16) {
            throw new IllegalArgumentException("stripes must be a power of two up to 65536: " + stripes);
        }
        this.horizons = horizons;
        stripeMask = stripes - 1;
        counters = new long[stripes * 2 * WORDS_APART];
        shared[EPOCH] = 2; // so that 0 is no epoch, and epoch - 1 has its parity
        VarHandle.releaseFence();
    }

    // ---- sessions

    /** Opens a session: a pin word of its own. One thread at a time may use it. */
    public int openSession() {
        synchronized (sessionLock) {
            int session;
            if (freeSessionCount > 0) {
                session = freeSessions[--freeSessionCount];
            } else {
                session = (int) SESSION_COUNT.getAcquire(this);
                if (session == SESSIONS_MAX) {
                    throw new IllegalStateException("more than " + session + " sessions");
                }
                addBlock(session >>> BLOCK_SHIFT);
                SESSION_COUNT.setRelease(this, session + 1); // after the block
            }
            sessions[session >>> BLOCK_SHIFT][base(session) + OPEN] = 1;
            return session;
        }
    }

    private void addBlock(int block) {
        if (block == sessions.length) {
            sessions = Arrays.copyOf(sessions, block * 2); // blocks stay, so who still has the shorter table is right too
        }
        if (sessions[block] == null) {
            sessions[block] = new long[SESSIONS_IN_BLOCK * WORDS_APART];
        }
    }

    /** Closes a session, ending its pin if it has one. Its owner, or nobody, is using it. */
    public void closeSession(int session) {
        synchronized (sessionLock) {
            long[] block = sessions[session >>> BLOCK_SHIFT];
            int base = base(session);
            if (block[base + OPEN] != 1) {
                throw new IllegalStateException("session " + session + " is not open");
            }
            block[base + OPEN] = 0;
            block[base + DEPTH] = 0;
            WORDS.setRelease(block, base + PIN_WORD, 0L);
            if (freeSessionCount == freeSessions.length) {
                freeSessions = Arrays.copyOf(freeSessions, freeSessionCount * 2);
            }
            freeSessions[freeSessionCount++] = session;
        }
    }

    /** Pins the session's thread: what it can reach from now on stays until {@link #unpin}. Nests. */
    public void pin(int session) {
        long[] block = sessions[session >>> BLOCK_SHIFT];
        int base = base(session);
        if (block[base + DEPTH]++ == 0) {
            WORDS.setOpaque(block, base + PIN_WORD, (long) WORDS.getOpaque(shared, EPOCH));
            VarHandle.fullFence(); // I1: the word before the first load of the pin
        }
    }

    /** Ends the innermost pin of the session. */
    public void unpin(int session) {
        long[] block = sessions[session >>> BLOCK_SHIFT];
        int base = base(session);
        long depth = block[base + DEPTH];
        if (depth <= 0) {
            throw new IllegalStateException("session " + session + " is not pinned");
        }
        block[base + DEPTH] = depth - 1;
        if (depth == 1) {
            WORDS.setRelease(block, base + PIN_WORD, 0L);
        }
    }

    /** Whether the session is pinned, as its owner sees it. */
    public boolean isPinned(int session) {
        return sessions[session >>> BLOCK_SHIFT][base(session) + DEPTH] > 0;
    }

    // ---- shared pins

    /**
     * Pins without a session.
     *
     * @return a token for {@link #unpinShared}, which any thread may call
     */
    public int pinShared() {
        int stripe = stripeOfThread() & stripeMask;
        while (true) {
            long epoch = (long) WORDS.getAcquire(shared, EPOCH);
            int token = stripe << 1 | (int) epoch & 1;
            long before = (long) WORDS.getAndAdd(counters, token * WORDS_APART, 1L);
            assert before >= 0;
            if ((long) WORDS.getVolatile(shared, EPOCH) == epoch) {
                return token; // I1, I2: the advancer had not yet left this epoch when the counter showed the pin
            }
            unpinShared(token);
        }
    }

    /** Ends a pin of {@link #pinShared}; once for each token that was given out. */
    public void unpinShared(int token) {
        long before = (long) WORDS.getAndAddRelease(counters, token * WORDS_APART, -1L);
        if (before <= 0) {
            throw new IllegalStateException("shared pin " + token + " is ended twice");
        }
    }

    // ---- retire, advance, reclaim

    /**
     * Hands over an object that was made unreachable (with release or stronger) for new readers.
     *
     * @param to who takes it back, at once or much later
     * @param handle what to tell him: an offset, an index
     */
    public void retire(Reclaimer to, long handle) {
        VarHandle.fullFence(); // I1: unlinked before the epoch is read
        retired.add(to, handle, shared, EPOCH);
    }

    /**
     * Moves the epoch on if no reader holds it back; notes the horizon for the new one and tells {@link HorizonSource}. Never waits.
     *
     * @return the new epoch, or {@link #NOT_ADVANCED} if a pin or another advancer stands in the way
     */
    public long tryAdvance() {
        if (!WORDS.compareAndSet(shared, ADVANCING, 0L, 1L)) {
            return NOT_ADVANCED;
        }
        try {
            long epoch = (long) WORDS.getVolatile(shared, EPOCH);
            VarHandle.fullFence();
            if (firstPinnedSessionBefore(epoch) >= 0 || firstTokenOfParity(epoch - 1) >= 0) {
                return NOT_ADVANCED;
            }
            long horizon = horizons.readHorizonAcquire();
            WORDS.setRelease(shared, HORIZON_AT + (int) (epoch + 1 & 3), horizon); // I3: before anybody can pin in it
            WORDS.setVolatile(shared, EPOCH, epoch + 1);
            VarHandle.fullFence();
            horizons.epochAdvanced(epoch, horizonAt(epoch));
            return epoch + 1;
        } finally {
            WORDS.setRelease(shared, ADVANCING, 0L);
        }
    }

    /**
     * Gives retired objects that no reader can reach any more to their reclaimers. Never waits; one thread at a time does it.
     *
     * @return how many
     * @throws RuntimeException what a reclaimer threw first, after all other due objects were given back
     */
    public int reclaim() {
        return retired.reclaimUpTo((long) WORDS.getAcquire(shared, EPOCH) - 2);
    }

    /** Advances as far as retired objects need it and nothing stands in the way, and reclaims. Returns the objects reclaimed. */
    public int collect() {
        int count = reclaim();
        for (int i = 0; i < 2 && retired.count() > 0 && tryAdvance() != NOT_ADVANCED; i++) {
            count += reclaim();
        }
        return count;
    }

    // ---- observation

    public long epoch() {
        return (long) WORDS.getAcquire(shared, EPOCH);
    }

    /** The horizon noted when {@code epoch}, one of the last three, began. */
    public long horizonAt(long epoch) {
        return (long) WORDS.getAcquire(shared, HORIZON_AT + (int) (epoch & 3));
    }

    /** Objects retired and not yet reclaimed. */
    public long retiredCount() {
        return retired.count();
    }

    /** Sessions that are open. */
    public int openSessionCount() {
        synchronized (sessionLock) {
            return (int) SESSION_COUNT.getAcquire(this) - freeSessionCount;
        }
    }

    /** Pins that are not ended at this moment, sessions and shared ones together. */
    public long pinCount() {
        long count = 0;
        for (int session = 0, end = (int) SESSION_COUNT.getAcquire(this); session < end; session++) {
            count += pinWordAcquire(session) != 0 ? 1 : 0;
        }
        for (int at = 0; at < counters.length; at += WORDS_APART) {
            count += (long) WORDS.getAcquire(counters, at);
        }
        return count;
    }

    /** Who keeps the epoch from moving at this moment, in words for a report, or {@code null} if nobody does. */
    public String blocker() {
        long epoch = epoch();
        int session = firstPinnedSessionBefore(epoch);
        if (session >= 0) {
            return "session " + session + " is pinned in epoch " + pinWordAcquire(session) + ", epoch is " + epoch;
        }
        int token = firstTokenOfParity(epoch - 1);
        return token < 0
                ? null
                : "pins without a session in stripe " + (token >>> 1) + " hold epoch " + (epoch - 1);
    }

    private int firstPinnedSessionBefore(long epoch) {
        for (int session = 0, end = (int) SESSION_COUNT.getAcquire(this); session < end; session++) {
            long pinned = pinWordAcquire(session);
            if (pinned > 0 && pinned < epoch) {
                return session;
            }
        }
        return -1;
    }

    private int firstTokenOfParity(long epoch) {
        for (int stripe = 0; stripe <= stripeMask; stripe++) {
            int token = stripe << 1 | (int) epoch & 1;
            if ((long) WORDS.getAcquire(counters, token * WORDS_APART) != 0) {
                return token;
            }
        }
        return -1;
    }

    private long pinWordAcquire(int session) {
        return (long) WORDS.getAcquire(sessions[session >>> BLOCK_SHIFT], base(session) + PIN_WORD);
    }

    private static int base(int session) {
        return (session & SESSIONS_IN_BLOCK - 1) * WORDS_APART;
    }

    /** Spreads threads, virtual ones too, over stripes; nothing is kept for a thread or a carrier. */
    static int stripeOfThread() {
        long id = Thread.currentThread().threadId() * 0x9e37_79b9_7f4a_7c15L; // Fibonacci hashing, Knuth 6.4
        return (int) (id >>> 40);
    }

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Epochs.class, name, type).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
