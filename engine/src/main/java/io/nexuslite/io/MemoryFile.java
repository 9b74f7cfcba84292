package io.nexuslite.io;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** One opening of an in-memory file. What is written is as durable as it gets at once: it lasts as long as the host. */
final class MemoryFile implements StoreFile {
    private final MemoryFileSystem files;
    private volatile Path path;
    private final boolean readOnly;
    private final MemoryFileSystem.Entry entry;
    private volatile boolean closed;

    MemoryFile(MemoryFileSystem files, Path path, boolean readOnly, MemoryFileSystem.Entry entry) {
        this.files = files;
        this.path = path;
        this.readOnly = readOnly;
        this.entry = entry;
    }

    @Override
    public int read(long position, MemorySegment target, long offset, int length) {
        Arguments.checkTransfer(position, target, offset, length);
        Arguments.checkWritable(target);
        checkOpen("read", position);
        return entry.inode.read(position, target, offset, length);
    }

    @Override
    public void write(long position, MemorySegment source, long offset, int length) {
        checkWriting("write", position);
        Arguments.checkTransfer(position, source, offset, length);
        entry.inode.write(path, position, source, offset, length);
    }

    @Override
    public void writeDurable(long position, MemorySegment source, long offset, int length) {
        write(position, source, offset, length);
    }

    @Override
    public void sync() {
        checkOpen("sync", IoErrors.NO_POSITION);
    }

    @Override
    public void allocate(long position, long length) {
        checkWriting("allocate", position);
        Arguments.checkRange(position, length);
        entry.inode.allocate(path, position, length);
    }

    @Override
    public void truncate(long size) {
        checkWriting("truncate", size);
        Arguments.checkSize(size);
        entry.inode.truncate(path, size);
    }

    @Override
    public void punch(long position, long length) {
        checkWriting("punch", position);
        Arguments.checkRange(position, length);
        entry.inode.punch(position, length);
    }

    @Override
    public long size() {
        checkOpen("size", IoErrors.NO_POSITION);
        return entry.inode.size();
    }

    @Override
    public int blockSize() {
        return BlockSize.DEFAULT;
    }

    @Override
    public MemorySegment mapReadOnly(long reservation) {
        throw new UnsupportedOperationException("A file in memory is not mapped.");
    }

    @Override
    public boolean tryLock(LockMode mode) {
        checkOpen("lock", IoErrors.NO_POSITION);
        if (mode == LockMode.EXCLUSIVE) {
            checkWriting("lock", IoErrors.NO_POSITION);
        }
        return files.tryLock(entry, this, mode);
    }

    @Override
    public void renamedTo(Path name) {
        path = name;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            files.leave(entry, this);
        }
    }

    private void checkOpen(String operation, long position) {
        if (closed) {
            throw IoErrors.closed(operation, path, position);
        }
    }

    private void checkWriting(String operation, long position) {
        checkOpen(operation, position);
        if (readOnly) {
            throw IoErrors.openForReadingOnly(operation, path, position);
        }
    }
}
