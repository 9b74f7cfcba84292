package io.nexuslite.error;

import org.bson.BsonDocument;

/** A document with this {@code _id}, or this value of a unique index, exists already. Nothing was stored. */
public final class DuplicateKeyException extends NexusLiteException {
    private static final String ID_INDEX = "_id_";
    private static final long serialVersionUID = 1L;

    private final String collection;
    private final String field;
    private final String index;
    private final BsonDocument key;

    /** A document with the same {@code _id}, or the same value of that field. */
    public DuplicateKeyException(String collection, String field) {
        this(collection, field, ID_INDEX, null);
    }

    /**
     * A document with the same key in a unique index.
     *
     * @param field the index's paths, separated by commas
     * @param index name of the index
     * @param key the values by path as far as they are known, or {@code null}; not part of the message
     */
    public DuplicateKeyException(String collection, String field, String index, BsonDocument key) {
        super("Duplicate key: a document with the same value exists [collection=" + collection + ", field=" + field
                + ", index=" + index + "].", null);
        this.collection = collection;
        this.field = field;
        this.index = index;
        this.key = key;
    }

    public String collection() {
        return collection;
    }

    /** The path whose value is there already; of an index over several paths all of them, separated by commas. */
    public String field() {
        return field;
    }

    /** Name of the index that has the value already; that of {@code _id} is {@code _id_}. */
    public String index() {
        return index;
    }

    /** The values that are there already, by path, or {@code null} where they are not told. */
    public BsonDocument key() {
        return key;
    }
}
