package io.nexuslite.io;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Hands every call to another host, for hosts that change or watch some of them. */
public abstract class ForwardingHost implements Host {
    private final Host host;

    protected ForwardingHost(Host host) {
        this.host = host;
    }

    /** What stands between the caller and the names of the other host. */
    @Override
    public abstract FileSystem files();

    /** Names of the other host. */
    protected final FileSystem next() {
        return host.files();
    }

    @Override
    public long wallMillis() {
        return host.wallMillis();
    }

    @Override
    public long nanoTime() {
        return host.nanoTime();
    }

    @Override
    public void entropy(MemorySegment target, long offset, int length) {
        host.entropy(target, offset, length);
    }

    @Override
    public long processId() {
        return host.processId();
    }

    @Override
    public String hostName() {
        return host.hostName();
    }

    /** The same for names. */
    public abstract static class Files implements FileSystem {
        private final FileSystem files;

        protected Files(FileSystem files) {
            this.files = files;
        }

        @Override
        public StoreFile open(Path file, OpenMode mode) {
            return files.open(file, mode);
        }

        @Override
        public boolean exists(Path file) {
            return files.exists(file);
        }

        @Override
        public void unlink(Path file) {
            files.unlink(file);
        }

        @Override
        public void rename(Path source, Path target) {
            files.rename(source, target);
        }

        @Override
        public void syncDirectory(Path directory) {
            files.syncDirectory(directory);
        }
    }

    /** The same for one opening. */
    public abstract static class File implements StoreFile {
        private final StoreFile file;

        protected File(StoreFile file) {
            this.file = file;
        }

        @Override
        public int read(long position, MemorySegment target, long offset, int length) {
            return file.read(position, target, offset, length);
        }

        @Override
        public void write(long position, MemorySegment source, long offset, int length) {
            file.write(position, source, offset, length);
        }

        @Override
        public void writeDurable(long position, MemorySegment source, long offset, int length) {
            file.writeDurable(position, source, offset, length);
        }

        @Override
        public void sync() {
            file.sync();
        }

        @Override
        public void allocate(long position, long length) {
            file.allocate(position, length);
        }

        @Override
        public void truncate(long size) {
            file.truncate(size);
        }

        @Override
        public void punch(long position, long length) {
            file.punch(position, length);
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public int blockSize() {
            return file.blockSize();
        }

        @Override
        public MemorySegment mapReadOnly(long reservation) {
            return file.mapReadOnly(reservation);
        }

        @Override
        public void renamedTo(Path name) {
            file.renamedTo(name);
        }

        @Override
        public boolean tryLock(LockMode mode) {
            return file.tryLock(mode);
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
