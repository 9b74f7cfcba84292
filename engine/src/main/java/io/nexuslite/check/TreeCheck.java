package io.nexuslite.check;

import static io.nexuslite.format.PageLayout.KIND_DOCUMENT_LEAF;
import static io.nexuslite.format.PageLayout.KIND_INNER;
import static io.nexuslite.format.PageLayout.KIND_KEYED_LEAF;

import io.nexuslite.format.PageLayout;
import io.nexuslite.format.Pointer;
import io.nexuslite.memory.NativeBuffer;
import java.lang.foreign.MemorySegment;

/**
 * Walks one tree from its root down, in key order, one page at a time: a page is read only if its pointer is sound and its pages
 * were not claimed before, its children only if its own structure is. Levels descend by one, so that no walk is endless.
 *
 * <p>Holds one page for each level. To be reused for many trees, one after the other; one thread.
 */
final class TreeCheck implements AutoCloseable {
    /** Levels that a tree can have. */
    static final int LEVELS_MAX = 32;

    private final CheckScope scope;
    private final TreePages pages;
    private final LeafPage leaf;
    private final DocumentBody body;
    private final HeapPacking packing = new HeapPacking();
    private final NativeBuffer[] buffers = new NativeBuffer[LEVELS_MAX + 1];
    private final Fence[] lows = new Fence[LEVELS_MAX + 1];
    private final Fence[] highs = new Fence[LEVELS_MAX + 1];

    private int treeId;
    private byte leafKind;
    private boolean quiet;
    private RecordVisitor visitor;
    private long recordCount;
    private boolean incomplete;

    TreeCheck(CheckScope scope) {
        this.scope = scope;
        pages = new TreePages(scope);
        body = new DocumentBody(scope, pages);
        leaf = new LeafPage(scope, body);
        for (int i = 0; i <= LEVELS_MAX; i++) {
            lows[i] = new Fence();
            highs[i] = new Fence();
        }
    }

    /**
     * Walks a tree.
     *
     * @param documents whether its leaves hold documents
     * @param birthMax birth of what names the root
     * @param object what names the root, with {@code position}, for findings about its pointer
     * @param quiet make no findings but those about pages that are claimed twice: all others are made already
     * @param visitor sees each record that is sound; may be {@code null}
     * @return false if a part of the tree could not be read
     */
    boolean walk(int treeId, boolean documents, Pointer root, long birthMax, String object, long position,
            boolean quiet, RecordVisitor visitor) {
        this.treeId = treeId;
        this.leafKind = documents ? KIND_DOCUMENT_LEAF : KIND_KEYED_LEAF;
        this.quiet = quiet;
        this.visitor = visitor;
        recordCount = 0;
        incomplete = false;
        lows[0].clear();
        highs[0].clear();
        if (!root.equals(Pointer.NONE)) {
            descend(root, 0, -1, birthMax, object, position);
        }
        scope.incomplete |= incomplete;
        return !incomplete;
    }

    /** Records that the leaves of the last walk say they have. */
    long recordCount() {
        return recordCount;
    }

    DocumentBody body() {
        return body;
    }

    @Override
    public void close() {
        leaf.close();
        for (NativeBuffer buffer : buffers) {
            if (buffer != null) {
                buffer.close();
            }
        }
    }

    private void descend(Pointer pointer, int depth, int level, long birthMax, String parent, long parentPosition) {
        String wrong = pages.wrongPointer(pointer, leafKind, birthMax);
        if (wrong == null && level >= 0 && (pointer.kind() == KIND_INNER) != (level > 0)) {
            wrong = "expected a pointer to a page of level " + level + ", found kind " + pointer.kind();
        }
        if (wrong != null) {
            damage(parentPosition, parent, wrong);
            incomplete = true;
            return;
        }
        String object = TreePages.object(pointer.pageNumber(), treeId);
        if (scope.claiming && !pages.claim(pointer, object)) {
            incomplete = true;
            return;
        }
        if (quiet && visitor == null && pointer.kind() == KIND_KEYED_LEAF) {
            return; // names nothing, and was read before
        }
        MemorySegment page = memory(depth);
        if (!pages.read(pointer, page, treeId, level, quiet)) {
            incomplete = true;
            return;
        }
        if (!quiet) {
            scope.counts.treePages++;
        }
        if (pointer.kind() == KIND_INNER) {
            inner(pointer, page, depth, object);
        } else {
            int count = leaf.check(page, pointer.pageNumber(), treeId, leafKind == KIND_DOCUMENT_LEAF,
                    pointer.birthManifest(), lows[depth], highs[depth], quiet, visitor);
            recordCount += count;
            incomplete |= !leaf.isSound();
        }
    }

    private void inner(Pointer pointer, MemorySegment page, int depth, String object) {
        int level = Bytes.unsignedByte(page, PageLayout.LEVEL_OFFSET);
        String wrong = depth == 0 && level >= LEVELS_MAX
                ? "expected at most " + LEVELS_MAX + " levels, found level " + level
                : InnerPage.wrong(page, scope.pageSize, lows[depth], highs[depth], packing);
        long position = scope.position(pointer.pageNumber());
        if (wrong != null) {
            damage(position, object, wrong);
            incomplete = true;
            return;
        }
        int count = InnerPage.childCount(page);
        for (int i = 0; i < count; i++) {
            if (i == 0) {
                lows[depth + 1].set(lows[depth]);
            } else {
                lows[depth + 1].set(page, InnerPage.separatorOffset(page, i), InnerPage.separatorLength(page, i));
            }
            if (i == count - 1) {
                highs[depth + 1].set(highs[depth]);
            } else {
                highs[depth + 1].set(page, InnerPage.separatorOffset(page, i + 1),
                        InnerPage.separatorLength(page, i + 1));
            }
            descend(InnerPage.child(page, i), depth + 1, level - 1, pointer.birthManifest(),
                    "child " + i + " of " + object, position);
        }
    }

    private void damage(long position, String object, String what) {
        if (!quiet) {
            scope.file.damage(position, object, what);
        }
    }

    private MemorySegment memory(int depth) {
        if (buffers[depth] == null) {
            buffers[depth] = new NativeBuffer(scope.pageSize);
        }
        return buffers[depth].memory();
    }
}
