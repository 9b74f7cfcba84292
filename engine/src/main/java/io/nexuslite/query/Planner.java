package io.nexuslite.query;

import io.nexuslite.bson.FieldName;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.index.Index;
import io.nexuslite.index.IndexDefinition;
import io.nexuslite.index.IndexPath;
import io.nexuslite.index.IndexProbe;
import io.nexuslite.index.IndexSet;
import io.nexuslite.index.KeyRanges;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses how a query finds its documents: by {@code _id}, by one index, by several for the branches of an {@code $or}, or by
 * reading everything.
 *
 * <p>A plan costs what it reads: a document one after the other is the unit; one fetched by its key costs more, an entry of an
 * index less, and sorting by comparison. How many entries lie in a range is counted, up to a number; beyond, the shape of the
 * bounds decides. A plan in the order that is asked for reads only as many as are wanted.
 *
 * <p>Reusable; one thread at a time; owns a little memory.
 */
public final class Planner implements AutoCloseable {
    /** A fetch by key and an entry, in documents read one after the other. */
    static final double FETCH_COST = 2.5;
    static final double ENTRY_COST = 0.4;
    private static final double SEEK_COST = 3;
    /** What reading everything costs on top, so that few documents do not make an index look useless. */
    private static final double COLLECTION_COST = 20;
    private static final double SORT_COST = 0.15;
    /** Entries that are counted before they are guessed. */
    static final int COUNT_MAX = 512;
    /** So many documents are thought to be read for each one that the rest of a filter lets through. */
    private static final int READ_FOR_ONE = 8;
    private static final double POINT_SHARE = 0.02;
    private static final double RANGE_SHARE = 0.15;
    private static final int PARTIAL_FILTERS_MAX = 256;

    private final KeyEncoder keys = new KeyEncoder();
    private final ValueBounds values = new ValueBounds(keys);
    private final KeyRanges ranges = new KeyRanges();
    /** By the index's tree, whose definition never changes. */
    private final Map<Integer, FilterNode> partialFilters = new HashMap<>();

    /** A planner. */
    public Planner() {
    }

    /**
     * Plans a query.
     *
     * @param indexes of the collection
     * @param documentCount of the collection, about
     * @throws InvalidQueryException if the hint names no index that holds all that is asked for
     */
    public QueryPlan plan(PlanRequest request, IndexSet indexes, IndexProbe probe, long documentCount) {
        Filter filter = request.filter();
        List<Conjunct> conjuncts = Conjunct.of(filter.root());
        List<QueryPlan> plans = new ArrayList<>();
        for (Index index : indexes.all()) {
            boolean hinted = index.name().equals(request.hintOrNull());
            if (index.isUsable() && (request.hintOrNull() == null || hinted)) {
                QueryPlan plan = ofIndex(request, filter.root(), conjuncts, index, probe, hinted);
                if (plan != null) {
                    plans.add(plan);
                }
            }
        }
        if (request.hintOrNull() != null) {
            return hinted(request, plans, documentCount);
        }
        plans.add(ofCollection(request, documentCount));
        QueryPlan byId = ofId(request, documentCount);
        if (byId != null) {
            plans.add(byId);
        }
        QueryPlan union = indexes.isEmpty() ? null : ofUnion(request, conjuncts, indexes, probe);
        if (union != null) {
            plans.add(union);
        }
        plans.sort(Comparator.comparingDouble(QueryPlan::cost)); // stable: of equals the oldest index
        return plans.getFirst().withRejected(plans.subList(1, plans.size()));
    }

    private QueryPlan hinted(PlanRequest request, List<QueryPlan> plans, long documentCount) {
        if (request.hintOrNull().equals(IndexDefinition.ID_INDEX)) {
            QueryPlan byId = ofId(request, documentCount);
            return byId != null ? byId : ofCollection(request, documentCount);
        }
        if (plans.isEmpty()) {
            throw new InvalidQueryException("expected the name of an index that holds all that is asked for, found "
                    + request.hintOrNull(), "", "hint");
        }
        return plans.getFirst();
    }

    // ---- all documents, or by _id

    private static QueryPlan ofCollection(PlanRequest request, long documentCount) {
        boolean sorted = isSortedById(request);
        long read = wanted(request, documentCount, sorted, request.filter().matchesAll());
        return QueryPlan.of(QueryPlan.Kind.COLLECTION, isBackwardsById(request), sorted, !request.filter().matchesAll(),
                read, COLLECTION_COST + read + sortCost(request, sorted, documentCount));
    }

