package io.nexuslite.index;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.RandomBson;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.Decimal128;

/** Random documents over few names and few values, with arrays as often as the chance says. */
final class RandomDocuments {
    private static final List<String> NAMES = List.of("a", "b", "c", "0", "1");

    private final SplittableRandom random;
    private final RandomBson wild;
    private final double arrayChance;

    RandomDocuments(SplittableRandom random, double arrayChance) {
        this.random = random;
        this.wild = new RandomBson(random.nextLong());
        this.arrayChance = arrayChance;
    }

    BsonDocument document(BsonValue id) {
        BsonDocument document = new BsonDocument("_id", id);
        for (int i = random.nextInt(4); i > 0; i--) {
            document.put(name(), value(3));
        }
        return document;
    }

    private String name() {
        return NAMES.get(random.nextInt(random.nextInt(5) == 0 ? NAMES.size() : 3));
    }

    private BsonValue value(int depth) {
        if (depth > 0 && random.nextDouble() < arrayChance) {
            BsonArray array = new BsonArray();
            for (int i = random.nextInt(5); i > 0; i--) {
                array.add(value(depth - 1));
            }
            return array;
        }
        return switch (random.nextInt(depth > 0 ? 11 : 8)) {
            case 0, 1 -> new BsonInt32(random.nextInt(4));
            case 2 -> new BsonInt64(random.nextInt(4));
            case 3 -> new BsonDouble(random.nextInt(8) / 2.0);
            case 4 -> new BsonDecimal128(Decimal128.parse(random.nextInt(4) + ".0"));
            case 5 -> new BsonString(List.of("", "x", "y").get(random.nextInt(3)));
            case 6 -> random.nextBoolean() ? BsonNull.VALUE : BsonBoolean.valueOf(random.nextBoolean());
            case 7 -> wild.value(0);
            default -> {
                BsonDocument nested = new BsonDocument();
                for (int i = random.nextInt(3); i > 0; i--) {
                    nested.put(name(), value(depth - 1));
                }
                yield nested;
            }
        };
    }

    /** The bytes of a document, in memory of their own. */
    static BsonView view(BsonDocument document) {
        try (GrowableBuffer buffer = GrowableBuffer.ofConfined(256, GrowableBuffer.DEFAULT_LIMIT)) {
            int length = BsonBridge.encode(document, buffer);
            MemorySegment memory = Arena.ofAuto().allocate(length);
            MemorySegment.copy(buffer.memory(), 0, memory, 0, length);
            return new BsonView().wrap(memory, 0, length);
        }
    }
}
