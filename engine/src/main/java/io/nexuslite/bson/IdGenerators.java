package io.nexuslite.bson;

import static io.nexuslite.bson.BsonBytes.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;

/** The generators behind {@link IdGenerator}. Each guards its state by its own monitor, held for some ten nanoseconds. */
final class IdGenerators {
    private static final long VARIANT = 0x8000000000000000L;
    private static final long VARIANT_MASK = 0x3FFFFFFFFFFFFFFFL;

    private IdGenerators() {
    }

    /** Random words, fetched a page at a time. Guarded by its owner. */
    private static final class Pool {
        private static final int SIZE = 4096;

        private final IdGenerator.Entropy entropy;
        /** Freed with the generator, which nobody closes. */
        private final MemorySegment memory = Arena.ofAuto().allocate(SIZE, Long.BYTES);
        private int used = SIZE;

        Pool(IdGenerator.Entropy entropy) {
            this.entropy = entropy;
        }

        long next() {
            if (used == SIZE) {
                entropy.fill(memory, 0, SIZE);
                used = 0;
            }
            long word = memory.get(LONG, used);
            memory.set(LONG, used, 0); // a used id is not to be found in memory twice
            used += Long.BYTES;
            return word;
        }
    }

    static final class Uuid4 implements IdGenerator {
        private final Pool pool;

        Uuid4(Entropy entropy) {
            pool = new Pool(entropy);
        }

        @Override
        public void generate(BsonWriter target) {
            long high;
            long low;
            synchronized (this) {
                high = pool.next();
                low = pool.next();
            }
            target.uuid(high & 0xFFFFFFFFFFFF0FFFL | 0x4000, low & VARIANT_MASK | VARIANT);
        }
    }

    /** Method 1 of RFC 9562, 6.2: the 12 bits behind the time count, from a random start in their lower half. */
    static final class Uuid7 implements IdGenerator {
        private static final int COUNTER_LAST = 0xFFF;
        private static final int COUNTER_START_MASK = 0x7FF;

        private final Pool pool;
        private final LongSupplier wallMillis;
        private long millis = -1;
        private int counter;

        Uuid7(Entropy entropy, LongSupplier wallMillis) {
            pool = new Pool(entropy);
            this.wallMillis = wallMillis;
        }

        @Override
        public void generate(BsonWriter target) {
            long now = wallMillis.getAsLong();
            long high;
            long low;
            synchronized (this) {
                low = pool.next();
                if (now > millis) {
                    millis = now;
                    counter = (int) pool.next() & COUNTER_START_MASK;
                } else if (counter < COUNTER_LAST) {
                    counter++;
                } else {
                    millis++; // ahead of the clock, until it catches up
                    counter = 0;
                }
                high = millis << 16 | 0x7000 | counter;
            }
            target.uuid(high, low & VARIANT_MASK | VARIANT);
        }
    }

    static final class OfObjectId implements IdGenerator {
        private final LongSupplier wallMillis;
        private final long random;
        private int counter;

        OfObjectId(Entropy entropy, LongSupplier wallMillis) {
            Pool pool = new Pool(entropy);
            this.wallMillis = wallMillis;
            random = pool.next();
            counter = (int) pool.next();
        }

        @Override
        public void generate(BsonWriter target) {
            int count;
            synchronized (this) {
                count = counter++;
            }
            long seconds = wallMillis.getAsLong() / 1000;
            long first = seconds << 32 | random >>> 32;
            target.objectId(first, (int) (random & 0xFF) << 24 | count & 0xFFFFFF);
        }
    }
}
