package io.nexuslite;

import java.util.Objects;
import org.bson.conversions.Bson;

/**
 * One write of a {@link DocumentCollection#bulkWrite}. Immutable.
 *
 * @param <T> what documents are encoded from
 */
public sealed interface WriteModel<T> {
    /** As {@link DocumentCollection#insertOne(Object, InsertOptions)}. */
    record InsertOne<T>(T document, InsertOptions options) implements WriteModel<T> {
        public InsertOne {
            Objects.requireNonNull(document, "document");
            Objects.requireNonNull(options, "options");
        }
    }

    /** As {@link DocumentCollection#replaceOne(Bson, Object, ReplaceOptions)}. */
    record ReplaceOne<T>(Bson filter, T replacement, ReplaceOptions options) implements WriteModel<T> {
        public ReplaceOne {
            Objects.requireNonNull(replacement, "replacement");
            Objects.requireNonNull(options, "options");
        }
    }

    /** As {@link DocumentCollection#updateOne(Bson, Bson, UpdateOptions)}, or {@code updateMany} for {@code many}. */
    record Update<T>(Bson filter, Bson update, UpdateOptions options, boolean many) implements WriteModel<T> {
        public Update {
            Objects.requireNonNull(update, "update");
            Objects.requireNonNull(options, "options");
        }
    }

    /** As {@link DocumentCollection#deleteOne(Bson, DeleteOptions)}, or {@code deleteMany} for {@code many}. */
    record Delete<T>(Bson filter, DeleteOptions options, boolean many) implements WriteModel<T> {
        public Delete {
            Objects.requireNonNull(options, "options");
        }
    }

    /** Inserts a document. */
    static <T> WriteModel<T> insertOne(T document) {
        return new InsertOne<>(document, InsertOptions.defaults());
    }

    /** Replaces the first document that matches. */
    static <T> WriteModel<T> replaceOne(Bson filter, T replacement) {
        return new ReplaceOne<>(filter, replacement, ReplaceOptions.defaults());
    }

    /** Updates the first document that matches. */
    static <T> WriteModel<T> updateOne(Bson filter, Bson update) {
        return new Update<>(filter, update, UpdateOptions.defaults(), false);
    }

    /** Updates the first document that matches. */
    static <T> WriteModel<T> updateOne(Bson filter, Bson update, UpdateOptions options) {
        return new Update<>(filter, update, options, false);
    }

    /** Updates all documents that match. */
    static <T> WriteModel<T> updateMany(Bson filter, Bson update) {
        return new Update<>(filter, update, UpdateOptions.defaults(), true);
    }

    /** Updates all documents that match. */
    static <T> WriteModel<T> updateMany(Bson filter, Bson update, UpdateOptions options) {
        return new Update<>(filter, update, options, true);
    }

    /** Deletes the first document that matches. */
    static <T> WriteModel<T> deleteOne(Bson filter) {
        return new Delete<>(filter, DeleteOptions.defaults(), false);
    }

    /** Deletes all documents that match. */
    static <T> WriteModel<T> deleteMany(Bson filter) {
        return new Delete<>(filter, DeleteOptions.defaults(), true);
    }
}
