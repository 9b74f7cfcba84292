package io.nexuslite.check;

import io.nexuslite.error.IoFailedException;
import io.nexuslite.io.FileSystem;
import io.nexuslite.io.Host;
import io.nexuslite.io.LockMode;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** A host with one image in memory: counts what is read, refuses all writing, and can refuse a lock or a range of bytes. */
final class ImageHost implements Host, FileSystem {
    static final Path DATABASE = Path.of("x.nxl");

    final Image image;
    long bytesRead;
    int openFiles;
    boolean locked;
    /** A range of the database file that cannot be read. */
    long unreadableFrom = Long.MAX_VALUE;
    long unreadableTo = Long.MAX_VALUE;

    ImageHost(Image image) {
        this.image = image;
    }

    static CheckReport check(Image image) {
        return check(image, CheckOptions.DEFAULT);
    }

    static CheckReport check(Image image, CheckOptions options) {
        return FileCheck.check(new ImageHost(image), DATABASE, options, CheckProgress.NONE);
    }

    @Override
    public FileSystem files() {
        return this;
    }

    @Override
    public StoreFile open(Path file, OpenMode mode) {
        byte[] bytes = bytes(file);
        if (bytes == null || mode != OpenMode.READ) {
            throw new IoFailedException("open", 2, file.toString(), -1, "no such file", null);
        }
        openFiles++;
        return new ImageFile(file, bytes);
    }

    @Override
    public boolean exists(Path file) {
        return bytes(file) != null;
    }

    private byte[] bytes(Path file) {
        String name = file.toString();
        return name.equals("x.nxl") ? image.database : name.equals("x.wasp") ? image.log : null;
    }

    @Override
    public void unlink(Path file) {
        throw new AssertionError("a check must not write");
    }

    @Override
    public void rename(Path source, Path target) {
        throw new AssertionError("a check must not write");
    }

    @Override
    public void syncDirectory(Path directory) {
        throw new AssertionError("a check must not write");
    }

    @Override
    public long wallMillis() {
        return 0;
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public void entropy(MemorySegment target, long offset, int length) {
        throw new AssertionError("a check has no use for chance");
    }

    @Override
    public long processId() {
        return 1;
    }

    @Override
    public String hostName() {
        return "image";
    }

    private final class ImageFile implements StoreFile {
        private final Path path;
        private final byte[] bytes;
        private boolean closed;

        ImageFile(Path path, byte[] bytes) {
            this.path = path;
            this.bytes = bytes;
        }

        @Override
        public int read(long position, MemorySegment target, long offset, int length) {
            if (bytes == image.database && position < unreadableTo && position + length > unreadableFrom) {
                throw new IoFailedException("pread", 5, path.toString(), position, "input/output error", null);
            }
            int found = Math.clamp(bytes.length - position, 0, length);
            if (found > 0) {
                MemorySegment.copy(bytes, (int) position, target, ValueLayout.JAVA_BYTE, offset, found);
                bytesRead += found;
            }
            return found;
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public int blockSize() {
            return 4096;
        }

        @Override
        public void renamedTo(Path name) {
            throw new UnsupportedOperationException(); // a check renames nothing
        }

        @Override
        public boolean tryLock(LockMode mode) {
            return !locked && mode == LockMode.SHARED;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                openFiles--;
            }
        }

        @Override
        public void write(long position, MemorySegment source, long offset, int length) {
            throw new AssertionError("a check must not write");
        }

        @Override
        public void writeDurable(long position, MemorySegment source, long offset, int length) {
            throw new AssertionError("a check must not write");
        }

        @Override
        public void sync() {
            throw new AssertionError("a check must not write");
        }

        @Override
        public void allocate(long position, long length) {
            throw new AssertionError("a check must not write");
        }

        @Override
        public void truncate(long size) {
            throw new AssertionError("a check must not write");
        }

        @Override
        public void punch(long position, long length) {
            throw new AssertionError("a check must not write");
        }

        @Override
        public MemorySegment mapReadOnly(long reservation) {
            throw new AssertionError("a check must not map");
        }
    }
}
