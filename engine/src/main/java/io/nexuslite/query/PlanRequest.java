package io.nexuslite.query;

import java.util.Set;

/**
 * What a query asks for, as far as it decides how to find it.
 *
 * @param filter which documents
 * @param sortOrNull in which order, {@code null} for any
 * @param countMax how many documents are wanted at most, those that are skipped included; 0 for all
 * @param neededPathsOrNull the paths that the result is made of, {@code null} for whole documents
 * @param hintOrNull name of the index to be used, {@code null} for the best
 */
public record PlanRequest(Filter filter, Sort sortOrNull, long countMax, Set<String> neededPathsOrNull,
        String hintOrNull) {
    /** A query for whole documents in any order. */
    public static PlanRequest of(Filter filter) {
        return new PlanRequest(filter, null, 0, null, null);
    }
}
