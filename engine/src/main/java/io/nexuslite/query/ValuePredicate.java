package io.nexuslite.query;

import java.lang.foreign.MemorySegment;

/**
 * What a filter asks of one value. A path holds it if one of the values that the path leads to does; a path that leads nowhere
 * leads to the type {@link io.nexuslite.bson.BsonType#NONE}. Immutable.
 */
sealed interface ValuePredicate
        permits Comparison, Membership, Existence, TypeTest, RegexTest, Modulo, ArraySize, ElementMatch, BitTest {
    /** Whether the value of that type at that place holds it. For {@code NONE}, memory and place mean nothing. */
    boolean test(byte type, MemorySegment memory, long value, EvaluationScratch scratch);

    /** Whether it asks an array at the end of a path as a whole only, and not its elements. */
    default boolean isOfWholeValue() {
        return false;
    }
}
