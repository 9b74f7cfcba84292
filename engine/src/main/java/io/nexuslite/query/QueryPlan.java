package io.nexuslite.query;

import io.nexuslite.index.Index;
import io.nexuslite.index.KeyRanges;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/** How a query finds its documents. Immutable; borrows as the filter does. */
public final class QueryPlan {
    /** Where the documents come from. */
    public enum Kind {
        /** All documents, in the order of {@code _id}. */
        COLLECTION,
        /** Documents by their {@code _id}, see {@link IdBounds}. */
        ID,
        /** Documents that the entries of an index name. */
        INDEX,
        /** Documents that one of several {@link #branches} names, each once. */
        UNION,
        /** None: nothing can match. */
        NOTHING
    }

    private final Kind kind;
    private final Index index;
    private final IndexBounds bounds;
    private final boolean backwards;
    private final boolean sorted;
    private final boolean filtered;
    private final boolean covered;
    private final List<QueryPlan> branches;
    private final long estimate;
    private final double cost;
    private final List<QueryPlan> rejected;

    private QueryPlan(Kind kind, Index index, IndexBounds bounds, boolean backwards, boolean sorted, boolean filtered,
            boolean covered, List<QueryPlan> branches, long estimate, double cost, List<QueryPlan> rejected) {
        this.kind = kind;
        this.index = index;
        this.bounds = bounds;
        this.backwards = backwards;
        this.sorted = sorted;
        this.filtered = filtered;
        this.covered = covered;
        this.branches = branches;
        this.estimate = estimate;
        this.cost = cost;
        this.rejected = rejected;
    }

    static QueryPlan of(Kind kind, boolean backwards, boolean sorted, boolean filtered, long estimate, double cost) {
        return new QueryPlan(kind, null, null, backwards, sorted, filtered, false, List.of(), estimate, cost,
                List.of());
    }

    static QueryPlan ofIndex(Index index, IndexBounds bounds, boolean backwards, boolean sorted, boolean covered,
            long estimate, double cost) {
        return new QueryPlan(Kind.INDEX, index, bounds, backwards, sorted, !bounds.exact(), covered, List.of(),
                estimate, cost, List.of());
    }

    static QueryPlan ofUnion(List<QueryPlan> branches, boolean sorted, long estimate, double cost) {
        return new QueryPlan(Kind.UNION, null, null, false, sorted, true, false, List.copyOf(branches), estimate, cost,
                List.of());
    }

    QueryPlan withRejected(List<QueryPlan> others) {
        return new QueryPlan(kind, index, bounds, backwards, sorted, filtered, covered, branches, estimate, cost,
                List.copyOf(others));
    }

    public Kind kind() {
        return kind;
    }

    /** The index of a plan of kind {@code INDEX}, else {@code null}. */
    public Index index() {
        return index;
    }

    /** Puts the ranges of the index that are to be read into {@code into}; of kind {@code INDEX} only. */
    public void copyRanges(KeyRanges into) {
        bounds.copyTo(into);
    }

    /** Whether the last comes first. */
    public boolean isBackwards() {
        return backwards;
    }

    /** Whether documents come in the order of the sort, so that they need not be sorted. */
    public boolean isSorted() {
        return sorted;
    }

    /** Whether documents must be asked the filter. */
    public boolean isFiltered() {
        return filtered;
    }

    /** Whether the entries tell all that is needed, so that documents are fetched only where an entry does not. */
    public boolean isCovered() {
        return covered;
    }

    /** The parts of a union; each is of kind {@code INDEX}. */
    public List<QueryPlan> branches() {
        return branches;
    }

    /** Entries or documents that will be read, about. */
    public long estimate() {
        return estimate;
    }

    double cost() {
        return cost;
    }

    /** The plans that were thought of and are dearer. */
    public List<QueryPlan> rejected() {
        return rejected;
    }

    /** The plan and those it was preferred to, for people to read; the form may change. */
    public BsonDocument explain() {
        BsonArray others = new BsonArray();
        rejected.forEach(plan -> others.add(plan.describe()));
        return new BsonDocument("plan", describe()).append("rejectedPlans", others);
    }

    private BsonDocument describe() {
        BsonDocument text = new BsonDocument("stage", new BsonString(kind.name()));
        if (index != null) {
            text.append("index", new BsonString(index.name())).append("key", index.definition().key());
            text.append("bounds", describeBounds()).append("ranges", new BsonInt32(bounds.ranges().size()));
        }
        if (!branches.isEmpty()) {
            BsonArray parts = new BsonArray();
            branches.forEach(branch -> parts.add(branch.describe()));
            text.append("branches", parts);
        }
        return text.append("direction", new BsonString(backwards ? "backwards" : "forwards"))
                .append("sorted", BsonBoolean.valueOf(sorted))
                .append("filtered", BsonBoolean.valueOf(filtered))
                .append("covered", BsonBoolean.valueOf(covered))
                .append("estimate", new BsonInt64(estimate))
                .append("cost", new BsonDouble(Math.rint(cost * 100) / 100));
    }

    /** For each path that the ranges are made of, how many points or ranges it has. */
    private BsonDocument describeBounds() {
        BsonDocument text = new BsonDocument();
        for (int i = 0; i < index.definition().paths().size(); i++) {
            Intervals intervals = bounds.perPath().get(i);
            String told = i >= bounds.boundPaths()
                    ? "all"
                    : intervals.ranges().size() + (i < bounds.pointPaths() ? " points" : " ranges");
            text.append(index.definition().paths().get(i).path(), new BsonString(told));
        }
        return text;
    }

    @Override
    public String toString() {
        return describe().toString();
    }
}
