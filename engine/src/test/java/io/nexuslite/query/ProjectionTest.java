package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.InvalidQueryException;
import org.bson.BsonDocument;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectionTest {
    private static final String DOCUMENT = "{_id: 7, a: 1, b: {x: 1, y: {z: 2, w: 3}}, c: [{x: 1, y: 2}, 5, [{x: 3}], {y: 4}]}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "{}                  | {_id: 7, a: 1, b: {x: 1, y: {z: 2, w: 3}}, c: [{x: 1, y: 2}, 5, [{x: 3}], {y: 4}]}",
            "{a: 1}              | {_id: 7, a: 1}",
            "{a: true, _id: 0}   | {a: 1}",
            "{_id: 1}            | {_id: 7}",
            "{_id: 0, a: 0, c: 0}| {b: {x: 1, y: {z: 2, w: 3}}}",
            "{b: 0, c: 0}        | {_id: 7, a: 1}",
            "{_id: 0, 'b.y': 0, c: 0} | {a: 1, b: {x: 1}}",
            "{'b.y.z': 1}        | {_id: 7, b: {y: {z: 2}}}",
            "{b: {y: {z: 1}}, _id: 0} | {b: {y: {z: 2}}}",
            "{'c.x': 1}          | {_id: 7, c: [{x: 1}, [{x: 3}], {}]}",
            "{'c.x': 0, b: 0}    | {_id: 7, a: 1, c: [{y: 2}, 5, [{}], {y: 4}]}",
            "{'a.x': 1}          | {_id: 7}",
            "{'a.x': 0, b: 0, c: 0} | {_id: 7, a: 1}",
            "{'c.0': 1}          | {_id: 7, c: [{}, [{}], {}]}",
            "{nothing: 1}        | {_id: 7}"})
    void givesWhatIsNamed(String projection, String expected) {
        Projection parsed = Projection.parse(QueryBson.view(BsonDocument.parse(projection)), QueryLimits.DEFAULTS);
        try (GrowableBuffer buffer = new GrowableBuffer()) {
            parsed.apply(QueryBson.view(BsonDocument.parse(DOCUMENT)), new BsonWriter().wrap(buffer));
            assertEquals(BsonDocument.parse(expected), new BsonView().wrap(buffer).toBsonDocument());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{a: 1, b: 0}", "{a: 1, 'a.b': 1}", "{'a.b': 1, a: 1}", "{a: {$slice: 1}}", "{a: 'x'}",
            "{'a.$': 1}", "{'a..b': 1}", "{a: {}}", "{$a: 1}"})
    void refuses(String projection) {
        assertThrows(InvalidQueryException.class,
                () -> Projection.parse(QueryBson.view(BsonDocument.parse(projection)), QueryLimits.DEFAULTS));
    }
}
