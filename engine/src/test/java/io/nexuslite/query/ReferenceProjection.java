package io.nexuslite.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** What a projection gives of a document, path by path on a tree. Knows flat paths, booleans, {@code $slice}, {@code $elemMatch}. */
final class ReferenceProjection {
    private ReferenceProjection() {
    }

    static boolean hasConflict(BsonDocument projection) {
        List<String> paths = projection.keySet().stream().map(path -> path + ".").toList();
        for (int i = 0; i < paths.size(); i++) {
            for (int j = 0; j < paths.size(); j++) {
                if (i != j && paths.get(i).startsWith(paths.get(j))) {
                    return true;
                }
            }
        }
        return plain(projection).values().stream().distinct().count() > 1;
    }

    private static Map<String, BsonValue> plain(BsonDocument projection) {
        return projection.entrySet().stream()
                .filter(each -> !each.getKey().equals("_id") && each.getValue().isBoolean())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    static BsonDocument apply(BsonDocument projection, BsonDocument document) {
        boolean hasMatch = projection.values().stream()
                .anyMatch(each -> each.isDocument() && each.asDocument().containsKey("$elemMatch"));
        boolean inclusion = plain(projection).values().stream().findFirst()
                .orElse(BsonBoolean.valueOf(hasMatch || projection.getBoolean("_id", BsonBoolean.FALSE).getValue()))
                .asBoolean().getValue();
        BsonDocument result = fields(document, "", projection, inclusion, true);
        for (Map.Entry<String, BsonValue> each : projection.entrySet()) {
            if (each.getValue().isDocument() && each.getValue().asDocument().containsKey("$elemMatch")) {
                match(each.getKey(), each.getValue().asDocument().getDocument("$elemMatch"), document, result,
                        inclusion);
            }
        }
        return result;
    }

    /** Sets or removes the field; by an inclusion it comes last, by an exclusion it keeps its place. */
    private static void match(String name, BsonDocument condition, BsonDocument document, BsonDocument result,
            boolean inclusion) {
        BsonValue value = document.get(name);
        List<BsonValue> first = value == null || !value.isArray()
                ? List.of()
                : value.asArray().stream()
                        .filter(each -> ReferenceOperators.hasElement(new BsonArray(List.of(each)), condition)).limit(1)
                        .toList();
        if (first.isEmpty()) {
            result.remove(name);
        } else {
            if (inclusion) {
                result.remove(name);
            }
            result.put(name, new BsonArray(first));
        }
    }

    private static BsonDocument fields(BsonDocument document, String prefix, BsonDocument projection,
            boolean inclusion, boolean slices) {
        BsonDocument result = new BsonDocument();
        for (Map.Entry<String, BsonValue> field : document.entrySet()) {
            String path = prefix + field.getKey();
            BsonValue asked = projection.get(path);
            if (path.equals("_id") && asked == null
                    && projection.keySet().stream().noneMatch(p -> p.startsWith("_id."))) {
                result.put("_id", field.getValue());
            } else if (asked == null && projection.keySet().stream().anyMatch(p -> p.startsWith(path + "."))) {
                below(field.getValue(), path + ".", projection, inclusion, slices).forEach(
                        value -> result.put(field.getKey(), value));
            } else if (asked == null ? !inclusion : !asked.isBoolean() || asked.asBoolean().getValue()) {
                boolean isSlice = asked != null && asked.isDocument() && asked.asDocument().containsKey("$slice");
                result.put(field.getKey(), isSlice && slices
                        ? slice(field.getValue(), asked.asDocument().get("$slice"))
                        : field.getValue());
            }
        }
        return result;
    }

    /** What is left of a value below which paths go on: one value, or none. */
    private static List<BsonValue> below(BsonValue value, String prefix, BsonDocument projection, boolean inclusion,
            boolean slices) {
        if (value.isDocument()) {
            return List.of(fields(value.asDocument(), prefix, projection, inclusion, slices));
        }
        if (!value.isArray()) {
            return inclusion ? List.of() : List.of(value);
        }
        BsonArray array = new BsonArray();
        value.asArray().forEach(each -> array
                .addAll(below(each, prefix, projection, inclusion, slices && !each.isArray())));
        return List.of(array);
    }

    private static BsonValue slice(BsonValue value, BsonValue operand) {
        if (!value.isArray()) {
            return value;
        }
        List<BsonValue> elements = new ArrayList<>(value.asArray());
        int count = elements.size();
        if (operand.isInt32()) {
            int wanted = operand.asInt32().getValue();
            return new BsonArray(wanted < 0
                    ? elements.subList(Math.max(0, count + wanted), count)
                    : elements.subList(0, Math.min(wanted, count)));
        }
        int skip = operand.asArray().get(0).asInt32().getValue();
        int from = skip < 0 ? Math.max(0, count + skip) : Math.min(skip, count);
        return new BsonArray(
                elements.subList(from, Math.min(count, from + operand.asArray().get(1).asInt32().getValue())));
    }
}
