package io.nexuslite.bson;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonRegularExpression;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.types.Decimal128;

/**
 * MongoDB's order of values, written from its manual ("Comparison/Sort Order") and the behaviour its own tests record; plain and
 * slow, on trees of {@code org.bson}. It knows nothing of how the engine compares, so that one mistake cannot stand in both.
 */
public final class MongoOrder implements Comparator<BsonValue> {
    /** From lowest to highest; the types of one line compare by value with each other. */
    private static final List<List<BsonType>> CLASSES = List
            .of(List.of(BsonType.MIN_KEY), List.of(BsonType.UNDEFINED), List.of(BsonType.NULL),
                    List.of(BsonType.INT32, BsonType.INT64, BsonType.DOUBLE, BsonType.DECIMAL128),
                    List.of(BsonType.STRING, BsonType.SYMBOL), List.of(BsonType.DOCUMENT), List.of(BsonType.ARRAY),
                    List.of(BsonType.BINARY), List.of(BsonType.OBJECT_ID), List.of(BsonType.BOOLEAN),
                    List.of(BsonType.DATE_TIME), List.of(BsonType.TIMESTAMP), List.of(BsonType.REGULAR_EXPRESSION),
                    List.of(BsonType.DB_POINTER), List.of(BsonType.JAVASCRIPT),
                    List.of(BsonType.JAVASCRIPT_WITH_SCOPE), List.of(BsonType.MAX_KEY));

    private static final int OLD_BINARY = 2;
    private static final int FINITE = 2;

    /** Place of the type among the types: equal for types that compare by value. */
    public static int typeRank(BsonType type) {
        for (int rank = 0; rank < CLASSES.size(); rank++) {
            if (CLASSES.get(rank).contains(type)) {
                return rank;
            }
        }
        throw new IllegalArgumentException("No place for " + type);
    }

    @Override
    public int compare(BsonValue a, BsonValue b) {
        int byType = Integer.compare(typeRank(a.getBsonType()), typeRank(b.getBsonType()));
        return byType != 0 ? byType : compareOfOneClass(a, b);
    }

    private int compareOfOneClass(BsonValue a, BsonValue b) {
        return switch (a.getBsonType()) {
            case MIN_KEY, UNDEFINED, NULL, MAX_KEY -> 0;
            case INT32, INT64, DOUBLE, DECIMAL128 -> compareNumbers(a, b);
            case STRING, SYMBOL, JAVASCRIPT -> compareTexts(text(a), text(b));
            case DOCUMENT -> compareDocuments(a.asDocument(), b.asDocument());
            case ARRAY -> compareArrays(a.asArray(), b.asArray());
            case BINARY -> compareBinaries(a.asBinary(), b.asBinary());
            case OBJECT_ID -> Arrays.compareUnsigned(a.asObjectId().getValue().toByteArray(),
                    b.asObjectId().getValue().toByteArray());
            case BOOLEAN -> Boolean.compare(a.asBoolean().getValue(), b.asBoolean().getValue());
            case DATE_TIME -> Long.compare(a.asDateTime().getValue(), b.asDateTime().getValue());
            case TIMESTAMP -> Long.compareUnsigned(a.asTimestamp().getValue(), b.asTimestamp().getValue());
            case REGULAR_EXPRESSION -> compareExpressions(a.asRegularExpression(), b.asRegularExpression());
            case DB_POINTER -> compareSized(rawPointer(a), rawPointer(b));
            case JAVASCRIPT_WITH_SCOPE -> compareScoped((BsonJavaScriptWithScope) a, (BsonJavaScriptWithScope) b);
            default -> throw new IllegalArgumentException("No order for " + a.getBsonType());
        };
    }

    private static int compareNumbers(BsonValue a, BsonValue b) {
        int byKind = Integer.compare(kind(a), kind(b));
        return byKind != 0 || kind(a) != FINITE ? byKind : exact(a).compareTo(exact(b));
    }

    /** NaN below all, then -Infinity, what is finite, +Infinity. */
    private static int kind(BsonValue number) {
        if (number.isDecimal128()) {
            Decimal128 decimal = number.asDecimal128().getValue();
            return decimal.isNaN() ? 0 : decimal.isInfinite() ? (decimal.isNegative() ? 1 : 3) : FINITE;
        }
        if (number.isDouble()) {
            double value = number.asDouble().getValue();
            return Double.isNaN(value) ? 0 : Double.isInfinite(value) ? (value < 0 ? 1 : 3) : FINITE;
        }
        return FINITE;
    }

