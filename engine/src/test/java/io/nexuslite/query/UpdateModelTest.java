package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.UpdateFailedException;
import io.nexuslite.testing.Seed;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonArray;
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

    private static BsonDocument update(SplittableRandom random, QueryBson values) {
        BsonDocument update = new BsonDocument();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
            BsonDocument fields = update.getDocument(operator, new BsonDocument());
            fields.put(values.path(), operand(operator, random, values));
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
