package io.nexuslite.catalog;

import io.nexuslite.store.Tree;
import java.util.UUID;
import org.bson.BsonDocument;

/**
 * What the catalog knows of a collection. Immutable.
 *
 * @param name under which it was found
 * @param tree that holds its documents
 * @param uuid given at creation, kept over renaming
 * @param createdMillis when it was created, milliseconds since 1970 UTC
 * @param options as they were given; not to be changed
 */
public record CollectionEntry(String name, Tree tree, UUID uuid, long createdMillis, BsonDocument options) {
    public int treeId() {
        return tree.treeId();
    }
}
