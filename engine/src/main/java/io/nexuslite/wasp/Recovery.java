package io.nexuslite.wasp;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.format.LogFrameLayout;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.log.LogReader;
import io.nexuslite.wasp.log.LogVisitor;
import io.nexuslite.wasp.space.Manifest;
import io.nexuslite.wasp.tree.AbsoluteRecord;
import io.nexuslite.wasp.tree.PagePointer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finishes the log that a crash, or a close without time or room, has left: whatever the newest manifest says, the log is gone and
 * two CLEAN slots are durable before anything is served, or else the opening fails and the next one does it all again. The log is
 * only read.
 *
 * <p>A read-only opening replays into memory, and leaves the files as they are.
 */
final class Recovery implements LogVisitor {
    private final EngineState state;
    private final Path log;
    private final WriteSet writes = new WriteSet();
    private final DocumentEncoder documents;
    private final KeyDeriver keys = new KeyDeriver();
    private final Key key = new Key();
    private final AbsoluteRecord record = new AbsoluteRecord();
    private final RecordView view = new RecordView();
    private final List<Integer> dropped = new ArrayList<>();
    private long lastMillis;

    Recovery(EngineState state, Path log) {
        this.state = state;
        this.log = log;
        this.documents = new DocumentEncoder(state, writes);
    }

    void run() {
        Manifest newest = state.manifests().newest();
        boolean readOnly = state.options().readOnly();
        try (LogReader reader = LogReader.open(state.host(), log, state.file().identity().uuid(), state.budget())) {
            if (!EngineLie.IGNORE_MANIFEST_WITNESS.isTold()) {
                reader.checkManifest(newest.number());
            }
            if (!newest.clean()) {
                reader.verify(newest.log(), newest.checkpointCsn());
                replay(reader, readOnly);
            }
        } finally {
            free();
        }
        if (!readOnly && !EngineLie.SERVE_BEFORE_FLIP.isTold()) {
            if (newest.clean()) {
                settle();
            } else {
                state.checkpointer().runFinal();
            }
            Closing.removeLog(state);
        }
    }

    /** The file is everything; what says so may be in the cache alone, so it is said again. */
    private void settle() {
        state.file().sync();
        for (int slot = 0; slot < 2; slot++) {
            state.manifests().write(state.manifests().newest().next(true));
            state.file().sync();
        }
    }

    private void replay(LogReader reader, boolean readOnly) {
        state.committer().lock();
        try {
            if (!readOnly) {
                state.loadSpace();
            }
            if (!readOnly && !EngineLie.IGNORE_LOGGED_EXTENTS.isTold()) {
                reader.replay(new ExtentReserver()); // before anything is written: it may not be written over these
            }
            reader.replay(this);
            state.clock().raise(lastMillis);
        } finally {
            state.committer().unlock();
        }
    }

    private void free() {
        writes.close();
        documents.close();
        keys.close();
    }

    @Override
    public void frame(long csn, byte kind, byte flags, int treeId, MemorySegment memory, long offset, int length) {
        try {
            apply(kind, treeId, memory, offset, length);
        } catch (IllegalArgumentException e) {
            throw CorruptionException.of("Log frame with right checksums breaks the format: " + e.getMessage(),
                    log.toString(),
                    -1, "frame of commit " + csn + ", kind " + kind + ", tree " + treeId, e);
        }
    }

    private void apply(byte kind, int treeId, MemorySegment memory, long offset, int length) {
        switch (kind) {
            case LogFrameLayout.KIND_CREATE_TREE -> {
                TreeKind treeKind = length == 1 ? TreeTable.kindOf(memory.get(ValueLayout.JAVA_BYTE, offset)) : null;
                if (treeKind == null || state.trees().find(treeId) != null) {
                    throw new IllegalArgumentException("creation of tree " + treeId);
                }
                state.trees().create(treeId, treeKind);
                state.trees().created(treeId);
            }
            case LogFrameLayout.KIND_DROP_TREE -> dropped.add(treeId);
            default -> write(kind, tree(treeId), memory, offset, length);
        }
    }

    private WaspTree tree(int treeId) {
        WaspTree tree = state.trees().find(treeId);
        if (tree == null) {
            throw new IllegalArgumentException("there is no tree " + treeId);
        }
        return tree;
    }

    private void write(byte kind, WaspTree tree, MemorySegment memory, long offset, int length) {
        boolean document = kind == LogFrameLayout.KIND_PUT_DOCUMENT || kind == LogFrameLayout.KIND_DELETE_DOCUMENT;
        boolean delete = kind == LogFrameLayout.KIND_DELETE_DOCUMENT || kind == LogFrameLayout.KIND_DELETE_KEYED;
        record.wrap(document ? TreeKind.DOCUMENT : TreeKind.KEYED, memory, offset, length);
        if (document != (tree.kind() == TreeKind.DOCUMENT) || delete != record.isTombstone()) {
            throw new IllegalArgumentException("record of another kind than its frame");
        }
        record.view(view);
        keys.ofRecord(tree.kind(), view, key);
        if (document) {
            lastMillis = Math.max(lastMillis, view.meta().updatedMillis);
        }
        if (document && !delete && record.extentCount() == 0) {
            documents.put(tree, key, view.memory(), view.offset(), view.length(), view.meta());
        } else {
            int at = writes.records().length();
            writes.records().append(memory, offset, length);
            writes.put(tree, key, delete, at, length, at, length);
        }
    }

    @Override
    public void commit(long csn) {
        for (int entry = 0; entry < writes.count(); entry++) {
            writes.tree(entry).hot().insertPending(writes.key(entry, key), writes.records().memory(),
                    writes.treeOffset(entry), writes.treeLength(entry));
        }
        for (int entry = 0; entry < writes.count(); entry++) {
            writes.tree(entry).hot().stamp(writes.key(entry, key), csn);
        }
        documents.committed(csn);
        for (int treeId : dropped) {
            state.trees().dropped(treeId, csn);
        }
        state.visible().replayed(csn);
        state.committer().forgetPressure();
        writes.reset();
        documents.reset();
        dropped.clear();
    }

    /** Takes the extents that frames name out of the free pages. */
    private final class ExtentReserver implements LogVisitor {
        private final PagePointer extent = new PagePointer();

        @Override
        public void frame(long csn, byte kind, byte flags, int treeId, MemorySegment memory, long offset, int length) {
            if (kind != LogFrameLayout.KIND_PUT_DOCUMENT || flags != LogFrameLayout.FLAG_EXTENTS) {
                return;
            }
            int pageSize = state.file().pageSize();
            try {
                record.wrap(TreeKind.DOCUMENT, memory, offset, length);
                for (int index = 0; index < record.extentCount(); index++) {
                    record.extent(index, extent);
                    long pages = (Integer.toUnsignedLong(extent.length()) + pageSize - 1) / pageSize;
                    state.space().reserveLogged(extent.pageNumber(), pages, csn);
                }
            } catch (IllegalArgumentException e) {
                throw CorruptionException.of("Log frame with right checksums breaks the format: " + e.getMessage(),
                        log.toString(), -1, "frame of commit " + csn, e);
            }
        }

        @Override
        public void commit(long csn) {
            // nothing to do: the extents of each frame stand alone
        }
    }
}