    private static QueryPlan ofId(PlanRequest request, long documentCount) {
        IdBounds bounds = IdBounds.of(request.filter());
        if (!bounds.hasPoints() && bounds.low() == null && bounds.high() == null) {
            return null;
        }
        boolean sorted = isSortedById(request);
        long read = bounds.hasPoints()
                ? Math.min(bounds.pointCount(), documentCount)
                : wanted(request, guess(documentCount, bounds.low() == null || bounds.high() == null
                        ? 2 * RANGE_SHARE
                        : RANGE_SHARE), sorted, false);
        double cost = SEEK_COST + (bounds.hasPoints() ? read * FETCH_COST : read) + sortCost(request, sorted, read);
        return QueryPlan.of(QueryPlan.Kind.ID, isBackwardsById(request), sorted, true, read, cost);
    }

    private static boolean isSortedById(PlanRequest request) {
        return isUnsorted(request) || request.sortOrNull().isById();
    }

    private static boolean isBackwardsById(PlanRequest request) {
        return request.sortOrNull() != null && request.sortOrNull().isById() && request.sortOrNull().isDescending();
    }

    private static boolean isUnsorted(PlanRequest request) {
        return request.sortOrNull() == null || request.sortOrNull().isEmpty();
    }

    // ---- one index

    /** A plan over one index, or {@code null} if it does not hold what is asked for, or is of no use. */
    private QueryPlan ofIndex(PlanRequest request, FilterNode root, List<Conjunct> conjuncts, Index index,
            IndexProbe probe, boolean hinted) {
        IndexDefinition definition = index.definition();
        if (definition.partialFilterOrNull() != null
                && !PartialFilters.follows(partialFilter(index), conjuncts, values)) {
            return null;
        }
        long multikey = probe.multikeyPaths(index);
        if (definition.sparse() && !SparseRule.keepsAllMatches(root, definition, multikey, values)) {
            return null;
        }
        IndexBounds bounds = IndexBounds.of(conjuncts, definition, multikey, values);
        if (bounds.isEmpty()) {
            return QueryPlan.of(QueryPlan.Kind.NOTHING, false, true, false, 0, 0);
        }
        int order = isUnsorted(request)
                ? IndexOrder.FORWARDS
                : IndexOrder.of(request.sortOrNull(), definition, bounds, multikey);
        boolean covered = multikey == 0 && isCovered(request, root, definition, bounds);
        if (bounds.boundPaths() == 0 && !hinted && !covered && (isUnsorted(request) || order == IndexOrder.NONE)) {
            return null;
        }
        long entries = countEntries(index, bounds, probe);
        boolean sorted = order != IndexOrder.NONE;
        long read = wanted(request, entries, sorted, bounds.exact());
        double cost = Math.min(bounds.ranges().size(), read) * SEEK_COST + read * (ENTRY_COST + (covered
                ? 0
                : FETCH_COST)) + sortCost(request, sorted, entries);
        return QueryPlan.ofIndex(index, bounds, order == IndexOrder.BACKWARDS, sorted, covered, read, cost);
    }

    private FilterNode partialFilter(Index index) {
        if (partialFilters.size() >= PARTIAL_FILTERS_MAX) {
            partialFilters.clear();
        }
        return partialFilters.computeIfAbsent(index.treeId(), id -> Filter.parse(index.definition()
                .partialFilterOrNull(), QueryLimits.DEFAULTS).root());
    }

    /** Whether result, filter and sort need nothing but top fields that the index has, and {@code _id}. */
    private static boolean isCovered(PlanRequest request, FilterNode root, IndexDefinition definition,
            IndexBounds bounds) {
        if (request.neededPathsOrNull() == null) {
            return false;
        }
        Set<String> told = new HashSet<>(Set.of(FieldName.ID.name()));
        for (IndexPath path : definition.paths()) {
            if (path.path().indexOf('.') < 0) {
                told.add(path.path());
            }
        }
        boolean sortTold = isUnsorted(request) || request.sortOrNull().parts().stream().allMatch(part -> told.contains(
                part.path().toString()));
        return sortTold && told.containsAll(request.neededPathsOrNull()) && (bounds.exact() || isTold(root, told));
    }

    private static boolean isTold(FilterNode node, Set<String> told) {
        return switch (node) {
            case FilterNode.Leaf leaf -> told.contains(leaf.path().toString());
            case FilterNode.Formula formula -> false; // may read any path
            case FilterNode.Not not -> isTold(not.child(), told);
            case FilterNode.And and -> and.children().stream().allMatch(child -> isTold(child, told));
            case FilterNode.Or or -> or.children().stream().allMatch(child -> isTold(child, told));
        };
    }

