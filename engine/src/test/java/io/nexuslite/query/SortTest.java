package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.PlainOrder;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.MemoryBudgetExceededException;
import io.nexuslite.testing.Seed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonUndefined;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortTest {
    @RegisterExtension
    final Seed seed = new Seed();

    @Test
    void agreesWithPlainSort() {
        QueryBson random = new QueryBson(seed.random("sort"));
        for (int round = 0; round < Seed.scaled(300); round++) {
            String path = random.path();
            int direction = round % 2 == 0 ? 1 : -1;
            List<BsonDocument> documents = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                documents.add(random.document().append("order", new BsonInt32(i)));
            }
            List<BsonDocument> expected = new ArrayList<>(documents);
            expected.sort(Comparator.comparing(document -> key(document, path, direction),
                    (a, b) -> direction * PlainOrder.compare(a, b)));
            BsonDocument sort = new BsonDocument(path, new BsonInt32(direction));
            assertEquals(expected, sorted(documents, sort, 0), sort::toString);
            assertEquals(expected.subList(0, 3), sorted(documents, sort, 3), sort::toString);
        }
    }

    /** The smallest value on the path, or the largest if downwards. */
    private static BsonValue key(BsonDocument document, String path, int direction) {
        List<BsonValue> values = new ArrayList<>();
        collect(document, List.of(path.split("\\.")), values);
        return values.stream().min((a, b) -> direction * PlainOrder.compare(a, b)).orElseThrow();
    }

    private static void collect(BsonValue value, List<String> path, List<BsonValue> into) {
        if (value != null && value.isArray()) {
            BsonArray array = value.asArray();
            int index = path.isEmpty() ? FieldPath.NO_INDEX : FieldPath.arrayIndex(path.getFirst());
            if (index != FieldPath.NO_INDEX && index < array.size()) {
                collect(array.get(index), path.subList(1, path.size()), into);
            } else if (array.isEmpty()) {
                into.add(path.isEmpty() ? new BsonUndefined() : BsonNull.VALUE);
            } else {
                array.forEach(element -> collectElement(element, path, into));
            }
        } else if (path.isEmpty()) {
            into.add(value == null ? BsonNull.VALUE : value);
        } else if (value != null && value.isDocument()) {
            collect(value.asDocument().get(path.getFirst()), path.subList(1, path.size()), into);
        } else {
            into.add(BsonNull.VALUE);
        }
    }

    private static void collectElement(BsonValue element, List<String> path, List<BsonValue> into) {
        if (path.isEmpty()) {
            into.add(element);
        } else if (element.isDocument()) {
            collect(element, path, into);
        } else {
            into.add(BsonNull.VALUE);
        }
    }

    @Test
    void agreesWithPlainSortOfSeveralPaths() {
        SplittableRandom random = seed.random("several paths");
        QueryBson values = new QueryBson(seed.random("several values"));
        for (int round = 0; round < Seed.scaled(300); round++) {
            BsonDocument sort = new BsonDocument();
            for (String path : List.of("a", "a.x", "a.y", "b", "c")) {
                if (random.nextBoolean()) {
                    sort.put(path, new BsonInt32(random.nextBoolean() ? 1 : -1));
                }
            }
            sort.putIfAbsent("b", new BsonInt32(1));
            List<BsonDocument> documents = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                documents.add(new BsonDocument("order", new BsonInt32(i)).append("b", small(random))
                        .append("a", random.nextBoolean() ? elements(random) : values.operand()));
            }
            documents.removeIf(each -> each.get("a").isDocument() || each.get("a").isArray()
                    && each.getArray("a").stream().anyMatch(SortTest::holdsArray));
            List<BsonDocument> expected = new ArrayList<>(documents);
            expected.sort(Comparator.comparing(document -> bestKey(document, sort), (x, y) -> compare(x, y, sort)));
            assertEquals(expected, sorted(documents, sort, 0), sort::toString);
            assertEquals(expected.subList(0, Math.min(3, expected.size())), sorted(documents, sort, 3), sort::toString);
        }
    }

    private static BsonValue small(SplittableRandom random) {
        return random.nextInt(4) == 0 ? BsonNull.VALUE : new BsonInt32(random.nextInt(3));
    }

    private static BsonArray elements(SplittableRandom random) {
        BsonArray array = new BsonArray();
        for (int i = random.nextInt(4); i > 0; i--) {
            array.add(random.nextInt(4) == 0
                    ? small(random)
                    : new BsonDocument("x", small(random)).append("y", small(random)));
        }
        return array;
    }

    private static boolean holdsArray(BsonValue value) {
        return value.isArray()
                || value.isDocument() && value.asDocument().values().stream().anyMatch(BsonValue::isArray);
    }

    /** The best combination: the array of a document stands for each of its elements in turn. */
    private static List<BsonValue> bestKey(BsonDocument document, BsonDocument sort) {
        BsonValue a = document.get("a");
        if (!a.isArray()) {
            return plainKey(document, sort);
        }
        if (a.asArray().isEmpty()) {
            BsonDocument empty = document.clone();
            empty.put("a", new BsonUndefined());
            return plainKey(empty, sort);
        }
        return a.asArray().stream().map(element -> {
            BsonDocument single = document.clone();
            single.put("a", element);
            return plainKey(single, sort);
        }).min((x, y) -> compare(x, y, sort)).orElseThrow();
    }

    private static List<BsonValue> plainKey(BsonDocument document, BsonDocument sort) {
        List<BsonValue> key = new ArrayList<>();
        for (String path : sort.keySet()) {
            BsonValue value = document;
            for (String name : path.split("\\.")) {
                value = value != null && value.isDocument() ? value.asDocument().get(name) : null;
            }
            key.add(value == null ? BsonNull.VALUE : value);
        }
        return key;
    }

    private static int compare(List<BsonValue> x, List<BsonValue> y, BsonDocument sort) {
        int i = 0;
        for (BsonValue direction : sort.values()) {
            int order = direction.asInt32().getValue() * PlainOrder.compare(x.get(i), y.get(i));
            if (order != 0) {
                return order;
            }
            i++;
        }
        return 0;
    }

    @Test
    void findsTheFirstFewOfMuchMoreThanItsMemory() {
        SplittableRandom random = seed.random("top");
        int wanted = random.nextInt(1, 6);
        List<BsonDocument> expected = new ArrayList<>();
        try (SortBuffer buffer = new SortBuffer(20_000)) {
            buffer.begin(Sort.parse(QueryBson.view(BsonDocument.parse("{a: -1}")), QueryLimits.DEFAULTS), wanted);
            for (int i = 0; i < 20_000; i++) {
                BsonDocument document = new BsonDocument("a", new BsonInt32(random.nextInt(1000)))
                        .append("i", new BsonInt32(i)).append("text", new BsonString("x".repeat(random.nextInt(500))));
                expected.add(document);
                BsonView view = QueryBson.view(document);
                buffer.add(view.memory(), view.offset(), view.length(), 8);
            }
            buffer.finish();
            expected.sort(Comparator.comparing(document -> -document.getInt32("a").getValue()));
            assertEquals(wanted, buffer.count());
            for (int i = 0; i < wanted; i++) {
                assertEquals(expected.get(i), new BsonView().wrap(buffer.memory(), buffer.bodyOffset(i),
                        buffer.bodyLength(i)).toBsonDocument());
            }
        }
    }

    @Test
    void takesValuesOfOneElementTogether() {
        List<BsonDocument> documents = documents("{_id: 1, a: [{x: 1, y: 5}, {x: 2, y: 0}]}",
                "{_id: 2, a: [{x: 1, y: 3}]}");
        assertEquals(List.of(2, 1), ids(sorted(documents, BsonDocument.parse("{'a.x': 1, 'a.y': 1}"), 0)));
        assertEquals(List.of(1, 2), ids(sorted(documents, BsonDocument.parse("{'a.x': -1, 'a.y': 1}"), 0)));
        assertEquals(List.of(1, 2), ids(sorted(documents, BsonDocument.parse("{'a.y': 1}"), 0)));
    }

    @Test
    void refusesArraysSideBySide() {
        List<BsonDocument> documents = documents("{_id: 1, a: [1, 2], b: [1, 2]}");
        assertThrows(InvalidQueryException.class, () -> sorted(documents, BsonDocument.parse("{a: 1, b: 1}"), 0));
    }

    @Test
    void ranksTypesAsMongoDbDoes() {
        List<BsonDocument> documents = documents("{_id: 1, a: 'x'}", "{_id: 2, a: 5}", "{_id: 3}", "{_id: 4, a: []}",
                "{_id: 5, a: {b: 1}}", "{_id: 6, a: true}", "{_id: 7, a: {$minKey: 1}}", "{_id: 8, a: {$maxKey: 1}}",
                "{_id: 9, a: null}");
        assertEquals(List.of(7, 4, 3, 9, 2, 1, 5, 6, 8), ids(sorted(documents, BsonDocument.parse("{a: 1}"), 0)));
        assertEquals(List.of(8, 6, 5, 1, 2, 3, 9, 4, 7), ids(sorted(documents, BsonDocument.parse("{a: -1}"), 0)));
    }

    @Test
    void keepsFewWhereFewAreWanted() {
        try (SortBuffer buffer = new SortBuffer(1 << 20)) {
            buffer.begin(Sort.parse(QueryBson.view(BsonDocument.parse("{a: 1}")), QueryLimits.DEFAULTS), 5);
            for (int i = 0; i < 50_000; i++) {
                BsonView document = QueryBson.view(new BsonDocument("a", new BsonInt32((i * 7919) % 50_000)));
                buffer.add(document.memory(), document.offset(), document.length(), 16);
            }
            buffer.finish();
            assertEquals(5, buffer.count());
            for (int i = 0; i < 5; i++) {
                BsonView found = new BsonView().wrap(buffer.memory(), buffer.bodyOffset(i), buffer.bodyLength(i));
                assertEquals(new BsonDocument("a", new BsonInt32(i)), found.toBsonDocument());
                assertEquals(16, buffer.extraLength(i));
            }
        }
    }

    @Test
    void refusesMoreBytesThanAllowed() {
        try (SortBuffer buffer = new SortBuffer(10_000)) {
            buffer.begin(Sort.parse(QueryBson.view(BsonDocument.parse("{a: 1}")), QueryLimits.DEFAULTS), 0);
            BsonView document = QueryBson.view(BsonDocument.parse("{a: 'some text that takes room'}"));
            assertThrows(MemoryBudgetExceededException.class, () -> {
                for (int i = 0; i < 1000; i++) {
                    buffer.add(document.memory(), document.offset(), document.length(), 0);
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{a: 0}", "{a: 2}", "{a: 'x'}", "{a: {$meta: 'textScore'}}", "{$natural: 1}", "{'': 1}"})
    void refuses(String sort) {
        assertThrows(InvalidQueryException.class,
                () -> Sort.parse(QueryBson.view(BsonDocument.parse(sort)), QueryLimits.DEFAULTS));
    }

    private static List<BsonDocument> documents(String... json) {
        List<BsonDocument> documents = new ArrayList<>();
        for (String each : json) {
            documents.add(BsonDocument.parse(each));
        }
        return documents;
    }

    private static List<Integer> ids(List<BsonDocument> documents) {
        return documents.stream().map(document -> document.getInt32("_id").getValue()).toList();
    }

    private static List<BsonDocument> sorted(List<BsonDocument> documents, BsonDocument sort, int first) {
        try (SortBuffer buffer = new SortBuffer(1 << 24)) {
            buffer.begin(Sort.parse(QueryBson.view(sort), QueryLimits.DEFAULTS), first);
            for (BsonDocument document : documents) {
                BsonView view = QueryBson.view(document);
                buffer.add(view.memory(), view.offset(), view.length(), 0);
            }
            buffer.finish();
            List<BsonDocument> sorted = new ArrayList<>();
            for (int i = 0; i < buffer.count(); i++) {
                sorted.add(new BsonView().wrap(buffer.memory(), buffer.bodyOffset(i), buffer.bodyLength(i))
                        .toBsonDocument());
            }
            assertTrue(first == 0 || sorted.size() <= first);
            return sorted;
        }
    }
}
