package io.nexuslite;

import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.MemoryBudgetExceededException;
import java.util.List;
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

    /** Counts the documents that match, or some of them. */
    long countDocuments(Bson filter, CountOptions options);

    /**
     * The different values of a field in the documents that match, in the order in which they are met. An array counts by its
     * elements; a path goes through arrays; documents without the field have none. Numbers that are equal are one value.
     *
     * @param field a name or dotted path
     * @param filter {@code null} for all documents
     * @param type what values are decoded to by its codec; {@code BsonValue} for any
     * @throws MemoryBudgetExceededException if the values take more than 16 MiB
     */
    <R> List<R> distinct(String field, Bson filter, Class<R> type);
}
