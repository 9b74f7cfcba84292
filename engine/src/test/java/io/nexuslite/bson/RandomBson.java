package io.nexuslite.bson;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDbPointer;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonJavaScript;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonMaxKey;
import org.bson.BsonMinKey;
import org.bson.BsonNull;
import org.bson.BsonObjectId;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.BsonUndefined;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;

/**
 * Random documents and values of every BSON type, the same for the same seed; with a liking for the edges of each type, and for
 * values that almost equal one another.
 */
public final class RandomBson {
    private static final long[] LONGS = {0, 1, -1, 2, 10, 127, 128, 255, 256, 32767, 65535, 65536, Integer.MAX_VALUE,
            Integer.MIN_VALUE, 1L << 31, 1L << 32, (1L << 53) - 1, 1L << 53, (1L << 53) + 1, -(1L << 53) - 1, 1L << 62,
            Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE, Long.MIN_VALUE + 1, 999_999_999_999_999_999L,
            1_000_000_000_000_000_000L};
    private static final double[] DOUBLES = {0.0, -0.0, 1, -1, 0.5, 1.5, 0.1, 0.2, 0.3, 19.99, 1e15, 0x1p52, 0x1p53,
            0x1p62,
            0x1p63, -0x1p63, 0x1p64, 1e22, 1e23, 1e300, Double.MAX_VALUE, -Double.MAX_VALUE, Double.MIN_VALUE,
            -Double.MIN_VALUE, Double.MIN_NORMAL, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    private static final String[] DECIMALS = {"0", "-0", "0E+6111", "0E-6176", "1", "1.0", "1.00", "-1", "0.1", "0.5",
            "1.5",
            "19.99", "1E+6144", "9.999999999999999999999999999999999E+6144",
            "-9.999999999999999999999999999999999E+6144",
            "1E-6176", "-1E-6176", "9.999999999999999999999999999999999E-6143",
            "4.940656458412465441765687928682213E-324",
            "4.940656458412465441765687928682214E-324", "1.797693134862315708145274237317043E+308",
            "1.797693134862315708145274237317044E+308", "9007199254740993", "9007199254740992.5", "9223372036854775807",
            "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551616", "NaN",
            "Infinity", "-Infinity", "1E+3", "1000", "1E-10", "0.9999999999999999999999999999999999"};
    private static final String[] NAMES = {"a", "b", "ab", "_id", "name", "status", "", "created",
            "a rather long name, above 16",
            "ä", "\u20AC", "\uD83D\uDE00", "$x", "\u0001", "0", "1"};
    private static final String[] TEXTS = {"", "a", "b", "ab", "a\u0000", "a\u0000b", "a\u0001", "\u0000", "\u0001",
            "\u0001\u0001",
            "\u007F", "ä", "\u07FF", "\u0800", "\uFFFF", "\uD83D\uDE00", "\uDBFF\uDFFF", "eightchr", "eightchr\u0000",
            "sixteencharacter", "sixteencharacte\u0001"};

    private final SplittableRandom random;

    public RandomBson(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The generator underneath, for other choices of the same test. */
    public SplittableRandom random() {
        return random;
    }

    /** A document of some fields, nested up to 4 levels. */
    public BsonDocument document() {
        return document(4, 12);
    }

    /** A document of at most {@code fieldsMax} fields a level, nested at most {@code depthMax} levels. */
    public BsonDocument document(int depthMax, int fieldsMax) {
        BsonDocument document = new BsonDocument();
        for (int i = random.nextInt(fieldsMax + 1); i > 0; i--) {
            document.put(name(), value(depthMax));
        }
        return document;
    }

    /** A name of a field; never holds NUL. */
    public String name() {
        return random.nextInt(4) > 0
                ? NAMES[random.nextInt(NAMES.length)]
                : text().replace('\u0000', 'x') + random.nextInt(10);
    }

    /** A text, any of Unicode, with or without NUL. */
    public String text() {
        if (random.nextInt(3) == 0) {
            return TEXTS[random.nextInt(TEXTS.length)];
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(1, 1 << random.nextInt(1, 7)); i > 0; i--) {
            int point = switch (random.nextInt(12)) {
                case 0 -> random.nextInt(0x110000);
                case 1 -> random.nextInt(0x800);
                case 2 -> random.nextInt(3);
                default -> random.nextInt('a', 'f');
            };
            text.appendCodePoint(point >= 0xD800 && point < 0xE000 ? 'x' : point);
        }
        return text.toString();
    }

    /** A value of any type; containers only if {@code depth} is above 0. */
    public BsonValue value(int depth) {
        return switch (random.nextInt(depth > 0 ? 26 : 22)) {
            case 0, 1, 2, 3, 4 -> number();
            case 5, 6 -> new BsonString(text());
            case 7 -> new BsonSymbol(text());
            case 8, 9 -> binary();
            case 10 -> new BsonObjectId(objectId());
            case 11 -> BsonBoolean.valueOf(random.nextBoolean());
            case 12 -> new BsonDateTime(integer());
            case 13 -> new BsonTimestamp(integer());
            case 14 -> new BsonRegularExpression(text().replace('\u0000', 'x'), random.nextBoolean() ? "" : "im");
            case 15 -> new BsonDbPointer(text(), objectId());
            case 16 -> new BsonJavaScript(text());
            case 17 -> new BsonJavaScriptWithScope(text(), depth > 0 ? document(depth - 1, 3) : new BsonDocument());
            case 18 -> new BsonMinKey();
            case 19 -> new BsonMaxKey();
            case 20 -> BsonNull.VALUE;
            case 21 -> new BsonUndefined();
            case 22, 23 -> document(depth - 1, 5);
            default -> {
                BsonArray array = new BsonArray();
                for (int i = random.nextInt(random.nextInt(20) == 0 ? 120 : 6); i > 0; i--) {
                    array.add(value(depth - 1));
                }
                yield array;
            }
        };
    }

    /** A number of any of the four types. */
    public BsonValue number() {
        return switch (random.nextInt(4)) {
            case 0 -> new BsonInt32((int) integer());
            case 1 -> new BsonInt64(integer());
            case 2 -> new BsonDouble(floating());
            default -> new BsonDecimal128(decimal());
        };
    }

    private long integer() {
        return switch (random.nextInt(3)) {
            case 0 -> LONGS[random.nextInt(LONGS.length)];
            case 1 -> random.nextLong() >> random.nextInt(64);
            default -> LONGS[random.nextInt(LONGS.length)] + random.nextInt(-2, 3);
        };
    }

    private double floating() {
        return switch (random.nextInt(5)) {
            case 0 -> DOUBLES[random.nextInt(DOUBLES.length)];
            case 1 -> Double.longBitsToDouble(random.nextLong());
            case 2 -> (double) integer();
            case 3 -> random.nextInt(-100_000, 100_000) / 100.0;
            default -> Math.nextUp(DOUBLES[random.nextInt(DOUBLES.length)]);
        };
    }

    private Decimal128 decimal() {
        return switch (random.nextInt(5)) {
            case 0 -> Decimal128.parse(DECIMALS[random.nextInt(DECIMALS.length)]);
            case 1 -> new Decimal128(BigDecimal.valueOf(random.nextInt(-100_000, 100_000), random.nextInt(4)));
            case 2 -> decimalOf(finite(floating()), random.nextBoolean() ? RoundingMode.FLOOR : RoundingMode.CEILING);
            case 3 -> new Decimal128(BigDecimal.valueOf(integer(), random.nextInt(-5, 25)));
            default -> new Decimal128(new BigDecimal(new BigInteger(112, new java.util.Random(random.nextLong())),
                    random.nextInt(8) == 0 ? random.nextInt(-6000, 6000) : random.nextInt(-40, 60)).round(
                            new MathContext(random.nextInt(1, 35), RoundingMode.DOWN)));
        };
    }

    private static BigDecimal finite(double value) {
        return Double.isFinite(value) ? new BigDecimal(value) : BigDecimal.ZERO;
    }

    private static Decimal128 decimalOf(BigDecimal value, RoundingMode mode) {
        return new Decimal128(value.round(new MathContext(34, mode)));
    }

    private BsonBinary binary() {
        byte subtype = (byte) new int[]{0, 0, 2, 3, 4, 4, 5, 128}[random.nextInt(8)];
        int length = new int[]{0, 1, 15, 16, 16, 16, 17, 40, 254, 255, 300}[random.nextInt(11)];
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++) {
            data[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0);
        }
        return new BsonBinary(subtype, data);
    }

    private ObjectId objectId() {
        byte[] bytes = new byte[12];
        for (int i = random.nextInt(3); i < 12; i += random.nextInt(1, 12)) {
            bytes[i] = (byte) random.nextInt(256);
        }
        return new ObjectId(bytes);
    }

    /** A value that equals {@code value}, almost equals it, or differs in something small. */
    public BsonValue near(BsonValue value) {
        if (value.isNumber() || value instanceof BsonDecimal128) {
            return nearNumber(value);
        }
        if (value instanceof BsonString || value instanceof BsonSymbol) {
            String text = nearText(
                    value instanceof BsonString string ? string.getValue() : ((BsonSymbol) value).getSymbol());
            return random.nextBoolean() ? new BsonString(text) : new BsonSymbol(text);
        }
        return switch (value) {
            case BsonDocument document -> nearDocument(document);
            case BsonArray array -> nearArray(array);
            case BsonBinary binary -> nearBinary(binary);
            case BsonJavaScript code -> new BsonJavaScript(nearText(code.getCode()));
            case BsonJavaScriptWithScope code -> random.nextBoolean()
                    ? new BsonJavaScriptWithScope(nearText(code.getCode()), code.getScope())
                    : new BsonJavaScriptWithScope(code.getCode(), nearDocument(code.getScope()));
            case BsonRegularExpression regex -> new BsonRegularExpression(
                    nearText(regex.getPattern()).replace('\u0000', 'x'),
                    random.nextBoolean() ? regex.getOptions() : "i");
            case BsonDbPointer pointer -> random.nextBoolean()
                    ? new BsonDbPointer(nearText(pointer.getNamespace()), pointer.getId())
                    : new BsonDbPointer(pointer.getNamespace(), objectId());
            case BsonDateTime date -> new BsonDateTime(date.getValue() + random.nextInt(-1, 2));
            case BsonTimestamp timestamp -> new BsonTimestamp(timestamp.getValue() + random.nextInt(-1, 2));
            default -> random.nextBoolean() ? value : value(0);
        };
    }

    private BsonValue nearNumber(BsonValue value) {
        if (value instanceof BsonDecimal128 decimal && !decimal.getValue().isFinite()
                || value instanceof BsonDouble number && !Double.isFinite(number.getValue())) {
            return number();
        }
        BigDecimal exact = PlainOrder.exact(value);
        BigDecimal moved = switch (random.nextInt(8)) {
            case 0 -> exact.add(BigDecimal.ONE);
            case 1 -> exact.subtract(BigDecimal.ONE);
            case 2 -> exact.add(exact.ulp());
            case 3 -> exact.negate();
            default -> exact;
        };
        double rounded = moved.doubleValue();
        return switch (random.nextInt(6)) {
            case 0 -> new BsonInt64(moved.longValue());
            case 1 -> new BsonInt32(moved.intValue());
            case 2 -> new BsonDouble(rounded);
            case 3 -> new BsonDouble(random.nextBoolean() ? Math.nextUp(rounded) : Math.nextDown(rounded));
            default -> new BsonDecimal128(nearDecimal(moved));
        };
    }

    private Decimal128 nearDecimal(BigDecimal value) {
        BigDecimal rounded = value
                .round(new MathContext(34, random.nextBoolean() ? RoundingMode.FLOOR : RoundingMode.CEILING));
        if (rounded.precision() < 34 && random.nextBoolean()) {
            rounded = rounded.setScale(rounded.scale() + random.nextInt(34 - rounded.precision())); // trailing zeros
        }
        try {
            return new Decimal128(rounded);
        } catch (NumberFormatException e) {
            return decimal(); // out of range
        }
    }

    private String nearText(String text) {
        return switch (random.nextInt(6)) {
            case 0 -> text + "\u0000";
            case 1 -> text + "\u0001";
            case 2 -> text + "a";
            case 3 -> text.isEmpty() || Character.isSurrogate(text.charAt(text.length() - 1))
                    ? text
                    : text.substring(0, text.length() - 1);
            case 4 -> text.replace('a', 'b');
            default -> text;
        };
    }

    private BsonBinary nearBinary(BsonBinary binary) {
        byte[] data = binary.getData().clone();
        return switch (random.nextInt(5)) {
            case 0 -> new BsonBinary(binary.getType(), java.util.Arrays.copyOf(data, data.length + 1));
            case 1 -> new BsonBinary((byte) random.nextInt(8), data);
            case 2 -> {
                if (data.length > 0) {
                    data[random.nextInt(data.length)]++;
                }
                yield new BsonBinary(binary.getType(), data);
            }
            default -> binary;
        };
    }

    private BsonArray nearArray(BsonArray array) {
        List<BsonValue> values = new ArrayList<>(array.getValues());
        switch (random.nextInt(4)) {
            case 0 -> values.add(value(0));
            case 1 -> {
                if (!values.isEmpty()) {
                    values.removeLast();
                }
            }
            case 2 -> {
                if (!values.isEmpty()) {
                    values.set(values.size() - 1, near(values.getLast()));
                }
            }
            default -> values.replaceAll(this::near);
        }
        return new BsonArray(values);
    }

    private BsonDocument nearDocument(BsonDocument document) {
        BsonDocument near = new BsonDocument();
        int change = document.isEmpty() ? -1 : random.nextInt(2 * document.size());
        int index = 0;
        for (var field : document.entrySet()) {
            boolean changed = index++ == change;
            if (changed && random.nextInt(4) == 0) {
                continue;
            }
            String name = changed && random.nextInt(3) == 0 ? name() : field.getKey();
            near.put(name, changed || random.nextInt(6) == 0 ? near(field.getValue()) : field.getValue());
        }
        if (random.nextInt(6) == 0) {
            near.put(name(), value(0));
        }
        return near;
    }
}
