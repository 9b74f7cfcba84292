package io.nexuslite.query;

import io.nexuslite.bson.PlainOrder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonValue;
import org.bson.types.Decimal128;

/** What an update makes of a document, operator by operator on a tree, written from MongoDB's documentation. */
final class ReferenceUpdate {
    /** The update does not fit the document. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    record Step(String operator, List<String> path, BsonValue operand) {
    }

    /** An operator that does nothing here, but may not meet another. */
    private static final String NOTHING = "";

    private ReferenceUpdate() {
    }

    static boolean hasConflict(BsonDocument update) {
        List<List<String>> paths = new ArrayList<>();
        update.forEach((operator, fields) -> fields.asDocument().forEach((path, operand) -> {
            paths.add(segments(path));
            if (operator.equals("$rename")) {
                paths.add(segments(operand.asString().getValue()));
            }
        }));
        return ReferencePaths.conflict(paths);
    }

    static BsonDocument apply(BsonDocument update, BsonDocument original) {
        return apply(update, original, new ReferencePaths(Map.of(), -1));
    }

    static BsonDocument apply(BsonDocument update, BsonDocument original, ReferencePaths paths) {
        BsonDocument document = original.clone();
        List<Step> steps = new ArrayList<>();
        update.forEach((operator, fields) -> fields.asDocument()
                .forEach((path, operand) -> addStep(operator, segments(path), operand, original, steps)));
        List<Step> expanded = paths.expand(steps, original);
        expanded.removeIf(step -> step.operator().equals(NOTHING));
        expanded.sort(Comparator.comparing(Step::path, ReferenceUpdate::comparePaths));
        expanded.forEach(step -> apply(step, document));
        return document;
    }

    private static List<String> segments(String path) {
        return List.of(path.split("\\."));
    }

    private static void addStep(String operator, List<String> path, BsonValue operand, BsonDocument original,
            List<Step> into) {
        if (!operator.equals("$rename")) {
            into.add(new Step(operator, path, operand));
            return;
        }
        List<String> target = segments(operand.asString().getValue());
        BsonValue moved = source(path, original);
        if (moved != null) {
            refuseArrays(target, original);
            into.add(new Step("$unset", path, operand));
            into.add(new Step("$set", target, moved));
        } else {
            into.add(new Step(NOTHING, path, operand));
            into.add(new Step(NOTHING, target, operand));
        }
    }

    /** What a path leads to, or null; refuses values on the way that hold no fields, and arrays if it leads anywhere. */
    private static BsonValue source(List<String> path, BsonDocument document) {
        BsonValue value = document;
        boolean throughArray = false;
        for (String segment : path) {
            if (!value.isDocument() && !(value.isArray() && segment.matches("\\d+"))) {
                throw new Refused();
            }
            throughArray |= value.isArray();
            value = get(value, segment);
            if (value == null) {
                return null;
            }
        }
        if (throughArray) {
            throw new Refused();
        }
        return value;
    }

    private static void refuseArrays(List<String> path, BsonDocument document) {
        BsonValue value = document;
        for (int i = 0; i < path.size() - 1 && value != null && value.isDocument(); i++) {
            value = value.asDocument().get(path.get(i));
            if (value != null && value.isArray()) {
                throw new Refused();
            }
        }
    }

