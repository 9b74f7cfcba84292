package io.nexuslite.wasp.tree;

import static io.nexuslite.format.PageLayout.HEADER_SIZE;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.store.RecordView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/** Walks the records of a tree on disk in key order, once. Values in extents are not read: the view then shows the id alone. */
public final class ImageCursor implements AutoCloseable {
    private final ImageTree tree;
    private final boolean document;
    private final int pageSize;
    private final TreeScratch scratch = new TreeScratch();
    private final GrowableBuffer buffer;
    private final MemorySegment page;
    private final ArrayDeque<Node> path = new ArrayDeque<>();
    private PagePointer leaf;
    private int slotIndex;
    private int slotCount;

    /** Children of an inner page that are still to be walked. */
    private static final class Node {
        final InnerEntry[] children;
        final int level;
        int next;

        Node(InnerEntry[] children, int level) {
            this.children = children;
            this.level = level;
        }
    }

    ImageCursor(ImageTree tree, PagePointer root, boolean document, int pageSize) {
        this.tree = tree;
        this.document = document;
        this.pageSize = pageSize;
        buffer = new GrowableBuffer(pageSize, pageSize);
        page = buffer.memory();
        leaf = new PagePointer();
        if (!root.isNone()) {
            descend(new PagePointer(root), -1);
        }
    }

    private void descend(PagePointer from, int expectedLevel) {
        PagePointer pointer = from;
        int level = expectedLevel;
        while (!tree.isLeaf(pointer)) {
            InnerEntry[] children = tree.readInner(pointer, level);
            level = tree.levelRead() - 1;
            Node node = new Node(children, level);
            node.next = 1;
            path.push(node);
            pointer = children[0].pointer;
        }
        tree.readLeaf(pointer, page, 0, scratch);
        leaf = pointer;
        slotIndex = 0;
        slotCount = LeafImage.slotCount(page, 0);
    }

    /**
     * Goes to the next record; from before the first to the first.
     *
     * @param into key (keyed trees), value and csn; valid until the next call
     * @return false behind the last
     */
    public boolean next(RecordView into) {
        while (slotIndex == slotCount) {
            while (!path.isEmpty() && path.peek().next == path.peek().children.length) {
                path.pop();
            }
            if (path.isEmpty()) {
                return false;
            }
            Node node = path.peek();
            descend(node.children[node.next++].pointer, node.level);
        }
        int prefixLength = LeafImage.prefixLength(page, 0);
        int slot = LeafImage.slot(page, 0, prefixLength, slotCount, slotIndex++);
        RecordParser record = scratch.record;
        if (document) {
            LeafFrame.parse(page, 0, pageSize, true, slot, record);
            into.meta().createdMillis = record.createdMillis;
            into.meta().updatedMillis = record.updatedMillis;
            into.meta().documentVersion = record.documentVersion;
            into.meta().expiryMillis = record.expiryMillis;
        } else {
            int length = LeafFrame.copyKey(page, 0, pageSize, false, slot, scratch, scratch.keyMemory, 0);
            into.key().wrap(scratch.keyMemory, 0, length);
            assert length >= prefixLength && slot >= HEADER_SIZE;
        }
        into.set(page, record.bodyOffset, record.bodyLength, record.csn);
        return true;
    }

    /** Leaf that holds the current record. */
    PagePointer leaf() {
        return leaf;
    }

    @Override
    public void close() {
        buffer.close();
        scratch.close();
    }
}
