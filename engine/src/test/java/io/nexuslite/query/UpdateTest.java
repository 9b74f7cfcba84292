package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.UpdateFailedException;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Corner cases of updates, as the pages of MongoDB's manual on each operator tell them (docs/reference/operator/update/…). */
class UpdateTest {
    private static final long NOW = 1_700_000_000_123L;

    static BsonDocument apply(BsonDocument update, BsonDocument document) {
        try (GrowableBuffer buffer = new GrowableBuffer()) {
            Update.parse(update, QueryLimits.DEFAULTS).apply(QueryBson.view(document),
                    new BsonWriter().wrap(buffer), false, NOW);
            return new BsonView().wrap(buffer).toBsonDocument();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "{$set: {b: 1, a: 2}}            | {z: 0}               | {z: 0, a: 2, b: 1}",
            "{$set: {'2': 1, '10': 1, x: 1}} | {}                   | {'2': 1, '10': 1, x: 1}",
            "{$set: {'a.b.c': 1}}            | {}                   | {a: {b: {c: 1}}}",
            "{$set: {'a.0': 1}}              | {}                   | {a: {'0': 1}}",
            "{$set: {'a.3': 1}}              | {a: [0]}             | {a: [0, null, null, 1]}",
            "{$set: {'a.1.b': 1}}            | {a: [0]}             | {a: [0, {b: 1}]}",
            "{$set: {'a.0.b': 1, 'a.2': 7}}  | {a: [{}, 1]}         | {a: [{b: 1}, 1, 7]}",
            "{$set: {}}                      | {a: 1}               | {a: 1}",
            "{$unset: {a: 1, 'b.c': ''}}     | {a: 1, b: {c: 1}}    | {b: {}}",
            "{$unset: {'a.0': 1, 'a.9': 1}}  | {a: [1, 2]}          | {a: [null, 2]}",
            "{$unset: {'a.b': 1}}            | {a: 5}               | {a: 5}",
            "{$inc: {a: 1, b: 2}}            | {a: 1}               | {a: 2, b: 2}",
            "{$inc: {a: 1}}                  | {a: 2147483647}      | {a: {$numberLong: '2147483648'}}",
            "{$inc: {a: {$numberLong: '1'}}} | {a: 1}               | {a: {$numberLong: '2'}}",
            "{$inc: {a: 0.5}}                | {a: 1}               | {a: 1.5}",
            "{$inc: {a: {$numberDecimal: '0.1'}}} | {a: {$numberDecimal: '0.2'}} | {a: {$numberDecimal: '0.3'}}",
            "{$inc: {a: {$numberDecimal: '1'}}} | {a: 0.5} | {a: {$numberDecimal: '1.500000000000000'}}",
            "{$inc: {a: {$numberDecimal: 'Infinity'}}} | {a: 0.5}   | {a: {$numberDecimal: 'Infinity'}}",
            "{$mul: {a: 3, b: {$numberLong: '2'}}} | {a: 2}         | {a: 6, b: {$numberLong: '0'}}",
            "{$mul: {a: 65536}}              | {a: 65536}           | {a: {$numberLong: '4294967296'}}",
            "{$min: {a: 3, b: 1, c: 'x'}}    | {a: 5, b: 0, c: 9}   | {a: 3, b: 0, c: 9}",
            "{$max: {a: 3, b: 1, c: 'x'}}    | {a: 5, c: 9}         | {a: 5, c: 'x', b: 1}",
            "{$min: {a: 1.0}}                | {a: 1}               | {a: 1}",
            "{$rename: {a: 'b'}}             | {b: 9, a: 1, c: 2}   | {b: 1, c: 2}",
            "{$rename: {a: 'x.y', n: 'm'}}   | {a: 1, m: 3}         | {m: 3, x: {y: 1}}",
            "{$setOnInsert: {a: 1, b: 2}}    | {a: 3}               | {a: 3}",
            "{$currentDate: {a: true}}       | {}                   | {a: {$date: {$numberLong: '1700000000123'}}}",
            "{$currentDate: {a: {$type: 'timestamp'}}} | {}         | {a: {$timestamp: {t: 1700000000, i: 1}}}",
            "{$push: {a: 1, b: [1, 2]}}      | {a: [0]}             | {a: [0, 1], b: [[1, 2]]}",
            "{$push: {a: {$each: [1, 2], $position: 0}}} | {a: [9]} | {a: [1, 2, 9]}",
            "{$push: {a: {$each: [1], $position: -1}}} | {a: [8, 9]} | {a: [8, 1, 9]}",
            "{$push: {a: {$each: [5, 1], $sort: 1, $slice: 2}}} | {a: [3]} | {a: [1, 3]}",
            "{$push: {a: {$each: [], $slice: -1}}} | {a: [1, 2]}    | {a: [2]}",
            "{$push: {a: {$slice: 0, $each: [1]}}} | {a: [1, 2]}    | {a: []}",
            "{$push: {a: {$each: [{b: 1}], $sort: {b: -1}}}} | {a: [7, {b: 2}]} | {a: [{b: 2}, {b: 1}, 7]}",
            "{$addToSet: {a: 1.0, b: 1}}     | {a: [1]}             | {a: [1], b: [1]}",
            "{$addToSet: {a: {$each: [2, 3, 2]}}} | {a: [1, 2]}     | {a: [1, 2, 3]}",
            "{$addToSet: {a: {x: 1, y: 2}}}  | {a: [{y: 2, x: 1}]}  | {a: [{y: 2, x: 1}, {x: 1, y: 2}]}",
            "{$pull: {a: 1}}                 | {a: [1, 2, 1.0]}     | {a: [2]}",
            "{$pull: {a: {$gte: 2}}}         | {a: [1, 2, [5], 'x']} | {a: [1, 'x']}",
            "{$pull: {a: {b: 1}}}            | {a: [{b: 1, c: 2}, {b: 2}, 1]} | {a: [{b: 2}, 1]}",
            "{$pull: {a: {b: {$elemMatch: {c: 1}}}}} | {a: [{b: [{c: 1}]}, {b: []}]} | {a: [{b: []}]}",
            "{$pull: {a: {$regularExpression: {pattern: '^x', options: ''}}}} | {a: ['xy', 'y']} | {a: ['y']}",
            "{$pull: {a: [1]}}               | {a: [1, [1]]}        | {a: [1]}",
            "{$pull: {a: 1}}                 | {b: 1}               | {b: 1}",
            "{$pullAll: {a: [1, 'x']}}       | {a: [1, 2, 'x', 1]}  | {a: [2]}",
            "{$pop: {a: 1, b: -1, c: 1}}     | {a: [1, 2], b: [1, 2]} | {a: [1], b: [2]}",
            "{$pop: {a: 1}}                  | {a: []}              | {a: []}",
            "{$bit: {a: {and: 10}, b: {or: 5}}} | {a: 13}           | {a: 8, b: 5}",
            "{$bit: {a: {xor: {$numberLong: '1'}}}} | {a: 3}        | {a: {$numberLong: '2'}}"})
    void appliesAsDocumented(String update, String document, String expected) {
        assertEquals(BsonDocument.parse(expected).toJson(),
                apply(BsonDocument.parse(update), BsonDocument.parse(document)).toJson());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "{$inc: {a: 1}}                  | {a: 'x'}             | a    | $inc",
            "{$inc: {a: 1}}                  | {a: null}            | a    | $inc",
            "{$inc: {a: 1}}  | {a: {$numberLong: '9223372036854775807'}} | a | $inc",
            "{$set: {'a.b': 1}}              | {a: 5}               | a.b  | $set",
            "{$set: {'a.b.c': 1}}            | {a: null}            | a.b.c | $set",
            "{$set: {'a.b': 1}}              | {a: []}              | a.b  | $set",
            "{$set: {'a.1500002': 1}}        | {a: [1]}             | a.1500002 | ''",
            "{$push: {a: 1}}                 | {a: 5}               | a    | $push",
            "{$addToSet: {a: 1}}             | {a: {}}              | a    | $addToSet",
            "{$pull: {a: 1}}                 | {a: 5}               | a    | $pull",
            "{$pop: {a: 1}}                  | {a: 5}               | a    | $pop",
            "{$bit: {a: {or: 1}}}            | {a: 1.0}             | a    | $bit",
            "{$rename: {'a.0': 'b'}}         | {a: [1]}             | a.0  | $rename"})
    void failsWithPathAndOperator(String update, String document, String path, String operator) {
        UpdateFailedException failed = assertThrows(UpdateFailedException.class,
                () -> apply(BsonDocument.parse(update), BsonDocument.parse(document)));
        assertEquals(path, failed.path());
        assertEquals(operator.replace("''", ""), failed.operator());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "{}                     |", "{a: 1}               | a", "{$foo: {a: 1}}     | a", "{$set: 1}       |",
            "{$set: {'a..b': 1}}    | a..b", "{$set: {'': 1}} |", "{$set: {$a: 1}}      | $a",
            "{$set: {'a.$': 1}}     | a.$", "{$set: {'a.$[]': 1}} | a.$[]", "{$inc: {a: 'x'}} | a",
            "{$rename: {a: 1}}      | a", "{$rename: {a: 'a'}}  | a", "{$push: {a: {$slice: 1}}} | a",
            "{$push: {a: {$each: 1}}} | a", "{$push: {a: {$each: [], $sort: 2}}} | a",
            "{$addToSet: {a: {$each: [], $slice: 1}}} | a", "{$pop: {a: 2}}   | a", "{$pullAll: {a: 1}} | a",
            "{$bit: {a: {not: 1}}}  | a", "{$bit: {a: {or: 1.5}}} | a", "{$bit: {a: {}}}   | a",
            "{$currentDate: {a: 1}} | a", "{$pull: {a: {$foo: 1}}} |"})
    void refusesWhatIsNoUpdate(String update, String path) {
        InvalidQueryException refused = assertThrows(InvalidQueryException.class,
                () -> Update.parse(BsonDocument.parse(update), QueryLimits.DEFAULTS));
        assertEquals(path == null ? "" : path, refused.path());
    }

    @Test
    void namesBothPathsOfAConflict() {
        for (String update : new String[]{"{$set: {'a.b': 1}, $unset: {a: 1}}", "{$set: {a: 1}, $inc: {'a.b': 1}}",
                "{$set: {x: 1, 'a.b': 1}, $rename: {a: 'y'}}", "{$set: {'a.b': 1}, $rename: {y: 'a'}}"}) {
            InvalidQueryException refused = assertThrows(InvalidQueryException.class,
                    () -> Update.parse(BsonDocument.parse(update), QueryLimits.DEFAULTS));
            assertTrue(refused.getMessage().contains("a.b") && refused.getMessage().contains(" a"),
                    refused.getMessage());
        }
    }
}
