package io.nexuslite;

import io.nexuslite.error.NamespaceException;
import java.util.List;
import org.bson.Document;

/** What can be done inside a transaction, and by itself. Of a transaction: valid until its body returns, on its thread only. */
public interface Transactional {
    /**
     * A collection of documents. It need not exist: it is empty then, and created by the first insert.
     *
     * @throws NamespaceException if the name is not 1 to 255 bytes of UTF-8, holds NUL, starts with {@code $} or {@code system.}
     */
    DocumentCollection<Document> collection(String name);

    /** A collection whose documents are encoded and decoded by the codec of {@code type}; otherwise as above. */
    <T> DocumentCollection<T> collection(String name, Class<T> type);

    /**
     * Creates an empty collection.
     *
     * @throws NamespaceException if the name is taken or not allowed
     */
    void createCollection(String name, CollectionOptions options);

    /** Drops a collection with all its documents; false if there was none. */
    boolean dropCollection(String name);

    /**
     * Gives a collection another name.
     *
     * @throws NamespaceException if there is none of that name, or the new one is taken or not allowed
     */
    void renameCollection(String name, String newName);

    /** Names of the collections in the order of their UTF-8 bytes, {@code _tempDocuments} excepted. */
    List<String> collectionNames();
}
