package io.nexuslite.bson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Key strings against {@link MongoOrder}, and both against a table of cases each with its source. */
class MongoOrderTest {
    private static final int ROOM = 1 << 17;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment left = arena.allocate(ROOM);
    private final MemorySegment right = arena.allocate(ROOM);
    private final GrowableBuffer buffer = GrowableBuffer.ofConfined(256, GrowableBuffer.DEFAULT_LIMIT);
    private final MongoOrder order = new MongoOrder();

    @AfterEach
    void close() {
        buffer.close();
        arena.close();
    }

    /** Appends the key string of a value at {@code length}; the new length. */
    private int append(BsonValue value, boolean descending, MemorySegment target, int length) {
        buffer.reset();
        BsonBridge.encode(new BsonDocument("v", value), buffer);
        BsonCursor cursor = new BsonCursor().wrap(new BsonView().wrap(buffer));
        assertTrue(cursor.next());
        int added = KeyString.encode(cursor, descending, target, length, ROOM - length);
        assertTrue(added > 0, () -> "No key string for " + value);
        return length + added;
    }

    private int keyOrder(List<BsonValue> a, List<BsonValue> b, boolean[] descending) {
        int leftLength = 0;
        int rightLength = 0;
        for (int i = 0; i < a.size(); i++) {
            leftLength = append(a.get(i), descending[i], left, leftLength);
            rightLength = append(b.get(i), descending[i], right, rightLength);
        }
        return Integer.signum(KeyString.compare(left, 0, leftLength, right, 0, rightLength));
    }

    private int plainOrder(List<BsonValue> a, List<BsonValue> b, boolean[] descending) {
        for (int i = 0; i < a.size(); i++) {
            int byField = Integer.signum(order.compare(a.get(i), b.get(i)));
            if (byField != 0) {
                return descending[i] ? -byField : byField;
            }
        }
        return 0;
    }

    private void check(BsonValue a, BsonValue b) {
        for (boolean descending : new boolean[]{false, true}) {
            boolean[] directions = {descending};
            assertEquals(plainOrder(List.of(a), List.of(b), directions),
                    keyOrder(List.of(a), List.of(b), directions), () -> (descending ? "descending " : "ascending ") + a
                            + " against " + b);
        }
    }

    @Test
    void keyStringsOrderPairs() {
        TestSeed.run(MongoOrderTest.class, "keyStringsOrderPairs", seed -> {
            RandomBson random = new RandomBson(seed);
            int equal = 0;
            int rounds = TestSeed.rounds(60_000);
            for (int round = 0; round < rounds; round++) {
                BsonValue a = random.value(2);
                BsonValue b = round % 8 == 0 ? random.value(2) : random.near(a);
                check(a, b);
                equal += order.compare(a, b) == 0 ? 1 : 0;
            }
            int found = equal;
            assertTrue(found > rounds / 50 && found < rounds * 9 / 10, () -> found + " of " + rounds + " are equal");
        });
    }

    @Test
    void keyStringsOrderCompoundKeys() {
        TestSeed.run(MongoOrderTest.class, "keyStringsOrderCompoundKeys", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int round = 0; round < TestSeed.rounds(20_000); round++) {
                int fields = random.random().nextInt(2, 5);
                List<BsonValue> a = new ArrayList<>();
                List<BsonValue> b = new ArrayList<>();
                boolean[] descending = new boolean[fields];
                for (int i = 0; i < fields; i++) {
                    BsonValue value = random.value(1);
                    a.add(value);
                    b.add(random.random().nextInt(3) > 0 ? value : random.near(value));
                    descending[i] = random.random().nextBoolean();
                }
                assertEquals(plainOrder(a, b, descending), keyOrder(a, b, descending), () -> a + " against " + b
                        + " in " + java.util.Arrays.toString(descending));
            }
        });
    }

    /** The oracle is an order: sorting does not complain, and what stands later is never less. */
    @Test
    void isAnOrder() {
        TestSeed.run(MongoOrderTest.class, "isAnOrder", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int round = 0; round < TestSeed.rounds(20); round++) {
                List<BsonValue> values = new ArrayList<>();
                for (int i = 0; i < 60; i++) {
                    BsonValue value = random.value(1);
                    values.add(value);
                    values.add(random.near(value));
                }
                Collections.shuffle(values, new java.util.Random(random.random().nextLong()));
                values.sort(order);
                for (int i = 0; i < values.size(); i++) {
                    for (int j = i; j < values.size(); j++) {
                        BsonValue a = values.get(i);
                        BsonValue b = values.get(j);
                        assertTrue(order.compare(a, b) <= 0, () -> a + " after " + b);
                        assertEquals(Integer.signum(order.compare(a, b)), -Integer.signum(order.compare(b, a)));
                    }
                }
            }
        });
    }

    @Test
    void tableHolds() throws IOException {
        int rows = 0;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                MongoOrderTest.class.getResourceAsStream("mongo-order.tsv"), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String[] cells = line.split("\t");
                assertEquals(4, cells.length, line);
                BsonValue a = BsonDocument.parse("{\"v\": " + cells[0] + "}").get("v");
                BsonValue b = BsonDocument.parse("{\"v\": " + cells[2] + "}").get("v");
                int expected = switch (cells[1]) {
                    case "<" -> -1;
                    case "=" -> 0;
                    default -> throw new AssertionError("Unknown relation: " + line);
                };
                assertEquals(expected, Integer.signum(order.compare(a, b)), line);
                assertEquals(-expected, Integer.signum(order.compare(b, a)), line);
                check(a, b);
                check(b, a);
                rows++;
            }
        }
        int found = rows;
        assertTrue(found >= 100, () -> "Only " + found + " rows");
    }
}
