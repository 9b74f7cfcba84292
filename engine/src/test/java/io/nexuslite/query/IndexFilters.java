package io.nexuslite.query;

import io.nexuslite.index.IndexDefinition;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonNull;
import org.bson.BsonValue;

/** Random filters over the paths of an index. */
final class IndexFilters {
    private final QueryBson bson;
    private final SplittableRandom random;
    private final boolean shaped;

    /** @param shaped whether to ask for the few values of {@link #shapedDocument} above all */
    IndexFilters(SplittableRandom random, boolean shaped) {
        this.random = random;
        this.shaped = shaped;
        this.bson = new QueryBson(random.split());
    }

    /** An index over paths that go through one array, and others. */
    static BsonDocument shapedIndex(SplittableRandom random) {
        BsonDocument key = new BsonDocument();
        if (random.nextInt(3) == 0) {
            key.put("a.d.b", new BsonInt32(1));
            key.put("a.d.c", new BsonInt32(-1));
        }
        for (int i = random.nextInt(key.isEmpty() ? 3 : 1); i >= 0; i--) {
            key.put(List.of("a.b", "a.c", "a", "b", "a.d.b", "a.d.c").get(random.nextInt(6)), new BsonInt32(random
                    .nextBoolean() ? 1 : -1));
        }
        BsonDocument specification = new BsonDocument("key", key);
        if (random.nextInt(3) == 0) {
            specification.put("sparse", BsonBoolean.TRUE);
        }
        return specification;
    }

    /** A document of few values, most of them in documents of one array. */
    static BsonDocument shapedDocument(SplittableRandom random) {
        BsonDocument document = new BsonDocument("_id", new BsonInt32(random.nextInt(100)));
        if (random.nextInt(4) > 0) {
            BsonArray array = new BsonArray();
            for (int i = random.nextInt(4); i > 0; i--) {
                array.add(random.nextInt(8) == 0 ? small(random) : element(random, true));
            }
            document.put("a", random.nextInt(4) == 0 ? element(random, true) : array);
        }
        if (random.nextBoolean()) {
            document.put("b", small(random));
        }
        return document;
    }

    private static BsonDocument element(SplittableRandom random, boolean deeper) {
        BsonDocument element = new BsonDocument();
        for (String name : List.of("b", "c")) {
            if (random.nextInt(4) > 0) {
                element.put(name, small(random));
            }
        }
        if (deeper && random.nextInt(3) == 0) {
            element.put("d", random.nextBoolean()
                    ? element(random, false)
                    : new BsonArray(List.of(element(random, false), element(random, false))));
        }
        return element;
    }

    private static BsonValue small(SplittableRandom random) {
        return switch (random.nextInt(12)) {
            case 0 -> BsonNull.VALUE;
            case 1 -> new BsonArray(List.of(new BsonInt32(random.nextInt(3)), new BsonInt32(random.nextInt(3))));
            case 2 -> new BsonArray();
            default -> new BsonInt32(random.nextInt(3));
        };
    }

    private BsonValue shapedCondition() {
        BsonValue value = random.nextInt(6) == 0 ? BsonNull.VALUE : new BsonInt32(random.nextInt(3));
        return switch (random.nextInt(8)) {
            case 0 -> new BsonDocument("$ne", value);
            case 1 -> new BsonDocument("$gte", new BsonInt32(random.nextInt(3)));
            case 2, 5 -> new BsonDocument("$gte", new BsonInt32(random.nextInt(3))).append("$lte", new BsonInt32(random
                    .nextInt(2)));
            case 3 -> new BsonDocument("$in", new BsonArray(List.of(value, new BsonInt32(random.nextInt(3)))));
            case 4 -> new BsonDocument("$exists", BsonBoolean.valueOf(random.nextBoolean()));
            default -> value;
        };
    }

    BsonDocument filter(IndexDefinition definition) {
        if (random.nextInt(8) == 0) {
            return bson.filter(2);
        }
        BsonArray conjuncts = new BsonArray();
        for (int i = random.nextInt(3); i >= 0; i--) {
            conjuncts.add(conjunct(definition, 2));
        }
        return conjuncts.size() == 1 ? conjuncts.get(0).asDocument() : new BsonDocument("$and", conjuncts);
    }

    private BsonDocument conjunct(IndexDefinition definition, int depth) {
        String path = definition.paths().get(random.nextInt(definition.paths().size())).path();
        int choice = random.nextInt(depth > 0 ? 10 : 6);
        if (shaped && choice == 0) {
            return new BsonDocument("$or", new BsonArray(List.of(new BsonDocument(path, condition()), new BsonDocument(
                    path, condition()))));
        }
        if (choice == 9) {
            BsonArray branches = new BsonArray();
            for (int i = random.nextInt(3); i >= 0; i--) {
                branches.add(conjunct(definition, depth - 1));
            }
            return new BsonDocument(List.of("$or", "$and", "$nor").get(random.nextInt(3)), branches);
        }
        if (choice >= 7 && path.indexOf('.') > 0) {
            return elementMatch(definition, path, depth);
        }
        return new BsonDocument(random.nextInt(8) == 0 ? bson.path() : path, condition());
    }

    /** Conditions on an element of what the first names of a path lead to. */
    private BsonDocument elementMatch(IndexDefinition definition, String path, int depth) {
        int dot = random.nextBoolean() ? path.indexOf('.') : path.lastIndexOf('.');
        String prefix = path.substring(0, dot + 1);
        BsonDocument inner = new BsonDocument(path.substring(dot + 1), condition());
        definition.paths().forEach(other -> {
            if (other.path().startsWith(prefix) && random.nextBoolean()) {
                inner.put(other.path().substring(dot + 1), condition());
            }
        });
        if (depth > 1 && random.nextInt(4) == 0) {
            inner.putAll(bson.filter(1));
        }
        return new BsonDocument(path.substring(0, dot), new BsonDocument("$elemMatch", inner));
    }

    private BsonValue condition() {
        if (shaped && random.nextInt(8) > 0) {
            return shapedCondition();
        }
        return bson.filter(0).values().iterator().next();
    }
}
