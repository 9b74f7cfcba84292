package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.testing.Seed;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Projections: a table of cases each with its source, and random ones against a plain reference. */
class ProjectionTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private static BsonDocument apply(BsonDocument projection, BsonDocument filter, BsonDocument document) {
        Projection parsed = Projection.parse(QueryBson.view(projection), QueryLimits.DEFAULTS);
        BsonView view = QueryBson.view(document);
        int position = filter == null
                ? ArrayPosition.NONE
                : new ArrayPosition().find(Filter.parse(filter, QueryLimits.DEFAULTS), view);
        try (GrowableBuffer buffer = new GrowableBuffer()) {
            parsed.apply(view, new BsonWriter().wrap(buffer), position);
            return new BsonView().wrap(buffer).toBsonDocument();
        }
    }

    @Test
    void tableHolds() {
        CaseTable.check("mongo-projection.tsv", 5, 130, cells -> {
            BsonDocument filter = cells[1].equals("-") ? null : BsonDocument.parse(cells[1]);
            String found;
            try {
                found = apply(BsonDocument.parse(cells[0]), filter, BsonDocument.parse(cells[2])).toJson();
            } catch (InvalidQueryException e) {
                found = "refused";
            }
            String expected = cells[3].startsWith("{") ? BsonDocument.parse(cells[3]).toJson() : cells[3];
            return found.equals(expected) ? "" : "expected " + expected + ", found " + found;
        });
    }

    @Test
    void givesEverythingWhereNothingIsAsked() {
        assertTrue(Projection.parse(QueryBson.view(new BsonDocument()), QueryLimits.DEFAULTS).isIdentity());
        assertTrue(
                !Projection.parse(QueryBson.view(BsonDocument.parse("{_id: 0}")), QueryLimits.DEFAULTS).isIdentity());
    }

    @Test
    void boundsPathsAndLevels() {
        QueryLimits limits = new QueryLimits(2, 2, 2, 2, 2);
        for (String projection : List.of("{a: 1, b: 1, c: 1}", "{'a.b.c': 1}", "{a: {b: {c: 1}}}")) {
            assertThrows(InvalidQueryException.class,
                    () -> Projection.parse(QueryBson.view(BsonDocument.parse(projection)), limits), projection);
        }
    }

    @Test
    void agreesWithReference() {
        SplittableRandom random = seed.random("projections");
        QueryBson values = new QueryBson(seed.random("values"));
        int changed = 0;
        int rounds = Seed.scaled(60_000);
        for (int round = 0; round < rounds; round++) {
            BsonDocument projection = projection(random, values);
            BsonDocument document = values.document();
            if (ReferenceProjection.hasConflict(projection)) {
                assertThrows(InvalidQueryException.class, () -> apply(projection, null, document), projection::toJson);
                continue;
            }
            BsonDocument expected = ReferenceProjection.apply(projection, document);
            BsonDocument found = apply(projection, null, document);
            assertEquals(expected.toJson(), found.toJson(), () -> projection.toJson() + " on " + document.toJson());
            changed += found.equals(document) ? 0 : 1;
        }
        int some = changed;
        assertTrue(some > rounds / 10, () -> some + " of " + rounds + " prove little");
    }

    private static BsonDocument projection(SplittableRandom random, QueryBson values) {
        BsonDocument projection = new BsonDocument();
        BsonBoolean included = BsonBoolean.valueOf(random.nextBoolean());
        if (random.nextInt(3) == 0) {
            projection.put("_id", BsonBoolean.valueOf(random.nextBoolean()));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> projection.put(values.path(), new BsonDocument("$slice", slice(random)));
                case 1 -> projection.put(List.of("a", "b", "c").get(random.nextInt(3)),
                        new BsonDocument("$elemMatch", random.nextBoolean()
                                ? new BsonDocument("$gte", values.operand())
                                : new BsonDocument("b", new BsonDocument("$exists", BsonBoolean.TRUE))));
                default -> projection.put(values.path(), random.nextInt(20) == 0
                        ? BsonBoolean.valueOf(!included.getValue())
                        : included);
            }
        }
        return projection;
    }

    private static BsonValue slice(SplittableRandom random) {
        BsonInt32 count = new BsonInt32(random.nextInt(-3, 4));
        return random.nextBoolean() ? count : new BsonArray(List.of(count, new BsonInt32(random.nextInt(1, 4))));
    }
}
