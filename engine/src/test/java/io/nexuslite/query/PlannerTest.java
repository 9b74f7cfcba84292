package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.InvalidIndexException;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.index.Index;
import io.nexuslite.index.IndexDefinition;
import io.nexuslite.index.IndexScan;
import io.nexuslite.index.IndexWorld;
import io.nexuslite.index.KeyRanges;
import io.nexuslite.index.RandomIndex;
import io.nexuslite.index.SnapshotProbe;
import io.nexuslite.io.Hosts;
import io.nexuslite.io.MemoryHost;
import io.nexuslite.store.ModelEngine;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.testing.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PlannerTest {
    @RegisterExtension
    final Seed seed = new Seed();

    /** A collection over the model, with what is needed to plan and to run plans. */
    private static final class World implements AutoCloseable {
        private final MemoryHost host = Hosts.inMemory();
        private final ModelEngine engine = new ModelEngine();
        private final IndexWorld world = new IndexWorld(engine, host, PartialFilters.compiler());
        private final Planner planner = new Planner();
        private final SnapshotProbe probe = new SnapshotProbe();
        private final KeyRanges ranges = new KeyRanges();
        private final IndexScan scan = new IndexScan();
        private final GrowableBuffer told = new GrowableBuffer();
        private int coveredCount;

        private World() {
            world.createCollection();
        }

        private void put(int id, BsonDocument document) {
            BsonDocument whole = new BsonDocument("_id", new BsonInt32(id));
            document.forEach(whole::put);
            whole.put("_id", new BsonInt32(id));
            try (IndexWorld.Writer writer = world.writer()) {
                writer.put(id, whole, TransactionMode.EXCLUSIVE);
            }
        }

        private QueryPlan plan(PlanRequest request) {
            try (Session session = engine.openSession(); Snapshot snapshot = engine.snapshot("plan")) {
                return planner.plan(request, world.indexSet(), probe.at(session, snapshot),
                        world.entry().tree().recordCount());
            }
        }

        /** What a plan finds, in its order; sorted only as far as the plan is. */
        private List<BsonDocument> run(PlanRequest request, QueryPlan plan) {
            try (Session session = engine.openSession(); Snapshot snapshot = engine.snapshot("run")) {
                TreeMap<byte[], BsonDocument> all = world.documents(session, snapshot, world.entry().tree());
                List<BsonDocument> found = new ArrayList<>();
                switch (plan.kind()) {
                    case NOTHING -> {
                        // as it says
                    }
                    case COLLECTION, ID -> {
                        for (BsonDocument document : (plan.isBackwards() ? all.descendingMap() : all).values()) {
                            if (matches(request, document)) {
                                found.add(document);
                            }
                        }
                    }
                    case INDEX -> scan(request, plan, plan.isFiltered(), all, session, snapshot, new HashSet<>(),
                            found);
                    case UNION -> {
                        Set<BsonValue> seen = new HashSet<>();
                        for (QueryPlan branch : plan.branches()) {
                            scan(request, branch, true, all, session, snapshot, seen, found);
                        }
                    }
                }
                return found;
            }
        }

        private void scan(PlanRequest request, QueryPlan plan, boolean filtered, TreeMap<byte[], BsonDocument> all,
                Session session, Snapshot snapshot, Set<BsonValue> seen, List<BsonDocument> found) {
            Index index = plan.index();
            plan.copyRanges(ranges);
            try (TreeCursor cursor = index.tree().cursor(session, snapshot)) {
                scan.open(index, cursor, ranges, plan.isBackwards());
                while (scan.next()) {
                    BsonDocument document = all.get(IndexWorld.bytes(scan.documentKey()));
                    BsonDocument read = document;
                    if (plan.isCovered() && scan.isCovered()) {
                        told.reset();
                        scan.writeDocument(new BsonWriter().wrap(told));
                        read = new BsonView().wrap(told).toBsonDocument();
                        for (String path : request.neededPathsOrNull()) {
                            assertEquals(document.get(path), read.get(path));
                        }
                        coveredCount++;
                    }
                    if ((!filtered || matches(request, read)) && seen.add(document.get("_id"))) {
                        found.add(document);
                    }
                }
            }
        }

        @Override
        public void close() {
            planner.close();
            probe.close();
            ranges.close();
            scan.close();
            told.close();
            world.close();
            assertEquals("", engine.leaks());
            host.close();
        }
    }

    private static boolean matches(PlanRequest request, BsonDocument document) {
        return new Evaluator().matches(request.filter(), QueryBson.view(document));
    }

    private static Filter filter(String text) {
        return Filter.parse(BsonDocument.parse(text), QueryLimits.DEFAULTS);
    }

    private static Sort sort(BsonDocument text) {
        return Sort.parse(QueryBson.view(text), QueryLimits.DEFAULTS);
    }

    private static byte[] sortKey(Sort sort, BsonDocument document) {
        BsonView view = QueryBson.view(document);
        try (GrowableBuffer key = new GrowableBuffer()) {
            new SortKeys().append(sort, view.memory(), 0, view.length(), key);
            return key.toByteArray();
        }
    }

    /** Whatever is planned finds what a walk over all documents finds, in the order that the plan promises. */
    @Test
    void everyPlanFindsTheSame() {
        SplittableRandom random = seed.random("plans");
        Map<QueryPlan.Kind, Integer> kinds = new EnumMap<>(QueryPlan.Kind.class);
        int covered = 0;
        int sorted = 0;
        for (int round = 0; round < Seed.scaled(60); round++) {
            try (World world = new World()) {
                boolean shaped = random.nextBoolean();
                List<IndexDefinition> definitions = createIndexes(world, random, shaped);
                fill(world, random, random.nextInt(3) == 0, shaped);
                IndexFilters filters = new IndexFilters(random.split(), shaped);
                for (int i = 0; i < 25; i++) {
                    IndexDefinition about = definitions.get(random.nextInt(definitions.size()));
                    BsonDocument specification = filters.filter(about);
                    PlanRequest request = request(random, about, specification);
                    QueryPlan best = world.plan(request);
                    List<QueryPlan> plans = new ArrayList<>(best.rejected());
                    plans.add(best);
                    for (QueryPlan plan : plans) {
                        kinds.merge(plan.kind(), 1, Integer::sum);
                        List<BsonDocument> found = world.run(request, plan);
                        assertSame(world, request, specification, plan, found);
                        sorted += plan.isSorted() && request.sortOrNull() != null ? 1 : 0;
                    }
                }
                covered += world.coveredCount;
            }
        }
        String told = kinds + ", " + covered + " covered, " + sorted + " sorted";
        assertTrue(kinds.containsKey(QueryPlan.Kind.INDEX) && kinds.containsKey(QueryPlan.Kind.UNION) && covered > 0
                && sorted > 0, told);
    }

    private static List<IndexDefinition> createIndexes(World world, SplittableRandom random, boolean shaped) {
        List<IndexDefinition> definitions = new ArrayList<>();
        while (definitions.size() < 3) {
            BsonDocument specification = shaped
                    ? IndexFilters.shapedIndex(random)
                    : RandomIndex.specification(random, 3);
            if (!specification.containsKey("sparse") && random.nextInt(3) == 0) {
                specification.put("partialFilterExpression", BsonDocument.parse(List.of("{a: {$gte: 1}}",
                        "{b: {$exists: true}}", "{a: {$in: [1, 2, 'x']}}", "{a: {$lt: 3}, b: {$type: 'number'}}").get(
                                random.nextInt(4))));
            }
            try {
                definitions.add(world.world.createIndex(specification).definition());
            } catch (InvalidIndexException e) {
                // one of that name
            }
        }
        return definitions;
    }

    private static void fill(World world, SplittableRandom random, boolean flat, boolean shaped) {
        QueryBson bson = new QueryBson(random.split());
        for (int id = 0; id < 25; id++) {
            BsonDocument document = shaped ? IndexFilters.shapedDocument(random) : bson.document();
            if (flat) {
                document.entrySet().removeIf(field -> field.getValue().isArray() || field.getValue().isDocument());
            }
            try {
                world.put(id, document);
            } catch (InvalidDocumentException | KeyTooLongException e) {
                // arrays side by side, and the like
            }
        }
    }

    private static PlanRequest request(SplittableRandom random, IndexDefinition about, BsonDocument specification) {
        Sort sort = null;
        if (random.nextBoolean()) {
            BsonDocument by = new BsonDocument();
            boolean inverted = random.nextBoolean();
            int from = random.nextInt(about.paths().size());
            for (int i = from; i < about.paths().size() && by.size() < 2; i++) {
                boolean descending = about.paths().get(i).descending() != inverted;
                by.put(about.paths().get(i).path(), new BsonInt32(descending ? -1 : 1));
            }
            if (random.nextInt(3) == 0) {
                by.put("_id", new BsonInt32(inverted ? -1 : 1));
            }
            sort = sort(by);
        }
        Set<String> needed = random.nextBoolean() ? null : new TreeSet<>(List.of("_id"));
        if (needed != null) {
            about.paths().stream().filter(path -> path.path().indexOf('.') < 0).forEach(path -> needed.add(path
                    .path()));
        }
        return new PlanRequest(Filter.parse(specification, QueryLimits.DEFAULTS), sort, random.nextInt(3) * 5, needed,
                null);
    }

    private static void assertSame(World world, PlanRequest request, BsonDocument specification, QueryPlan plan,
            List<BsonDocument> found) {
        Set<BsonValue> expected = new HashSet<>();
        PlanRequest all = PlanRequest.of(filter("{}"));
        for (BsonDocument document : world.run(all, QueryPlan.of(QueryPlan.Kind.COLLECTION, false, true, false, 0,
                0))) {
            if (matches(request, document)) {
                expected.add(document.get("_id"));
            }
        }
        List<BsonValue> ids = found.stream().map(document -> document.get("_id")).toList();
        assertEquals(expected, new HashSet<>(ids), () -> specification + " by " + plan);
        assertEquals(expected.size(), ids.size(), () -> specification + " twice by " + plan);
        if (plan.isSorted() && request.sortOrNull() != null) {
            byte[] last = new byte[0];
            for (BsonDocument document : found) {
                byte[] key = sortKey(request.sortOrNull(), document);
                byte[] before = last;
                assertTrue(Arrays.compareUnsigned(before, key) <= 0,
                        () -> specification + " out of order by " + plan + ": " + found);
                last = key;
            }
        }
    }

    private static World things() {
        World world = new World();
        world.world.createIndex(BsonDocument.parse("{key: {a: 1, b: -1}, name: 'ab'}"));
        world.world.createIndex(BsonDocument.parse("{key: {c: 1}, name: 'c'}"));
        world.world.createIndex(BsonDocument.parse("{key: {u: 1}, name: 'u', unique: true, sparse: true}"));
        world.world.createIndex(BsonDocument.parse(
                "{key: {d: 1}, name: 'd', partialFilterExpression: {c: {$gte: 3}}}"));
        for (int i = 0; i < 200; i++) {
            world.put(i, BsonDocument.parse("{a: " + i % 10 + ", b: " + i + ", c: " + i / 2 + ", u: " + i + ", d: "
                    + i + "}"));
        }
        return world;
    }

    private static String chosen(World world, PlanRequest request) {
        QueryPlan plan = world.plan(request);
        String name = plan.kind() == QueryPlan.Kind.INDEX
                ? plan.index().name()
                : plan.kind() == QueryPlan.Kind.UNION
                        ? plan.branches().stream().map(branch -> branch.index().name()).toList().toString()
                        : plan.kind().name();
        return name + (plan.isBackwards() ? " backwards" : "") + (plan.isSorted() ? "" : " unsorted") + (plan
                .isFiltered() ? " filtered" : "") + (plan.isCovered() ? " covered" : "");
    }

    private static PlanRequest request(String filter, String sortOrNull, long count, String... needed) {
        return new PlanRequest(filter(filter), sortOrNull == null ? null : sort(BsonDocument.parse(sortOrNull)), count,
                needed.length == 0 ? null : Set.of(needed), null);
    }

    @Test
    void choosesWhatIsCheap() {
        try (World world = things()) {
            assertEquals("ab", chosen(world, request("{a: 3}", null, 0)));
            assertEquals("c", chosen(world, request("{c: 3}", null, 0)));
            assertEquals("c filtered", chosen(world, request("{a: 3, c: 7}", null, 0)));
            assertEquals("u", chosen(world, request("{u: 3}", null, 0)));
            assertEquals("ID filtered", chosen(world, request("{_id: 3, a: 3}", null, 0)));
            assertEquals("COLLECTION", chosen(world, request("{}", null, 0)));
            assertEquals("COLLECTION filtered", chosen(world, request("{x: 1}", null, 0)));
            assertEquals("COLLECTION backwards", chosen(world, request("{}", "{_id: -1}", 0)));
            assertEquals("ab", chosen(world, request("{a: 3}", "{b: -1}", 0)));
            assertEquals("ab backwards", chosen(world, request("{a: 3}", "{b: 1}", 0)));
            assertEquals("c backwards", chosen(world, request("{}", "{c: -1}", 10)));
            assertEquals("[ab, c] filtered", chosen(world, request("{$or: [{a: 3}, {c: {$lt: 5}}]}", null, 0)));
            assertEquals("COLLECTION filtered", chosen(world, request("{$or: [{a: 3}, {x: 5}]}", null, 0)));
            assertEquals("NOTHING", chosen(world, request("{a: {$gt: 5, $lt: 1}}", null, 0)));
            assertEquals("ab covered", chosen(world, request("{a: {$gte: 2}}", null, 0, "a", "b", "_id")));
            assertEquals("d filtered", chosen(world, request("{d: 7, c: {$gt: 5}}", null, 0)));
            assertEquals("COLLECTION filtered", chosen(world, request("{d: 7}", null, 0)));
            assertEquals("COLLECTION filtered", chosen(world, request("{u: null}", null, 0)));
            world.put(500, BsonDocument.parse("{a: [1, 2], c: 1}"));
            assertEquals("ab", chosen(world, request("{a: {$gte: 9}}", null, 0, "a", "b", "_id")));
        }
    }

    @Test
    void followsHints() {
        try (World world = things()) {
            PlanRequest hinted = new PlanRequest(filter("{c: 7}"), null, 0, null, "ab");
            assertEquals("ab filtered", chosen(world, hinted));
            assertEquals("COLLECTION filtered", chosen(world, new PlanRequest(filter("{c: 7}"), null, 0, null,
                    IndexDefinition.ID_INDEX)));
            for (String name : List.of("none", "d", "u")) {
                assertThrows(InvalidQueryException.class, () -> world.plan(new PlanRequest(filter("{a: 7}"), null, 0,
                        null, name)));
            }
        }
    }

    @Test
    void explains() {
        try (World world = things()) {
            BsonDocument explained = world.plan(request("{a: {$in: [1, 2]}, b: {$gt: 5}}", "{a: 1}", 0)).explain();
            BsonDocument plan = explained.getDocument("plan");
            assertEquals("INDEX", plan.getString("stage").getValue());
            assertEquals("ab", plan.getString("index").getValue());
            assertEquals(BsonDocument.parse("{a: '2 points', b: '1 ranges'}"), plan.getDocument("bounds"));
            assertTrue(plan.getBoolean("sorted").getValue());
            assertFalse(plan.getBoolean("filtered").getValue());
            assertFalse(explained.getArray("rejectedPlans").isEmpty());
        }
    }

    @Test
    void partialFiltersFollowOnlyWhereTheyMust() {
        String[][] follow = {{"{a: {$gte: 3}}", "{a: 5}"}, {"{a: {$gte: 3}}", "{a: {$gt: 3}}"},
                {"{a: {$gte: 3}}", "{a: {$in: [3, 4]}}"}, {"{a: {$exists: true}}", "{a: 5}"},
                {"{a: {$exists: true}}", "{a: {$type: 'null'}}"}, {"{a: {$gte: 3}}", "{$or: [{a: 3}, {a: 7, b: 1}]}"},
                {"{a: 1, b: 2}", "{b: 2, a: 1.0, c: 3}"}, {"{}", "{x: 1}"}};
        String[][] not = {{"{a: {$gte: 3}}", "{a: 2}"}, {"{a: {$gte: 3}}", "{a: 'x'}"}, {"{a: {$gte: 3}}", "{}"},
                {"{a: {$exists: true}}", "{a: null}"}, {"{a: {$gte: 3}}", "{$or: [{a: 3}, {b: 7}]}"},
                {"{a: {$gte: 3}}", "{b: 5}"}, {"{a: 1, b: 2}", "{b: 2}"}, {"{a: {$gte: 3}}", "{a: {$not: {$lt: 3}}}"}};
        try (KeyEncoder keys = new KeyEncoder()) {
            ValueBounds values = new ValueBounds(keys);
            for (String[] pair : follow) {
                assertTrue(PartialFilters.follows(filter(pair[0]).root(), Conjunct.of(filter(pair[1]).root()), values),
                        pair[0] + " from " + pair[1]);
            }
            for (String[] pair : not) {
                assertFalse(PartialFilters.follows(filter(pair[0]).root(), Conjunct.of(filter(pair[1]).root()), values),
                        pair[0] + " from " + pair[1]);
            }
        }
    }
}
