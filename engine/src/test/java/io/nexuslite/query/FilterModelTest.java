package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.TestAllocation;
import io.nexuslite.testing.Seed;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The evaluator on raw bytes against the reference on trees, with random documents and filters. */
class FilterModelTest {
    @RegisterExtension
    final Seed seed = new Seed();

    @Test
    void agreesWithReference() {
        QueryBson random = new QueryBson(seed.random("filters"));
        Evaluator evaluator = new Evaluator();
        int matches = 0;
        int rounds = Seed.scaled(40_000);
        try (GrowableBuffer filters = new GrowableBuffer(); GrowableBuffer documents = new GrowableBuffer()) {
            for (int round = 0; round < rounds; round++) {
                BsonDocument specification = random.filter(2);
                filters.reset();
                BsonBridge.encode(specification, filters);
                Filter filter = Filter.parse(new BsonView().wrap(filters), QueryLimits.DEFAULTS);
                for (int i = 0; i < 8; i++) {
                    BsonDocument document = random.document();
                    documents.reset();
                    BsonBridge.encode(document, documents);
                    boolean expected = ReferenceFilter.matches(specification, document);
                    boolean found = evaluator.matches(filter, new BsonView().wrap(documents));
                    assertEquals(expected, found, () -> specification + " on " + document);
                    matches += found ? 1 : 0;
                }
            }
        }
        int all = 8 * rounds;
        int matched = matches;
        assertTrue(matched > all / 20 && matched < all * 9 / 10, () -> matched + " of " + all + " prove little");
    }

    @Test
    void idBoundsNeverLeaveOutAMatch() {
        QueryBson random = new QueryBson(seed.random("bounds"));
        BsonComparator comparator = new BsonComparator();
        for (int round = 0; round < Seed.scaled(20_000); round++) {
            BsonDocument specification = new BsonDocument();
            BsonDocument onId = random.filter(0);
            specification.put("_id", onId.values().iterator().next());
            if (round % 2 == 0) {
                specification = new BsonDocument("$and", new org.bson.BsonArray(java.util.List.of(specification,
                        new BsonDocument("_id", random.filter(0).values().iterator().next()))));
            }
            IdBounds bounds = IdBounds.of(Filter.parse(specification, QueryLimits.DEFAULTS));
            BsonDocument document = new BsonDocument("_id", random.operand());
            if (document.get("_id").isArray() || !ReferenceFilter.matches(specification, document)) {
                continue;
            }
            BsonView view = QueryBson.view(document);
            io.nexuslite.bson.BsonCursor id = new io.nexuslite.bson.BsonCursor().wrap(view);
            id.next();
            BsonDocument failed = specification;
            assertTrue(isWithin(bounds, id, comparator), () -> failed + " on " + document);
        }
    }

    private static boolean isWithin(IdBounds bounds, io.nexuslite.bson.BsonCursor id, BsonComparator comparator) {
        if (bounds.hasPoints()) {
            for (int i = 0; i < bounds.pointCount(); i++) {
                if (bounds.point(i).compare(id.type(), id.memory(), id.valueOffset(), comparator) == 0) {
                    return true;
                }
            }
            return false;
        }
        int low = bounds.low() == null
                ? 1
                : bounds.low().compare(id.type(), id.memory(), id.valueOffset(), comparator);
        int high = bounds.high() == null
                ? -1
                : bounds.high().compare(id.type(), id.memory(), id.valueOffset(), comparator);
        return (low > 0 || low == 0 && bounds.low().inclusive())
                && (high < 0 || high == 0 && bounds.high().inclusive());
    }

    @Test
    void allocatesNothing() {
        Filter filter = Filter.parse(BsonDocument.parse("""
                {a: {$gte: 1, $lt: 5}, "b.c": {$in: [1, 2, 3, "x"]}, $or: [{d: {$exists: true}}, {e: {$ne: null}}],
                 f: {x: 1, y: [1, 2]}, g: {$not: {$gt: "q"}}, "h.1.k": 7, i: {$gt: {"$numberDecimal": "1.5"}}}"""),
                QueryLimits.DEFAULTS);
        BsonView document = QueryBson.view(BsonDocument.parse("""
                {_id: 1, z: "noise", a: [0, 3], b: [{c: 9}, {c: 2.0}], e: 1, f: {x: 1, y: [1, 2]}, g: 3,
                 h: [1, {k: 7}], i: {"$numberDecimal": "2.5"}}"""));
        Evaluator evaluator = new Evaluator();
        assertTrue(evaluator.matches(filter, document));
        TestAllocation.assertNone("matches", call -> evaluator.matches(filter, document) ? 1 : 0);
    }
}
