package io.nexuslite.wasp;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.format.FreeMapLayout;
import io.nexuslite.format.TreeTableLayout;
import io.nexuslite.memory.NativeBuffer;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.space.SpaceMap;
import io.nexuslite.wasp.tree.HotTree;
import io.nexuslite.wasp.tree.PagePointer;
import io.nexuslite.wasp.tree.PageWriter;
import io.nexuslite.wasp.tree.RecordCodec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The free map on disk: read once, before the first write of an opening, and written anew by each checkpoint, since its
 * entries are few and change everywhere. One thread at a time.
 *
 * <p>Its own pages must be known before its entries are, because taking them changes what is free. So the map is first built into a
 * writer that only counts, with as many pages set aside as that took, until the two agree.
 */
final class FreeMap implements AutoCloseable {
    private static final ValueLayout.OfLong KEY = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int ROUNDS_MAX = 64;

    private final TreeRegistry.TreeFactory trees;
    private final PinnedReader reader;
    private final String fileName;
    private final NativeBuffer scratch = new NativeBuffer(FreeMapLayout.KEY_SIZE + FreeMapLayout.ENTRY_SIZE);
    private final NativeBuffer record = new NativeBuffer(
            RecordCodec.keyedLengthMax(FreeMapLayout.KEY_SIZE, FreeMapLayout.ENTRY_SIZE));
    private final Key key = new Key();
    private PagePointer root;
    private PagePointer written; // names the last map written, which no durable manifest may name

    /** The map that lies on disk below {@code root}, or none. */
    FreeMap(TreeRegistry.TreeFactory trees, PinnedReader reader, String fileName, PagePointer root) {
        this.trees = trees;
        this.reader = reader;
        this.fileName = fileName;
        this.root = root;
    }

    /** Tells the space map all entries that lie on disk. */
    void load(SpaceMap into) {
        HotTree tree = newTree(root);
        try (TreeCursor cursor = tree.cursor(reader.reader(), HotTree.PENDING - 1)) {
            while (cursor.next()) {
                into.load(decode(cursor.record(), into.filePages()));
            }
        } finally {
            reader.end();
            tree.drop();
        }
    }

    private SpaceMap.Entry decode(RecordView view, long filePages) {
        if (view.length() != FreeMapLayout.ENTRY_SIZE || view.key().length() != FreeMapLayout.KEY_SIZE) {
            throw damaged("key of " + view.key().length() + " bytes, value of " + view.length(), 0);
        }
        long page = view.key().memory().get(KEY, view.key().offset());
        long pages = view.memory().get(LONG, view.offset() + FreeMapLayout.PAGES_OFFSET);
        if (page <= 0 || pages <= 0 || page > filePages || pages > filePages - page) {
            throw damaged("run of " + pages + " pages in a file of " + filePages, page);
        }
        return new SpaceMap.Entry(page, pages, view.memory().get(LONG, view.offset() + FreeMapLayout.BIRTH_MANIFEST_OFFSET),
                view.memory().get(LONG, view.offset() + FreeMapLayout.DEATH_MANIFEST_OFFSET));
    }

    private CorruptionException damaged(String found, long page) {
        return CorruptionException.of("Entry of the free map breaks the format: found " + found, fileName, -1,
                "free map entry " + page);
    }

    private HotTree newTree(PagePointer at) {
        return trees.create(TreeTableLayout.FREE_MAP_TREE_ID, TreeKind.KEYED, at, 0);
    }

    /**
     * Writes the map as it will be under the manifest of {@code build}, and tells the build the pages of the one before.
     *
     * @param cutTail whether free pages at the end of the file are to be cut off
     * @return its root, and what it tells
     */
    Written write(CheckpointBuild build, long csn, boolean cutTail) {
        retireOld(build);
        List<Long> pages = new ArrayList<>();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            if (cutTail) {
                build.cutTail();
            }
            SpaceMap.Account account = build.account(csn);
            SpareWriter counter = new SpareWriter(build, null);
            buildTree(account.entries(), csn, counter).checkpointFailed();
            if (counter.used == pages.size()) {
                SpareWriter writer = new SpareWriter(build, pages);
                HotTree tree = buildTree(account.entries(), csn, writer);
                return finish(tree, writer.root, account);
            }
            while (pages.size() < counter.used) {
                pages.add(build.allocatePage());
            }
            while (pages.size() > counter.used) {
                build.giveBack(pages.removeLast());
            }
        }
        throw new IllegalStateException("the free map does not settle after " + ROUNDS_MAX + " rounds");
    }

    /** Root of a written map, with the sums of what it tells. */
    record Written(PagePointer root, long filePages, long freePages, long pendingPages) {
    }

    private Written finish(HotTree tree, PagePointer newRoot, SpaceMap.Account account) {
        written = newRoot;
        tree.checkpointDone();
        tree.drop();
        long free = 0;
        long pending = 0;
        for (SpaceMap.Entry entry : account.entries()) {
            if (entry.death() == 0) {
                free += entry.pages();
            } else {
                pending += entry.pages();
            }
        }
        return new Written(newRoot, account.filePages(), free, pending);
    }

    private void retireOld(CheckpointBuild build) {
        HotTree old = newTree(root);
        try {
            old.free(build, reader.reader());
        } finally {
            old.drop();
        }
    }

    private HotTree buildTree(List<SpaceMap.Entry> entries, long csn, SpareWriter writer) {
        HotTree tree = newTree(new PagePointer());
        for (SpaceMap.Entry entry : entries) {
            MemorySegment memory = scratch.memory();
            memory.set(KEY, 0, entry.page());
            long value = FreeMapLayout.KEY_SIZE;
            memory.set(LONG, value + FreeMapLayout.PAGES_OFFSET, entry.pages());
            memory.set(LONG, value + FreeMapLayout.BIRTH_MANIFEST_OFFSET, entry.birth());
            memory.set(LONG, value + FreeMapLayout.DEATH_MANIFEST_OFFSET, entry.death());
            int length = RecordCodec.writeKeyed(record.memory(), 0, false, memory, 0, FreeMapLayout.KEY_SIZE, memory, value,
                    FreeMapLayout.ENTRY_SIZE);
            key.wrap(memory, 0, FreeMapLayout.KEY_SIZE);
            tree.insertPending(key, record.memory(), 0, length);
            tree.stamp(key, csn);
        }
        writer.root = tree.checkpoint(csn, writer, reader.reader());
        return tree;
    }

    /** The manifest that names the last map written is durable. */
    void flipped() {
        root = written;
    }

    @Override
    public void close() {
        reader.close();
        scratch.close();
        record.close();
    }

    /** Uses the pages set aside, or without any only counts. */
    private static final class SpareWriter implements PageWriter {
        private final CheckpointBuild build;
        private final List<Long> pages;
        private int used;
        private PagePointer root;

        SpareWriter(CheckpointBuild build, List<Long> pages) {
            this.build = build;
            this.pages = pages;
        }

        @Override
        public long birthManifest() {
            return build.birthManifest();
        }

        @Override
        public long allocatePage() {
            used++;
            return pages == null ? used : pages.get(used - 1);
        }

        @Override
        public void writePage(long pageNumber, MemorySegment image, long offset) {
            if (pages != null) {
                build.writePage(pageNumber, image, offset);
            }
        }

        @Override
        public void free(PagePointer pointer) {
            throw new IllegalStateException("a new free map replaces nothing: " + pointer);
        }

        @Override
        public void keepExtent(PagePointer extent) {
            throw new IllegalStateException("a free map has no extents: " + extent);
        }
    }
}
