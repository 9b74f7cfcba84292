package io.nexuslite.index;

import io.nexuslite.bson.BsonView;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.store.Key;
import java.util.ArrayList;
import java.util.List;

/** The keys that a document gives an index, for tests of other rooms. */
public final class TestKeys {
    /** Keys in order. */
    public final List<byte[]> keys = new ArrayList<>();
    /** A bit for each path of the index on which the document has an array. */
    public long arrayPaths;

    private TestKeys() {
    }

    /** Keys of a document, or {@code null} if the index cannot hold it. */
    public static TestKeys ofOrNull(IndexDefinition definition, BsonView document) {
        TestKeys result = new TestKeys();
        try (IndexKeys generator = new IndexKeys(definition, null); KeySet set = new KeySet()) {
            generator.generate(document.memory(), document.offset(), document.length(), set);
            for (int i = 0; i < set.count(); i++) {
                result.keys.add(IndexWorld.bytes(set.key(i, new Key())));
            }
            result.arrayPaths = set.arrayPaths();
            return result;
        } catch (InvalidDocumentException | KeyTooLongException e) {
            return null;
        }
    }
}
