package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.UpdateFailedException;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Updates of single documents: a table of cases each with its source, and what is refused. */
class UpdateTest {
    private static final long NOW = 1_700_000_000_123L;

    static BsonDocument apply(BsonDocument update, BsonDocument document) {
        return apply(update, null, List.of(), document);
    }

    /** What an update makes of a document that a filter has found. */
    static BsonDocument apply(BsonDocument update, BsonDocument filter, List<BsonDocument> arrayFilters,
            BsonDocument document) {
        Update parsed = Update.parse(QueryBson.view(update), arrayFilters.stream().map(QueryBson::view).toList(),
                QueryLimits.DEFAULTS);
        BsonView view = QueryBson.view(document);
        int position = filter == null
                ? ArrayPosition.NONE
                : new ArrayPosition().find(Filter.parse(filter, QueryLimits.DEFAULTS), view);
        try (GrowableBuffer buffer = new GrowableBuffer()) {
            parsed.apply(view, new BsonWriter().wrap(buffer), false, NOW, position);
            return new BsonView().wrap(buffer).toBsonDocument();
        }
    }

    @Test
    void tableHolds() {
        CaseTable.check("mongo-update.tsv", 6, 250, cells -> {
            BsonDocument filter = cells[1].equals("-") ? null : BsonDocument.parse(cells[1]);
            List<BsonDocument> arrayFilters = cells[2].equals("-")
                    ? List.of()
                    : BsonArray.parse(cells[2]).stream().map(BsonValue::asDocument).toList();
            BsonDocument document = BsonDocument.parse(cells[3]);
            if (filter != null && !ReferenceFilter.matches(filter, document)) {
                return "the filter does not find it";
            }
            String result = result(BsonDocument.parse(cells[0]), filter, arrayFilters, document);
            String expected = cells[4].startsWith("{") ? BsonDocument.parse(cells[4]).toJson() : cells[4];
            return result.equals(expected) ? "" : "expected " + expected + ", found " + result;
        });
    }

    /** The document afterwards as JSON, or what went wrong in the words of the table. */
    private static String result(BsonDocument update, BsonDocument filter, List<BsonDocument> arrayFilters,
            BsonDocument document) {
        try {
            return apply(update, filter, arrayFilters, document).toJson();
        } catch (UpdateFailedException e) {
            return "fails " + e.path() + " " + (e.operator().isEmpty() ? "-" : e.operator());
        } catch (InvalidQueryException e) {
            return e.path().isEmpty() ? "refused" : "refused " + e.path();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "{}                     |", "{a: 1}               | a", "{$foo: {a: 1}}     | a", "{$set: 1}       |",
            "{$set: {'a..b': 1}}    | a..b", "{$set: {'': 1}} |", "{$set: {$a: 1}}      | $a",
            "{$set: {'a.$b': 1}}    | a.$b", "{$set: {'a.$[i]': 1}} | a.$[i]", "{$inc: {a: 'x'}} | a",
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
