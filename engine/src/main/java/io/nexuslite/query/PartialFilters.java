package io.nexuslite.query;

import io.nexuslite.index.DocumentFilter;
import io.nexuslite.index.DocumentFilters;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;

/** Filters of partial indexes: what the documents in them must match, and whether a query asks for no others. Any thread. */
public final class PartialFilters {
    private PartialFilters() {
    }

    /** What {@link io.nexuslite.index.Indexes} is given. */
    public static DocumentFilters compiler() {
        return PartialFilters::compile;
    }

    private static DocumentFilter compile(BsonDocument partialFilter) {
        Filter filter = Filter.parse(partialFilter, QueryLimits.DEFAULTS);
        Evaluator evaluator = new Evaluator();
        return (memory, offset, length) -> evaluator.matches(filter, memory, offset, length);
    }

    /**
     * Whether whatever matches the query's conditions matches the partial filter: each of its conditions must follow from one of
     * the query's on the same path. Says no where it cannot tell.
     */
    static boolean follows(FilterNode partial, List<Conjunct> query, ValueBounds values) {
        List<FilterNode> asked = new ArrayList<>();
        Conjunct.of(partial).stream().filter(Conjunct::isOwn).forEach(conjunct -> asked.add(conjunct.node()));
        return asked.stream().allMatch(node -> query.stream().anyMatch(conjunct -> conjunct.isOwn()
                && follows(node, conjunct.node(), values)));
    }

    private static boolean follows(FilterNode asked, FilterNode given, ValueBounds values) {
        if (given instanceof FilterNode.Or or) {
            return !or.children().isEmpty() && or.children().stream().allMatch(child -> follows(asked, child, values));
        }
        if (given instanceof FilterNode.And and) {
            return and.children().stream().anyMatch(child -> follows(asked, child, values));
        }
        if (!(asked instanceof FilterNode.Leaf need) || !(given instanceof FilterNode.Leaf have)
                || !need.path().equals(have.path())) {
            return false;
        }
        if (need.predicate() instanceof Existence) {
            return !values.holdsMissing(have.predicate());
        }
        // As if arrays were there: one value holds what is given, and so what is asked.
        boolean deep = need.path().length() > 1;
        ValueBounds.Bounded needed = values.of(need.predicate(), true, deep);
        ValueBounds.Bounded held = values.of(have.predicate(), true, deep);
        return needed.exact() && !hasPlace(need.path())
                && needed.intervals().containsAll(held.intervals());
    }

    private static boolean hasPlace(FieldPath path) {
        for (int i = 0; i < path.length(); i++) {
            if (path.index(i) != FieldPath.NO_INDEX) {
                return true;
            }
        }
        return false;
    }
}
