package io.nexuslite.check;

import static io.nexuslite.format.LogFrameLayout.CSN_OFFSET;
import static io.nexuslite.format.LogFrameLayout.FLAGS_OFFSET;
import static io.nexuslite.format.LogFrameLayout.FLAG_EXTENTS;
import static io.nexuslite.format.LogFrameLayout.HEADER_SIZE;
import static io.nexuslite.format.LogFrameLayout.KIND_COMMIT;
import static io.nexuslite.format.LogFrameLayout.KIND_CREATE_TREE;
import static io.nexuslite.format.LogFrameLayout.KIND_DELETE_DOCUMENT;
import static io.nexuslite.format.LogFrameLayout.KIND_DELETE_KEYED;
import static io.nexuslite.format.LogFrameLayout.KIND_DROP_TREE;
import static io.nexuslite.format.LogFrameLayout.KIND_OFFSET;
import static io.nexuslite.format.LogFrameLayout.KIND_PUT_DOCUMENT;
import static io.nexuslite.format.LogFrameLayout.KIND_PUT_KEYED;
import static io.nexuslite.format.LogFrameLayout.LENGTH_OFFSET;
import static io.nexuslite.format.LogFrameLayout.RESERVED_FLAGS_OFFSET;
import static io.nexuslite.format.LogFrameLayout.RESERVED_FLAGS_SIZE;
import static io.nexuslite.format.LogFrameLayout.RESERVED_TREE_OFFSET;
import static io.nexuslite.format.LogFrameLayout.RESERVED_TREE_SIZE;
import static io.nexuslite.format.LogFrameLayout.TREE_ID_OFFSET;
import static io.nexuslite.format.TreeTableLayout.CATALOG_TREE_ID;
import static io.nexuslite.format.TreeTableLayout.FIRST_USER_TREE_ID;
import static io.nexuslite.format.TreeTableLayout.TEMP_DOCUMENTS_TREE_ID;

import io.nexuslite.format.LogFrameLayout;
import io.nexuslite.format.LogGroupLayout;
import java.lang.foreign.MemorySegment;

/** Checks the frames of groups that are whole, one behind the other, and follows the transactions over them. One thread. */
final class LogFrames {
    /** Shown each record with extents that the trees do not hold yet. */
    interface ExtentVisitor {
        void visit(LeafRecord leafRecord, long framePosition, String object);
    }

    private final CheckScope scope;
    private final CheckedFile log;
    private final DocumentBody body;
    private final MemorySegment key;
    private final ExtentVisitor extents;
    private final LeafRecord leafRecord = new LeafRecord();
    /** The frame under check. */
    private MemorySegment memory;
    private int length;
    private int kind;
    /** The transaction under way, or the last one that ended. */
    private long csn;
    private boolean open;
    private long frames;
    private long transactions;
    private long lastCsn;

    /** @param key memory for a key string */
    LogFrames(CheckScope scope, CheckedFile log, DocumentBody body, MemorySegment key, ExtentVisitor extents) {
        this.scope = scope;
        this.log = log;
        this.body = body;
        this.key = key;
        this.extents = extents;
    }

    /** Starts behind a group whose last commit is {@code lastCsn}. */
    void start(long lastCsn) {
        csn = lastCsn;
        open = false;
    }

    /**
     * Checks the frames of a group that is whole.
     *
     * @param quiet make no findings: they are made already
     * @return false if a frame is wrong, so that what follows it cannot be judged
     */
    boolean check(MemorySegment group, LogGroupHeader header, long filePosition, boolean quiet) {
        memory = group;
        long offset = LogGroupLayout.HEADER_SIZE;
        long end = offset + header.framesLength;
        long expected = open && header.frameCount > 0 ? csn : csn + 1;
        String object = "group at " + filePosition;
        String wrong = header.firstCsn != expected
                ? "expected commit " + expected + " next, found " + header.firstCsn
                : null;
        for (int i = 0; wrong == null && i < header.frameCount; i++) {
            wrong = wrongFrame(offset, end, filePosition);
            if (wrong != null) {
                object = "frame " + i + " of the group at " + filePosition;
            } else {
                offset += LogFrameLayout.paddedLength(length);
            }
        }
        if (wrong == null && offset != end) {
            wrong = "expected frames of " + header.framesLength + " bytes, found that " + header.frameCount + " have "
                    + (offset - LogGroupLayout.HEADER_SIZE);
        }
        if (wrong == null && header.frameCount > 0 && csn != header.lastCsn) {
            wrong = "expected commit " + header.lastCsn + " as the last, found " + csn;
        }
        if (wrong != null && !quiet) {
            log.damage(filePosition, object, wrong);
        }
        return wrong == null;
    }

    /** Whether the log ended inside a transaction. */
    boolean isOpen() {
        return open;
    }

    long frames() {
        return frames;
    }

    long transactions() {
        return transactions;
    }

