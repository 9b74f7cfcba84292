package io.nexuslite.wasp;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.format.FreeMapLayout;
import io.nexuslite.format.TreeTableLayout;
import io.nexuslite.memory.NativeBuffer;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.space.SpaceMap;
import io.nexuslite.wasp.tree.ImageBuilder;
import io.nexuslite.wasp.tree.ImageCursor;
import io.nexuslite.wasp.tree.ImageTree;
import io.nexuslite.wasp.tree.PagePointer;
import io.nexuslite.wasp.tree.PageReader;
import io.nexuslite.wasp.tree.PageWriter;
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

    private final ImageTree image;
    private final String fileName;
    private final NativeBuffer scratch = new NativeBuffer(FreeMapLayout.KEY_SIZE + FreeMapLayout.ENTRY_SIZE);
    private PagePointer root;
    private PagePointer written; // names the last map written, which no durable manifest may name

    /** The map that lies on disk below {@code root}, or none. */
    FreeMap(PageReader pages, PagePointer root) {
        this.image = new ImageTree(pages, TreeTableLayout.FREE_MAP_TREE_ID, TreeKind.KEYED);
        this.fileName = pages.fileName();
        this.root = root;
    }

    /** Tells the space map all entries that lie on disk. */
    void load(SpaceMap into) {
        RecordView view = new RecordView();
        try (ImageCursor cursor = image.cursor(root)) {
            while (cursor.next(view)) {
                into.load(decode(view, into.filePages()));
            }
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
        return new SpaceMap.Entry(page, pages,
                view.memory().get(LONG, view.offset() + FreeMapLayout.BIRTH_MANIFEST_OFFSET),
                view.memory().get(LONG, view.offset() + FreeMapLayout.DEATH_MANIFEST_OFFSET));
    }

    private CorruptionException damaged(String found, long page) {
        return CorruptionException.of("Entry of the free map breaks the format: found " + found, fileName, -1,
                "free map entry " + page);
    }

    /**
     * Writes the map as it will be under the manifest of {@code build}, and tells the build the pages of the one before.
     *
     * @param cutTail whether free pages at the end of the file are to be cut off
     * @return its root, and what it tells
     */
    Written write(CheckpointBuild build, long csn, boolean cutTail) {
        image.free(root, build);
        List<Long> pages = new ArrayList<>();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            if (cutTail) {
                build.cutTail();
            }
            SpaceMap.Account account = build.account(csn);
            SpareWriter counter = new SpareWriter(build, null);
            buildTree(account.entries(), csn, counter);
            if (counter.used == pages.size()) {
                written = buildTree(account.entries(), csn, new SpareWriter(build, pages));
                return sum(account);
            }
            while (pages.size() < counter.used) {
                pages.add(build.allocatePage());
            }
            while (pages.size() > counter.used) {
                // not free again: the map might need a page because of it, and none without it, for ever
                build.retireUnwritten(pages.removeLast());
            }
        }
        throw new IllegalStateException("the free map does not settle after " + ROUNDS_MAX + " rounds");
    }

    /** Root of a written map, with the sums of what it tells. */
    record Written(PagePointer root, long filePages, long freePages, long pendingPages) {
    }

    private Written sum(SpaceMap.Account account) {
        long free = 0;
        long pending = 0;
        for (SpaceMap.Entry entry : account.entries()) {
            if (entry.death() == 0) {
                free += entry.pages();
            } else {
                pending += entry.pages();
            }
        }
        return new Written(written, account.filePages(), free, pending);
    }

    private PagePointer buildTree(List<SpaceMap.Entry> entries, long csn, PageWriter writer) {
        MemorySegment memory = scratch.memory();
        long value = FreeMapLayout.KEY_SIZE;
        try (ImageBuilder builder = image.builder(csn, writer)) {
            for (SpaceMap.Entry entry : entries) {
                memory.set(KEY, 0, entry.page());
                memory.set(LONG, value + FreeMapLayout.PAGES_OFFSET, entry.pages());
                memory.set(LONG, value + FreeMapLayout.BIRTH_MANIFEST_OFFSET, entry.birth());
                memory.set(LONG, value + FreeMapLayout.DEATH_MANIFEST_OFFSET, entry.death());
                builder.add(memory, 0, FreeMapLayout.KEY_SIZE, memory, value, FreeMapLayout.ENTRY_SIZE);
            }
            return builder.finish();
        }
    }

    /** The manifest that names the last map written is durable. */
    void flipped() {
        root = written;
    }

    @Override
    public void close() {
        image.close();
        scratch.close();
    }

    /** Uses the pages set aside, or without any only counts. */
    private static final class SpareWriter implements PageWriter {
        private final CheckpointBuild build;
        private final List<Long> pages;
        private int used;

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
