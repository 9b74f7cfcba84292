package io.nexuslite.bson;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDbPointer;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonJavaScript;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonValue;

/** MongoDB's order of values in slow, plain code over trees of values: what key strings are held against. */
public final class PlainOrder {
    private static final List<String> TYPES = List.of("MIN_KEY", "UNDEFINED", "NULL", "INT32 INT64 DOUBLE DECIMAL128",
            "STRING SYMBOL", "DOCUMENT", "ARRAY", "BINARY", "OBJECT_ID", "BOOLEAN", "DATE_TIME", "TIMESTAMP",
            "REGULAR_EXPRESSION", "DB_POINTER", "JAVASCRIPT", "JAVASCRIPT_WITH_SCOPE", "MAX_KEY");

    private PlainOrder() {
    }

    /** Below, equal to or above 0, as {@code a} is less, equal or greater. */
    public static int compare(BsonValue a, BsonValue b) {
        int byType = Integer.compare(rank(a), rank(b));
        if (byType != 0) {
            return byType;
        }
        return switch (a.getBsonType()) {
            case INT32, INT64, DOUBLE, DECIMAL128 -> compareNumbers(a, b);
            case STRING, SYMBOL -> compareTexts(text(a), text(b));
            case DOCUMENT -> compareDocuments(a.asDocument(), b.asDocument());
            case ARRAY -> compareArrays(a.asArray(), b.asArray());
            case BINARY -> compareBinaries(a.asBinary(), b.asBinary());
            case OBJECT_ID -> Arrays.compareUnsigned(a.asObjectId().getValue().toByteArray(),
                    b.asObjectId().getValue().toByteArray());
            case BOOLEAN -> Boolean.compare(a.asBoolean().getValue(), b.asBoolean().getValue());
            case DATE_TIME -> Long.compare(a.asDateTime().getValue(), b.asDateTime().getValue());
            case TIMESTAMP -> Long.compareUnsigned(a.asTimestamp().getValue(), b.asTimestamp().getValue());
            case REGULAR_EXPRESSION -> compareRegexes(a.asRegularExpression(), b.asRegularExpression());
            case DB_POINTER -> comparePointers(a.asDBPointer(), b.asDBPointer());
            case JAVASCRIPT -> compareTexts(text(a), text(b));
            case JAVASCRIPT_WITH_SCOPE -> {
                int byCode = compareTexts(text(a), text(b));
                yield byCode != 0
                        ? byCode
                        : compareDocuments(a.asJavaScriptWithScope().getScope(), b.asJavaScriptWithScope().getScope());
            }
            default -> 0;
        };
    }

    /** Exact value of a finite number. */
    static BigDecimal exact(BsonValue number) {
        return switch (number.getBsonType()) {
            case INT32 -> BigDecimal.valueOf(number.asInt32().getValue());
            case INT64 -> BigDecimal.valueOf(number.asInt64().getValue());
            case DOUBLE -> new BigDecimal(number.asDouble().getValue());
            default -> {
                // A negative zero has no BigDecimal.
                String text = number.asDecimal128().getValue().toString();
                yield new BigDecimal(text);
            }
        };
    }

    private static int rank(BsonValue value) {
        for (int i = 0; i < TYPES.size(); i++) {
            if (List.of(TYPES.get(i).split(" ")).contains(value.getBsonType().name())) {
                return i;
            }
        }
        throw new IllegalArgumentException(value.getBsonType().name());
    }

    private static int compareNumbers(BsonValue a, BsonValue b) {
        int aClass = numberClass(a);
        int bClass = numberClass(b);
        return aClass != bClass ? Integer.compare(aClass, bClass) : aClass == 2 ? exact(a).compareTo(exact(b)) : 0;
    }

    /** 0 NaN, 1 negative infinity, 2 finite, 3 infinity. */
    private static int numberClass(BsonValue number) {
        double value = 0;
        if (number instanceof BsonDouble d) {
            value = d.getValue();
        } else if (number instanceof BsonDecimal128 d && !d.getValue().isFinite()) {
            value = d.getValue().isNaN()
                    ? Double.NaN
                    : d.getValue().isNegative() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return Double.isNaN(value)
                ? 0
                : value == Double.NEGATIVE_INFINITY ? 1 : value == Double.POSITIVE_INFINITY ? 3 : 2;
    }

    private static String text(BsonValue value) {
        return switch (value) {
            case BsonString string -> string.getValue();
            case BsonSymbol symbol -> symbol.getSymbol();
            case BsonJavaScript code -> code.getCode();
            case BsonJavaScriptWithScope code -> code.getCode();
            default -> throw new IllegalArgumentException(value.toString());
        };
    }

    private static int compareTexts(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static int compareDocuments(BsonDocument a, BsonDocument b) {
        Iterator<Map.Entry<String, BsonValue>> as = a.entrySet().iterator();
        Iterator<Map.Entry<String, BsonValue>> bs = b.entrySet().iterator();
        while (as.hasNext() && bs.hasNext()) {
            Map.Entry<String, BsonValue> x = as.next();
            Map.Entry<String, BsonValue> y = bs.next();
            int result = Integer.compare(rank(x.getValue()), rank(y.getValue()));
            if (result == 0) {
                result = compareTexts(x.getKey(), y.getKey());
            }
            if (result == 0) {
                result = compare(x.getValue(), y.getValue());
            }
            if (result != 0) {
                return result;
            }
        }
        return Boolean.compare(as.hasNext(), bs.hasNext());
    }

    private static int compareArrays(BsonArray a, BsonArray b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int result = compare(a.get(i), b.get(i));
            if (result != 0) {
                return result;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private static int compareBinaries(BsonBinary a, BsonBinary b) {
        byte[] x = raw(a);
        byte[] y = raw(b);
        if (x.length != y.length) {
            return Integer.compare(x.length, y.length);
        }
        int bySubtype = Integer.compare(a.getType() & 0xFF, b.getType() & 0xFF);
        return bySubtype != 0 ? bySubtype : Arrays.compareUnsigned(x, y);
    }

    /** Data as it lies in the document: subtype 2 repeats its length. */
    private static byte[] raw(BsonBinary binary) {
        if (binary.getType() != 2) {
            return binary.getData();
        }
        return java.nio.ByteBuffer.allocate(4 + binary.getData().length).order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putInt(binary.getData().length).put(binary.getData()).array();
    }

    private static int compareRegexes(BsonRegularExpression a, BsonRegularExpression b) {
        int byPattern = compareTexts(a.getPattern(), b.getPattern());
        return byPattern != 0 ? byPattern : compareTexts(a.getOptions(), b.getOptions());
    }

    private static int comparePointers(BsonDbPointer a, BsonDbPointer b) {
        byte[] x = a.getNamespace().getBytes(StandardCharsets.UTF_8);
        byte[] y = b.getNamespace().getBytes(StandardCharsets.UTF_8);
        if (x.length != y.length) {
            return Integer.compare(x.length, y.length);
        }
        int byName = Arrays.compareUnsigned(x, y);
        return byName != 0 ? byName : Arrays.compareUnsigned(a.getId().toByteArray(), b.getId().toByteArray());
    }
}
