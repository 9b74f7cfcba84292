package io.nexuslite.query;

/**
 * Bounds of what a query may ask.
 *
 * @param depthMax most levels of nested operators
 * @param predicatesMax most predicates in one filter
 * @param valuesMax most values in one {@code $in}
 * @param segmentsMax most segments of a dotted path
 * @param sortKeysMax most fields of a sort
 */
public record QueryLimits(int depthMax, int predicatesMax, int valuesMax, int segmentsMax, int sortKeysMax) {
    public static final QueryLimits DEFAULTS = new QueryLimits(100, 10_000, 1_000_000, 100, 32);
}
