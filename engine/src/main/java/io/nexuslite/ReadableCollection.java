package io.nexuslite;

import io.nexuslite.error.InvalidQueryException;
import java.util.Optional;
import org.bson.conversions.Bson;

/**
 * Documents of one collection, to read. Any thread, unless it belongs to a transaction.
 *
 * @param <T> what documents are decoded to
 */
public interface ReadableCollection<T> {
    /** Name of the collection. */
    String name();

    /** Class of {@code T}. */
    Class<T> documentClass();

    /** All documents, in the order of their {@code _id}. */
    FindQuery<T> find();

    /**
     * Documents that match, in the order of their {@code _id} unless a sort says otherwise.
     *
     * @throws InvalidQueryException if the filter cannot be understood
     */
    FindQuery<T> find(Bson filter);

    /**
     * The document with this {@code _id}.
     *
     * @param id any value that a codec knows: String, Integer, UUID, ObjectId, BsonValue, …
     */
    Optional<T> findById(Object id);

    /** What is stored beside the document with this {@code _id}. */
    Optional<DocumentMetadata> metadata(Object id);

    /** Counts the documents by looking at each. */
    long countDocuments();

    /** Counts the documents that match. */
    long countDocuments(Bson filter);
}
