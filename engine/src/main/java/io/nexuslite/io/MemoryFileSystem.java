package io.nexuslite.io;

import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Names of in-memory files. Every directory exists; names are absolute paths without {@code .} and {@code ..}. A file's memory
 * is freed once it has neither a name nor an opening, all memory when the host is closed or nobody can reach it any more.
 */
final class MemoryFileSystem implements FileSystem {
    private static final Cleaner CLEANER = Cleaner.create();

    private final MemoryChunks memory;
    private final Cleaner.Cleanable cleanable;
    private final Map<Path, Entry> names = new HashMap<>(); // guarded by this, as the entries' counts and locks

    MemoryFileSystem(long bytesMax) {
        MemoryChunks chunks = new MemoryChunks(bytesMax); // a local: the cleaner must not reach this object
        memory = chunks;
        cleanable = CLEANER.register(this, chunks::close);
    }

    static final class Entry {
        final MemoryInode inode;
        private final LockState locks = new LockState();
        private int openings;
        private boolean named = true;

        private Entry(MemoryInode inode) {
            this.inode = inode;
        }
    }

    @Override
    public synchronized StoreFile open(Path file, OpenMode mode) {
        Path name = Arguments.canonical(file);
        Entry entry = names.get(name);
        if (mode == OpenMode.CREATE_NEW) {
            if (entry != null) {
                throw IoErrors.failed("open", Errno.EEXIST, file, IoErrors.NO_POSITION, "file exists");
            }
            entry = new Entry(new MemoryInode(memory));
            names.put(name, entry);
        } else if (entry == null) {
            throw missing("open", file);
        }
        entry.openings++;
        return new MemoryFile(this, file, mode == OpenMode.READ, entry);
    }

    @Override
    public synchronized boolean exists(Path file) {
        return names.containsKey(Arguments.canonical(file));
    }

    @Override
    public synchronized void unlink(Path file) {
        Entry entry = names.remove(Arguments.canonical(file));
        if (entry == null) {
            throw missing("unlink", file);
        }
        entry.named = false;
        freeIfGone(entry);
    }

    @Override
    public synchronized void rename(Path source, Path target) {
        Entry entry = names.remove(Arguments.canonical(source));
        if (entry == null) {
            throw missing("rename", source);
        }
        Entry replaced = names.put(Arguments.canonical(target), entry);
        if (replaced != null) {
            replaced.named = false;
            freeIfGone(replaced);
        }
    }

    @Override
    public void syncDirectory(Path directory) {
        Arguments.checkDefault(directory); // and there is nothing more to do
    }

    synchronized boolean tryLock(Entry entry, Object holder, LockMode mode) {
        return entry.locks.tryAcquire(holder, mode);
    }

    synchronized void leave(Entry entry, Object holder) {
        entry.locks.release(holder);
        entry.openings--;
        freeIfGone(entry);
    }

    private void freeIfGone(Entry entry) {
        if (!entry.named && entry.openings == 0) {
            entry.inode.free();
        }
    }

    long bytesInUse() {
        return memory.bytesInUse();
    }

    void close() {
        cleanable.clean();
    }

    private static RuntimeException missing(String operation, Path file) {
        return IoErrors.failed(operation, Errno.ENOENT, file, IoErrors.NO_POSITION, "no such file or directory");
    }
}
