package io.nexuslite;

import java.util.List;
import org.bson.Document;

/**
 * One state of the whole database, readable until the snapshot is closed, whatever is written meanwhile. Any thread.
 *
 * <p>An open snapshot keeps old documents from being removed: close it soon. Whether a document is expired is judged at the
 * instant at which the snapshot was taken.
 */
public interface Snapshot extends AutoCloseable {
    /** Number of the newest commit that it shows. */
    long commit();

    /** Who took it, for reports. */
    String owner();

    /** When it was taken, milliseconds since 1970 UTC. */
    long startMillis();

    /** A collection as it was; empty if there was none. */
    ReadableCollection<Document> collection(String name);

    /** A collection as it was, its documents decoded by the codec of {@code type}. */
    <T> ReadableCollection<T> collection(String name, Class<T> type);

    /** Names of the collections that there were, in the order of their UTF-8 bytes. */
    List<String> collectionNames();

    /** Ends it. Idempotent. */
    @Override
    void close();
}
