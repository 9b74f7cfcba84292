package io.nexuslite.check;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/** Images that several tests use. */
final class Images {
    private Images() {
    }

    /** Two collections, one with an index; ephemeral documents; large values; free, pending, reserve; up to three levels. */
    static ImageBuilder rich(int pageSize) {
        ImageBuilder builder = new ImageBuilder(pageSize);
        builder.free(3);
        builder.recordsPerLeaf = 5;
        builder.childrenPerInner = 4;
        builder.extentsPerValue = 3;
        List<ImageRecord> documents = new ArrayList<>();
        List<ImageRecord> index = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 100; i++) {
            BsonDocument document = new BsonDocument("_id", new BsonString("document-" + i)).append("n",
                    new BsonInt32(i));
            if (i % 20 == 3) {
                byte[] blob = new byte[pageSize + 1000 * i];
                byte[] pattern = new byte[251]; // no divisor of a page, and kept files stay small
                random.nextBytes(pattern);
                for (int k = 0; k < blob.length; k++) {
                    blob[k] = pattern[k % pattern.length];
                }
                document.append("blob", new BsonBinary(blob));
            }
            ImageRecord leafRecord = ImageRecord.document(document).csn(1 + i % 90).times(1_700_000_000_000L + i,
                    1_700_000_500_000L - 7L * i, 1 + i % 3);
            if (i % 4 == 1) {
                leafRecord.expiry(1_800_000_000_000L - i * 1000L);
            }
            if (i % 7 == 2) {
                leafRecord.tags("red", "grün");
            }
            documents.add(leafRecord);
            index.add(
                    ImageRecord.keyed(ByteBuffer.allocate(24).putLong(i * 31 % 97).putLong(i).array(), new byte[i % 9])
                            .csn(1 + i));
        }
        builder.collection("orders", documents, index);
        builder.pending(2, 5, 12);
        builder.collection("empty", List.of(), List.of());
        builder.collection("few", List.of(ImageRecord.document(new BsonDocument("_id", new BsonInt64(1)))), List.of());
        builder.reserve(4);
        return builder;
    }

    /** The smallest database with a bit of everything: one leaf a tree. */
    static ImageBuilder small() {
        ImageBuilder builder = new ImageBuilder(8192);
        byte[] blob = new byte[3000];
        new SplittableRandom(1).nextBytes(blob);
        builder.collection("c", List.of(
                ImageRecord.document(new BsonDocument("_id", new BsonInt32(1))).csn(7).expiry(1_800_000_000_000L),
                ImageRecord.document(new BsonDocument("_id", new BsonInt32(2)).append("b", new BsonBinary(blob))).csn(8)
                        .tags("t")),
                List.of());
        return builder.free(1);
    }
}
