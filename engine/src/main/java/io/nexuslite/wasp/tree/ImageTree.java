package io.nexuslite.wasp.tree;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.format.PageLayout;
import io.nexuslite.format.PointerLayout;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.TreeKind;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A tree as it lies on disk. Nothing is changed in place: {@link #apply} writes new inner pages above new leaves and tells which old
 * pages the new root does not name. One thread at a time.
 *
 * <p>Only pages above replaced leaves are written and freed, so that pointers to other pages stay good.
 */
public final class ImageTree implements AutoCloseable {
    private static final byte[] FIRST = {};

    private final PageReader pages;
    private final int treeId;
    private final boolean document;
    private final int pageSize;
    private final TreeScratch scratch = new TreeScratch();
    private final GrowableBuffer pageBuffer;
    private final MemorySegment page;
    private InnerCuts cuts = InnerCuts.NONE;
    private final Map<Long, InnerEntry[]> written = new HashMap<>(); // inner pages of the last apply with cuts, by page number

    public ImageTree(PageReader pages, int treeId, TreeKind kind) {
        this.pages = pages;
        this.treeId = treeId;
        this.document = kind == TreeKind.DOCUMENT;
        pageSize = pages.pageSize();
        pageBuffer = new GrowableBuffer(pageSize, pageSize);
        page = pageBuffer.memory();
    }

    // ---- reading

    /** Reads an inner page and takes it apart. */
    InnerEntry[] readInner(PagePointer pointer, int level) {
        if (pointer.kind() != PageLayout.KIND_INNER) {
            throw malformed(pointer, "expected an inner page, found kind " + pointer.kind());
        }
        pages.readPage(pointer, treeId, page, 0, scratch.crc);
        try {
            InnerImage.requireWellFormed(page, 0, pageSize, level);
        } catch (MalformedRecordException | IndexOutOfBoundsException e) {
            throw malformed(pointer, e.getMessage());
        }
        InnerEntry[] entries = new InnerEntry[LeafImage.slotCount(page, 0)];
        for (int i = 0; i < entries.length; i++) {
            long separator = InnerImage.separatorOffset(page, 0, entries.length, i);
            entries[i] = new InnerEntry(Bytes.copyOf(page, separator + PageLayout.SEPARATOR_LENGTH_SIZE, Bytes
                    .unsignedShort(page, separator)), new PagePointer().load(page, InnerImage.pointerOffset(0, i)));
        }
        return entries;
    }

    /** Level of the inner page that was read last. */
    int levelRead() {
        return LeafImage.level(page, 0);
    }

    /** Reads a leaf into {@code target} and checks it. */
    void readLeaf(PagePointer pointer, MemorySegment target, long offset, TreeScratch with) {
        if (pointer.kind() != LeafImage.kindOf(document)) {
            throw malformed(pointer, "expected a leaf, found kind " + pointer.kind());
        }
        pages.readPage(pointer, treeId, target, offset, with.crc);
        try {
            LeafImage.requireWellFormed(target, offset, pageSize, document, with.record);
        } catch (MalformedRecordException | IndexOutOfBoundsException e) {
            throw malformed(pointer, e.getMessage());
        }
    }

    boolean isLeaf(PagePointer pointer) {
        return pointer.kind() == LeafImage.kindOf(document);
    }

    RuntimeException malformed(PagePointer pointer, String what) {
        return PageCheck.malformed("Page breaks a rule of the format: " + what, pointer, treeId, pages);
    }

    /**
     * Finds the record of a key in a keyed tree, reading its pages.
     *
     * @param root may be none
     * @param into value and csn; valid until the next call
     */
    public boolean get(PagePointer root, Key key, RecordView into) {
        if (root.isNone()) {
            return false;
        }
        PagePointer pointer = root;
        int level = -1;
        while (!isLeaf(pointer)) {
            InnerEntry[] children = readInner(pointer, level);
            level = levelRead() - 1;
            int child = children.length - 1;
            while (child > 0 && Bytes.compare(key.memory(), key.offset(), key.length(), MemorySegment.ofArray(
                    children[child].separator), 0, children[child].separator.length) < 0) {
                child--;
            }
            pointer = children[child].pointer;
        }
        readLeaf(pointer, page, 0, scratch);
        int index = LeafFrame.find(page, 0, pageSize, document, key.memory(), key.offset(), key.length(), scratch);
        if (index < 0) {
            return false;
        }
        int slot = LeafImage.slot(page, 0, LeafImage.prefixLength(page, 0), LeafImage.slotCount(page, 0), index);
        LeafFrame.parse(page, 0, pageSize, document, slot, scratch.record);
        into.set(page, scratch.record.bodyOffset, scratch.record.bodyLength, scratch.record.csn);
        return true;
    }

    /** Walks all records below a root in key order. */
    public ImageCursor cursor(PagePointer root) {
        return new ImageCursor(this, root, document, pageSize);
    }

    // ---- replacing leaves

    /**
     * Replaces leaves and writes the inner pages above them.
     *
     * @param root old root, or none
     * @param replacements ascending and disjoint; each range is a union of ranges of old leaves, or an old leaf's range is a union of
     *     theirs
     * @return the new root, or none
     */
    PagePointer apply(PagePointer root, List<LeafReplacement> replacements, PageWriter target) {
        if (replacements.isEmpty() && !cuts.hasStrays()) {
            return new PagePointer(root);
        }
        List<InnerEntry> entries = new ArrayList<>();
        int level = 0;
        if (root.isNone()) {
            addNew(replacements, FIRST, null, entries);
        } else if (isLeaf(root)) {
            replaceLeaves(new InnerEntry[]{new InnerEntry(FIRST, new PagePointer(root))}, FIRST, null, replacements,
                    target, entries);
        } else {
            InnerEntry[] children = readInner(root, -1);
            level = levelRead() - 1;
            rewrite(root, children, level + 1, FIRST, null, replacements, target, entries);
        }
        return growRoot(entries, level, target);
    }

    /** As {@link #apply(PagePointer, List, PageWriter)}, with inner pages cut where the tree's page frames begin, and remembered. */
    PagePointer apply(PagePointer root, List<LeafReplacement> replacements, PageWriter target, InnerCuts at) {
        cuts = at;
        return apply(root, replacements, target);
    }

    /** Children of an inner page that {@link #apply} has written, their separators whole; {@code null} if it has not, or on another level. */
    InnerEntry[] written(PagePointer pointer, int level) {
        InnerEntry[] entries = written.get(pointer.pageNumber());
        boolean hasLeaves = entries != null && isLeaf(entries[0].pointer);
        return entries == null || hasLeaves != (level == 1) ? null : entries;
    }

    /** Puts pages above nodes of a level until one is left. */
    PagePointer growRoot(List<InnerEntry> nodes, int level, PageWriter target) {
        List<InnerEntry> entries = nodes;
        int above = level;
        while (entries.size() > 1) {
            above++;
            List<InnerEntry> next = new ArrayList<>();
            pack(entries, above, target, next);
            entries = next;
        }
        return entries.isEmpty() ? new PagePointer() : entries.getFirst().pointer;
    }

    /** Adds to {@code result} what the children of a page become. */
    private void rewrite(PagePointer pointer, InnerEntry[] children, int level, byte[] low, byte[] high,
            List<LeafReplacement> replacements, PageWriter target, List<InnerEntry> result) {
        target.free(pointer);
        if (level == 1) {
            replaceLeaves(children, low, high, replacements, target, result);
            return;
        }
        List<InnerEntry> run = new ArrayList<>(); // children of neighbouring pages that are written anew
        for (int i = 0; i < children.length; i++) {
            byte[] childLow = i == 0 ? low : children[i].separator;
            byte[] childHigh = i + 1 < children.length ? children[i + 1].separator : high;
            List<LeafReplacement> within = overlapping(replacements, childLow, childHigh);
            if (within.isEmpty() && !cuts.isStray(level - 1, childLow, childHigh)) {
                pack(run, level - 1, target, result);
                run.clear();
                result.add(new InnerEntry(childLow, children[i].pointer));
            } else {
                PagePointer child = children[i].pointer;
                rewrite(child, readInner(child, level - 1), level - 1, childLow, childHigh, within, target, run);
            }
        }
        pack(run, level - 1, target, result);
    }

    private void replaceLeaves(InnerEntry[] leaves, byte[] low, byte[] high, List<LeafReplacement> replacements,
            PageWriter target, List<InnerEntry> result) {
        int first = result.size();
        for (int i = 0; i < leaves.length; i++) {
            byte[] separator = i == 0 ? low : leaves[i].separator;
            if (isReplaced(replacements, separator)) {
                target.free(leaves[i].pointer);
            } else {
                result.add(new InnerEntry(separator, leaves[i].pointer));
            }
        }
        addNew(replacements, low, high, result);
        result.subList(first, result.size()).sort((a, b) -> Arrays.compareUnsigned(a.separator, b.separator));
    }

    /** Adds the new leaves whose ranges begin in {@code [low, high)}. */
    private static void addNew(List<LeafReplacement> replacements, byte[] low, byte[] high, List<InnerEntry> result) {
        for (LeafReplacement replacement : replacements) {
            if (replacement.leaf() != null && Arrays.compareUnsigned(replacement.low(), low) >= 0 && isBelow(replacement
                    .low(), high)) {
                result.add(new InnerEntry(replacement.low(), replacement.leaf()));
            }
        }
    }

    private static boolean isReplaced(List<LeafReplacement> replacements, byte[] separator) {
        int at = firstEndingBehind(replacements, separator);
        return at < replacements.size() && Arrays.compareUnsigned(replacements.get(at).low(), separator) <= 0;
    }

    /** Index of the first replacement whose range ends behind a key. */
    private static int firstEndingBehind(List<LeafReplacement> replacements, byte[] key) {
        int low = 0;
        int high = replacements.size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (isBelow(key, replacements.get(middle).high())) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static List<LeafReplacement> overlapping(List<LeafReplacement> replacements, byte[] low, byte[] high) {
        int from = firstEndingBehind(replacements, low);
        int to = from;
        while (to < replacements.size() && isBelow(replacements.get(to).low(), high)) {
            to++;
        }
        return replacements.subList(from, to);
    }

    private static boolean isBelow(byte[] key, byte[] high) {
        return high == null || Arrays.compareUnsigned(key, high) < 0;
    }

    /** Writes inner pages of a level over nodes, cut where page frames begin. */
    private void pack(List<InnerEntry> nodes, int level, PageWriter target, List<InnerEntry> result) {
        int from = 0;
        for (int i = 1; i < nodes.size(); i++) {
            if (cuts.isBetween(level, nodes.get(i - 1).separator, nodes.get(i).separator)) {
                packEvenly(nodes.subList(from, i), level, target, result);
                from = i;
            }
        }
        packEvenly(nodes.subList(from, nodes.size()), level, target, result);
    }

    private void packEvenly(List<InnerEntry> nodes, int level, PageWriter target, List<InnerEntry> result) {
        long rest = 0; // bytes of the entries from `from` on
        for (InnerEntry node : nodes) {
            rest += InnerImage.entrySize(node.separator.length);
        }
        int capacity = InnerImage.capacity(pageSize);
        InnerEntry[] entries = nodes.toArray(InnerEntry[]::new);
        int from = 0;
        while (from < entries.length) {
            long stored = rest - entries[from].separator.length; // the first separator of a page is not stored
            long pageCount = (stored + capacity - 1) / capacity;
            long share = (stored + pageCount - 1) / pageCount;
            int size = 0;
            int to = from;
            while (to < entries.length) {
                int next = InnerImage.entrySize(to == from ? 0 : entries[to].separator.length);
                if (size + next > capacity || to > from && size >= share) {
                    break;
                }
                size += next;
                to++;
            }
            result.add(new InnerEntry(entries[from].separator, putInner(entries, from, to, level, target)));
            for (int i = from; i < to; i++) {
                rest -= InnerImage.entrySize(entries[i].separator.length);
            }
            from = to;
        }
    }

    private PagePointer putInner(InnerEntry[] entries, int from, int to, int level, PageWriter target) {
        long pageNumber = target.allocatePage();
        InnerImage.write(page, 0, pageSize, treeId, level, pageNumber, target.birthManifest(), entries, from, to);
        target.writePage(pageNumber, page, 0);
        if (cuts != InnerCuts.NONE) {
            written.put(pageNumber, Arrays.copyOfRange(entries, from, to));
        }
        return new PagePointer().set(PageLayout.KIND_INNER, pageNumber, target.birthManifest(), scratch.crc.of(page, 0,
                pageSize), pageSize);
    }

    // ---- building and dropping

    /** A builder of a keyed tree whose records come in key order. */
    public ImageBuilder builder(long csn, PageWriter target) {
        if (document) {
            throw new IllegalStateException("only keyed trees are built from records");
        }
        return new ImageBuilder(this, treeId, pageSize, csn, target);
    }

    /** Tells all pages and value extents below a root as freed, the root included. */
    public void free(PagePointer root, PageWriter target) {
        if (!root.isNone()) {
            free(root, -1, target);
        }
    }

    private void free(PagePointer node, int level, PageWriter target) {
        if (isLeaf(node)) {
            if (document) {
                forEachExtent(node, target::free);
            }
        } else {
            InnerEntry[] children = readInner(node, level);
            int below = levelRead() - 1;
            for (InnerEntry child : children) {
                free(child.pointer, below, target);
            }
        }
        target.free(node);
    }

    /** Visits the value extents that the leaves with a range beginning in {@code [low, high)} name; the carrier is reused. */
    void forEachExtent(PagePointer root, byte[] low, byte[] high, Consumer<PagePointer> visitor) {
        if (!root.isNone()) {
            forEachExtent(root, -1, FIRST, null, low, high, visitor);
        }
    }

    private void forEachExtent(PagePointer node, int level, byte[] nodeLow, byte[] nodeHigh, byte[] low, byte[] high,
            Consumer<PagePointer> visitor) {
        if (isLeaf(node)) {
            if (Arrays.compareUnsigned(nodeLow, low) >= 0 && isBelow(nodeLow, high)) {
                forEachExtent(node, visitor);
            }
            return;
        }
        InnerEntry[] children = readInner(node, level);
        int below = levelRead() - 1;
        for (int i = 0; i < children.length; i++) {
            byte[] childLow = i == 0 ? nodeLow : children[i].separator;
            byte[] childHigh = i + 1 < children.length ? children[i + 1].separator : nodeHigh;
            if (isBelow(childLow, high) && isBelow(low, childHigh)) {
                forEachExtent(children[i].pointer, below, childLow, childHigh, low, high, visitor);
            }
        }
    }

    private void forEachExtent(PagePointer leaf, Consumer<PagePointer> visitor) {
        readLeaf(leaf, page, 0, scratch);
        int count = LeafImage.slotCount(page, 0);
        int prefixLength = LeafImage.prefixLength(page, 0);
        for (int i = 0; i < count; i++) {
            int slot = LeafImage.slot(page, 0, prefixLength, count, i);
            LeafFrame.parse(page, 0, pageSize, document, slot, scratch.record);
            for (int k = 0; scratch.record.hasExtents() && k < scratch.record.extentCount; k++) {
                visitor.accept(scratch.pointer.load(page, scratch.record.extentsOffset + (long) k
                        * PointerLayout.POINTER_SIZE));
            }
        }
    }

    @Override
    public void close() {
        pageBuffer.close();
        scratch.close();
    }
}
