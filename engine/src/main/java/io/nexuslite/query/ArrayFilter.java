package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.InvalidQueryException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which elements of an array a dynamic segment of an update's path means: the one that the filter met ({@code $}), all
 * ({@code $[]}), or those that a filter selects ({@code $[identifier]}). Immutable.
 *
 * @param identifier the name by which the filter calls an element; empty for the first two
 * @param filterOrNull what an element must hold; {@code null} for the first two
 */
record ArrayFilter(String identifier, FieldName name, Filter filterOrNull) {
    /** {@code $} */
    static final ArrayFilter MATCHED = new ArrayFilter("", null, null);
    /** {@code $[]} */
    static final ArrayFilter ALL = new ArrayFilter("", null, null);

    private static final Pattern IDENTIFIER = Pattern.compile("[a-z][a-zA-Z0-9]*");
    private static final String OPTION = "arrayFilters";
    private static final int WRAP_CAPACITY = 256;

    /** Parses array filters, by identifier. */
    static Map<String, ArrayFilter> parse(List<BsonView> filters, QueryLimits limits) {
        Map<String, ArrayFilter> byIdentifier = new LinkedHashMap<>();
        for (BsonView each : filters) {
            Filter filter = Filter.parse(each, limits).withoutExpressions(OPTION);
            String identifier = identifier(filter.root(), "");
            if (!IDENTIFIER.matcher(identifier).matches()) {
                throw new InvalidQueryException("expected an array filter of one identifier of letters and digits that"
                        + " begins with a small letter, found another", identifier, OPTION);
            }
            ArrayFilter filterOf = new ArrayFilter(identifier, FieldName.of(identifier), filter);
            if (byIdentifier.put(identifier, filterOf) != null) {
                throw new InvalidQueryException("expected one array filter for an identifier, found two", identifier,
                        OPTION);
            }
        }
        return byIdentifier;
    }

    /** The name with which all paths of a filter begin. */
    private static String identifier(FilterNode node, String known) {
        if (node instanceof FilterNode.Not not) {
            return identifier(not.child(), known);
        }
        if (node instanceof FilterNode.Leaf leaf) {
            String name = leaf.path().name(0).name();
            if (!known.isEmpty() && !known.equals(name)) {
                throw new InvalidQueryException("expected one identifier in an array filter, found " + known + " and "
                        + name, name, OPTION);
            }
            return name;
        }
        List<FilterNode> children = node instanceof FilterNode.And and
                ? and.children()
                : ((FilterNode.Or) node).children();
        String found = known;
        for (FilterNode child : children) {
            found = identifier(child, found);
        }
        return found;
    }

    boolean selects(BsonCursor element, UpdateRun run) {
        if (filterOrNull == null) {
            return true;
        }
        try (GrowableBuffer wrapped = GrowableBuffer.ofConfined(WRAP_CAPACITY, GrowableBuffer.DEFAULT_LIMIT)) {
            new BsonWriter().wrap(wrapped).startDocument().name(name).value(element).endDocument();
            return run.scratch.evaluator().matches(filterOrNull, wrapped.memory(), 0, wrapped.length());
        }
    }
}
