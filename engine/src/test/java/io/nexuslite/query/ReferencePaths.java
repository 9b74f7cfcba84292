package io.nexuslite.query;

import io.nexuslite.query.ReferenceUpdate.Refused;
import io.nexuslite.query.ReferenceUpdate.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** Turns paths with {@code $}, {@code $[]} and {@code $[identifier]} into paths of names and places, for one document. */
final class ReferencePaths {
    private final Map<String, BsonDocument> arrayFilters;
    private final int position;

    ReferencePaths(Map<String, BsonDocument> arrayFilters, int position) {
        this.arrayFilters = arrayFilters;
        this.position = position;
    }

    /** Whether paths cannot stand in one update: one contains another, or elements and names lie side by side. */
    static boolean conflict(List<List<String>> paths) {
        for (int i = 0; i < paths.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (conflict(paths.get(i), paths.get(j))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean conflict(List<String> one, List<String> other) {
        int shared = 0;
        int shorter = Math.min(one.size(), other.size());
        while (shared < shorter && one.get(shared).equals(other.get(shared))) {
            shared++;
        }
        return shared == shorter || isOfElements(one.get(shared)) != isOfElements(other.get(shared));
    }

    static boolean isOfElements(String segment) {
        return segment.startsWith("$[");
    }

    List<Step> expand(List<Step> steps, BsonDocument document) {
        if (position < 0 && steps.stream().anyMatch(step -> step.path().contains("$"))) {
            throw new Refused();
        }
        List<Step> expanded = new ArrayList<>();
        expand(steps, 0, document, expanded);
        return expanded;
    }

    /** The paths are equal up to {@code depth}, where they lead to {@code value}. */
    private void expand(List<Step> steps, int depth, BsonValue value, List<Step> into) {
        if (steps.isEmpty()) {
            return;
        }
        if (steps.getFirst().path().size() == depth) {
            if (steps.size() > 1) {
                throw new Refused();
            }
            into.add(steps.getFirst());
            return;
        }
        if (conflict(steps.stream().map(step -> step.path().subList(depth, step.path().size())).toList())) {
            throw new Refused();
        }
        if (isOfElements(steps.getFirst().path().get(depth))) {
            if (value == null || !value.isArray()) {
                throw new Refused();
            }
            for (int i = 0; i < value.asArray().size(); i++) {
                BsonValue element = value.asArray().get(i);
                String place = Integer.toString(i);
                group(steps.stream().filter(step -> selects(step.path().get(depth), element))
                        .map(step -> with(step, depth, place)).toList(), depth, element, into);
            }
            return;
        }
        Map<String, List<Step>> byName = new LinkedHashMap<>();
        for (Step step : steps) {
            String name = step.path().get(depth).equals("$") ? Integer.toString(position) : step.path().get(depth);
            byName.computeIfAbsent(name, each -> new ArrayList<>()).add(with(step, depth, name));
        }
        byName.forEach((name, group) -> group(group, depth, child(value, name), into));
    }

    private void group(List<Step> group, int depth, BsonValue value, List<Step> into) {
        if (group.size() > 1 && group.stream().anyMatch(step -> step.path().size() == depth + 1)) {
            throw new Refused();
        }
        expand(group, depth + 1, value, into);
    }

    private static BsonValue child(BsonValue value, String name) {
        if (value != null && value.isDocument()) {
            return value.asDocument().get(name);
        }
        return value != null && value.isArray() && name.matches("\\d+")
                && Integer.parseInt(name) < value.asArray().size() ? value.asArray().get(Integer.parseInt(name)) : null;
    }

    private boolean selects(String segment, BsonValue element) {
        String identifier = segment.substring(2, segment.length() - 1);
        return identifier.isEmpty()
                || ReferenceFilter.matches(arrayFilters.get(identifier), new BsonDocument(identifier, element));
    }

    private static Step with(Step step, int depth, String name) {
        List<String> path = new ArrayList<>(step.path());
        path.set(depth, name);
        return new Step(step.operator(), path, step.operand());
    }

    static Map<String, BsonDocument> byIdentifier(BsonArray arrayFilters) {
        Map<String, BsonDocument> byIdentifier = new LinkedHashMap<>();
        arrayFilters.forEach(each -> byIdentifier.put(each.asDocument().getFirstKey().split("\\.")[0],
                each.asDocument()));
        return byIdentifier;
    }
}
