package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexuslite.error.InvalidQueryException;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Short cases of filters without a source, by reading; those with their sources stand in mongo-filter.tsv. */
class FilterTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "{}                              | {_id: 1}                      | true",
            "{a: 1}                          | {a: 1.0}                      | true",
            "{a: 1}                          | {a: {$numberLong: '1'}}       | true",
            "{a: {$numberDecimal: '1.00'}}   | {a: 1}                        | true",
            "{a: {$numberDecimal: '0.1'}}    | {a: 0.1}                      | false",
            "{a: 1}                          | {a: '1'}                      | false",
            "{a: 1}                          | {a: [3, 1]}                   | true",
            "{a: [3, 1]}                     | {a: [3, 1]}                   | true",
            "{a: [3, 1]}                     | {a: [[3, 1], 2]}              | true",
            "{a: [3, 1]}                     | {a: [1, 3]}                   | false",
            "{a: []}                         | {a: []}                       | true",
            "{a: null}                       | {a: []}                       | false",
            "{a: null}                       | {b: 1}                        | true",
            "{a: null}                       | {a: null}                     | true",
            "{a: null}                       | {a: 0}                        | false",
            "{a: null}                       | {a: {$undefined: true}}       | false",
            "{a: {$ne: null}}                | {b: 1}                        | false",
            "{a: {$exists: true}}            | {a: null}                     | true",
            "{a: {$exists: false}}           | {b: 1}                        | true",
            "{a: {$exists: 0}}               | {b: 1}                        | true",
            "{a: {$gte: null}}               | {b: 1}                        | true",
            "{a: {$gt: null}}                | {a: 1}                        | false",
            "{a: {$lt: 5}}                   | {a: 'x'}                      | false",
            "{a: {$lt: 5}}                   | {b: 1}                        | false",
            "{a: {$gt: {$minKey: 1}}}        | {a: 'x'}                      | true",
            "{a: {$lt: {$maxKey: 1}}}        | {a: 'x'}                      | true",
            "{a: {$gt: 1, $lt: 3}}           | {a: [0, 9]}                   | true",
            "{a: {$lt: {$numberDouble: 'NaN'}}} | {a: 1}                     | false",
            "{a: {$gte: {$numberDouble: 'NaN'}}} | {a: {$numberDouble: 'NaN'}} | true",
            "{a: {x: 1, y: 2}}               | {a: {x: 1, y: 2}}             | true",
            "{a: {x: 1, y: 2}}               | {a: {y: 2, x: 1}}             | false",
            "{a: {x: 1}}                     | {a: {x: 1, y: 2}}             | false",
            "{'a.x': 1}                      | {a: {x: 1, y: 2}}             | true",
            "{'a.x': 1}                      | {a: [{x: 2}, {x: 1}]}         | true",
            "{'a.x': 1}                      | {a: [[{x: 1}]]}               | false",
            "{'a.0.x': 1}                    | {a: [{x: 1}]}                 | true",
            "{'a.1': 7}                      | {a: [5, 7]}                   | true",
            "{'a.0': 7}                      | {a: [5, 7]}                   | false",
            "{'a.1': 4}                      | {a: [5, [2, 4]]}              | false",
            "{'a.1.b': 4}                    | {a: [5, [{b: 4}]]}            | true",
            "{'a.0.0': 4}                    | {a: [[[4]]]}                  | false",
            "{'a.1': [2, 4]}                 | {a: [5, [2, 4]]}              | true",
            "{'a.1': 4}                      | {a: [5, {'1': 4}]}            | true",
            "{'a.01': 7}                     | {a: [5, 7]}                   | false",
            "{'a.b': null}                   | {a: 5}                        | true",
            "{'a.b': null}                   | {a: [1, 2]}                   | false",
            "{'a.b': null}                   | {a: [{b: 1}, {c: 1}]}         | true",
            "{'a.b': {$exists: false}}       | {a: [{b: 1}, {c: 1}]}         | false",
            "{'a.b': {$ne: 1}}               | {a: [{b: 1}, {b: 2}]}         | false",
            "{a: {$in: [1, null]}}           | {b: 1}                        | true",
            "{a: {$in: [[1, 2]]}}            | {a: [1, 2]}                   | true",
            "{a: {$in: []}}                  | {a: 1}                        | false",
            "{a: {$nin: [1, 2]}}             | {b: 1}                        | true",
            "{a: {$nin: [1, 2]}}             | {a: [2, 3]}                   | false",
            "{a: {$not: {$gt: 3}}}           | {b: 1}                        | true",
            "{a: {$not: {$gt: 3}}}           | {a: [1, 4]}                   | false",
            "{$or: [{a: 1}, {b: 1}]}         | {b: 1}                        | true",
            "{$nor: [{a: 1}, {b: 1}]}        | {b: 1}                        | false",
            "{$and: [{a: 1}, {b: 1}]}        | {a: 1}                        | false",
            "{$comment: 'why', a: 1}         | {a: 1}                        | true",
            "{a: {$ref: 'c', $id: 1}}        | {a: {$ref: 'c', $id: 1}}      | true",
            "{a: {$eq: {$regularExpression: {pattern: 'x', options: ''}}}} | {a: 'x'} | false"})
    void matchesAsDocumented(String filter, String document, boolean expected) {
        Filter parsed = Filter.parse(BsonDocument.parse(filter), QueryLimits.DEFAULTS);
        assertEquals(expected, new Evaluator().matches(parsed, QueryBson.view(BsonDocument.parse(document))));
        assertEquals(expected, ReferenceFilter.matches(withoutComment(filter), BsonDocument.parse(document)),
                "the reference");
    }

    private static BsonDocument withoutComment(String filter) {
        BsonDocument parsed = BsonDocument.parse(filter);
        parsed.remove("$comment");
        return parsed;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "{a: {$foo: 1}}           | a   | $foo", "{$foo: 1}          |     | $foo",
            "{a: {$gt: 1, b: 2}}      | a   | b", "{'a.b': {$in: 3}}  | a.b | $in",
            "{a: {$in: [{$gt: 1}]}}   | a   | $in", "{$and: []}         |     | $and",
            "{$or: {a: 1}}            |     | $or", "{$nor: [1]}        |     | $nor",
            "{a: {$not: 3}}           | a   | $not", "{a: {$not: {}}}    | a   | $not",
            "{a: {$regex: '('}}       | a   | $regex", "{a: {$regex: 3}} | a | $regex",
            "{a: {$options: 'i'}}     | a   | $options", "{a: {$regex: 'x', $options: 'g'}} | a | $options",
            "{a: {$regex: {$regularExpression: {pattern: 'x', options: 'i'}}, $options: 'm'}} | a | $options",
            "{a: {$size: -1}}         | a   | $size", "{a: {$size: 1.5}}    | a   | $size",
            "{a: {$size: 'x'}}        | a   | $size", "{a: {$mod: [3]}}     | a   | $mod",
            "{a: {$mod: [0, 1]}}      | a   | $mod", "{a: {$mod: [0.5, 1]}} | a   | $mod",
            "{a: {$mod: [2, 0, 1]}}   | a   | $mod", "{a: {$mod: ['x', 0]}} | a   | $mod",
            "{a: {$mod: [2, 'x']}}    | a   | $mod", "{a: {$mod: 2}}       | a   | $mod",
            "{a: {$mod: [{$numberDouble: 'NaN'}, 0]}} | a | $mod",
            "{a: {$type: 'foo'}}      | a   | $type", "{a: {$type: 0}}      | a   | $type",
            "{a: {$type: 1.5}}        | a   | $type", "{a: {$type: []}}     | a   | $type",
            "{a: {$type: 20}}         | a   | $type", "{a: {$type: null}}   | a   | $type",
            "{a: {$all: 1}}           | a   | $all", "{a: {$all: [{$gt: 1}]}} | a | $all",
            "{a: {$all: [1, {$elemMatch: {b: 1}}]}} | a | $all",
            "{a: {$elemMatch: [1]}}   | a   | $elemMatch", "{a: {$elemMatch: {$foo: 1}}} | a | $foo",
            "{a: {$bitsAllSet: -1}}   | a   | $bitsAllSet", "{a: {$bitsAnySet: 1.5}} | a | $bitsAnySet",
            "{a: {$bitsAllClear: [-1]}} | a | $bitsAllClear", "{a: {$bitsAnyClear: 'x'}} | a | $bitsAnyClear",
            "{a: {$eq: {$undefined: true}}} | a | $eq",
            "{$or: [{b: {$bar: 1}}]}  | b   | $bar",
            "{a: {$ne: {$regularExpression: {pattern: 'x', options: ''}}}} | a | $ne"})
    void refusesWithPathAndOperator(String filter, String path, String operator) {
        InvalidQueryException refused = assertThrows(InvalidQueryException.class,
                () -> Filter.parse(BsonDocument.parse(filter), QueryLimits.DEFAULTS));
        assertEquals(path == null ? "" : path, refused.path());
        assertEquals(operator, refused.operator());
    }

    @Test
    void refusesWhatExceedsTheLimits() {
        QueryLimits limits = new QueryLimits(3, 2, 2, 2, 2);
        for (String filter : new String[]{"{a: 1, b: 1, c: 1}", "{a: {$in: [1, 2, 3]}}", "{'a.b.c': 1}",
                "{$and: [{$and: [{$and: [{a: 1}]}]}]}"}) {
            assertThrows(InvalidQueryException.class, () -> Filter.parse(BsonDocument.parse(filter), limits), filter);
        }
    }

    @Test
    void findsAmongManyPaths() {
        BsonDocument document = new BsonDocument();
        BsonDocument filter = new BsonDocument();
        for (int i = 0; i < 200; i++) {
            document.put("f" + i, new org.bson.BsonInt32(i));
            filter.put("f" + (199 - i), new org.bson.BsonInt32(199 - i));
        }
        Evaluator evaluator = new Evaluator();
        assertEquals(true, evaluator.matches(Filter.parse(filter, QueryLimits.DEFAULTS), QueryBson.view(document)));
        document.put("f77", new org.bson.BsonInt32(-1));
        assertEquals(false, evaluator.matches(Filter.parse(filter, QueryLimits.DEFAULTS), QueryBson.view(document)));
    }
}