    /** Last commit whose transaction is whole; 0 if there was none that the trees do not hold. */
    long lastCsn() {
        return lastCsn;
    }

    private String wrongFrame(long offset, long end, long filePosition) {
        String wrong = wrongHeader(offset, end);
        if (wrong == null) {
            wrong = wrongOrder(Bytes.longAt(memory, offset + CSN_OFFSET));
        }
        return wrong == null ? wrongPayload(offset, filePosition + offset) : wrong;
    }

    private String wrongHeader(long offset, long end) {
        if (end - offset < HEADER_SIZE) {
            return "expected a frame of at least " + HEADER_SIZE + " bytes, found " + (end - offset);
        }
        length = Bytes.intAt(memory, offset + LENGTH_OFFSET);
        if (length < HEADER_SIZE || LogFrameLayout.paddedLength(length) > end - offset
                || LogFrameLayout.paddedLength(length) < length) {
            return "expected a frame that fits its group, found length " + Integer.toUnsignedString(length);
        }
        if (Bytes.firstNonZero(memory, offset + length, LogFrameLayout.paddedLength(length) - length) >= 0
                || Bytes.firstNonZero(memory, offset + RESERVED_FLAGS_OFFSET, RESERVED_FLAGS_SIZE) >= 0
                || Bytes.firstNonZero(memory, offset + RESERVED_TREE_OFFSET, RESERVED_TREE_SIZE) >= 0) {
            return "expected reserved bytes and padding of zero, found others";
        }
        kind = Bytes.unsignedByte(memory, offset + KIND_OFFSET);
        if (kind < KIND_PUT_DOCUMENT || kind > KIND_COMMIT) {
            return "expected a known kind, found " + kind;
        }
        int treeId = Bytes.intAt(memory, offset + TREE_ID_OFFSET);
        boolean document = kind == KIND_PUT_DOCUMENT || kind == KIND_DELETE_DOCUMENT;
        boolean keyed = kind == KIND_PUT_KEYED || kind == KIND_DELETE_KEYED;
        boolean fits = kind == KIND_COMMIT
                ? treeId == 0
                : treeId >= FIRST_USER_TREE_ID
                        || keyed && (treeId == CATALOG_TREE_ID || treeId == TEMP_DOCUMENTS_TREE_ID);
        if (!fits) {
            return "expected a tree that frames of kind " + kind + " can change, found "
                    + Integer.toUnsignedString(treeId);
        }
        int flags = Bytes.unsignedByte(memory, offset + FLAGS_OFFSET);
        return (flags & ~FLAG_EXTENTS) != 0 || flags != 0 && !document
                ? "expected flags that its kind can have, found " + flags
                : null;
    }

    private String wrongOrder(long frameCsn) {
        long expected = open ? csn : csn + 1;
        if (frameCsn != expected) {
            return "expected commit " + expected + ", found " + frameCsn;
        }
        csn = frameCsn;
        open = kind != KIND_COMMIT;
        if (csn > scope.manifest.checkpointCsn()) {
            frames++;
            if (!open) {
                transactions++;
                lastCsn = csn;
            }
        }
        return null;
    }

    private String wrongPayload(long offset, long filePosition) {
        if (kind == KIND_COMMIT) {
            return length == HEADER_SIZE ? null : "expected a commit without payload, found length " + length;
        }
        if (kind == KIND_CREATE_TREE || kind == KIND_DROP_TREE) {
            return null;
        }
        boolean document = kind == KIND_PUT_DOCUMENT || kind == KIND_DELETE_DOCUMENT;
        boolean delete = kind == KIND_DELETE_DOCUMENT || kind == KIND_DELETE_KEYED;
        long end = offset + length;
        if (length == HEADER_SIZE) {
            return "expected a record, found no payload";
        }
        String wrong = leafRecord.parseLogged(memory, offset + HEADER_SIZE, end, document);
        if (wrong != null) {
            return wrong;
        }
        if (leafRecord.end != end) {
            return "expected a record that fills its frame, found one of "
                    + (leafRecord.end - offset - HEADER_SIZE) + " bytes";
        }
        if (leafRecord.isTombstone() != delete) {
            return "expected a tombstone for a delete and none for a put, found otherwise";
        }
        boolean flagged = Bytes.unsignedByte(memory, offset + FLAGS_OFFSET) != 0;
        if (document && leafRecord.hasExtents() != flagged || delete && flagged) {
            return "expected extents in frame and record of a put, found otherwise";
        }
        if (document) {
            wrong = body.check(memory, leafRecord.valueOffset, leafRecord.valueLength,
                    delete || leafRecord.hasExtents(), key, 0);
            if (wrong == null && leafRecord.hasExtents() && csn > scope.manifest.checkpointCsn()) {
                extents.visit(leafRecord, filePosition, "commit " + csn + " in the log");
            }
        }
        return wrong;
    }
}
