package io.nexuslite.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

import io.nexuslite.io.FaultyHost.Outcome;

/** One opening of a file of a {@link FaultyHost}. */
final class FaultyFile implements StoreFile {
    private final FaultyHost host;
    private final Path path; // by which calls are told and faults find them
    private volatile Path name; // in errors
    private final boolean readOnly;
    private final SimulatedInode inode;
    private volatile boolean closed;

    FaultyFile(FaultyHost host, Path path, boolean readOnly, SimulatedInode inode) {
        this.host = host;
        this.path = path;
        this.name = path;
        this.readOnly = readOnly;
        this.inode = inode;
    }

    @Override
    public int read(long position, MemorySegment target, long offset, int length) {
        Arguments.checkTransfer(position, target, offset, length);
        Arguments.checkWritable(target);
        checkOpen(CallKind.READ, position);
        int[] count = new int[1];
        host.perform(CallKind.READ, path, position, length, false, outcome -> {
            if (outcome != Outcome.FAILED) {
                count[0] = (int) Math.min(length, Math.max(0, inode.size() - position));
                inode.cached().get(position, target, offset, count[0]);
            }
        });
        return count[0];
    }

    @Override
    public void write(long position, MemorySegment source, long offset, int length) {
        byte[] bytes = checkWrite(CallKind.WRITE, position, source, offset, length);
        host.perform(CallKind.WRITE, path, position, length, true, outcome -> {
            if (outcome == Outcome.FAILED) {
                writePart(position, bytes, length);
                return;
            }
            writeWithinCapacity(CallKind.WRITE, position, bytes);
        });
    }

    @Override
    public void writeDurable(long position, MemorySegment source, long offset, int length) {
        byte[] bytes = checkWrite(CallKind.WRITE_DURABLE, position, source, offset, length);
        host.perform(CallKind.WRITE_DURABLE, path, position, length, true, outcome -> {
            if (outcome == Outcome.FAILED_FOR_ROOM) {
                writePart(position, bytes, length);
                return;
            }
            writeWithinCapacity(CallKind.WRITE_DURABLE, position, bytes);
            if (outcome == Outcome.FAILED && host.tearsFailedSyncs()) {
                inode.tearSyncRange(position, length);
            } else if (outcome == Outcome.FAILED) {
                inode.failSyncRange(host.faultRandom(), position, length);
            } else if (outcome == Outcome.DONE && !host.ignoresDurableWrites(path)) {
                inode.syncRange(position, length);
            }
        });
    }

    private byte[] checkWrite(CallKind kind, long position, MemorySegment source, long offset, int length) {
        checkWriting(kind, position);
        Arguments.checkTransfer(position, source, offset, length);
        return source.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private void writeWithinCapacity(CallKind kind, long position, byte[] bytes) {
        checkEnd(kind, position, bytes.length);
        if (!host.hasRoom(inode.bytesNeeded(position, bytes.length))) {
            writePart(position, bytes, bytes.length);
            throw full(kind, position);
        }
        inode.write(host.sequence(), position, bytes, bytes.length);
    }

    /** A write that fails has written some first sectors, as far as there is room. */
    private void writePart(long position, byte[] bytes, int length) {
        int end = host.faultRandom().nextInt(length + 1);
        end -= (int) ((position + end) % SimulatedInode.SECTOR_SIZE);
        while (end > 0 && !host.hasRoom(inode.bytesNeeded(position, end))) {
            end -= SimulatedInode.SECTOR_SIZE;
        }
        if (end > 0) {
            inode.write(host.sequence(), position, bytes, end);
        }
    }

    @Override
    public void sync() {
        checkOpen(CallKind.SYNC, IoErrors.NO_POSITION);
        host.perform(CallKind.SYNC, path, IoErrors.NO_POSITION, 0, true, outcome -> {
            if (outcome == Outcome.DONE && !host.ignoresSync(path)) {
                inode.sync();
            } else if (outcome == Outcome.FAILED && host.tearsFailedSyncs()) {
                inode.tearSync();
            } else if (outcome == Outcome.FAILED) {
                inode.failSync(host.faultRandom());
            }
        });
    }

    @Override
    public void allocate(long position, long length) {
        checkWriting(CallKind.ALLOCATE, position);
        Arguments.checkRange(position, length);
        if (length == 0) {
            return;
        }
        host.perform(CallKind.ALLOCATE, path, position, length, true, outcome -> {
            if (outcome.isFailure()) {
                return;
            }
            checkEnd(CallKind.ALLOCATE, position, length);
            if (!host.hasRoom(inode.bytesNeeded(position, length))) {
                throw full(CallKind.ALLOCATE, position);
            }
            inode.allocate(host.sequence(), position, length);
        });
    }

    @Override
    public void truncate(long size) {
        checkWriting(CallKind.TRUNCATE, size);
        Arguments.checkSize(size);
        host.perform(CallKind.TRUNCATE, path, size, 0, true, outcome -> {
            if (!outcome.isFailure()) {
                checkEnd(CallKind.TRUNCATE, size, 0);
                inode.truncate(host.sequence(), size);
            }
        });
    }

    @Override
    public void punch(long position, long length) {
        checkWriting(CallKind.PUNCH, position);
        Arguments.checkRange(position, length);
        host.perform(CallKind.PUNCH, path, position, length, true, outcome -> {
            if (!outcome.isFailure()) {
                inode.punch(host.sequence(), position, length);
            }
        });
    }

    @Override
    public long size() {
        if (closed) {
            throw IoErrors.closed("lseek", name, IoErrors.NO_POSITION);
        }
        return host.locked(inode::size);
    }

    @Override
    public int blockSize() {
        return host.blockSize();
    }

    @Override
    public MemorySegment mapReadOnly(long reservation) {
        throw new UnsupportedOperationException("A simulated file is not mapped.");
    }

    @Override
    public boolean tryLock(LockMode mode) {
        if (closed) {
            throw IoErrors.closed("lock", name, IoErrors.NO_POSITION);
        }
        if (mode == LockMode.EXCLUSIVE && readOnly) {
            throw IoErrors.openForReadingOnly("lock", name, IoErrors.NO_POSITION);
        }
        return host.locked(() -> inode.locks.tryAcquire(this, mode));
    }

    /** Never fails, not even after a crash: cleaning up must not hide what happened. */
    @Override
    public void renamedTo(Path name) {
        this.name = name;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            host.closed(inode, this);
        }
    }

    private void checkOpen(CallKind kind, long position) {
        if (closed) {
            throw IoErrors.closed(kind.operation(), name, position);
        }
    }

    private void checkWriting(CallKind kind, long position) {
        checkOpen(kind, position);
        if (readOnly) {
            throw IoErrors.openForReadingOnly(kind.operation(), name, position);
        }
    }

    private void checkEnd(CallKind kind, long position, long length) {
        if (position + length > SparseBytes.END_MAX) {
            throw IoErrors.failed(kind.operation(), Errno.EFBIG, name, position, "file too large");
        }
    }

    private RuntimeException full(CallKind kind, long position) {
        return IoErrors.failed(kind.operation(), Errno.ENOSPC, name, position, "no space left on the simulated disk");
    }
}
