package io.nexuslite.query;

import io.nexuslite.bson.MongoOrder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonNumber;
import org.bson.BsonType;
import org.bson.BsonUndefined;
import org.bson.BsonValue;
import org.bson.types.Decimal128;

/** Expressions over values, without bytes and without haste. {@code null} is a missing value. */
final class ReferenceExpression {
    private static final MongoOrder ORDER = new MongoOrder();
    private static final List<BsonType> NUMBERS = List.of(BsonType.INT32, BsonType.INT64, BsonType.DOUBLE,
            BsonType.DECIMAL128);

    /** The expression has no value. */
    static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Fault(String what) {
            super(what);
        }
    }

    private ReferenceExpression() {
    }

    static boolean holds(BsonValue expression, BsonDocument document) {
        return isTrue(evaluate(expression, document));
    }

    static BsonValue evaluate(BsonValue expression, BsonDocument document) {
        if (expression.isString() && expression.asString().getValue().startsWith("$")) {
            return reference(expression.asString().getValue(), document);
        }
        if (expression.isArray()) {
            BsonArray array = new BsonArray();
            for (BsonValue each : expression.asArray()) {
                BsonValue value = evaluate(each, document);
                array.add(value == null ? BsonNull.VALUE : value);
            }
            return array;
        }
        if (!expression.isDocument()) {
            return expression;
        }
        BsonDocument fields = expression.asDocument();
        if (!fields.isEmpty() && fields.getFirstKey().startsWith("$")) {
            return operator(fields.getFirstKey(), fields.get(fields.getFirstKey()), document);
        }
        BsonDocument built = new BsonDocument();
        for (Map.Entry<String, BsonValue> each : fields.entrySet()) {
            BsonValue value = evaluate(each.getValue(), document);
            if (value != null) {
                built.put(each.getKey(), value);
            }
        }
        return built;
    }

    private static BsonValue reference(String text, BsonDocument document) {
        if (text.equals("$$REMOVE")) {
            return null;
        }
        String path = text.replaceFirst("^\\$\\$(ROOT|CURRENT)\\.?", "\\$").substring(1);
        return path.isEmpty() ? document : follow(document, List.of(path.split("\\.")));
    }

    private static BsonValue follow(BsonValue value, List<String> path) {
        if (path.isEmpty()) {
            return value;
        }
        if (value instanceof BsonDocument document) {
            BsonValue field = document.get(path.getFirst());
            List<String> rest = path.subList(1, path.size());
            if (field == null || rest.isEmpty()) {
                return field;
            }
            if (!field.isArray()) {
                return follow(field, rest);
            }
            BsonArray collected = new BsonArray();
            for (BsonValue each : field.asArray()) {
                BsonValue found = each.isDocument() ? follow(each, rest) : null;
                if (found != null) {
                    collected.add(found);
                }
            }
            return collected;
        }
        return null;
    }

    private static BsonValue operator(String name, BsonValue operand, BsonDocument document) {
        if (name.equals("$literal")) {
            return operand;
        }
        List<BsonValue> arguments = operand.isArray() ? operand.asArray() : List.of(operand);
        switch (name) {
            case "$and", "$or" -> {
                boolean isAnd = name.equals("$and");
                for (BsonValue each : arguments) {
                    if (holds(each, document) != isAnd) {
                        return BsonBoolean.valueOf(!isAnd);
                    }
                }
                return BsonBoolean.valueOf(isAnd);
            }
            case "$add", "$multiply" -> {
                return fold(name.equals("$add"), arguments, document);
            }
            default -> {
                BsonValue first = evaluate(arguments.getFirst(), document);
                return arguments.size() == 1
                        ? unary(name, first)
                        : binary(name, first, evaluate(arguments.get(1), document));
            }
        }
    }

    private static BsonValue unary(String name, BsonValue value) {
        if (name.equals("$not")) {
            return BsonBoolean.valueOf(!isTrue(value));
        }
        if (isNothing(value)) {
            return BsonNull.VALUE;
        }
        if (!isNumber(value)) {
            throw new Fault(name);
        }
        if (value.isInt64() && value.asInt64().getValue() == Long.MIN_VALUE) {
            throw new Fault(name);
        }
        return switch (value.getBsonType()) {
            case INT32 -> whole(BigInteger.valueOf(value.asInt32().getValue()).abs(), true);
            case INT64 -> new BsonInt64(Math.abs(value.asInt64().getValue()));
            case DOUBLE -> new BsonDouble(Math.abs(value.asDouble().getValue()));
            default -> value.asDecimal128().getValue().isNegative()
                    ? binary("$multiply", value, new BsonInt32(-1))
                    : value;
        };
    }

    private static BsonValue binary(String name, BsonValue left, BsonValue right) {
        int order = ORDER.compare(left == null ? new BsonUndefined() : left,
                right == null ? new BsonUndefined() : right);
        return switch (name) {
            case "$eq" -> BsonBoolean.valueOf(order == 0);
            case "$ne" -> BsonBoolean.valueOf(order != 0);
            case "$gt" -> BsonBoolean.valueOf(order > 0);
            case "$gte" -> BsonBoolean.valueOf(order >= 0);
            case "$lt" -> BsonBoolean.valueOf(order < 0);
            case "$lte" -> BsonBoolean.valueOf(order <= 0);
            case "$cmp" -> new BsonInt32(Integer.signum(order));
            default -> {
                if (isNumber(left) && isNumber(right)) {
                    yield numbers(name, left, right);
                }
                if (isNothing(left) || isNothing(right)) {
                    yield BsonNull.VALUE;
                }
                if (!name.equals("$subtract") || !left.isDateTime()) {
                    throw new Fault(name);
                }
                BigInteger millis = BigInteger.valueOf(left.asDateTime().getValue());
                yield right.isDateTime()
                        ? new BsonInt64(exact(millis.subtract(BigInteger.valueOf(right.asDateTime().getValue()))))
                        : new BsonDateTime(exact(millis.subtract(millis(right))));
            }
        };
    }

    private static BsonValue fold(boolean isSum, List<BsonValue> arguments, BsonDocument document) {
        List<BsonValue> values = new ArrayList<>();
        for (BsonValue each : arguments) {
            BsonValue value = evaluate(each, document);
            if (isNothing(value)) {
                return BsonNull.VALUE;
            }
            if (!isNumber(value) && !(isSum && value.isDateTime())) {
                throw new Fault("fold");
            }
            values.add(value);
        }
        BsonValue total = new BsonInt32(isSum ? 0 : 1);
        double product = 1;
        for (BsonValue value : values) {
            if (total.isDateTime() || value.isDateTime()) {
                if (total.isDateTime() && value.isDateTime()) {
                    throw new Fault("two dates");
                }
                total = new BsonDateTime(exact(millis(total).add(millis(value))));
                continue;
            }
            BsonValue next = numbers(isSum ? "$add" : "$multiply", total, value);
            if (!isSum && !value.isDecimal128()) {
                product *= ((BsonNumber) value).doubleValue();
                // Of doubles, and of whole numbers that became too long, all factors are multiplied as doubles.
                next = next.isDouble() ? new BsonDouble(product) : next;
            }
            total = next;
        }
        return total;
    }

    private static BigInteger millis(BsonValue value) {
        if (value.isDateTime()) {
            return BigInteger.valueOf(value.asDateTime().getValue());
        }
        if (!isNumber(value) || isSpecial(value)) {
            throw new Fault("millis");
        }
        BigDecimal number = value.isDouble() ? new BigDecimal(value.asDouble().getValue()) : decimal(value);
        if (number.precision() - (long) number.scale() > 40) {
            throw new Fault("millis");
        }
        return BigInteger.valueOf(exact(number.setScale(0,
                value.isDouble() ? RoundingMode.HALF_UP : RoundingMode.HALF_EVEN).toBigInteger()));
    }

    private static long exact(BigInteger value) {
        if (value.bitLength() > 63) {
            throw new Fault("more than 64 bits");
        }
        return value.longValue();
    }

    private static BsonValue numbers(String name, BsonValue left, BsonValue right) {
        int widest = Math.max(NUMBERS.indexOf(left.getBsonType()), NUMBERS.indexOf(right.getBsonType()));
        boolean divides = name.equals("$divide") || name.equals("$mod");
        if (divides && !isTrue(right)) {
            throw new Fault("zero");
        }
        if (widest == 3) {
            return new BsonDecimal128(isSpecial(left) || isSpecial(right)
                    ? specials(name, left, right)
                    : rounded(decimals(name, decimal(left), decimal(right))));
        }
        if (widest == 2 || name.equals("$divide")) {
            return new BsonDouble(doubles(name, ((BsonNumber) left).doubleValue(), ((BsonNumber) right).doubleValue()));
        }
        BigInteger a = BigInteger.valueOf(((BsonNumber) left).longValue());
        BigInteger b = BigInteger.valueOf(((BsonNumber) right).longValue());
        BigInteger result = switch (name) {
            case "$add" -> a.add(b);
            case "$subtract" -> a.subtract(b);
            case "$multiply" -> a.multiply(b);
            default -> a.remainder(b);
        };
        return result.bitLength() > 63
                ? new BsonDouble(doubles(name, a.doubleValue(), b.doubleValue()))
                : whole(result, widest == 0);
    }

    private static BsonValue whole(BigInteger value, boolean isNarrow) {
        return isNarrow && value.bitLength() < 32
                ? new BsonInt32(value.intValue())
                : new BsonInt64(value.longValueExact());
    }

    private static double doubles(String name, double left, double right) {
        return switch (name) {
            case "$add" -> left + right;
            case "$subtract" -> left - right;
            case "$multiply" -> left * right;
            case "$divide" -> left / right;
            default -> left % right;
        };
    }

    private static BigDecimal decimals(String name, BigDecimal left, BigDecimal right) {
        return switch (name) {
            case "$add" -> left.add(right);
            case "$subtract" -> left.subtract(right);
            case "$multiply" -> left.multiply(right);
            case "$divide" -> left.divide(right, MathContext.DECIMAL128);
            default -> left.remainder(right);
        };
    }

    private static Decimal128 rounded(BigDecimal exact) {
        BigDecimal value = exact.round(MathContext.DECIMAL128);
        if (value.signum() == 0) {
            return Decimal128.POSITIVE_ZERO;
        }
        int exponent = value.precision() - value.scale() - 1;
        if (exponent > 6144) {
            return value.signum() > 0 ? Decimal128.POSITIVE_INFINITY : Decimal128.NEGATIVE_INFINITY;
        }
        return new Decimal128(value.scale() > 6176 ? value.setScale(6176, RoundingMode.HALF_EVEN) : value);
    }

    /** Where one of two is infinite or no number, the other counts by its sign. */
    private static Decimal128 specials(String name, BsonValue left, BsonValue right) {
        if (name.equals("$mod") && !isSpecial(left) && !Double.isNaN(sign(right))) {
            return new Decimal128(decimal(left));
        }
        double result = doubles(name, sign(left), sign(right));
        return Double.isNaN(result)
                ? Decimal128.NaN
                : result == 0
                        ? Decimal128.POSITIVE_ZERO
                        : result > 0 ? Decimal128.POSITIVE_INFINITY : Decimal128.NEGATIVE_INFINITY;
    }

    private static double sign(BsonValue value) {
        if (!isSpecial(value)) {
            return decimal(value).signum();
        }
        if (value.isDouble()) {
            return value.asDouble().getValue();
        }
        Decimal128 number = value.asDecimal128().getValue();
        return number.isNaN()
                ? Double.NaN
                : number.isNegative() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    private static boolean isSpecial(BsonValue value) {
        return value.isDouble() && !Double.isFinite(value.asDouble().getValue())
                || value.isDecimal128() && !value.asDecimal128().getValue().isFinite();
    }

    private static BigDecimal decimal(BsonValue value) {
        if (value.isDouble()) {
            return new BigDecimal(value.asDouble().getValue()).round(new MathContext(15, RoundingMode.HALF_EVEN));
        }
        if (!value.isDecimal128()) {
            return BigDecimal.valueOf(((BsonNumber) value).longValue());
        }
        String text = value.asDecimal128().getValue().toString();
        return new BigDecimal(text);
    }

    private static boolean isNumber(BsonValue value) {
        return value != null && NUMBERS.contains(value.getBsonType());
    }

    private static boolean isNothing(BsonValue value) {
        return value == null || value.isNull() || value.getBsonType() == BsonType.UNDEFINED;
    }

    private static boolean isTrue(BsonValue value) {
        if (isNothing(value)) {
            return false;
        }
        if (value.isBoolean()) {
            return value.asBoolean().getValue();
        }
        return !isNumber(value) || isSpecial(value) || (value.isDouble()
                ? value.asDouble().getValue() != 0
                : decimal(value).signum() != 0);
    }
}
