package io.nexuslite.bson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bson.BsonBinary;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyStringTest {
    private static final int ROOM = 1 << 16;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment target = arena.allocate(ROOM + 16);
    private final GrowableBuffer buffer = GrowableBuffer.ofConfined(64, GrowableBuffer.DEFAULT_LIMIT);
    private final BsonCursor cursor = new BsonCursor();
    private final BsonView view = new BsonView();

    @AfterEach
    void close() {
        buffer.close();
        arena.close();
    }

    private BsonCursor value(BsonValue value) {
        buffer.reset();
        BsonBridge.encode(new BsonDocument("v", value), buffer);
        cursor.wrap(view.wrap(buffer));
        assertTrue(cursor.next());
        return cursor;
    }

    private byte[] key(BsonValue value, boolean descending) {
        int length = KeyString.encode(value(value), descending, target, 0, ROOM);
        assertTrue(length > 0, () -> "no key for " + value);
        byte[] key = new byte[length];
        MemorySegment.copy(target, ValueLayout.JAVA_BYTE, 0, key, 0, length);
        return key;
    }

    private void check(BsonValue a, BsonValue b, int expected) {
        for (boolean descending : new boolean[]{false, true}) {
            byte[] x = key(a, descending);
            byte[] y = key(b, descending);
            int found = Integer.signum(Arrays.compareUnsigned(x, y));
            assertEquals(descending ? -expected : expected, found, () -> a + " " + HexFormat.of().formatHex(x)
                    + "\n" + b + " " + HexFormat.of().formatHex(y) + "\ndescending=" + descending);
            if (expected != 0) {
                int at = Arrays.mismatch(x, y);
                assertTrue(at < Math.min(x.length, y.length),
                        () -> "one is the beginning of the other: " + a + ", " + b);
            }
        }
    }

    private record Corner(BsonValue a, String relation, BsonValue b, String line) {
    }

    private static List<Corner> corners() throws IOException {
        List<Corner> corners = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                KeyStringTest.class.getResourceAsStream("keystring-corners.tsv"), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String[] cells = line.split("\t");
                assertEquals(3, cells.length, line);
                corners.add(new Corner(parse(cells[0]), cells[1], parse(cells[2]), line));
            }
        }
        return corners;
    }

    private static BsonValue parse(String json) {
        return BsonDocument.parse("{\"v\": " + json + "}").get("v");
    }

    @Test
    void ordersTheCornerCases() throws IOException {
        List<Corner> corners = corners();
        assertTrue(corners.size() >= 150, () -> "only " + corners.size());
        for (Corner corner : corners) {
            int expected = corner.relation.equals("<") ? -1 : corner.relation.equals("=") ? 0 : 2;
            check(corner.a, corner.b, expected);
            check(corner.b, corner.a, -expected);
        }
    }

    @Test
    void agreesWithThePlainOrderOnTheCornerCases() throws IOException {
        List<BsonValue> values = new ArrayList<>();
        for (Corner corner : corners()) {
            values.add(corner.a);
            values.add(corner.b);
        }
        List<byte[]> keys = values.stream().map(value -> key(value, false)).toList();
        for (int i = 0; i < values.size(); i++) {
            for (int j = 0; j < values.size(); j++) {
                int expected = Integer.signum(PlainOrder.compare(values.get(i), values.get(j)));
                int found = Integer.signum(Arrays.compareUnsigned(keys.get(i), keys.get(j)));
                BsonValue a = values.get(i);
                BsonValue b = values.get(j);
                assertEquals(expected, found, () -> a + " against " + b);
            }
        }
    }

    @Test
    void agreesWithThePlainOrder() {
        TestSeed.run(KeyStringTest.class, "agreesWithThePlainOrder", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(20_000); i > 0; i--) {
                BsonValue a = random.value(3);
                BsonValue b = random.random().nextInt(4) == 0 ? random.value(3) : random.near(a);
                check(a, b, Integer.signum(PlainOrder.compare(a, b)));
            }
        });
    }

    @Test
    void agreesWithThePlainOrderOnNumbers() {
        TestSeed.run(KeyStringTest.class, "agreesWithThePlainOrderOnNumbers", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(40_000); i > 0; i--) {
                BsonValue a = random.number();
                BsonValue b = random.random().nextInt(4) == 0 ? random.number() : random.near(a);
                check(a, b, Integer.signum(PlainOrder.compare(a, b)));
            }
        });
    }

    @Test
    void ordersCompoundKeysFieldByField() {
        TestSeed.run(KeyStringTest.class, "ordersCompoundKeysFieldByField", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(5_000); i > 0; i--) {
                int fields = random.random().nextInt(1, 4);
                int expected = 0;
                byte[] x = new byte[0];
                byte[] y = new byte[0];
                for (int field = 0; field < fields; field++) {
                    boolean descending = random.random().nextBoolean();
                    BsonValue a = random.value(2);
                    BsonValue b = random.random().nextInt(3) > 0 ? random.near(a) : a;
                    if (expected == 0) {
                        int compared = Integer.signum(PlainOrder.compare(a, b));
                        expected = descending ? -compared : compared;
                    }
                    x = join(x, key(a, descending));
                    y = join(y, key(b, descending));
                }
                MemorySegment.copy(x, 0, target, ValueLayout.JAVA_BYTE, 0, x.length);
                MemorySegment.copy(y, 0, target, ValueLayout.JAVA_BYTE, x.length, y.length);
                assertEquals(expected,
                        Integer.signum(KeyString.compare(target, 0, x.length, target, x.length, y.length)));
            }
        });
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    @Test
    void staysWithinTheLimit() {
        TestSeed.run(KeyStringTest.class, "staysWithinTheLimit", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(3_000); i > 0; i--) {
                BsonValue value = random.value(2);
                boolean descending = random.random().nextBoolean();
                byte[] key = key(value, descending);
                int limit = random.random().nextInt(key.length + 12);
                target.fill((byte) 0x5A);
                int found = KeyString.encode(value(value), descending, target, 3, limit);
                assertEquals(limit < key.length ? KeyString.TOO_LONG : key.length, found, () -> value + " in " + limit);
                for (int at = 3 + limit; at < 3 + limit + 32; at++) {
                    assertEquals(0x5A, target.get(ValueLayout.JAVA_BYTE, at), () -> "wrote behind the limit: " + value);
                }
                if (found > 0) {
                    assertArrayEquals(key, target.asSlice(3, found).toArray(ValueLayout.JAVA_BYTE));
                }
            }
        });
    }

    @Test
    void bracketsTypesByTheirFirstByte() {
        TestSeed.run(KeyStringTest.class, "bracketsTypesByTheirFirstByte", seed -> {
            RandomBson random = new RandomBson(seed);
            for (int i = TestSeed.rounds(3_000); i > 0; i--) {
                BsonValue value = random.value(1);
                int first = key(value, false)[0] & 0xFF;
                byte type = (byte) value.getBsonType().getValue();
                assertTrue(first >= KeyString.firstByte(type) && first <= KeyString.lastByte(type), value::toString);
            }
        });
    }

    @Test
    void keepsIdsShort() {
        assertEquals(17, key(new BsonBinary(java.util.UUID.randomUUID()), false).length);
        assertEquals(13, key(new BsonObjectId(new ObjectId()), false).length);
        assertEquals(2, key(new BsonInt32(127), false).length);
        assertEquals(3, key(new BsonInt64(-128), false).length);
        assertEquals(5, key(new BsonInt32(Integer.MAX_VALUE), false).length);
        assertEquals(9, key(new BsonInt64(Long.MAX_VALUE), false).length);
        assertEquals(5, key(new BsonString("abc"), false).length);
    }

    @Test
    void pinsTheFormOfVersion1() {
        assertEquals("2e02", hex(new BsonInt32(1)));
        assertEquals("2afd", hex(new BsonInt64(-1)));
        assertEquals("2f0200", hex(new BsonInt32(256)));
        assertEquals("2e0380000000000000", hex(new BsonDouble(1.5)));
        assertEquals("2dff80000000000000", hex(new BsonDouble(0.5)));
        assertEquals("2e27fd70a3d70a3d78200127c6", hex(new BsonDecimal128(Decimal128.parse("19.99"))));
        assertEquals("40616201016200", hex(new BsonString("ab\u0000b")));
        assertEquals("10", hex(BsonNull.VALUE));
        assertEquals("441261001001", hex(new BsonDocument("a", BsonNull.VALUE)));
    }

    private String hex(BsonValue value) {
        return HexFormat.of().formatHex(key(value, false));
    }

    @Test
    void takesNonCanonicalDecimalsAsZero() {
        byte[] zero = key(new BsonInt32(0), false);
        // A coefficient of 10^34, and the large form of the combination field.
        for (long[] bits : new long[][]{{0x3041ED09BEAD87C0L, 0x378D8E6400000000L}, {0x6C10000000000000L, 1}}) {
            buffer.reset();
            new BsonWriter().wrap(buffer).startDocument().name("v").decimal128(bits[0], bits[1]).endDocument();
            cursor.wrap(view.wrap(buffer));
            assertTrue(cursor.next());
            int length = KeyString.encode(cursor, false, target, 0, ROOM);
            assertArrayEquals(zero, target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        }
        byte[] largest = key(new BsonDecimal128(Decimal128.parse("9999999999999999999999999999999999")), false);
        assertTrue(Arrays.compareUnsigned(zero, largest) < 0);
    }

    @Test
    void allocatesNothingForIds() {
        BsonValue[] values = {new BsonBinary(java.util.UUID.randomUUID()), new BsonObjectId(new ObjectId()),
                new BsonInt32(12_345), new BsonDouble(3.25), new BsonString("some text of no great length"),
                new BsonDecimal128(Decimal128.parse("19.99")), BsonDocument.parse("{a: 1, b: [1, 'x']}")};
        for (BsonValue value : values) {
            BsonCursor at = value(value);
            TestAllocation.assertNone(value.toString(),
                    call -> KeyString.encode(at, (call & 1) == 0, target, 0, 1024));
        }
    }
}
