package io.nexuslite.query;

import java.util.ArrayList;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** Which element of an array a condition on a path met, by listing all that the path meets with the elements on the way. */
final class ReferencePosition {
    /** A value that a path meets; {@code outer} is the element of the outermost array without a named place, or -1. */
    private record Met(BsonValue value, int outer, boolean isElement) {
    }

    private ReferencePosition() {
    }

    /** For a filter of one path with one operator. */
    static int find(BsonDocument filter, BsonDocument document) {
        String path = filter.getFirstKey();
        BsonDocument condition = filter.getDocument(path);
        String operator = condition.getFirstKey();
        List<Met> met = new ArrayList<>();
        walk(document, List.of(path.split("\\.")), -1, met);
        for (Met each : met) {
            boolean isMatch = operator.equals("$elemMatch");
            boolean holds = operator.equals("$exists")
                    ? each.value() != null
                    : ReferenceOperators.test(each.value(), operator, condition.get(operator), condition);
            if (!holds || isMatch && each.isElement()) {
                continue;
            }
            return isMatch && each.outer() < 0
                    ? firstElement(each.value().asArray(), condition.getDocument(operator))
                    : each.outer();
        }
        return -1;
    }

    private static int firstElement(BsonArray array, BsonDocument condition) {
        for (int i = 0; i < array.size(); i++) {
            if (ReferenceOperators.hasElement(new BsonArray(List.of(array.get(i))), condition)) {
                return i;
            }
        }
        throw new AssertionError("No element of " + array + " matches " + condition);
    }

    private static void walk(BsonDocument document, List<String> path, int outer, List<Met> into) {
        BsonValue value = document.get(path.getFirst());
        List<String> rest = path.subList(1, path.size());
        if (rest.isEmpty()) {
            for (int i = 0; value != null && value.isArray() && i < value.asArray().size(); i++) {
                into.add(new Met(value.asArray().get(i), outer < 0 ? i : outer, true));
            }
            into.add(new Met(value, outer, false));
        } else if (value != null && value.isDocument()) {
            walk(value.asDocument(), rest, outer, into);
        } else if (value != null && value.isArray()) {
            walk(value.asArray(), rest, outer, into);
        } else {
            into.add(new Met(null, outer, false));
        }
    }

    private static void walk(BsonArray array, List<String> path, int outer, List<Met> into) {
        List<String> rest = path.subList(1, path.size());
        for (int i = 0; i < array.size(); i++) {
            BsonValue element = array.get(i);
            if (element.isDocument()) {
                walk(element.asDocument(), path, outer < 0 ? i : outer, into);
            }
            if (!path.getFirst().equals(Integer.toString(i))) {
                continue;
            }
            if (rest.isEmpty()) {
                into.add(new Met(element, outer, false));
            } else if (element.isDocument()) {
                walk(element.asDocument(), rest, outer, into);
            } else if (element.isArray()) {
                walk(element.asArray(), rest, outer, into);
            }
        }
    }
}
