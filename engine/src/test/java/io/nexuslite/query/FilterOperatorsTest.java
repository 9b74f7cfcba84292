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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Corner cases of the operators that look into one value. Each block names the page of MongoDB's manual that it was taken from
 * (docs/reference/operator/query/…).
 */
class FilterOperatorsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            // type
            "{a: {$type: 'int'}}              | {a: 1}                        | true",
            "{a: {$type: 16}}                 | {a: 1.5}                      | false",
            "{a: {$type: 'number'}}           | {a: {$numberDecimal: '1'}}    | true",
            "{a: {$type: ['string', 8]}}      | {a: true}                     | true",
            "{a: {$type: 'array'}}            | {a: [1]}                      | true",
            "{a: {$type: 'array'}}            | {a: 1}                        | false",
            "{a: {$type: 'string'}}           | {a: [1, 'x']}                 | true",
            "{a: {$type: 'null'}}             | {b: 1}                        | false",
            "{a: {$type: 10}}                 | {a: null}                     | true",
            "{a: {$type: -1}}                 | {a: {$minKey: 1}}             | true",
            "{a: {$type: 'maxKey'}}           | {a: {$maxKey: 1}}             | true",
            "{a: {$type: 127}}                | {a: {$minKey: 1}}             | false",
            "{a: {$not: {$type: 'string'}}}   | {b: 1}                        | true",
            // size
            "{a: {$size: 2}}                  | {a: [1, 2]}                   | true",
            "{a: {$size: 2.0}}                | {a: [[1, 2]]}                 | false",
            "{a: {$size: 0}}                  | {a: []}                       | true",
            "{a: {$size: 0}}                  | {b: 1}                        | false",
            "{'a.b': {$size: 1}}              | {a: [{b: [1]}]}               | true",
            "{'a.0': {$size: 2}}              | {a: [[1, 2]]}                 | true",
            // mod
            "{a: {$mod: [4, 0]}}              | {a: 12}                       | true",
            "{a: {$mod: [4, 3]}}              | {a: 7.9}                      | true",
            "{a: {$mod: [4.9, 3.5]}}          | {a: 7}                        | true",
            "{a: {$mod: [4, -3]}}             | {a: -7}                       | true",
            "{a: {$mod: [4, 1]}}              | {a: -7}                       | false",
            "{a: {$mod: [-4, 3]}}             | {a: 7}                        | true",
            "{a: {$mod: [4, 0]}}              | {a: 'x'}                      | false",
            "{a: {$mod: [4, 0]}}              | {a: {$numberDouble: 'Infinity'}} | false",
            "{a: {$mod: [4, 0]}}              | {a: 1e300}                    | false",
            "{a: {$mod: [4, 1]}}              | {a: {$numberDecimal: '5.99'}} | true",
            "{a: {$mod: [7, 3]}}              | {a: {$numberDecimal: '1E+1'}} | true",
            "{a: {$mod: [4, 1]}}              | {a: {$numberDecimal: '1E+400'}} | false",
            "{a: {$mod: [10, -8]}}            | {a: {$numberDecimal: '-9223372036854775808'}} | true",
            "{a: {$mod: [10, 8]}}             | {a: {$numberDecimal: '9223372036854775808'}} | false",
            "{a: {$mod: [5, 1]}}              | {a: [2, 6]}                   | true",
            "{a: {$mod: [-1, 0]}}             | {a: {$numberLong: '-9223372036854775808'}} | true",
            // all
            "{a: {$all: [1, 2]}}              | {a: [2, 3, 1]}                | true",
            "{a: {$all: [1, 2]}}              | {a: [2, 3]}                   | false",
            "{a: {$all: [1]}}                 | {a: 1}                        | true",
            "{a: {$all: []}}                  | {a: []}                       | false",
            "{a: {$all: [[1, 2]]}}            | {a: [1, 2]}                   | true",
            "{a: {$all: [null]}}              | {b: 1}                        | true",
            "{a: {$all: [{$regularExpression: {pattern: '^x', options: ''}}]}} | {a: ['xy']} | true",
            "{a: {$all: [{$elemMatch: {b: 1}}, {$elemMatch: {b: 2}}]}} | {a: [{b: 1}, {b: 2}]} | true",
            "{a: {$all: [{$elemMatch: {b: 1}}, {$elemMatch: {b: 3}}]}} | {a: [{b: 1}, {b: 2}]} | false",
            // elemMatch
            "{a: {$elemMatch: {$gt: 1, $lt: 3}}} | {a: [0, 9]}                | false",
            "{a: {$elemMatch: {$gt: 1, $lt: 3}}} | {a: [0, 2, 9]}             | true",
            "{a: {$elemMatch: {$gt: 1}}}      | {a: 2}                        | false",
            "{a: {$elemMatch: {$gt: 1}}}      | {a: [[2]]}                    | false",
            "{a: {$elemMatch: {$elemMatch: {$gt: 1}}}} | {a: [[2]]}           | true",
            "{a: {$elemMatch: {b: 1, c: 2}}}  | {a: [{b: 1}, {c: 2}]}         | false",
            "{a: {$elemMatch: {b: 1, c: 2}}}  | {a: [{b: 1, c: 2}]}           | true",
            "{a: {$elemMatch: {'0': 5}}}      | {a: [[5]]}                    | true",
            "{a: {$elemMatch: {}}}            | {a: [1]}                      | false",
            "{a: {$elemMatch: {}}}            | {a: [{}]}                     | true",
            "{a: {$elemMatch: {$or: [{b: 1}, {b: 2}]}}} | {a: [{b: 2}]}       | true",
            "{a: {$elemMatch: {$ne: 1}}}      | {a: [1]}                      | false",
            "{a: {$elemMatch: {$not: {$gt: 1}}}} | {a: [1]}                   | true",
            "{a: {$elemMatch: {b: {$exists: false}}}} | {a: [{c: 1}]}         | true",
            "{a: {$elemMatch: {b: {$elemMatch: {c: 1}}}}} | {a: [{b: [{c: 1}]}]} | true",
            "{a: {$not: {$elemMatch: {b: 1}}}} | {a: [{b: 2}]}                | true",
            "{'a.b': {$elemMatch: {$gt: 1}}}  | {a: [{b: [1]}, {b: [2]}]}     | true",
            "{a: {$elemMatch: {$in: ['x', {$regularExpression: {pattern: 'y', options: ''}}]}}} | {a: ['zyz']} | true",
            // bitsAllSet and its kin
            "{a: {$bitsAllSet: 50}}           | {a: 54}                       | true",
            "{a: {$bitsAllSet: [1, 5]}}       | {a: 54}                       | true",
            "{a: {$bitsAllSet: 8}}            | {a: 54}                       | false",
            "{a: {$bitsAllClear: [0, 3]}}     | {a: 54}                       | true",
            "{a: {$bitsAnySet: [0, 1]}}       | {a: 54}                       | true",
            "{a: {$bitsAnySet: []}}           | {a: 54}                       | false",
            "{a: {$bitsAllSet: []}}           | {a: 54}                       | true",
            "{a: {$bitsAnyClear: 1}}          | {a: 1}                        | false",
            "{a: {$bitsAllSet: [200]}}        | {a: -5}                       | true",
            "{a: {$bitsAllClear: [200]}}      | {a: 5}                        | true",
            "{a: {$bitsAllSet: 1}}            | {a: 1.5}                      | false",
            "{a: {$bitsAllSet: 1}}            | {a: 3.0}                      | true",
            "{a: {$bitsAllClear: 1}}          | {a: 1e300}                    | false",
            "{a: {$bitsAllSet: 1}}            | {a: '1'}                      | false",
            "{a: {$bitsAllSet: [2, 4]}}       | {a: {$binary: {base64: 'FA==', subType: '00'}}} | true",
            "{a: {$bitsAllSet: [8]}}          | {a: {$binary: {base64: 'FA==', subType: '00'}}} | false",
            "{a: {$bitsAllClear: [8]}}        | {a: {$binary: {base64: 'FA==', subType: '00'}}} | true",
            "{a: {$bitsAnySet: {$binary: {base64: 'FA==', subType: '00'}}}} | {a: 4} | true",
            // regex
            "{a: {$regularExpression: {pattern: 'b', options: ''}}} | {a: 'abc'} | true",
            "{a: {$regex: '^b'}}              | {a: 'abc'}                    | false",
            "{a: {$regex: 'B', $options: 'i'}} | {a: 'abc'}                   | true",
            "{a: {$options: 'i', $regex: 'B'}} | {a: ['x', 'abc']}            | true",
            "{a: {$regex: '^b', $options: 'm'}} | {a: 'a~b'}                  | false",
            "{a: {$regex: 'b'}}               | {a: 5}                        | false",
            "{a: {$not: {$regex: 'b'}}}       | {c: 1}                        | true",
            "{a: {$not: {$regularExpression: {pattern: 'b', options: ''}}}} | {a: 'b'} | false",
            "{a: {$in: [1, {$regularExpression: {pattern: 'b', options: 'i'}}]}} | {a: 'B'} | true",
            "{a: {$nin: [{$regularExpression: {pattern: 'b', options: ''}}]}} | {a: 'b'} | false",
            "{a: {$regex: 'b', $options: 'i'}} | {a: {$regularExpression: {pattern: 'b', options: 'i'}}} | true",
            "{a: {$regex: 'b'}}               | {a: {$regularExpression: {pattern: 'b', options: 'i'}}} | false",
            "{a: {$regex: '^[[:alpha:]]+$'}}  | {a: 'abc'}                    | true",
            "{a: {$regex: '^[[:^digit:]]+$'}} | {a: 'a1'}                     | false",
            "{a: {$regex: '^[[a]+$'}}         | {a: '[a'}                     | true",
            "{a: {$regex: '^[]a]+$'}}         | {a: ']a'}                     | true",
            "{a: {$regex: '^[a&&b]+$'}}       | {a: 'a&b'}                    | true",
            "{a: {$regex: 'a b # c', $options: 'x'}} | {a: 'ab'}              | true",
            "{a: {$regex: 'ä', $options: 'i'}} | {a: 'Ä'}                     | true",
            "{a: {$comment: 'why', $gt: 1}}   | {a: 2}                        | true"})
    void matchesAsDocumented(String filter, String document, boolean expected) {
        BsonDocument parsed = BsonDocument.parse(filter);
        assertEquals(expected, new Evaluator().matches(Filter.parse(parsed, QueryLimits.DEFAULTS),
                QueryBson.view(BsonDocument.parse(document))));
        assertEquals(expected, ReferenceFilter.matches(parsed, BsonDocument.parse(document)), "the reference");
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
