package io.nexuslite.wasp.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.format.Crc32c;
import io.nexuslite.format.PageLayout;
import io.nexuslite.store.TreeKind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A database file in memory that keeps account: what was written for a checkpoint counts when it is done, and what was freed is gone
 * then, so that a pointer to a freed page finds nothing.
 */
final class PagesInMemory implements PageReader, ValueSource, PageWriter {
    final Map<Long, byte[]> pages = new ConcurrentHashMap<>();
    final Set<Long> live = new TreeSet<>(); // pages and extents of the last good root
    final Set<Long> written = new HashSet<>();
    final Set<Long> freed = new HashSet<>();
    final Set<Long> kept = new HashSet<>();
    final Map<Long, Boolean> extents = new ConcurrentHashMap<>();
    Runnable onWrite = () -> {
    };
    long failAfter = Long.MAX_VALUE;
    long readsMax = Long.MAX_VALUE; // for a test that reads by one thread: more is a loop that never ends
    private final int pageSize;
    private long nextPage = 100;
    private long manifest = 1;

    PagesInMemory(int pageSize) {
        this.pageSize = pageSize;
    }

    @Override
    public void readPage(PagePointer pointer, int treeId, MemorySegment target, long offset, Crc32c crc) {
        PageCheck.requirePagePointer(pointer, treeId, pageSize, fileName());
        assertTrue(readsMax == Long.MAX_VALUE || --readsMax > 0, "reads without end");
        byte[] bytes = pages.get(pointer.pageNumber());
        assertTrue(bytes != null, () -> "reads a page that is not there: " + pointer);
        MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, offset, pageSize);
        PageCheck.requirePage(pointer, treeId, target, offset, pageSize, crc, fileName());
    }

    @Override
    public void readExtent(PagePointer extent, MemorySegment target, long offset, Crc32c crc) {
        byte[] bytes = pages.get(extent.pageNumber());
        assertTrue(bytes != null, () -> "reads an extent that is not there: " + extent);
        MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, offset, bytes.length);
        PageCheck.requireExtent(extent, target, offset, pageSize, crc, fileName());
    }

    @Override
    public String fileName() {
        return "memory.nxl";
    }

    @Override
    public int pageSize() {
        return pageSize;
    }

    @Override
    public long birthManifest() {
        return manifest;
    }

    @Override
    public synchronized long allocatePage() {
        if (failAfter-- <= 0) {
            throw new IllegalStateException("no page is left, on purpose");
        }
        long page = nextPage++;
        written.add(page);
        return page;
    }

    @Override
    public void writePage(long pageNumber, MemorySegment image, long offset) {
        byte[] bytes = new byte[pageSize];
        MemorySegment.copy(image, ValueLayout.JAVA_BYTE, offset, bytes, 0, pageSize);
        pages.put(pageNumber, bytes);
        onWrite.run();
    }

    @Override
    public synchronized void free(PagePointer pointer) {
        assertTrue(live.contains(pointer.pageNumber()), () -> "frees what the last root does not name: " + pointer);
        assertTrue(freed.add(pointer.pageNumber()), () -> "frees twice: " + pointer);
    }

    @Override
    public synchronized void keepExtent(PagePointer extent) {
        assertEquals(PageLayout.KIND_VALUE_EXTENT, extent.kind());
        kept.add(extent.pageNumber());
    }

    /** Writes a value extent, as a writer does before its commit. */
    synchronized PagePointer putExtent(byte[] bytes, MemorySegment scratch) {
        long page = nextPage++;
        pages.put(page, bytes);
        extents.put(page, true);
        MemorySegment.copy(bytes, 0, scratch, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return new PagePointer().set(PageLayout.KIND_VALUE_EXTENT, page, manifest, new Crc32c().of(scratch, 0,
                bytes.length), bytes.length);
    }

    /** The manifest is flipped: the account is closed and what is free is gone, but extents that a record in memory may need. */
    synchronized void flip(boolean reuse) {
        for (long page : freed) {
            assertTrue(live.remove(page));
            if (reuse && !extents.containsKey(page)) {
                pages.remove(page);
            }
        }
        live.addAll(written);
        live.addAll(kept);
        forget();
        manifest++;
    }

    synchronized void undo() {
        written.forEach(pages::remove);
        forget();
    }

    private void forget() {
        written.clear();
        freed.clear();
        kept.clear();
        failAfter = Long.MAX_VALUE;
    }

    /** Reachable = allocated − freed, each page once. */
    void requireAccount(PagePointer root, int treeId, TreeKind kind) {
        Set<Long> reachable = new TreeSet<>();
        try (ImageTree tree = new ImageTree(this, treeId, kind)) {
            if (!root.isNone()) {
                reach(tree, root, -1, reachable);
            }
            tree.forEachExtent(root, new byte[0], null, extent -> assertTrue(reachable.add(extent.pageNumber())));
        }
        assertEquals(live, reachable);
    }

    private void reach(ImageTree tree, PagePointer node, int level, Set<Long> reachable) {
        assertTrue(reachable.add(node.pageNumber()), "a page has two parents");
        assertFalse(node.isNone());
        if (!tree.isLeaf(node)) {
            InnerEntry[] children = tree.readInner(node, level);
            int below = tree.levelRead() - 1;
            for (InnerEntry child : children) {
                reach(tree, child.pointer, below, reachable);
            }
        }
    }
}
