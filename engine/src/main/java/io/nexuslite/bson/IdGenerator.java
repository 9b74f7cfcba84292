package io.nexuslite.bson;

import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;

/**
 * Makes the {@code _id} of a document that has none.
 *
 * <p>The generators made here may be called by any thread at any time; entropy is fetched for many ids at once.
 */
@FunctionalInterface
public interface IdGenerator {
    /** Where random bits come from. */
    @FunctionalInterface
    interface Entropy {
        /** Fills {@code length} bytes of {@code target} from {@code offset} on. The target is native memory. */
        void fill(MemorySegment target, long offset, int length);
    }

    /** Writes exactly one value, the id, into {@code target}, where its name has been written. Any thread. */
    void generate(BsonWriter target);

    /** Random UUIDs (version 4 of RFC 9562), as binary of subtype 4. The default. */
    static IdGenerator uuid4(Entropy entropy) {
        return new IdGenerators.Uuid4(entropy);
    }

    /**
     * UUIDs that begin with the time (version 7 of RFC 9562), as binary of subtype 4. Those of one generator ascend, also when
     * the clock stands still or goes back.
     *
     * @param wallMillis milliseconds since 1970 UTC
     */
    static IdGenerator uuid7(Entropy entropy, LongSupplier wallMillis) {
        return new IdGenerators.Uuid7(entropy, wallMillis);
    }

    /**
     * Object ids as MongoDB's drivers make them: seconds, five bytes drawn once for each generator, a counter.
     *
     * @param wallMillis milliseconds since 1970 UTC
     */
    static IdGenerator objectId(Entropy entropy, LongSupplier wallMillis) {
        return new IdGenerators.OfObjectId(entropy, wallMillis);
    }
}
