package io.nexuslite.error;

/** A document with this {@code _id}, or this value of a unique index, exists already. Nothing was stored. */
public final class DuplicateKeyException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    private final String collection;
    private final String field;

    public DuplicateKeyException(String collection, String field) {
        super("Duplicate key: a document with the same value exists [collection=" + collection + ", field=" + field
                + "].",
                null);
        this.collection = collection;
        this.field = field;
    }

    public String collection() {
        return collection;
    }

    public String field() {
        return field;
    }
}
