package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.UpdateFailedException;
import io.nexuslite.testing.Seed;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Updates on raw bytes against the reference on trees, with random documents and updates. */
class UpdateModelTest {
    private static final List<String> OPERATORS = List.of("$set", "$unset", "$inc", "$mul", "$min", "$max", "$rename",
            "$setOnInsert", "$push", "$addToSet", "$pull", "$pullAll", "$pop");

    @RegisterExtension
    final Seed seed = new Seed();

    @Test
    void agreesWithReference() {
        SplittableRandom random = seed.random("updates");
        QueryBson values = new QueryBson(seed.random("values"));
        int rounds = Seed.scaled(60_000);
        int applied = 0;
        for (int round = 0; round < rounds; round++) {
            BsonDocument update = update(random, values);
            BsonDocument document = values.document();
            if (ReferenceUpdate.hasConflict(update)) {
                assertThrows(InvalidQueryException.class, () -> Update.parse(update, QueryLimits.DEFAULTS),
                        update::toJson);
                continue;
            }
            BsonDocument expected;
            try {
                expected = ReferenceUpdate.apply(update, document);
            } catch (ReferenceUpdate.Refused e) {
                assertThrows(UpdateFailedException.class, () -> UpdateTest.apply(update, document),
                        () -> update + " on " + document);
                continue;
            }
            applied += expected.equals(document) ? 0 : 1;
            // As views: order of fields and types of numbers count.
            assertTrue(QueryBson.view(expected).contentEquals(QueryBson.view(UpdateTest.apply(update, document))),
                    () -> update + " on " + document + " gives " + UpdateTest.apply(update, document) + ", expected "
                            + expected);
        }
        int changed = applied;
        assertTrue(changed > rounds / 10, () -> changed + " of " + rounds + " prove little");
    }

    @Test
    void agreesWithReferenceOnElements() {
        SplittableRandom random = seed.random("element updates");
        QueryBson values = new QueryBson(seed.random("element values"));
        int rounds = Seed.scaled(60_000);
        int changed = 0;
        for (int round = 0; round < rounds; round++) {
            BsonDocument filter = condition(random, values);
            BsonDocument document = values.document();
            for (int i = 0; i < 5 && !ReferenceFilter.matches(filter, document); i++) {
                document = values.document();
            }
            if (ReferenceFilter.matches(filter, document)) {
                changed += updatesElements(random, values, filter, document) ? 1 : 0;
            }
        }
        int some = changed;
        assertTrue(some > rounds / 100, () -> some + " of " + rounds + " prove little");
    }

    private static boolean updatesElements(SplittableRandom random, QueryBson values, BsonDocument filter,
            BsonDocument document) {
        BsonDocument update = update(random, values, path -> withElements(path, random));
        BsonArray arrayFilters = arrayFilters(update, random, values);
        List<BsonDocument> filters = arrayFilters.stream().map(BsonValue::asDocument).toList();
        Supplier<String> story = () -> update + " where " + filter + ", elements " + arrayFilters + " on " + document;
        int position = ReferencePosition.find(filter, document);
        assertEquals(position, new ArrayPosition().find(Filter.parse(filter, QueryLimits.DEFAULTS),
                QueryBson.view(document)), story);
        if (ReferenceUpdate.hasConflict(update)) {
            assertThrows(InvalidQueryException.class, () -> UpdateTest.apply(update, filter, filters, document), story);
            return false;
        }
        BsonDocument expected;
        try {
            expected = ReferenceUpdate.apply(update, document,
                    new ReferencePaths(ReferencePaths.byIdentifier(arrayFilters), position));
        } catch (ReferenceUpdate.Refused e) {
            assertThrows(UpdateFailedException.class, () -> UpdateTest.apply(update, filter, filters, document), story);
            return false;
        }
        BsonDocument found = assertDoesNotThrow(() -> UpdateTest.apply(update, filter, filters, document), story);
        assertTrue(QueryBson.view(expected).contentEquals(QueryBson.view(found)),
                () -> story.get() + " gives " + found + ", expected " + expected);
        return !expected.equals(document);
    }

