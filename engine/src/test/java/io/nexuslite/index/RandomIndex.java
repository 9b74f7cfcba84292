package io.nexuslite.index;

import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/** Random definitions of indexes over the few names that random documents have. */
public final class RandomIndex {
    private static final List<String> NAMES = List.of("a", "b", "c", "0", "1");

    private RandomIndex() {
    }

    /** A definition as users write it, of at most so many paths, without a partial filter. */
    public static BsonDocument specification(SplittableRandom random, int pathsMax) {
        BsonDocument key = new BsonDocument();
        for (int i = random.nextInt(pathsMax); i >= 0; i--) {
            key.put(path(random), new BsonInt32(random.nextBoolean() ? 1 : -1));
        }
        BsonDocument specification = new BsonDocument("key", key);
        if (random.nextInt(4) == 0) {
            specification.put("sparse", BsonBoolean.TRUE);
        }
        return specification;
    }

    /** A dotted path; digits are rare, since they make documents ambiguous. */
    public static String path(SplittableRandom random) {
        StringBuilder path = new StringBuilder(name(random));
        while (random.nextInt(2) == 0 && path.length() < 7) {
            path.append('.').append(name(random));
        }
        return path.toString();
    }

    private static String name(SplittableRandom random) {
        return NAMES.get(random.nextInt(random.nextInt(4) == 0 ? NAMES.size() : 3));
    }
}