    private static BigDecimal exact(BsonValue number) {
        return switch (number.getBsonType()) {
            case INT32 -> BigDecimal.valueOf(number.asInt32().getValue());
            case INT64 -> BigDecimal.valueOf(number.asInt64().getValue());
            case DOUBLE -> new BigDecimal(number.asDouble().getValue());
            default -> {
                Decimal128 decimal = number.asDecimal128().getValue();
                // the driver refuses to make a BigDecimal of a negative zero
                yield decimal.isNegative()
                        ? Decimal128.fromIEEE754BIDEncoding(decimal.getHigh() & Long.MAX_VALUE, decimal.getLow())
                                .bigDecimalValue().negate()
                        : decimal.bigDecimalValue();
            }
        };
    }

    private static String text(BsonValue value) {
        return switch (value.getBsonType()) {
            case STRING -> value.asString().getValue();
            case SYMBOL -> value.asSymbol().getSymbol();
            default -> value.asJavaScript().getCode();
        };
    }

    /** Bytes of UTF-8, unsigned; of two texts that begin alike the longer one is greater. */
    private static int compareTexts(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    /** Field by field: type, then name, then value; the one that ends first is less. */
    private int compareDocuments(BsonDocument a, BsonDocument b) {
        Iterator<Map.Entry<String, BsonValue>> left = a.entrySet().iterator();
        Iterator<Map.Entry<String, BsonValue>> right = b.entrySet().iterator();
        while (left.hasNext() && right.hasNext()) {
            Map.Entry<String, BsonValue> mine = left.next();
            Map.Entry<String, BsonValue> other = right.next();
            int byType = Integer.compare(typeRank(mine.getValue().getBsonType()),
                    typeRank(other.getValue().getBsonType()));
            if (byType != 0) {
                return byType;
            }
            int byName = compareTexts(mine.getKey(), other.getKey());
            if (byName != 0) {
                return byName;
            }
            int byValue = compareOfOneClass(mine.getValue(), other.getValue());
            if (byValue != 0) {
                return byValue;
            }
        }
        return Boolean.compare(left.hasNext(), right.hasNext());
    }

    private int compareArrays(BsonArray a, BsonArray b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int byElement = compare(a.get(i), b.get(i));
            if (byElement != 0) {
                return byElement;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    /** Length, subtype, bytes: of the payload as it is stored, so with the inner length of the old subtype. */
    private static int compareBinaries(BsonBinary a, BsonBinary b) {
        byte[] left = payload(a);
        byte[] right = payload(b);
        if (left.length != right.length) {
            return Integer.compare(left.length, right.length);
        }
        int bySubtype = Integer.compare(a.getType() & 0xFF, b.getType() & 0xFF);
        return bySubtype != 0 ? bySubtype : Arrays.compareUnsigned(left, right);
    }

    private static byte[] payload(BsonBinary binary) {
        byte[] data = binary.getData();
        return binary.getType() != OLD_BINARY
                ? data
                : ByteBuffer.allocate(Integer.BYTES + data.length).order(ByteOrder.LITTLE_ENDIAN).putInt(data.length)
                        .put(data).array();
    }

    private static int compareExpressions(BsonRegularExpression a, BsonRegularExpression b) {
        int byPattern = compareTexts(a.getPattern(), b.getPattern());
        return byPattern != 0 ? byPattern : compareTexts(a.getOptions(), b.getOptions());
    }

    /** The stored value without its length: namespace, NUL, object id. */
    private static byte[] rawPointer(BsonValue value) {
        byte[] namespace = value.asDBPointer().getNamespace().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(namespace.length + 13).put(namespace).put((byte) 0)
                .put(value.asDBPointer().getId().toByteArray()).array();
    }

    private static int compareSized(byte[] a, byte[] b) {
        return a.length != b.length ? Integer.compare(a.length, b.length) : Arrays.compareUnsigned(a, b);
    }

    private int compareScoped(BsonJavaScriptWithScope a, BsonJavaScriptWithScope b) {
        int byCode = compareTexts(a.getCode(), b.getCode());
        return byCode != 0 ? byCode : compareDocuments(a.getScope(), b.getScope());
    }
}
