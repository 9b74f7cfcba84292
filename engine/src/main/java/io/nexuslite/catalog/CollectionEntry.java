package io.nexuslite.catalog;

import io.nexuslite.store.Tree;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonDocument;

/**
 * What the catalog knows of a collection. Immutable.
 *
 * @param name under which it was found
 * @param tree that holds its documents
 * @param uuid given at creation, kept over renaming
 * @param createdMillis when it was created, milliseconds since 1970 UTC
 * @param options as they were given; not to be changed
 * @param indexes a document for each secondary index, with the id of its tree; not to be changed
 */
public record CollectionEntry(String name, Tree tree, UUID uuid, long createdMillis, BsonDocument options,
        BsonArray indexes) {
    /** Field of a document of {@link #indexes}: the index's tree, an int32. */
    public static final String INDEX_TREE_ID = "treeId";

    public int treeId() {
        return tree.treeId();
    }
}
