package io.nexuslite.wasp;

import io.nexuslite.format.TreeTableLayout;
import io.nexuslite.io.Host;
import io.nexuslite.memory.FrameCells;
import io.nexuslite.memory.MemoryBudget;
import io.nexuslite.memory.MemoryUse;
import io.nexuslite.memory.PageFrames;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.log.Poison;
import io.nexuslite.wasp.log.WaspLog;
import io.nexuslite.wasp.space.DatabaseFile;
import io.nexuslite.wasp.space.Manifest;
import io.nexuslite.wasp.space.ManifestStore;
import io.nexuslite.wasp.space.PageSpace;
import io.nexuslite.wasp.space.SpaceMap;
import io.nexuslite.format.FileLayout;
import io.nexuslite.wasp.tree.HotTree;
import io.nexuslite.wasp.tree.HotTrees;
import io.nexuslite.wasp.tree.PagePointer;

/**
 * The parts of one opening and how they hang together; nothing but wiring. The log is there from the first write on, and the
 * account of the file's pages is read then, so that opening does not depend on either.
 */
final class EngineState implements AutoCloseable {
    private static final long FRAMES_SHARE = 3; // quarters of the budget that page frames may take

    private final Host host;
    private final EngineOptions options;
    private final DatabaseFile file;
    private final MemoryBudget budget;
    private final PageFrames frames;
    private final FrameCells versions;
    private final Poison poison = new Poison();
    private final VisibleCommits visible;
    private final SnapshotRegistry snapshots;
    private final EngineClock clock;
    private final DatabasePages pages;
    private final HotTrees hotTrees;
    private final TreeTable treeTable;
    private final TreeRegistry trees;
    private final FreeMap freeMap;
    private final PageSpace space;
    private final Committer committer;
    private final Checkpointer checkpointer;
    private final PinnedReader checkpointReader;
    private volatile WaspLog log;
    private volatile long incarnation;
    private volatile boolean spaceLoaded; // written under the committer's lock

    EngineState(Host host, EngineOptions options, DatabaseFile file) {
        this.host = host;
        this.options = options;
        this.file = file;
        Manifest manifest = file.manifests().newest();
        incarnation = manifest.incarnation();
        budget = new MemoryBudget(options.memoryBytesMax());
        frames = new PageFrames(budget, file.pageSize(), options.memoryBytesMax() / 4 * FRAMES_SHARE);
        versions = new FrameCells(frames, budget, MemoryUse.VERSION);
        visible = new VisibleCommits(manifest.checkpointCsn());
        snapshots = new SnapshotRegistry(visible::readHorizon);
        clock = new EngineClock(host, manifest.clockFloorMillis());
        pages = new DatabasePages(file);
        committer = new Committer(this);
        checkpointer = new Checkpointer(this);
        hotTrees = new HotTrees(frames, snapshots.epochs(), versions, budget, snapshots, committer::waitForFrames);
        treeTable = new TreeTable(pages, DatabasePages.mutable(manifest.treeTable()));
        WaspTree catalog = new WaspTree(newTree(TreeTableLayout.CATALOG_TREE_ID, TreeKind.KEYED,
                DatabasePages.mutable(manifest.catalog()), manifest.catalogRecords()));
        trees = new TreeRegistry(treeTable, this::newTree, catalog, manifest.nextTreeId());
        freeMap = new FreeMap(pages, DatabasePages.mutable(manifest.freeMap()));
        space = new PageSpace(file, new SpaceMap(FileLayout.RUN_ALIGNMENT / file.pageSize(), firstFreePages(manifest)),
                options.reserveBytesMin());
        checkpointReader = newReader();
    }

    /** Opened read-only, what a replay wants written lies behind the file: frames of the log may name extents up to its end. */
    private long firstFreePages(Manifest manifest) {
        long pages = (file.size() + file.pageSize() - 1) / file.pageSize();
        return options.readOnly() ? Math.max(pages, manifest.filePages()) : manifest.filePages();
    }

    private HotTree newTree(int treeId, TreeKind kind, PagePointer root, long recordCount) {
        return new HotTree(hotTrees, treeId, kind, pages, pages, root, file.manifests().newest().checkpointCsn(),
                recordCount);
    }

    PinnedReader newReader() {
        return new PinnedReader(snapshots.epochs(), visible::readHorizon);
    }

    /** Reads which pages are free, once; the caller keeps writers out. */
    void loadSpace() {
        if (!spaceLoaded) {
            Manifest manifest = file.manifests().newest();
            freeMap.load(space.map());
            space.adoptReserve(manifest.reservePage(), manifest.reservePages());
            spaceLoaded = true;
        }
    }

    /** Bytes of the file that are free or pending; by the manifest's account until the first write reads the map itself. */
    long freeBytes() {
        Manifest manifest = file.manifests().newest();
        long unused = spaceLoaded
                ? space.map().freePages() + space.map().pendingPages()
                : manifest.freePages() + manifest.pendingPages();
        return unused * file.pageSize();
    }

    /** The first write of this opening has begun a log. */
    void startLog(WaspLog newLog, long newIncarnation) {
        incarnation = newIncarnation;
        log = newLog;
        visible.follow(newLog);
    }

    Host host() {
        return host;
    }

    EngineOptions options() {
        return options;
    }

    DatabaseFile file() {
        return file;
    }

    ManifestStore manifests() {
        return file.manifests();
    }

    MemoryBudget budget() {
        return budget;
    }

    PageFrames frames() {
        return frames;
    }

    HotTrees hotTrees() {
        return hotTrees;
    }

    DatabasePages pages() {
        return pages;
    }

    Poison poison() {
        return poison;
    }

    VisibleCommits visible() {
        return visible;
    }

    SnapshotRegistry snapshots() {
        return snapshots;
    }

    EngineClock clock() {
        return clock;
    }

    TreeTable treeTable() {
        return treeTable;
    }

    TreeRegistry trees() {
        return trees;
    }

    FreeMap freeMap() {
        return freeMap;
    }

    PageSpace space() {
        return space;
    }

    Committer committer() {
        return committer;
    }

    Checkpointer checkpointer() {
        return checkpointer;
    }

    PinnedReader checkpointReader() {
        return checkpointReader;
    }

    /** The log, or {@code null} before the first write. */
    WaspLog log() {
        return log;
    }

    long incarnation() {
        return incarnation;
    }

    /** Gives all memory back. Nobody uses the engine any more. */
    @Override
    public void close() {
        checkpointReader.close();
        freeMap.close();
        treeTable.close();
        hotTrees.close();
        versions.close();
        frames.close();
    }
}