    private static BsonDocument condition(SplittableRandom random, QueryBson values) {
        String operator = List.of("$eq", "$gte", "$lt", "$exists", "$type", "$elemMatch").get(random.nextInt(6));
        BsonValue operand = switch (operator) {
            case "$exists" -> BsonBoolean.TRUE;
            case "$type" -> new BsonString(List.of("int", "string", "object").get(random.nextInt(3)));
            case "$elemMatch" -> random.nextBoolean()
                    ? new BsonDocument("$gte", values.operand())
                    : new BsonDocument(values.path(), new BsonDocument("$exists", BsonBoolean.TRUE));
            default -> values.operand();
        };
        return new BsonDocument(values.path(), new BsonDocument(operator, operand));
    }

    private static String withElements(String path, SplittableRandom random) {
        if (random.nextInt(4) == 0) {
            return path;
        }
        String[] segments = path.split("\\.");
        StringBuilder changed = new StringBuilder(segments[0]);
        boolean hasMatched = false;
        for (int i = 1; i < segments.length || i == 1; i++) {
            String plain = i < segments.length ? segments[i] : "b";
            String segment = random.nextInt(3) == 0
                    ? plain
                    : List.of("$", "$[]", "$[i]", "$[j]").get(random.nextInt(4));
            changed.append('.').append(segment.equals("$") && hasMatched ? plain : segment);
            hasMatched |= segment.equals("$");
        }
        return changed.toString();
    }

    private static BsonArray arrayFilters(BsonDocument update, SplittableRandom random, QueryBson values) {
        BsonArray filters = new BsonArray();
        for (String identifier : List.of("i", "j")) {
            if (update.toString().contains("$[" + identifier + "]")) {
                String path = random.nextBoolean() ? identifier : identifier + "." + values.path();
                filters.add(new BsonDocument(path, new BsonDocument(List.of("$eq", "$ne", "$gte", "$lt")
                        .get(random.nextInt(4)), values.operand())));
            }
        }
        return filters;
    }

    private static BsonDocument update(SplittableRandom random, QueryBson values) {
        return update(random, values, path -> path);
    }

    private static BsonDocument update(SplittableRandom random, QueryBson values, UnaryOperator<String> paths) {
        BsonDocument update = new BsonDocument();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
            BsonDocument fields = update.getDocument(operator, new BsonDocument());
            String path = values.path();
            fields.put(operator.equals("$rename") ? path : paths.apply(path), operand(operator, random, values));
            update.put(operator, fields);
        }
        return update;
    }

    private static BsonValue operand(String operator, SplittableRandom random, QueryBson values) {
        return switch (operator) {
            case "$inc", "$mul" -> List.of(new BsonInt32(3), new BsonInt64(-1), new BsonDouble(0.5),
                    new BsonInt32(Integer.MAX_VALUE), new BsonInt64(Long.MAX_VALUE)).get(random.nextInt(5));
            case "$rename" -> new BsonString(values.path());
            case "$pop" -> new BsonInt32(random.nextBoolean() ? 1 : -1);
            case "$pullAll" -> new BsonArray(List.of(values.operand(), values.operand()));
            case "$pull" -> {
                BsonValue pulled = values.operand(); // a document is a filter, and may hold what filters refuse
                yield pulled.isDocument() ? values.filter(1) : pulled;
            }
            case "$push", "$addToSet" -> random.nextBoolean() ? values.operand() : each(operator, random, values);
            default -> values.operand();
        };
    }

    private static BsonDocument each(String operator, SplittableRandom random, QueryBson values) {
        BsonArray added = new BsonArray();
        for (int i = random.nextInt(3); i > 0; i--) {
            added.add(values.operand());
        }
        BsonDocument each = new BsonDocument("$each", added);
        if (operator.equals("$push")) {
            if (random.nextBoolean()) {
                each.put("$position", new BsonInt32(random.nextInt(-3, 4)));
            }
            if (random.nextBoolean()) {
                each.put("$slice", new BsonInt32(random.nextInt(-3, 4)));
            }
            if (random.nextBoolean()) {
                each.put("$sort", new BsonInt32(random.nextBoolean() ? 1 : -1));
            }
        }
        return each;
    }

    @Test
    void leavesTheDocumentAlone() {
        BsonDocument document = BsonDocument.parse("{_id: 1, a: {b: [1, {c: 2}]}, d: 'x'}");
        assertEquals(document, UpdateTest.apply(BsonDocument.parse("{$unset: {x: 1}, $pull: {y: 1}}"), document));
    }
}
