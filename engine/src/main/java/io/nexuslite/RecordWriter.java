package io.nexuslite;

import io.nexuslite.bson.FieldName;
import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.Tree;
import java.util.List;

/**
 * Writes records of documents, each together with its entry in the tree of ephemeral documents.
 *
 * <p>I1: inside every commit, a document with an expiry has exactly one entry (expiry, tree, key), and a document without has
 * none.
 */
final class RecordWriter {
    private RecordWriter() {
    }

    /**
     * Stores the context's document, whose key must be free; an expired document there makes way.
     *
     * @throws DuplicateKeyException if there is a document
     */
    static void insert(TransactionScope scope, OperationContext context, Tree tree, String collection,
            List<String> tags,
            long expiryMillis) {
        Key key = context.documentKey();
        if (findLive(scope, context, tree, key)) {
            throw duplicate(collection);
        }
        insertAbsent(scope, context, tree, key, tags, expiryMillis);
    }

    static DuplicateKeyException duplicate(String collection) {
        return new DuplicateKeyException(collection, FieldName.ID.name());
    }

    /**
     * Finds what the context's document would replace, into {@code context.record}. An expired document there begins to make
     * way: after false, {@link #insertAbsent} follows.
     */
    static boolean findLive(TransactionScope scope, OperationContext context, Tree tree, Key key) {
        if (!scope.get(tree, key, context.record)) {
            return false;
        }
        long expiry = context.record.meta().expiryMillis;
        if (!Expiry.isExpired(expiry, scope.nowMillis())) {
            return true;
        }
        removeEntry(scope.transaction(), context, tree, key, expiry);
        return false;
    }

    /** Stores the context's document, of which {@link #findLive} has found none before. */
    static void insertAbsent(TransactionScope scope, OperationContext context, Tree tree, Key key, List<String> tags,
            long expiryMillis) {
        RecordMeta meta = context.meta.reset(scope.nowMillis());
        meta.expiryMillis = expiryMillis;
        setTags(context, tags);
        putEntry(scope.transaction(), context, tree, key);
        put(scope.transaction(), context, tree, key);
    }

    /** Stores the context's document in place of the one that {@link #findLive} has found, whose tags and expiry stay. */
    static void replaceFound(TransactionScope scope, OperationContext context, Tree tree) {
        RecordMeta old = context.record.meta();
        long expiry = old.expiryMillis;
        metaOfReplacement(context, old, scope.nowMillis());
        replace(scope, context, tree, expiry);
    }

    /**
     * Stores the context's document in place of {@code old}, which has the same key. Expiry and tags are those of
     * {@code context.meta}, which the caller has set; created and version come from the old one.
     */
    static void replace(TransactionScope scope, OperationContext context, Tree tree, long oldExpiryMillis) {
        Key key = context.documentKey();
        if (oldExpiryMillis != context.meta.expiryMillis) {
            removeEntry(scope.transaction(), context, tree, key, oldExpiryMillis);
            putEntry(scope.transaction(), context, tree, key);
        }
        put(scope.transaction(), context, tree, key);
    }

    /** Deletes a document whose expiry the caller has read. The key is not one of the context's temporary keys. */
    static void delete(Transaction transaction, OperationContext context, Tree tree, Key key, long expiryMillis) {
        removeEntry(transaction, context, tree, key, expiryMillis);
        transaction.delete(tree, key);
    }

    /** Puts meta of a replacement into the context: next version of the old record, its tags and expiry. Copies the tags. */
    static void metaOfReplacement(OperationContext context, RecordMeta old, long nowMillis) {
        RecordMeta meta = context.meta.reset(nowMillis);
        meta.createdMillis = old.createdMillis;
        meta.documentVersion = old.documentVersion + 1;
        meta.expiryMillis = old.expiryMillis;
        context.tags.reset();
        if (old.tagsMemory != null && old.tagsLength > 0) {
            context.tags.append(old.tagsMemory, old.tagsOffset, old.tagsLength);
            meta.tagsMemory = context.tags.memory();
            meta.tagsLength = old.tagsLength;
        }
    }

    static void setTags(OperationContext context, List<String> tags) {
        context.tags.reset();
        int length = DocumentTags.encode(tags, context.tags);
        context.meta.tagsMemory = length == 0 ? null : context.tags.memory();
        context.meta.tagsOffset = 0;
        context.meta.tagsLength = length;
    }

    private static void put(Transaction transaction, OperationContext context, Tree tree, Key key) {
        transaction.putDocument(tree, key, context.document.memory(), 0, context.document.length(), context.meta);
    }

    private static void putEntry(Transaction transaction, OperationContext context, Tree tree, Key key) {
        if (context.meta.expiryMillis != Expiry.NONE) {
            Key entry = context.tempKeys.key(context.meta.expiryMillis, tree.treeId(), key);
            transaction.put(context.tempDocuments, entry, context.tempKeys.emptyValue(), 0, 0);
        }
    }

    private static void removeEntry(Transaction transaction, OperationContext context, Tree tree, Key key,
            long expiryMillis) {
        if (expiryMillis != Expiry.NONE) {
            transaction.delete(context.tempDocuments, context.tempKeys.key(expiryMillis, tree.treeId(), key));
        }
    }
}
