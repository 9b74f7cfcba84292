package io.nexuslite.check;

import io.nexuslite.format.TreeTableLayout;
import org.agrona.collections.Long2LongHashMap;

/**
 * Whether each document with an expiry has its entry in the tree of ephemeral documents, and each entry its document. The first walk
 * fills the ledger; only if that does not agree, a second one finds the places. One thread.
 */
final class EphemeralCheck {
    /** Entries looked at closely; more than that are told as a number. */
    private static final int SUSPECTS_MAX = 1 << 16;
    private static final int KEY_PREFIX_SIZE = Long.BYTES + Integer.BYTES;
    private static final long NONE = -1;

    private final CheckScope scope;
    private final EphemeralLedger ledger = new EphemeralLedger();
    private final Long2LongHashMap suspects = new Long2LongHashMap(NONE);
    private boolean tooMany;

    EphemeralCheck(CheckScope scope) {
        this.scope = scope;
    }

    /** For the first walk: a document of a collection. */
    void document(LeafRecord leafRecord) {
        if (leafRecord.hasExpiry()) {
            scope.counts.ephemeralDocuments++;
            ledger.addDocument(documentFingerprint(leafRecord));
        }
    }

    /** For the first walk: an entry. */
    void entry(LeafRecord leafRecord) {
        String wrong = null;
        if (leafRecord.keyLength <= KEY_PREFIX_SIZE) {
            wrong = "expected a key of expiry, tree id and key, found " + leafRecord.keyLength + " bytes";
        } else if (leafRecord.valueLength != 0) {
            wrong = "expected an empty value, found " + leafRecord.valueLength + " bytes";
        } else if (!scope.manifest.mayHaveGiven(
                Bytes.bigEndianInt(leafRecord.keyMemory, leafRecord.keyOffset + Long.BYTES))) {
            wrong = "expected the tree id of a collection, found another";
        }
        if (wrong != null) {
            damage(leafRecord, wrong);
        } else if (!isOfDroppedTree(leafRecord)) {
            ledger.addEntry(entryFingerprint(leafRecord));
        }
    }

    boolean agrees() {
        return ledger.agrees();
    }

    /** For the second walk, which sees all entries first. */
    void suspectEntry(LeafRecord leafRecord) {
        if (leafRecord.keyLength > KEY_PREFIX_SIZE && !isOfDroppedTree(leafRecord)
                && ledger.mayDiffer(entryFingerprint(leafRecord))) {
            if (suspects.size() < SUSPECTS_MAX) {
                suspects.put(entryFingerprint(leafRecord), leafRecord.pageNumber);
            } else {
                tooMany = true;
            }
        }
    }

    /** For the second walk, which sees all documents last. */
    void suspectDocument(LeafRecord leafRecord) {
        if (!tooMany && leafRecord.hasExpiry() && ledger.mayDiffer(documentFingerprint(leafRecord))
                && suspects.remove(documentFingerprint(leafRecord)) == NONE) {
            damage(leafRecord, "expected an entry in tree " + TreeTableLayout.TEMP_DOCUMENTS_TREE_ID
                    + " for its expiry, found none");
        }
    }

    /** After the second walk: what is left has no document. */
    void finish() {
        if (tooMany) {
            scope.file.damage(0, "tree " + TreeTableLayout.TEMP_DOCUMENTS_TREE_ID,
                    "expected an entry for each document with an expiry, found too many that differ to name them");
            return;
        }
        suspects.forEachLong((fingerprint, page) -> scope.file.damage(scope.position(page),
                TreePages.object(page, TreeTableLayout.TEMP_DOCUMENTS_TREE_ID),
                "expected a document with that expiry for each entry, found none for one"));
    }

    /** A drop does not look for the entries of its documents: they stay until they expire. */
    private boolean isOfDroppedTree(LeafRecord leafRecord) {
        return scope.treeIds.isDropped(Bytes.bigEndianInt(leafRecord.keyMemory, leafRecord.keyOffset + Long.BYTES));
    }

    private long documentFingerprint(LeafRecord leafRecord) {
        return EphemeralLedger.fingerprint(leafRecord.expiryMillis, leafRecord.treeId, leafRecord.keyMemory,
                leafRecord.keyOffset, leafRecord.keyLength);
    }

    private long entryFingerprint(LeafRecord leafRecord) {
        long expiry = Bytes.bigEndianLong(leafRecord.keyMemory, leafRecord.keyOffset) ^ Long.MIN_VALUE;
        int treeId = Bytes.bigEndianInt(leafRecord.keyMemory, leafRecord.keyOffset + Long.BYTES);
        return EphemeralLedger.fingerprint(expiry, treeId, leafRecord.keyMemory,
                leafRecord.keyOffset + KEY_PREFIX_SIZE, leafRecord.keyLength - KEY_PREFIX_SIZE);
    }

    private void damage(LeafRecord leafRecord, String what) {
        scope.file.damage(scope.position(leafRecord.pageNumber), leafRecord.object(), what);
    }
}
