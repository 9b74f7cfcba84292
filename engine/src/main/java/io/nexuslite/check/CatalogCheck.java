package io.nexuslite.check;

import static io.nexuslite.format.TreeTableLayout.FIRST_USER_TREE_ID;
import static io.nexuslite.format.TreeTableLayout.KIND_DOCUMENT;
import static io.nexuslite.format.TreeTableLayout.KIND_KEYED;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.FieldName;

/** Checks each entry of the catalog: its key, its document, and the trees that it names. Comes behind the tree table. One thread. */
final class CatalogCheck implements RecordVisitor {
    private static final int KIND_COLLECTION = 1;
    private static final int NAME_SIZE_MAX = 255;
    private static final FieldName TREE_ID = FieldName.of("treeId");
    private static final FieldName INDEXES = FieldName.of("indexes");

    private final CheckScope scope;
    private final DocumentBody body;
    private final BsonCursor cursor = new BsonCursor();

    CatalogCheck(CheckScope scope, DocumentBody body) {
        this.scope = scope;
        this.body = body;
    }

    @Override
    public void visit(LeafRecord entry) {
        int kind = entry.keyLength == 0 ? 0 : Bytes.unsignedByte(entry.keyMemory, entry.keyOffset);
        if (kind > KIND_COLLECTION) {
            scope.file.warning(scope.position(entry.pageNumber), entry.object(),
                    "expected an entry of kind " + KIND_COLLECTION + ", found kind " + kind
                            + ", which a later build may know");
            return;
        }
        String wrong = wrongKey(entry, kind);
        if (wrong == null) {
            wrong = body.checkBson(entry.memory, entry.valueOffset, entry.valueLength);
        }
        if (wrong == null) {
            wrong = wrongTrees(entry);
        }
        if (wrong != null) {
            scope.file.damage(scope.position(entry.pageNumber), entry.object(), wrong);
        }
    }

    private String wrongKey(LeafRecord entry, int kind) {
        if (kind != KIND_COLLECTION) {
            return "expected an entry of kind " + KIND_COLLECTION + ", found " + kind;
        }
        int nameLength = entry.keyLength - 1;
        if (nameLength < 1 || nameLength > NAME_SIZE_MAX) {
            return "expected a name of 1 to " + NAME_SIZE_MAX + " bytes, found " + nameLength;
        }
        return Tags.isUtf8(entry.keyMemory, entry.keyOffset + 1, nameLength)
                ? null
                : "expected a name in UTF-8, found other bytes";
    }

    private String wrongTrees(LeafRecord entry) {
        cursor.wrap(entry.memory, entry.valueOffset, entry.valueLength);
        if (!cursor.find(TREE_ID)) {
            return "expected the tree id of the collection, found none";
        }
        String wrong = wrongTree(KIND_DOCUMENT);
        if (wrong != null) {
            return wrong;
        }
        cursor.wrap(entry.memory, entry.valueOffset, entry.valueLength);
        if (!cursor.find(INDEXES)) {
            return null;
        }
        if (cursor.type() != BsonType.ARRAY) {
            return "expected an array of indexes, found type " + (cursor.type() & 0xFF);
        }
        cursor.enter();
        while (cursor.next()) {
            if (cursor.type() != BsonType.DOCUMENT) {
                return "expected documents in the array of indexes, found type " + (cursor.type() & 0xFF);
            }
            cursor.enter();
            wrong = cursor.find(TREE_ID) ? wrongTree(KIND_KEYED) : "expected the tree id of each index, found none";
            if (wrong != null) {
                return wrong;
            }
            cursor.leave();
        }
        return null;
    }

    private String wrongTree(byte kind) {
        if (cursor.type() != BsonType.INT32) {
            return "expected a tree id of type int, found type " + (cursor.type() & 0xFF);
        }
        int treeId = cursor.int32();
        if (treeId < FIRST_USER_TREE_ID || treeId >= scope.manifest.nextTreeId()) {
            return "expected tree ids from " + FIRST_USER_TREE_ID + " to " + (scope.manifest.nextTreeId() - 1)
                    + ", found " + treeId;
        }
        byte found = scope.treeIds.kind(treeId);
        if (found != 0 && found != kind) {
            return "expected tree " + treeId + " to be of kind " + kind + ", found kind " + found
                    + " in the tree table";
        }
        return scope.treeIds.name(treeId) ? null : "expected a tree of its own, found tree " + treeId + " named before";
    }
}
