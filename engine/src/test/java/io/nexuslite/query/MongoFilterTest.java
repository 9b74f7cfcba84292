package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.MongoOrder;
import io.nexuslite.bson.RandomBson;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.testing.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The evaluator against {@link MongoFilter}, and both against a table of cases each with its source. */
class MongoFilterTest {
    private static final List<String> SEGMENTS = List.of("a", "b", "0", "1");
    private static final List<String> RELATIONS = List.of("$eq", "$ne", "$lt", "$lte", "$gt", "$gte");
    private static final List<BsonValue> LEAVES = values("null", "{$undefined: true}", "{$minKey: 1}",
            "{$maxKey: 1}", "0", "1", "{$numberLong: '1'}", "1.5", "{$numberDecimal: '1.0'}",
            "{$numberDecimal: '1.5'}", "{$numberDouble: 'NaN'}", "{$numberDecimal: 'NaN'}",
            "{$numberDouble: 'Infinity'}", "'x'", "{$symbol: 'x'}", "''", "true", "false", "[]", "{}", "[[]]", "[{}]",
            "[null]", "[0, 1]", "[[0, 1], 1]", "{a: 1}", "{a: 1.0, b: [1]}", "[{a: 1}, {b: 0}]", "{'0': 1}",
            "[{'0': [1]}, 1]", "[[{a: 1}], {a: [1]}]", "{$oid: '0123456789abcdef01234567'}",
            "{$date: {$numberLong: '1'}}", "{$timestamp: {t: 0, i: 1}}", "{$binary: {base64: 'AA==', subType: '00'}}");

    @RegisterExtension
    final Seed seed = new Seed();

    private final Evaluator evaluator = new Evaluator();
    private SplittableRandom random;

    private static List<BsonValue> values(String... json) {
        return Arrays.stream(json).map(each -> BsonDocument.parse("{v: " + each + "}").get("v")).toList();
    }

    private boolean found(Filter filter, BsonDocument document) {
        return evaluator.matches(filter, QueryBson.view(document));
    }

    private <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private BsonValue value(int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return oneOf(LEAVES);
        }
        if (random.nextInt(2) == 0) {
            BsonArray array = new BsonArray();
            for (int i = random.nextInt(3); i >= 0; i--) {
                array.add(value(depth - 1));
            }
            return array;
        }
        return document(depth - 1);
    }

    private BsonDocument document(int depth) {
        BsonDocument document = new BsonDocument();
        for (int i = random.nextInt(3); i >= 0; i--) {
            document.put(oneOf(SEGMENTS), value(depth));
        }
        return document;
    }

    private String path() {
        StringBuilder path = new StringBuilder(random.nextInt(4) == 0 ? oneOf(SEGMENTS) : "a");
        while (random.nextInt(5) < 3 && path.length() < 8) {
            path.append('.').append(oneOf(SEGMENTS));
        }
        return path.toString();
    }

    private BsonValue operand() {
        BsonValue operand = value(1);
        return operand.getBsonType() == BsonType.UNDEFINED ? new BsonInt32(1) : operand;
    }

    private BsonDocument operators(int depth) {
        BsonDocument operators = new BsonDocument();
        for (int i = random.nextInt(4) == 0 ? 2 : 1; i > 0; i--) {
            switch (random.nextInt(depth > 0 ? 9 : 8)) {
                case 0, 1 -> {
                    BsonArray list = new BsonArray();
                    for (int j = random.nextInt(4); j > 0; j--) {
                        list.add(operand());
                    }
                    operators.put(random.nextBoolean() ? "$in" : "$nin", list);
                }
                case 2 -> operators.put("$exists", BsonBoolean.valueOf(random.nextBoolean()));
                case 8 -> operators.put("$not", operators(depth - 1));
                default -> operators.put(oneOf(RELATIONS), operand());
            }
        }
        return operators;
    }

    private BsonDocument filter(int depth) {
        if (depth > 0 && random.nextInt(4) == 0) {
            BsonArray filters = new BsonArray();
            for (int i = random.nextInt(3); i >= 0; i--) {
                filters.add(filter(depth - 1));
            }
            return new BsonDocument(oneOf(List.of("$and", "$or", "$nor")), filters);
        }
        BsonDocument filter = new BsonDocument();
        for (int i = random.nextInt(3) == 0 ? 2 : 1; i > 0; i--) {
            filter.put(path(), random.nextInt(4) == 0 ? operand() : operators(2));
        }
        return filter;
    }

    @Test
    void evaluatorAgrees() {
        random = seed.random("filters");
        int matched = 0;
        int rounds = Seed.scaled(30_000);
        for (int round = 0; round < rounds; round++) {
            BsonDocument specification = filter(2);
            Filter filter = Filter.parse(specification, QueryLimits.DEFAULTS);
            for (int i = 0; i < 6; i++) {
                BsonDocument document = document(3);
                boolean expected = MongoFilter.matches(specification, document);
                assertEquals(expected, found(filter, document),
                        () -> specification.toJson() + " on " + document.toJson());
                matched += expected ? 1 : 0;
            }
        }
        int all = 6 * rounds;
        int some = matched;
        assertTrue(some > all / 10 && some < all * 9 / 10, () -> some + " of " + all + " prove little");
    }

    @Test
    void comparatorAgrees() {
        RandomBson values = new RandomBson(seed.random("order").nextLong());
        MongoOrder order = new MongoOrder();
        BsonComparator comparator = new BsonComparator();
        try (GrowableBuffer left = new GrowableBuffer(); GrowableBuffer right = new GrowableBuffer()) {
            for (int round = 0; round < Seed.scaled(40_000); round++) {
                BsonValue a = values.value(2);
                BsonValue b = round % 8 == 0 ? values.value(2) : values.near(a);
                BsonCursor one = cursor(a, left);
                BsonCursor other = cursor(b, right);
                assertEquals(Integer.signum(order.compare(a, b)),
                        Integer.signum(comparator.compare(one.type(), one.memory(), one.valueOffset(), other.type(),
                                other.memory(), other.valueOffset())),
                        () -> a + " against " + b);
            }
        }
    }

    private static BsonCursor cursor(BsonValue value, GrowableBuffer buffer) {
        buffer.reset();
        BsonBridge.encode(new BsonDocument("v", value), buffer);
        BsonCursor cursor = new BsonCursor().wrap(new BsonView().wrap(buffer));
        assertTrue(cursor.next());
        return cursor;
    }

    @Test
    void tableHolds() {
        CaseTable.check("mongo-filter.tsv", 4, 700, cells -> {
            BsonDocument specification = BsonDocument.parse(cells[0]);
            BsonDocument document = BsonDocument.parse(cells[1]);
            String found;
            try {
                found = found(Filter.parse(specification, QueryLimits.DEFAULTS), document) ? "yes" : "no";
            } catch (InvalidQueryException e) {
                found = "refused";
            }
            if (!found.equals(cells[2])) {
                return found + " by the engine";
            }
            boolean agrees = found.equals("refused")
                    || found.equals(MongoFilter.matches(specification, document) ? "yes" : "no");
            return agrees ? "" : "not so by the oracle";
        });
    }
}
