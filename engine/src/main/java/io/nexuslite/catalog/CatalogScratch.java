package io.nexuslite.catalog;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.Tree;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.bson.BsonDocument;

/** Memory in which one caller builds keys and values of the catalog. One thread at a time; owns the memory. */
public final class CatalogScratch implements AutoCloseable {
    /** First byte of the keys of collections. Others are kept for what is to come. */
    static final byte KIND_COLLECTION = 1;

    private static final int CAPACITY = 512;
    private static final int VALUE_LENGTH_MAX = 1 << 20;

    private final GrowableBuffer keyBytes = new GrowableBuffer(CAPACITY, CAPACITY);
    private final GrowableBuffer value = new GrowableBuffer(CAPACITY, VALUE_LENGTH_MAX);
    private final Key key = new Key();
    private final BsonView view = new BsonView();
    final RecordView record = new RecordView();

    /** Scratch memory of a new caller. */
    public CatalogScratch() {
    }

    /** Key of a collection. Valid until the next call. */
    Key key(String name) {
        keyBytes.reset();
        keyBytes.reserve(1);
        keyBytes.memory().set(ValueLayout.JAVA_BYTE, 0, KIND_COLLECTION);
        keyBytes.setLength(1);
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        keyBytes.append(utf8, 0, utf8.length);
        return key.wrap(keyBytes.memory(), 0, keyBytes.length());
    }

    void put(Transaction transaction, Tree catalog, String name, BsonDocument content) {
        value.reset();
        int length = BsonBridge.encode(content, value);
        transaction.put(catalog, key(name), value.memory(), 0, length);
    }

    /** The value of a record. */
    BsonDocument content(RecordView of) {
        return view.wrap(of.memory(), of.offset(), of.length()).toBsonDocument();
    }

    /** Name in the key of a record, or {@code null} if the record is of another kind. */
    String name(RecordView of) {
        Key found = of.key();
        if (found.length() < 1 || found.memory().get(ValueLayout.JAVA_BYTE, found.offset()) != KIND_COLLECTION) {
            return null;
        }
        byte[] utf8 = found.memory().asSlice(found.offset() + 1, found.length() - 1L).toArray(ValueLayout.JAVA_BYTE);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        keyBytes.close();
        value.close();
    }
}
