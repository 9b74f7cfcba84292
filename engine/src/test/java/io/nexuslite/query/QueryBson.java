package io.nexuslite.query;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.RandomBson;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.types.Decimal128;

/** Random documents, filters and sorts over few names and few values, so that they meet each other. */
final class QueryBson {
    private static final List<String> NAMES = List.of("a", "b", "c", "0", "1");
    private static final List<String> COMPARISONS = List.of("$eq", "$ne", "$lt", "$lte", "$gt", "$gte");

    private final SplittableRandom random;
    private final RandomBson wild;

    QueryBson(SplittableRandom random) {
        this.random = random;
        this.wild = new RandomBson(random.nextLong());
    }

    BsonDocument document() {
        BsonDocument document = new BsonDocument("_id", new BsonInt32(random.nextInt(100)));
        for (int i = random.nextInt(4); i >= 0; i--) {
            document.put(name(), value(3));
        }
        return document;
    }

    private String name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    String path() {
        StringBuilder path = new StringBuilder(name());
        while (random.nextInt(2) == 0 && path.length() < 9) {
            path.append('.').append(name());
        }
        return path.toString();
    }

    BsonValue value(int depth) {
        int choice = random.nextInt(depth > 0 ? 14 : 8);
        return switch (choice) {
            case 0, 1 -> new BsonInt32(random.nextInt(4));
            case 2 -> new BsonInt64(random.nextInt(4));
            case 3 -> new BsonDouble(random.nextInt(8) / 2.0);
            case 4 -> new BsonDecimal128(Decimal128.parse(random.nextInt(4) + (random.nextBoolean() ? ".0" : ".5")));
            case 5 -> new BsonString(List.of("", "x", "y").get(random.nextInt(3)));
            case 6 -> random.nextBoolean() ? BsonNull.VALUE : BsonBoolean.valueOf(random.nextBoolean());
            case 7 -> wild.value(0);
            case 8, 9, 10 -> array(depth - 1);
            default -> nested(depth - 1);
        };
    }

    private BsonArray array(int depth) {
        BsonArray array = new BsonArray();
        for (int i = random.nextInt(4); i > 0; i--) {
            array.add(value(depth));
        }
        return array;
    }

    private BsonDocument nested(int depth) {
        BsonDocument document = new BsonDocument();
        for (int i = random.nextInt(3); i > 0; i--) {
            document.put(name(), value(depth));
        }
        return document;
    }

    BsonDocument filter(int depth) {
        BsonDocument filter = new BsonDocument();
        for (int i = random.nextInt(depth == 0 ? 2 : 3); i >= 0; i--) {
            int choice = random.nextInt(depth > 0 ? 8 : 5);
            switch (choice) {
                case 5 -> filter.put("$and", filters(depth - 1));
                case 6 -> filter.put("$or", filters(depth - 1));
                case 7 -> filter.put("$nor", filters(depth - 1));
                default -> filter.put(path(), random.nextInt(3) == 0 ? operand() : operators(2));
            }
        }
        return filter;
    }

    private BsonArray filters(int depth) {
        BsonArray filters = new BsonArray();
        for (int i = random.nextInt(3); i >= 0; i--) {
            filters.add(filter(depth));
        }
        return filters;
    }

    private BsonDocument operators(int depth) {
        BsonDocument operators = new BsonDocument();
        for (int i = random.nextInt(2); i >= 0; i--) {
            switch (random.nextInt(depth > 0 ? 13 : 10)) {
                case 0 -> operators.put(random.nextBoolean() ? "$in" : "$nin", operands());
                case 1 -> operators.put("$exists", BsonBoolean.valueOf(random.nextBoolean()));
                case 8, 9 -> putOperator(operators);
                case 10 -> operators.put("$not", random.nextInt(4) == 0 ? regex() : operators(depth - 1));
                case 11 -> operators.put("$elemMatch", elementMatch(depth - 1));
                case 12 -> operators.put("$all", all(depth - 1));
                default -> operators.put(COMPARISONS.get(random.nextInt(COMPARISONS.size())), operand());
            }
        }
        return operators;
    }

    private BsonDocument elementMatch(int depth) {
        return random.nextBoolean() ? operators(depth) : filter(Math.min(depth, 1));
    }

    private BsonArray all(int depth) {
        BsonArray all = new BsonArray();
        boolean ofMatches = random.nextInt(3) == 0;
        for (int i = random.nextInt(3); i > 0; i--) {
            all.add(ofMatches
                    ? new BsonDocument("$elemMatch", elementMatch(depth))
                    : random.nextInt(5) == 0 ? regex() : operand());
        }
        return all;
    }

    private BsonRegularExpression regex() {
        return new BsonRegularExpression(List.of("x", "^y", "[^x]", "", "Y$").get(random.nextInt(5)),
                List.of("", "i", "m").get(random.nextInt(3)));
    }

    private void putOperator(BsonDocument operators) {
        BsonInt32 small = new BsonInt32(random.nextInt(4));
        switch (random.nextInt(5)) {
            case 0 -> operators.put("$type", random.nextBoolean()
                    ? new BsonString(
                            List.of("number", "int", "array", "object", "string", "null").get(random.nextInt(6)))
                    : new BsonArray(List.of(new BsonInt32(1 + random.nextInt(4)), new BsonString("decimal"))));
            case 1 -> operators.put("$mod", new BsonArray(List.of(
                    new BsonInt32(List.of(2, 3, -2).get(random.nextInt(3))), new BsonDouble(random.nextInt(4) / 2.0))));
            case 2 -> operators.put("$size", small);
            case 3 -> operators.put(List.of("$bitsAllSet", "$bitsAllClear", "$bitsAnySet", "$bitsAnyClear")
                    .get(random.nextInt(4)),
                    random.nextBoolean()
                            ? small
                            : new BsonArray(List.of(small, new BsonInt32(random.nextInt(3) * 40))));
            default -> {
                BsonRegularExpression regex = regex();
                operators.remove("$options");
                operators.put("$regex", random.nextBoolean() ? regex : new BsonString(regex.getPattern()));
                if (operators.get("$regex").isString() && random.nextBoolean()) {
                    operators.put("$options", new BsonString(regex.getOptions()));
                }
            }
        }
    }

    private BsonArray operands() {
        BsonArray operands = new BsonArray();
        for (int i = random.nextInt(4); i > 0; i--) {
            operands.add(random.nextInt(8) == 0 ? regex() : operand());
        }
        return operands;
    }

    /** A value that a filter may compare with: regular expressions and undefined are refused. */
    BsonValue operand() {
        while (true) {
            BsonValue value = value(2);
            boolean dollar = value.isDocument() && !value.asDocument().isEmpty()
                    && value.asDocument().getFirstKey().startsWith("$");
            if (value.getBsonType() != BsonType.REGULAR_EXPRESSION && value.getBsonType() != BsonType.UNDEFINED
                    && !dollar) {
                return value;
            }
        }
    }

    /** The bytes of a document, in memory of their own. */
    static BsonView view(BsonDocument document) {
        try (GrowableBuffer buffer = GrowableBuffer.ofConfined(256, GrowableBuffer.DEFAULT_LIMIT)) {
            int length = BsonBridge.encode(document, buffer);
            MemorySegment memory = Arena.ofAuto().allocate(length);
            MemorySegment.copy(buffer.memory(), 0, memory, 0, length);
            return new BsonView().wrap(memory, 0, length);
        }
    }
}
