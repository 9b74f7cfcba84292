package io.nexuslite.query;

import io.nexuslite.index.IndexDefinition;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** Random filters over the paths of an index. */
final class IndexFilters {
    private final QueryBson bson;
    private final SplittableRandom random;

    IndexFilters(SplittableRandom random) {
        this.random = random;
        this.bson = new QueryBson(random.split());
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
        return bson.filter(0).values().iterator().next();
    }
}