    private static int comparePaths(List<String> a, List<String> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            boolean aIsNumber = a.get(i).matches("\\d+");
            boolean bIsNumber = b.get(i).matches("\\d+");
            int order = aIsNumber && bIsNumber
                    ? new BigInteger(a.get(i)).compareTo(new BigInteger(b.get(i)))
                    : aIsNumber ? -1 : bIsNumber ? 1 : a.get(i).compareTo(b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return a.size() - b.size();
    }

    private static void apply(Step step, BsonDocument document) {
        boolean creates = !List.of("$unset", "$pull", "$pullAll", "$pop", "$setOnInsert").contains(step.operator());
        boolean fails = !List.of("$unset", "$setOnInsert").contains(step.operator());
        BsonValue parent = document;
        for (int i = 0; i < step.path().size(); i++) {
            String name = step.path().get(i);
            boolean isLast = i == step.path().size() - 1;
            if (!parent.isDocument() && !(parent.isArray() && name.matches("\\d+"))) {
                if (fails) {
                    throw new Refused();
                }
                return;
            }
            BsonValue found = get(parent, name);
            if (found == null && !creates) {
                return;
            }
            if (isLast) {
                change(step, parent, name, found);
            } else if (found == null) {
                found = new BsonDocument();
                put(parent, name, found);
            }
            parent = found;
        }
    }

    private static BsonValue get(BsonValue parent, String name) {
        if (parent.isDocument()) {
            return parent.asDocument().get(name);
        }
        int index = Integer.parseInt(name);
        return index < parent.asArray().size() ? parent.asArray().get(index) : null;
    }

    private static void put(BsonValue parent, String name, BsonValue value) {
        if (parent.isDocument()) {
            parent.asDocument().put(name, value);
            return;
        }
        BsonArray array = parent.asArray();
        int index = Integer.parseInt(name);
        while (array.size() <= index) {
            array.add(BsonNull.VALUE);
        }
        array.set(index, value);
    }

    private static void change(Step step, BsonValue parent, String name, BsonValue found) {
        BsonValue operand = step.operand();
        switch (step.operator()) {
            case "$set" -> put(parent, name, operand);
            case "$setOnInsert" -> {
                // The document was there.
            }
            case "$unset" -> {
                if (parent.isDocument()) {
                    parent.asDocument().remove(name);
                } else {
                    put(parent, name, BsonNull.VALUE);
                }
            }
            case "$inc", "$mul" -> put(parent, name, calculate(step.operator(), found, operand));
            case "$min", "$max" -> {
                int order = found == null ? 0 : PlainOrder.compare(operand, found);
                if (found == null || (step.operator().equals("$min") ? order < 0 : order > 0)) {
                    put(parent, name, operand);
                }
            }
            default -> put(parent, name, changeArray(step.operator(), found, operand));
        }
    }

    private static BsonValue calculate(String operator, BsonValue found, BsonValue operand) {
        boolean isSum = operator.equals("$inc");
        BsonValue left = found;
        if (found == null) {
            return isSum
                    ? operand
                    : operand.isInt32() ? new BsonInt32(0) : operand.isInt64() ? new BsonInt64(0) : new BsonDouble(0);
        }
        if (!left.isNumber()) {
            throw new Refused();
        }
        if (left.isDecimal128()) {
            return new BsonDecimal128(calculate(isSum, left.asDecimal128().getValue(), operand));
        }
        if (left.isDouble() || operand.isDouble()) {
            double a = left.asNumber().doubleValue();
            double b = operand.asNumber().doubleValue();
            return new BsonDouble(isSum ? a + b : a * b);
        }
        BigInteger a = BigInteger.valueOf(left.asNumber().longValue());
        BigInteger b = BigInteger.valueOf(operand.asNumber().longValue());
        BigInteger result = isSum ? a.add(b) : a.multiply(b);
        if (result.bitLength() > 63) {
            throw new Refused();
        }
        boolean isNarrow = left.isInt32() && operand.isInt32() && result.bitLength() < 32;
        return isNarrow ? new BsonInt32(result.intValue()) : new BsonInt64(result.longValue());
    }

    private static Decimal128 calculate(boolean isSum, Decimal128 left, BsonValue operand) {
        // The one double that is asked for has 15 digits as a decimal.
        BigDecimal right = operand.isDouble()
                ? new BigDecimal("0.500000000000000")
                : BigDecimal.valueOf(operand.asNumber().longValue());
        if (left.isNaN() || left.isInfinite()) {
            return !left.isNaN() && !isSum && right.signum() < 0
                    ? left.isNegative() ? Decimal128.POSITIVE_INFINITY : Decimal128.NEGATIVE_INFINITY
                    : left;
        }
        BigDecimal exact;
        try {
            exact = left.bigDecimalValue();
        } catch (ArithmeticException e) { // minus zero
            exact = Decimal128.parse(left.toString().substring(1)).bigDecimalValue();
        }
        try {
            return new Decimal128(isSum
                    ? exact.add(right, MathContext.DECIMAL128)
                    : exact.multiply(right, MathContext.DECIMAL128));
        } catch (NumberFormatException e) {
            throw new Refused();
        }
    }

    private static BsonValue changeArray(String operator, BsonValue found, BsonValue operand) {
        if (found != null && !found.isArray()) {
            throw new Refused();
        }
        BsonArray array = found == null ? new BsonArray() : found.asArray().clone();
        switch (operator) {
            case "$push" -> push(array, operand);
            case "$addToSet" -> {
                boolean isEach = operand.isDocument() && operand.asDocument().containsKey("$each");
                for (BsonValue added : isEach
                        ? operand.asDocument().getArray("$each")
                        : new BsonArray(List.of(operand))) {
                    if (array.stream().noneMatch(each -> PlainOrder.compare(each, added) == 0)) {
                        array.add(added);
                    }
                }
            }
            case "$pull" -> array.removeIf(each -> operand.isDocument()
                    ? pulls(operand.asDocument(), each)
                    : PlainOrder.compare(operand, each) == 0);
            case "$pullAll" -> array
                    .removeIf(each -> operand.asArray().stream().anyMatch(gone -> PlainOrder.compare(gone, each) == 0));
            default -> {
                if (!array.isEmpty()) {
                    array.remove(operand.asInt32().getValue() < 0 ? 0 : array.size() - 1);
                }
            }
        }
        return array;
    }

    private static boolean pulls(BsonDocument condition, BsonValue element) {
        return !condition.isEmpty() && condition.getFirstKey().startsWith("$")
                && !List.of("$and", "$or", "$nor").contains(condition.getFirstKey())
                        ? ReferenceFilter.matches(new BsonDocument("e", condition), new BsonDocument("e", element))
                        : element.isDocument() && ReferenceFilter.matches(condition, element.asDocument());
    }

    private static void push(BsonArray array, BsonValue operand) {
        if (!operand.isDocument() || !operand.asDocument().containsKey("$each")) {
            array.add(operand);
            return;
        }
        BsonDocument modifiers = operand.asDocument();
        int position = modifiers.getInt32("$position", new BsonInt32(Integer.MAX_VALUE)).getValue();
        int at = position < 0 ? Math.max(0, array.size() + position) : Math.min(array.size(), position);
        array.addAll(at, modifiers.getArray("$each"));
        if (modifiers.containsKey("$sort")) {
            int direction = modifiers.getInt32("$sort").getValue();
            array.sort((a, b) -> direction * PlainOrder.compare(a, b));
        }
        if (modifiers.containsKey("$slice")) {
            int slice = modifiers.getInt32("$slice").getValue();
            while (array.size() > Math.abs(slice)) {
                array.remove(slice < 0 ? 0 : array.size() - 1);
            }
        }
    }
}
