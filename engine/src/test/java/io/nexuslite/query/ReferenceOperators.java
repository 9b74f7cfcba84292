package io.nexuslite.query;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.bson.BsonBinary;
import org.bson.BsonBinarySubType;
import org.bson.BsonDocument;
import org.bson.BsonRegularExpression;
import org.bson.BsonType;
import org.bson.BsonValue;

/** The operators of {@link ReferenceFilter} that ask one value, one by one and in the plainest way. */
final class ReferenceOperators {
    private ReferenceOperators() {
    }

    static boolean isType(BsonValue value, BsonValue operand) {
        List<BsonValue> types = operand.isArray() ? operand.asArray() : List.of(operand);
        return value != null && types.stream().anyMatch(type -> isOneType(value, type));
    }

    private static boolean isOneType(BsonValue value, BsonValue type) {
        if (type.isString()) {
            String name = switch (value.getBsonType()) {
                case INT32 -> "int";
                case INT64 -> "long";
                case DOUBLE -> "double";
                case DECIMAL128 -> "decimal";
                case STRING -> "string";
                case DOCUMENT -> "object";
                case ARRAY -> "array";
                case NULL -> "null";
                case BOOLEAN -> "bool";
                case MIN_KEY -> "minKey";
                case MAX_KEY -> "maxKey";
                default -> "";
            };
            return name.equals(type.asString().getValue())
                    || type.asString().getValue().equals("number") && isNumber(value);
        }
        return (byte) value.getBsonType().getValue() == (byte) type.asNumber().intValue();
    }

    static boolean isNumber(BsonValue value) {
        return value != null && (value.isNumber() || value.isDecimal128());
    }

    /** The number as it is, or null for one that is not finite. */
    private static BigDecimal exact(BsonValue value) {
        return switch (value.getBsonType()) {
            case INT32 -> BigDecimal.valueOf(value.asInt32().getValue());
            case INT64 -> BigDecimal.valueOf(value.asInt64().getValue());
            case DOUBLE -> Double.isFinite(value.asDouble().getValue())
                    ? new BigDecimal(value.asDouble().getValue())
                    : null;
            case DECIMAL128 -> decimal(value);
            default -> null;
        };
    }

    private static BigDecimal decimal(BsonValue value) {
        if (!value.asDecimal128().getValue().isFinite()) {
            return null;
        }
        try {
            return value.asDecimal128().getValue().bigDecimalValue();
        } catch (ArithmeticException e) {
            return BigDecimal.ZERO; // minus zero
        }
    }

    /** The number without its fraction, or null for none and for one beyond 64 bits. */
    private static BigInteger truncated(BsonValue value) {
        BigDecimal exact = value == null ? null : exact(value);
        if (exact == null || exact.signum() != 0 && exact.precision() - exact.scale() > 20) {
            return null;
        }
        BigInteger whole = exact.setScale(0, RoundingMode.DOWN).toBigInteger();
        return whole.bitLength() < 64 ? whole : null;
    }

    static boolean leaves(BsonValue value, BsonValue operand) {
        BigInteger dividend = truncated(value);
        return dividend != null && dividend.remainder(truncated(operand.asArray().get(0)))
                .equals(truncated(operand.asArray().get(1)));
    }

    static boolean hasBits(BsonValue value, String operator, BsonValue operand) {
        TreeSet<Integer> positions = new TreeSet<>();
        if (operand.isArray()) {
            operand.asArray().forEach(position -> positions.add(position.asNumber().intValue()));
        } else {
            BigInteger mask = operand.isBinary() ? littleEndian(operand.asBinary()) : truncated(operand);
            for (int i = 0; i < mask.bitLength(); i++) {
                if (mask.testBit(i)) {
                    positions.add(i);
                }
            }
        }
        BigInteger bits;
        if (value != null && value.isBinary()) {
            bits = littleEndian(value.asBinary());
        } else {
            bits = truncated(value);
            if (bits == null || exact(value).compareTo(new BigDecimal(bits)) != 0) {
                return false;
            }
        }
        return switch (operator) {
            case "$bitsAllSet" -> positions.stream().allMatch(bits::testBit);
            case "$bitsAllClear" -> positions.stream().noneMatch(bits::testBit);
            case "$bitsAnySet" -> positions.stream().anyMatch(bits::testBit);
            default -> !positions.stream().allMatch(bits::testBit);
        };
    }

    private static BigInteger littleEndian(BsonBinary binary) {
        byte[] data = binary.getData();
        if (binary.getType() == BsonBinarySubType.OLD_BINARY.getValue()) {
            // Its bytes in BSON begin with their count, and the server asks all of them.
            data = ByteBuffer.allocate(Integer.BYTES + data.length).order(ByteOrder.LITTLE_ENDIAN).putInt(data.length)
                    .put(data).array();
        }
        byte[] reversed = new byte[data.length + 1];
        for (int i = 0; i < data.length; i++) {
            reversed[data.length - i] = data[i];
        }
        return new BigInteger(reversed);
    }

