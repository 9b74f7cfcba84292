package io.nexuslite.cache;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * {@link CacheIndex}: a key that stays is found (I12), a word is taken out once (I16), a cell is seen as it was filled. What x86 cannot show
 * missing here: the acquire fence before the second look at the stamp, acquire and release of words, the store-store fence of the lock. The second
 * look itself, the depth in the stamp and the rule of one split at a time are taken out in {@code io.nexuslite.stress.broken.CacheIndexBrokenStress}.
 */
public class CacheIndexStress {
    private static final long MOVING = 1; // lowest bit set: the first split moves it from bucket 0 to 1
    private static final int FULL = 7; // words of a bucket without overflow

    private CacheIndexStress() {
    }

    /** An index of one bucket with {@link ArrayMemory#KEY} in it, and as many others as asked for. */
    abstract static class OneBucket {
        final ArrayMemory memory = new ArrayMemory();
        final CacheIndex index = new CacheIndex(memory, 4, 1);
        final long word;

        OneBucket(int others) {
            for (int i = 0; i < others; i++) {
                add(memory.newCell((long) i << 32, i), (long) i << 32);
            }
            word = memory.newCell(MOVING, 42);
            add(word, MOVING);
        }

        final void add(long newWord, long hash) {
            int bucket = index.lock(hash);
            if (index.insertLocked(bucket, newWord, CacheIndex.NONE) == CacheIndex.NEEDS_SPARE) {
                index.unlock(bucket);
                long spare = memory.allocate(CacheIndex.BUCKET_SIZE);
                bucket = index.lock(hash);
                index.insertLocked(bucket, newWord, spare);
            }
            index.unlock(bucket);
        }

        final int found() {
            return index.find(MOVING, ArrayMemory.KEY, 0, ArrayMemory.KEY_LENGTH) == CacheIndex.NONE ? 0 : 1;
        }

        final int takeOut() {
            int bucket = index.lock(MOVING);
            boolean out = index.containsLocked(bucket, word);
            if (out) {
                index.removeLocked(bucket, word);
            }
            index.unlock(bucket);
            return out ? 1 : 0;
        }
    }

    /** The key's bucket is split while it is looked for. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Found, before or after.")
    @Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "A key that stays was missed.")
    @State
    public static class Split extends OneBucket {
        public Split() {
            super(2);
        }

        @Actor
        public void reader(I_Result result) {
            result.r1 = found();
        }

        @Actor
        public void writer() {
            index.split();
        }
    }

    /**
     * Two splits of the first bucket pass while a reader still has the first count. A reader that went by the whole depth at once would
     * name a bucket that is not open, and never end.
     */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Found, before, between or after.")
    @Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "A key that stays was missed.")
    @State
    public static class SplitTwice extends OneBucket {
        private static final long HASH = 3; // to bucket 1 first, to 3 only by a third split

        public SplitTwice() {
            super(0);
            add(memory.newCell(HASH, 42), HASH);
        }

        @Actor
        public void reader(I_Result result) {
            result.r1 = index.find(HASH, ArrayMemory.KEY, 0, ArrayMemory.KEY_LENGTH) == CacheIndex.NONE ? 0 : 1;
        }

        @Actor
        public void writer() {
            index.split();
            index.split();
        }
    }

    /** As {@link Split}, with an overflow bucket that both halves may use. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Found, before or after.")
    @Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "A key that stays was missed.")
    @State
    public static class SplitOfChain extends OneBucket {
        public SplitOfChain() {
            super(FULL + 1);
        }

        @Actor
        public void reader(I_Result result) {
            result.r1 = found();
        }

        @Actor
        public void writer() {
            index.split();
        }
    }

    /** The bucket gets its overflow bucket, which moves the key. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Found, before or after.")
    @Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "A key that stays was missed.")
    @State
    public static class Overflow extends OneBucket {
        public Overflow() {
            super(FULL - 1);
        }

        @Actor
        public void reader(I_Result result) {
            result.r1 = found();
        }

        @Actor
        public void writer() {
            add(memory.newCell(2, 43), 2);
        }
    }

    /** Two threads take one word out while its bucket splits. */
    @JCStressTest
    @Outcome(id = {"1, 0, 0", "0, 1, 0"}, expect = Expect.ACCEPTABLE, desc = "Taken out once.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Taken out twice, or not at all.")
    @State
    public static class TakenOutOnce extends OneBucket {
        public TakenOutOnce() {
            super(0);
        }

        @Actor
        public void first(III_Result result) {
            result.r1 = takeOut();
        }

        @Actor
        public void second(III_Result result) {
            index.split();
            result.r2 = takeOut();
        }

        @Arbiter
        public void after(III_Result result) {
            result.r3 = found();
        }
    }

    /** A new cell takes the place of the old one: the reader finds either, filled. */
    @JCStressTest
    @Outcome(id = {"1, 42", "2, 42"}, expect = Expect.ACCEPTABLE, desc = "The old cell, or the new one.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Nothing, or a cell that is not filled.")
    @State
    public static class Replace extends OneBucket {
        public Replace() {
            super(1);
        }

        @Actor
        public void reader(II_Result result) {
            long found = index.find(MOVING, ArrayMemory.KEY, 0, ArrayMemory.KEY_LENGTH);
            if (found != CacheIndex.NONE) {
                result.r1 = found == word ? 1 : 2;
                MemorySegment cell = memory.memory(CacheIndex.handle(found));
                result.r2 = (int) cell.get(ValueLayout.JAVA_LONG, CacheCell.HEADER_SIZE);
            }
        }

        @Actor
        public void writer() {
            long newWord = memory.newCell(MOVING, 42);
            int bucket = index.lock(MOVING);
            index.replaceLocked(bucket, word, newWord);
            index.unlock(bucket);
        }
    }
}
