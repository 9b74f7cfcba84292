package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.TestAllocation;
import io.nexuslite.error.InvalidQueryException;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;

/** The operators that look into one value: a table of cases each with its source, and what they may cost. */
class FilterOperatorsTest {
    @Test
    void tableHolds() {
        CaseTable.check("mongo-operators.tsv", 4, 170, cells -> {
            BsonDocument filter = BsonDocument.parse(cells[0]);
            BsonDocument document = BsonDocument.parse(cells[1]);
            boolean expected = Boolean.parseBoolean(cells[2]);
            if (expected != new Evaluator().matches(Filter.parse(filter, QueryLimits.DEFAULTS),
                    QueryBson.view(document))) {
                return "not so by the engine";
            }
            return expected == ReferenceFilter.matches(filter, document) ? "" : "not so by the reference";
        });
    }

    @Test
    void boundsWhatARegularExpressionMayCost() {
        Filter filter = Filter.parse(BsonDocument.parse("{a: {$regex: '(.*)(.*)(.*)(.*)(.*)(.*)z'}}"),
                QueryLimits.DEFAULTS);
        BsonView hostile = QueryBson.view(new BsonDocument("a", new BsonString("a".repeat(200))));
        InvalidQueryException stopped = assertThrows(InvalidQueryException.class,
                () -> new Evaluator().matches(filter, hostile));
        assertEquals("a", stopped.path());
        assertEquals("$regex", stopped.operator());
        Filter nested = Filter.parse(BsonDocument.parse("{a: {$regex: '^(a|b)*$'}}"), QueryLimits.DEFAULTS);
        BsonView deep = QueryBson.view(new BsonDocument("a", new BsonString("ab".repeat(400_000))));
        assertThrows(InvalidQueryException.class, () -> new Evaluator().matches(nested, deep));
    }

    @Test
    void boundsThePattern() {
        Filter.parse(new BsonDocument("a", new BsonDocument("$regex", new BsonString("a".repeat(512)))),
                QueryLimits.DEFAULTS);
        assertThrows(InvalidQueryException.class, () -> Filter.parse(
                new BsonDocument("a", new BsonDocument("$regex", new BsonString("a".repeat(513)))),
                QueryLimits.DEFAULTS));
    }

    @Test
    void countsPredicatesInsideOfPredicates() {
        QueryLimits limits = new QueryLimits(10, 2, 2, 2, 2);
        assertThrows(InvalidQueryException.class, () -> Filter
                .parse(BsonDocument.parse("{a: {$elemMatch: {b: 1, c: 1}}}"), limits));
    }

    @Test
    void allocatesNothing() {
        Filter filter = Filter.parse(BsonDocument.parse("""
                {a: {$type: ['int', 'number'], $mod: [3, 1], $bitsAnySet: [2], $size: 2, $all: [4, 1]},
                 b: {$elemMatch: {c: {$elemMatch: {$gt: 1, $lt: 3}}, d: 'x'}}, e: {$mod: [5, 2]}}"""),
                QueryLimits.DEFAULTS);
        BsonView document = QueryBson.view(BsonDocument.parse("""
                {_id: 1, a: [1, 4], b: [1, {c: [0, 9]}, {c: [2], d: 'x'}], e: {"$numberDecimal": "7.5"}}"""));
        Evaluator evaluator = new Evaluator();
        assertTrue(evaluator.matches(filter, document));
        TestAllocation.assertNone("matches", call -> evaluator.matches(filter, document) ? 1 : 0);
    }
}