    static boolean finds(BsonRegularExpression regex, BsonValue value) {
        if (value == null) {
            return false;
        }
        if (value.isRegularExpression()) {
            return value.asRegularExpression().getPattern().equals(regex.getPattern())
                    && value.asRegularExpression().getOptions().equals(regex.getOptions());
        }
        String text = value.isString()
                ? value.asString().getValue()
                : value.isSymbol() ? value.asSymbol().getSymbol() : null;
        int flags = Pattern.UNIX_LINES
                | (regex.getOptions().contains("i") ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0)
                | (regex.getOptions().contains("x") ? Pattern.COMMENTS : 0)
                | (regex.getOptions().contains("m") ? Pattern.MULTILINE : 0)
                | (regex.getOptions().contains("s") ? Pattern.DOTALL : 0);
        return text != null
                && Pattern.compile(RegexSyntax.translate(regex.getPattern(), (flags & Pattern.COMMENTS) != 0),
                        flags).matcher(text).find();
    }

    /** Whether an element of an array matches, as {@code $elemMatch} means it. */
    static boolean hasElement(BsonValue value, BsonDocument condition) {
        if (value == null || !value.isArray()) {
            return false;
        }
        String first = condition.isEmpty() ? "" : condition.getFirstKey();
        boolean ofValues = first.startsWith("$")
                && !List.of("$and", "$or", "$nor", "$comment", "$ref", "$id", "$db").contains(first);
        for (BsonValue element : value.asArray()) {
            if (ofValues ? holdsAll(element, condition) : matchesAsDocument(element, condition)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matchesAsDocument(BsonValue element, BsonDocument condition) {
        return element.isDocument() && ReferenceFilter.matches(condition, element.asDocument())
                || element.isArray() && ReferenceFilter.matches(condition,
                        ReferenceFilter.asDocument(element.asArray()));
    }

    private static boolean holdsAll(BsonValue element, BsonDocument operators) {
        return operators.entrySet().stream()
                .allMatch(each -> holdsSingle(element, each.getKey(), each.getValue(), operators));
    }

    /** One operator on one value: an array is one value here. */
    static boolean holdsSingle(BsonValue value, String operator, BsonValue operand, BsonDocument siblings) {
        return switch (operator) {
            case "$ne" -> !holdsSingle(value, "$eq", operand, siblings);
            case "$nin" -> !holdsSingle(value, "$in", operand, siblings);
            case "$not" -> operand.isRegularExpression()
                    ? !finds(operand.asRegularExpression(), value)
                    : !holdsAll(value, operand.asDocument());
            case "$exists" -> ReferenceFilter.isTrue(operand);
            case "$in" -> operand.asArray().stream().anyMatch(each -> each.isRegularExpression()
                    ? finds(each.asRegularExpression(), value)
                    : ReferenceFilter.compares(value, "$eq", each));
            case "$all" -> !operand.asArray().isEmpty() && operand.asArray().stream().allMatch(
                    each -> isElementMatch(each)
                            ? hasElement(value, each.asDocument().getDocument("$elemMatch"))
                            : each.isRegularExpression()
                                    ? finds(each.asRegularExpression(), value)
                                    : ReferenceFilter.compares(value, "$eq", each));
            default -> test(value, operator, operand, siblings);
        };
    }

    /** Operators that ask each value of a path, and need no more than one that holds. */
    static boolean test(BsonValue value, String operator, BsonValue operand, BsonDocument siblings) {
        return switch (operator) {
            case "$type" -> isType(value, operand);
            case "$mod" -> leaves(value, operand);
            case "$size" -> value != null && value.isArray()
                    && BigInteger.valueOf(value.asArray().size()).equals(truncated(operand));
            case "$elemMatch" -> hasElement(value, operand.asDocument());
            case "$bitsAllSet", "$bitsAllClear", "$bitsAnySet", "$bitsAnyClear" -> hasBits(value, operator, operand);
            case "$regex" -> finds(regex(operand, siblings), value);
            case "$options", "$comment" -> true;
            default -> ReferenceFilter.compares(value, operator, operand);
        };
    }

    private static BsonRegularExpression regex(BsonValue operand, BsonDocument siblings) {
        List<String> options = new ArrayList<>();
        if (siblings.containsKey("$options")) {
            options.add(siblings.getString("$options").getValue());
        } else if (operand.isRegularExpression()) {
            options.add(operand.asRegularExpression().getOptions());
        }
        String pattern = operand.isString()
                ? operand.asString().getValue()
                : operand.asRegularExpression().getPattern();
        return new BsonRegularExpression(pattern, options.isEmpty() ? "" : options.getFirst());
    }

    static boolean isElementMatch(BsonValue value) {
        return value.getBsonType() == BsonType.DOCUMENT && value.asDocument().containsKey("$elemMatch");
    }
}
