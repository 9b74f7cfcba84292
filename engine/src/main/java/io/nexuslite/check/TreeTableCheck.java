package io.nexuslite.check;

import static io.nexuslite.format.TreeTableLayout.ENTRY_SIZE;
import static io.nexuslite.format.TreeTableLayout.FIRST_USER_TREE_ID;
import static io.nexuslite.format.TreeTableLayout.FLAGS_OFFSET;
import static io.nexuslite.format.TreeTableLayout.FLAGS_SIZE;
import static io.nexuslite.format.TreeTableLayout.KEY_SIZE;
import static io.nexuslite.format.TreeTableLayout.KIND_DOCUMENT;
import static io.nexuslite.format.TreeTableLayout.KIND_KEYED;
import static io.nexuslite.format.TreeTableLayout.KIND_OFFSET;
import static io.nexuslite.format.TreeTableLayout.RECORD_COUNT_OFFSET;
import static io.nexuslite.format.TreeTableLayout.RESERVED_OFFSET;
import static io.nexuslite.format.TreeTableLayout.RESERVED_SIZE;
import static io.nexuslite.format.TreeTableLayout.ROOT_POINTER_OFFSET;
import static io.nexuslite.format.TreeTableLayout.SEGMENT_COUNT_OFFSET;
import static io.nexuslite.format.TreeTableLayout.TEMP_DOCUMENTS_TREE_ID;

import io.nexuslite.format.PageLayout;
import io.nexuslite.format.Pointer;
import java.lang.foreign.MemorySegment;

/** Checks each entry of the tree table and walks the tree that it names. One thread. */
final class TreeTableCheck implements RecordVisitor {
    /** What a walk over all trees is for. */
    enum Purpose {
        /** Everything is checked. */
        CHECK,
        /** Only who claims which page matters. */
        ACCOUNT,
        /** Only the entries of ephemeral documents are looked at. */
        SUSPECT_ENTRIES,
        /** Only documents with an expiry are looked at. */
        SUSPECT_DOCUMENTS
    }

    private final CheckScope scope;
    private final TreeCheck trees;
    private final EphemeralCheck ephemerals;
    private final Purpose purpose;
    /** The tree of ephemeral documents, which is checked when it is known which trees there are; or {@code null}. */
    private NamedTree deferred;

    /** A tree as its entry names it, for when the entry's page is no longer at hand. */
    private record NamedTree(int treeId, byte kind, Pointer root, long records, long birth, long position,
            String object) {
    }

    TreeTableCheck(CheckScope scope, TreeCheck trees, EphemeralCheck ephemerals, Purpose purpose) {
        this.scope = scope;
        this.trees = trees;
        this.ephemerals = ephemerals;
        this.purpose = purpose;
    }

    @Override
    public void visit(LeafRecord entry) {
        boolean first = purpose == Purpose.CHECK;
        String wrong = wrong(entry);
        if (wrong != null) {
            scope.incomplete = true; // its tree cannot be found
            if (first) {
                scope.file.damage(scope.position(entry.pageNumber), entry.object(), wrong);
            }
            return;
        }
        int treeId = Bytes.bigEndianInt(entry.keyMemory, entry.keyOffset);
        byte kind = (byte) Bytes.unsignedByte(entry.memory, entry.valueOffset + KIND_OFFSET);
        boolean documents = kind == KIND_DOCUMENT;
        if (purpose == Purpose.SUSPECT_ENTRIES && treeId != TEMP_DOCUMENTS_TREE_ID
                || purpose == Purpose.SUSPECT_DOCUMENTS && !documents) {
            return;
        }
        NamedTree tree = new NamedTree(treeId, kind,
                Pointer.read(entry.memory, entry.valueOffset + ROOT_POINTER_OFFSET),
                Bytes.longAt(entry.memory, entry.valueOffset + RECORD_COUNT_OFFSET),
                Bytes.longAt(entry.memory, PageLayout.BIRTH_MANIFEST_OFFSET), scope.position(entry.pageNumber),
                entry.object());
        if (first) {
            scope.treeIds.setKind(treeId, kind);
            scope.counts.trees++;
        }
        if (first && treeId == TEMP_DOCUMENTS_TREE_ID) {
            deferred = tree;
        } else {
            walk(tree);
        }
    }

    /** Checks what had to wait until tree table and catalog were seen whole. */
    void finish() {
        if (deferred != null) {
            walk(deferred);
        }
    }

    private void walk(NamedTree tree) {
        boolean first = purpose == Purpose.CHECK;
        boolean documents = tree.kind == KIND_DOCUMENT;
        boolean whole = trees.walk(tree.treeId, documents, tree.root, tree.birth,
                "root of tree " + tree.treeId + " in " + tree.object, tree.position, !first,
                visitor(tree.treeId, documents));
        if (first) {
            scope.counts.records += trees.recordCount();
            if (whole && tree.records != trees.recordCount()) {
                scope.file.damage(tree.position, tree.object, "expected " + tree.records + " records in tree "
                        + tree.treeId + ", found " + trees.recordCount());
            }
        }
    }

    private RecordVisitor visitor(int treeId, boolean documents) {
        return switch (purpose) {
            case CHECK -> {
                if (documents) {
                    yield leafRecord -> {
                        scope.counts.documents++;
                        ephemerals.document(leafRecord);
                    };
                }
                yield treeId == TEMP_DOCUMENTS_TREE_ID ? ephemerals::entry : null;
            }
            case ACCOUNT -> null;
            case SUSPECT_ENTRIES -> ephemerals::suspectEntry;
            case SUSPECT_DOCUMENTS -> ephemerals::suspectDocument;
        };
    }

    private String wrong(LeafRecord entry) {
        if (entry.keyLength != KEY_SIZE || entry.valueLength != ENTRY_SIZE) {
            return "expected a key of " + KEY_SIZE + " and a value of " + ENTRY_SIZE + " bytes, found "
                    + entry.keyLength + " and " + entry.valueLength;
        }
        int treeId = Bytes.bigEndianInt(entry.keyMemory, entry.keyOffset);
        if (treeId != TEMP_DOCUMENTS_TREE_ID
                && (treeId < FIRST_USER_TREE_ID || treeId >= scope.manifest.nextTreeId())) {
            return "expected tree " + TEMP_DOCUMENTS_TREE_ID + ", or " + FIRST_USER_TREE_ID + " to "
                    + (scope.manifest.nextTreeId() - 1) + ", found " + Integer.toUnsignedString(treeId);
        }
        MemorySegment memory = entry.memory;
        long value = entry.valueOffset;
        int kind = Bytes.unsignedByte(memory, value + KIND_OFFSET);
        if (kind != KIND_KEYED && (kind != KIND_DOCUMENT || treeId == TEMP_DOCUMENTS_TREE_ID)) {
            return "expected a kind of tree, found " + kind;
        }
        if (Bytes.firstNonZero(memory, value + FLAGS_OFFSET, FLAGS_SIZE) >= 0
                || Bytes.firstNonZero(memory, value + RESERVED_OFFSET, RESERVED_SIZE) >= 0) {
            return "expected flags and reserved bytes of zero, found others";
        }
        int segments = Bytes.intAt(memory, value + SEGMENT_COUNT_OFFSET);
        return segments != 0 ? "expected no segments, found " + Integer.toUnsignedString(segments) : null;
    }
}
