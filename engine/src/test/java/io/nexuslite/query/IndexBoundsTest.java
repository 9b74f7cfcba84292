package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonView;
import io.nexuslite.index.IndexDefinition;
import io.nexuslite.index.RandomIndex;
import io.nexuslite.index.TestKeys;
import io.nexuslite.testing.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IndexBoundsTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private record Indexed(BsonDocument document, BsonView view, List<byte[]> keys) {
    }

    /** What matches lies within the bounds, and if they are exact, nothing else does. */
    @Test
    void boundsHoldWhatMatches() {
        SplittableRandom random = seed.random("bounds");
        Evaluator evaluator = new Evaluator();
        int bound = 0;
        int exact = 0;
        int matches = 0;
        int outside = 0;
        int rounds = Seed.scaled(1_500);
        try (KeyEncoder encoder = new KeyEncoder()) {
            ValueBounds values = new ValueBounds(encoder);
            for (int round = 0; round < rounds; round++) {
                boolean shaped = random.nextInt(3) == 0;
                IndexDefinition definition = IndexDefinition.of(shaped
                        ? IndexFilters.shapedIndex(random)
                        : RandomIndex.specification(random, 3));
                boolean flat = random.nextInt(3) == 0;
                List<Indexed> documents = documents(random, definition, flat, shaped);
                long multikey = 0;
                for (Indexed indexed : documents) {
                    multikey |= TestKeys.ofOrNull(definition, indexed.view).arrayPaths;
                }
                IndexFilters filters = new IndexFilters(random.split(), shaped);
                for (int i = 0; i < 12; i++) {
                    BsonDocument specification = filters.filter(definition);
                    Filter filter = Filter.parse(specification, QueryLimits.DEFAULTS);
                    IndexBounds bounds = IndexBounds.of(Conjunct.of(filter.root()), definition, multikey, values);
                    assertOrdered(bounds);
                    boolean complete = !definition.sparse()
                            || SparseRule.keepsAllMatches(filter.root(), definition, multikey, values);
                    bound += bounds.boundPaths() > 0 ? 1 : 0;
                    exact += bounds.boundPaths() > 0 && bounds.exact() ? 1 : 0;
                    for (Indexed indexed : documents) {
                        boolean matched = evaluator.matches(filter, indexed.view);
                        boolean within = indexed.keys.stream().anyMatch(key -> isWithin(bounds, key));
                        String text = specification + " on " + indexed.document + " in " + definition + " multikey "
                                + multikey;
                        assertTrue(!matched || within || !complete, () -> "left out: " + text);
                        assertTrue(matched || !within || !bounds.exact(), () -> "not exact: " + text);
                        matches += matched ? 1 : 0;
                        outside += within ? 0 : 1;
                    }
                }
            }
        }
        int all = 12 * rounds;
        String told = bound + " bound, " + exact + " exact of " + all + "; " + matches + " matches, " + outside
                + " outside";
        assertTrue(bound > all / 3 && exact > all / 30 && matches > all / 3 && outside > all, told);
    }

    private static List<Indexed> documents(SplittableRandom random, IndexDefinition definition, boolean flat,
            boolean shaped) {
        QueryBson bson = new QueryBson(random.split());
        List<Indexed> documents = new ArrayList<>();
        while (documents.size() < 12) {
            BsonDocument document = shaped ? IndexFilters.shapedDocument(random) : bson.document();
            if (flat) {
                document.replaceAll((name, value) -> withoutArrays(value));
            }
            BsonView view = QueryBson.view(document);
            TestKeys keys = TestKeys.ofOrNull(definition, view);
            if (keys != null) {
                documents.add(new Indexed(document, view, keys.keys));
            }
        }
        return documents;
    }

    private static BsonValue withoutArrays(BsonValue value) {
        if (value.isArray()) {
            return value.asArray().isEmpty() ? new BsonInt32(3) : withoutArrays(value.asArray().get(0));
        }
        if (value.isDocument()) {
            value.asDocument().replaceAll((name, inner) -> withoutArrays(inner));
        }
        return value;
    }

    private static boolean isWithin(IndexBounds bounds, byte[] key) {
        return bounds.ranges().stream().anyMatch(range -> Arrays.compareUnsigned(range.low(), key) <= 0
                && (range.high() == null || Arrays.compareUnsigned(key, range.high()) < 0));
    }

    private static void assertOrdered(IndexBounds bounds) {
        byte[] last = new byte[0];
        for (IndexBounds.Range range : bounds.ranges()) {
            byte[] from = last;
            assertTrue(from != null && Arrays.compareUnsigned(from, range.low()) <= 0, "ranges out of order");
            assertTrue(range.high() == null || Arrays.compareUnsigned(range.low(), range.high()) < 0, "empty range");
            last = range.high();
        }
    }

    private static IndexBounds bounds(String filter, String key, long multikey) {
        try (KeyEncoder encoder = new KeyEncoder()) {
            return IndexBounds.of(Conjunct.of(Filter.parse(BsonDocument.parse(filter), QueryLimits.DEFAULTS).root()),
                    IndexDefinition.ofKey(BsonDocument.parse(key)), multikey, new ValueBounds(encoder));
        }
    }

    private static void assertBounds(String filter, String key, long multikey, int ranges, int pointPaths,
            int boundPaths, boolean exact) {
        IndexBounds bounds = bounds(filter, key, multikey);
        String told = filter + " in " + key + ": " + bounds.ranges().size() + " ranges, " + bounds.pointPaths()
                + " points, " + bounds.boundPaths() + " bound, exact " + bounds.exact();
        assertEquals(ranges, bounds.ranges().size(), told);
        assertEquals(pointPaths, bounds.pointPaths(), told);
        assertEquals(boundPaths, bounds.boundPaths(), told);
        assertEquals(exact, bounds.exact(), told);
    }

    @Test
    void knowsItsCases() {
        assertBounds("{a: 1}", "{a: 1}", 0, 1, 1, 1, true);
        assertBounds("{a: 1}", "{a: 1}", 1, 1, 1, 1, true);
        assertBounds("{a: {$gt: 1, $lt: 5}}", "{a: -1}", 0, 1, 0, 1, true);
        assertBounds("{a: {$gt: 1, $lt: 5}}", "{a: 1}", 1, 1, 0, 1, false);
        assertBounds("{a: {$elemMatch: {$gt: 1, $lt: 5}}}", "{a: 1}", 1, 1, 0, 1, false);
        assertBounds("{a: {$in: [3, 1, 1.0, 'x']}}", "{a: -1}", 0, 3, 1, 1, true);
        assertBounds("{a: {$in: [1, 2]}, b: {$gte: 3}}", "{a: 1, b: 1}", 0, 2, 1, 2, true);
        assertBounds("{a: 1, b: 2, c: 3}", "{a: 1, b: 1}", 0, 1, 2, 2, false);
        assertBounds("{b: 2}", "{a: 1, b: 1}", 0, 1, 0, 0, false);
        assertBounds("{a: {$ne: 1}}", "{a: 1}", 0, 2, 0, 1, true);
        assertBounds("{a: {$ne: 1}}", "{a: 1}", 1, 2, 0, 1, false);
        assertBounds("{a: null}", "{a: 1}", 1, 1, 1, 1, true);
        assertBounds("{'a.b': null}", "{'a.b': 1}", 1, 1, 1, 1, false);
        assertBounds("{a: {$exists: false}}", "{a: 1}", 0, 1, 1, 1, false);
        assertBounds("{a: [1, 2]}", "{a: 1}", 1, 2, 1, 1, false);
        assertBounds("{a: {$gt: 5, $lt: 1}}", "{a: 1}", 0, 0, 1, 1, true);
        assertBounds("{'a.b': 1, 'a.c': 2}", "{'a.b': 1, 'a.c': 1}", 3, 1, 1, 1, false);
        assertBounds("{a: {$elemMatch: {b: 1, c: 2}}}", "{'a.b': 1, 'a.c': 1}", 3, 1, 2, 2, false);
        assertBounds("{'a.b': 1, 'a.c': 2}", "{'a.b': 1, 'a.c': 1}", 0, 1, 2, 2, true);
        assertBounds("{$or: [{a: 1}, {a: {$gt: 7}}]}", "{a: 1}", 1, 2, 0, 1, true);
        assertBounds("{$or: [{a: 1, b: 1}, {a: 2}]}", "{a: 1}", 0, 2, 1, 1, false);
        assertBounds("{$or: [{a: 1}, {b: 2}]}", "{a: 1}", 0, 1, 0, 0, false);
        assertBounds("{$or: [{a: {$gt: 1, $lt: 5}}, {a: 9}]}", "{a: 1}", 0, 2, 0, 1, true);
        assertBounds("{$or: [{a: {$gt: 1, $lt: 5}}, {a: 9}]}", "{a: 1}", 1, 1, 0, 1, false);
        assertBounds("{a: {$elemMatch: {'b.x': 1, 'b.y': 2}}}", "{'a.b.x': 1, 'a.b.y': 1}", 3, 1, 1, 1, false);
        assertBounds("{a: 1, $expr: {$gt: ['$b', 5]}}", "{a: 1}", 0, 1, 1, 1, false);
        assertBounds("{$or: [{a: 1}, {$expr: {$gt: ['$a', 5]}}]}", "{a: 1}", 0, 1, 0, 0, false);
        assertBounds("{a: /^x/}", "{a: 1}", 0, 2, 0, 1, false);
        assertBounds("{}", "{a: 1}", 0, 1, 0, 0, true);
        assertBounds("{a: {$type: 'string'}}", "{a: 1}", 1, 1, 0, 1, false);
        assertBounds("{a: {$type: ['string', 'symbol']}}", "{a: 1}", 1, 1, 0, 1, true);
    }

    @Test
    void invertsForDescendingPaths() {
        SplittableRandom random = seed.random("inversion");
        for (int i = 0; i < Seed.scaled(2_000); i++) {
            QueryBson bson = new QueryBson(random.split());
            try (KeyEncoder encoder = new KeyEncoder()) {
                byte[] low = key(encoder, bson.operand());
                byte[] high = key(encoder, bson.operand());
                byte[] value = key(encoder, bson.operand());
                if (low == null || high == null || value == null) {
                    continue;
                }
                for (Intervals intervals : List.of(Intervals.range(low, high), Intervals.point(low), Intervals.range(
                        Intervals.successor(low), null), Intervals.range(low, null).complement(), Intervals.ALL)) {
                    byte[] inverted = new byte[value.length];
                    for (int at = 0; at < value.length; at++) {
                        inverted[at] = (byte) ~value[at];
                    }
                    boolean within = intervals.ranges().stream().anyMatch(range -> range.inverted().contains(inverted));
                    assertEquals(intervals.contains(value), within);
                    assertEquals(!intervals.contains(value), intervals.complement().contains(value));
                }
            }
        }
    }

    private static byte[] key(KeyEncoder encoder, BsonValue value) {
        BsonView view = QueryBson.view(new BsonDocument("v", value));
        io.nexuslite.bson.BsonCursor cursor = new io.nexuslite.bson.BsonCursor().wrap(view);
        cursor.next();
        return encoder.keyOrNull(cursor.type(), cursor.memory(), cursor.valueOffset());
    }
}