    // ---- several indexes

    /** One index for each branch of an {@code $or}, together with the other conditions; {@code null} if a branch has none. */
    private QueryPlan ofUnion(PlanRequest request, List<Conjunct> conjuncts, IndexSet indexes, IndexProbe probe) {
        QueryPlan best = null;
        for (Conjunct conjunct : conjuncts) {
            if (conjunct.isOwn() && conjunct.node() instanceof FilterNode.Or or && or.children().size() > 1) {
                QueryPlan union = ofBranches(request, conjuncts, conjunct, or, indexes, probe);
                if (union != null && (best == null || union.cost() < best.cost())) {
                    best = union;
                }
            }
        }
        return best;
    }

    private QueryPlan ofBranches(PlanRequest request, List<Conjunct> conjuncts, Conjunct split, FilterNode.Or or,
            IndexSet indexes, IndexProbe probe) {
        PlanRequest unordered = new PlanRequest(request.filter(), null, 0, null, null);
        List<QueryPlan> branches = new ArrayList<>();
        long read = 0;
        double cost = 0;
        for (FilterNode child : or.children()) {
            List<FilterNode> nodes = new ArrayList<>(List.of(child));
            conjuncts.stream().filter(other -> other.isOwn() && other != split).forEach(other -> nodes.add(other
                    .node()));
            FilterNode branch = new FilterNode.And(nodes);
            List<Conjunct> asked = Conjunct.of(branch);
            QueryPlan plan = null;
            for (Index index : indexes.all()) {
                QueryPlan next = index.isUsable() ? ofIndex(unordered, branch, asked, index, probe, false) : null;
                plan = next != null && (plan == null || next.cost() < plan.cost()) ? next : plan;
            }
            if (plan == null) {
                return null;
            }
            if (plan.kind() != QueryPlan.Kind.NOTHING) {
                branches.add(plan);
            }
            read += plan.estimate();
            cost += plan.cost();
        }
        boolean sorted = isUnsorted(request);
        return branches.isEmpty()
                ? QueryPlan.of(QueryPlan.Kind.NOTHING, false, true, false, 0, 0)
                : QueryPlan.ofUnion(branches, sorted, read, cost + sortCost(request, sorted, read));
    }

    // ---- how many

    private long countEntries(Index index, IndexBounds bounds, IndexProbe probe) {
        long all = probe.entryCount(index);
        if (bounds.boundPaths() == 0) {
            return all;
        }
        if (index.definition().unique() && bounds.pointPaths() == index.definition().paths().size()) {
            return Math.min(all, bounds.ranges().size());
        }
        bounds.copyTo(ranges);
        long counted = probe.countUpTo(index, ranges, COUNT_MAX);
        if (counted != IndexProbe.UNKNOWN && counted < COUNT_MAX) {
            return counted;
        }
        double share = 1;
        for (int i = 0; i < bounds.boundPaths(); i++) {
            share *= i < bounds.pointPaths()
                    ? Math.min(1, POINT_SHARE * bounds.perPath().get(i).ranges().size())
                    : shareOf(bounds.perPath().get(i));
        }
        return Math.max(Math.max(0, counted), guess(all, share));
    }

    private static double shareOf(Intervals intervals) {
        double share = 0;
        for (Intervals.Interval range : intervals.ranges()) {
            boolean open = range.low().length <= 1 || range.high() == null || range.high().length <= 1;
            share += range.point() ? POINT_SHARE : open ? 2 * RANGE_SHARE : RANGE_SHARE;
        }
        return Math.min(1, share);
    }

    private static long guess(long all, double share) {
        return (long) Math.ceil(all * share);
    }

    /** How many of {@code there} will be read for what is wanted. */
    private static long wanted(PlanRequest request, long there, boolean sorted, boolean exact) {
        if (request.countMax() <= 0 || !sorted) {
            return there;
        }
        long for1 = exact ? 1 : READ_FOR_ONE;
        return request.countMax() > there / for1 ? there : request.countMax() * for1;
    }

    private static double sortCost(PlanRequest request, boolean sorted, long count) {
        if (sorted || isUnsorted(request)) {
            return 0;
        }
        return SORT_COST * count * Math.log(Math.max(2, count));
    }

    @Override
    public void close() {
        keys.close();
        ranges.close();
    }
}
