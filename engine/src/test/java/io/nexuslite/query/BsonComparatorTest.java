package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.PlainOrder;
import io.nexuslite.bson.RandomBson;
import io.nexuslite.testing.Seed;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The comparison on raw bytes against a plain one on trees. */
class BsonComparatorTest {
    @RegisterExtension
    final Seed seed = new Seed();

    @Test
    void agreesWithPlainOrder() {
        RandomBson random = new RandomBson(seed.random("values").nextLong());
        BsonComparator comparator = new BsonComparator();
        for (int round = 0; round < Seed.scaled(30_000); round++) {
            BsonValue a = random.value(3);
            BsonValue b = random.random().nextBoolean() ? random.near(a) : random.value(3);
            assertEquals(Integer.signum(PlainOrder.compare(a, b)), compare(comparator, a, b), () -> a + " and " + b);
            assertEquals(Integer.signum(PlainOrder.compare(b, a)), compare(comparator, b, a), () -> b + " and " + a);
        }
    }

    private static int compare(BsonComparator comparator, BsonValue a, BsonValue b) {
        BsonCursor left = new BsonCursor().wrap(QueryBson.view(new BsonDocument("v", a)));
        BsonCursor right = new BsonCursor().wrap(QueryBson.view(new BsonDocument("v", b)));
        left.next();
        right.next();
        return Integer.signum(comparator.compare(left.type(), left.memory(), left.valueOffset(), right.type(),
                right.memory(), right.valueOffset()));
    }
}
