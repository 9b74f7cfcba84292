package io.nexuslite.wasp.log;

import io.nexuslite.error.IoFailedException;
import io.nexuslite.error.StorageFullException;
import io.nexuslite.io.FileSystem;
import io.nexuslite.io.Host;
import io.nexuslite.io.LockMode;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A machine with a volatile cache: what is written is in the cache, what is flushed is durable, sector by sector; names are durable after the
 * directory's flush. It can lose power at any call, with any subset of the dirty sectors kept, and any call can be made to fail.
 */
final class CrashHost implements Host, FileSystem {
    static final int SECTOR = 512;

    /** What a power loss does to one dirty sector. */
    enum Fate {
        OLD, NEW, GARBAGE
    }

    /** Decides the fate of each dirty sector. */
    interface Fates {
        Fate of(Path path, long sector);
    }

    /** Called before each call that changes a file or makes it durable; may throw. */
    interface Hook {
        void before(String operation, Path path, long position, int length);
    }

    private final Map<Path, Inode> names = new HashMap<>();
    private Map<Path, Inode> durableNames = new HashMap<>();
    private final SplittableRandom random;
    private Hook hook = (operation, path, position, length) -> {
    };
    private long bytesMax = Long.MAX_VALUE;
    private int openFiles;

    CrashHost(SplittableRandom random) {
        this.random = random;
    }

    private static final class Inode {
        private byte[] cached = new byte[0];
        private byte[] durable = new byte[0];
        private long size;
        private long durableSize;
        private final BitSet dirty = new BitSet();

        void ensure(long length) {
            if (length > cached.length) {
                int capacity = (int) Math.max(length, cached.length * 2L) + SECTOR & -SECTOR;
                cached = Arrays.copyOf(cached, capacity);
                durable = Arrays.copyOf(durable, capacity);
            }
        }

        void persist(int sector) {
            System.arraycopy(cached, sector * SECTOR, durable, sector * SECTOR, SECTOR);
            dirty.clear(sector);
        }
    }

    synchronized void setHook(Hook newHook) {
        hook = newHook;
    }

    synchronized void setBytesMax(long bytes) {
        bytesMax = bytes;
    }

    synchronized int openFiles() {
        return openFiles;
    }

    /** The machine after a power loss at this moment: each dirty sector and each unflushed name has one of its fates. */
    synchronized CrashHost powerLoss(Fates fates, boolean newNames, SplittableRandom forImage) {
        CrashHost image = new CrashHost(forImage);
        (newNames ? names : durableNames).forEach((path, inode) -> {
            Inode copy = new Inode();
            copy.ensure(inode.cached.length);
            System.arraycopy(inode.durable, 0, copy.cached, 0, inode.durable.length);
            copy.size = inode.durableSize;
            for (int sector = inode.dirty.nextSetBit(0); sector >= 0; sector = inode.dirty.nextSetBit(sector + 1)) {
                Fate fate = fates.of(path, sector);
                if (fate == Fate.NEW) {
                    System.arraycopy(inode.cached, sector * SECTOR, copy.cached, sector * SECTOR, SECTOR);
                } else if (fate == Fate.GARBAGE) {
                    for (int i = 0; i < SECTOR; i++) {
                        copy.cached[sector * SECTOR + i] = (byte) forImage.nextInt();
                    }
                }
                if (fate != Fate.OLD) {
                    copy.size = Math.max(copy.size, Math.min(inode.size, (sector + 1L) * SECTOR));
                }
            }
            System.arraycopy(copy.cached, 0, copy.durable, 0, copy.cached.length);
            copy.durableSize = copy.size;
            image.names.put(path, copy);
        });
        image.durableNames = new HashMap<>(image.names);
        return image;
    }

    /** As {@link #powerLoss(Fates, boolean, SplittableRandom)}, at random; one run in two tears hardly anything. */
    synchronized CrashHost powerLoss(SplittableRandom forImage) {
        int kept = forImage.nextInt(3) == 0 ? forImage.nextInt(101) : forImage.nextBoolean() ? 97 : 3;
        boolean garbage = forImage.nextInt(3) == 0;
        return powerLoss((path, sector) -> forImage.nextInt(100) < kept
                ? Fate.NEW
                : garbage && forImage.nextInt(4) == 0 ? Fate.GARBAGE : Fate.OLD, forImage.nextBoolean(), forImage);
    }

    /** Flips one bit of the durable and cached content. */
    synchronized void flip(Path path, long position, int bit) {
        Inode inode = names.get(path);
        inode.cached[(int) position] ^= (byte) (1 << bit);
        inode.durable[(int) position] ^= (byte) (1 << bit);
    }

    synchronized byte[] bytes(Path path) {
        Inode inode = names.get(path);
        return Arrays.copyOf(inode.cached, (int) inode.size);
    }

    /** Replaces a file's content, as somebody who copies another file over it. */
    synchronized void put(Path path, byte[] bytes) {
        Inode inode = new Inode();
        inode.ensure(bytes.length);
        System.arraycopy(bytes, 0, inode.cached, 0, bytes.length);
        System.arraycopy(bytes, 0, inode.durable, 0, bytes.length);
        inode.size = bytes.length;
        inode.durableSize = bytes.length;
        names.put(path, inode);
        durableNames.put(path, inode);
    }

    // ---- FileSystem

    @Override
    public synchronized StoreFile open(Path path, OpenMode mode) {
        Inode inode = names.get(path);
        if (mode == OpenMode.CREATE_NEW) {
            hook.before("create", path, 0, 0);
            if (inode != null) {
                throw new IoFailedException("open", 17, path.toString(), -1, "File exists", null);
            }
            inode = new Inode();
            names.put(path, inode);
        } else if (inode == null) {
            throw new IoFailedException("open", 2, path.toString(), -1, "No such file", null);
        }
        openFiles++;
        return new OpenFile(path, inode, mode != OpenMode.READ);
    }

    @Override
    public synchronized boolean exists(Path path) {
        return names.containsKey(path);
    }

    @Override
    public synchronized void unlink(Path path) {
        hook.before("unlink", path, 0, 0);
        names.remove(path);
    }

    @Override
    public synchronized void rename(Path source, Path target) {
        hook.before("rename", source, 0, 0);
        names.put(target, names.remove(source));
    }

    @Override
    public synchronized void syncDirectory(Path directory) {
        hook.before("syncDirectory", directory, 0, 0);
        durableNames = new HashMap<>(names);
    }

    // ---- Host

    @Override
    public FileSystem files() {
        return this;
    }

    @Override
    public long wallMillis() {
        return 1_800_000_000_000L;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public synchronized void entropy(MemorySegment target, long offset, int length) {
        for (int i = 0; i < length; i++) {
            target.set(ValueLayout.JAVA_BYTE, offset + i, (byte) random.nextInt());
        }
    }

    @Override
    public long processId() {
        return 1;
    }

    @Override
    public String hostName() {
        return "crash";
    }

    private final class OpenFile implements StoreFile {
        private final Path path;
        private final Inode inode;
        private final boolean writable;
        private boolean closed;

        OpenFile(Path path, Inode inode, boolean writable) {
            this.path = path;
            this.inode = inode;
            this.writable = writable;
        }

        private void check(boolean write) {
            if (closed || write && !writable) {
                throw new IllegalStateException(path + (closed ? " is closed" : " is open for reading"));
            }
        }

        @Override
        public int read(long position, MemorySegment target, long offset, int length) {
            synchronized (CrashHost.this) {
                check(false);
                hook.before("read", path, position, length);
                int count = Math.clamp(inode.size - position, 0, length);
                MemorySegment.copy(inode.cached, (int) position, target, ValueLayout.JAVA_BYTE, offset, count);
                return count;
            }
        }

        @Override
        public void write(long position, MemorySegment source, long offset, int length) {
            synchronized (CrashHost.this) {
                check(true);
                hook.before("write", path, position, length);
                store(position, source, offset, length);
            }
        }

        private void store(long position, MemorySegment source, long offset, int length) {
            grow(position + length);
            MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, inode.cached, (int) position, length);
            inode.dirty.set((int) (position / SECTOR), (int) ((position + length + SECTOR - 1) / SECTOR));
        }

        private void grow(long size) {
            if (size > bytesMax) {
                throw new StorageFullException("write", 28, path.toString(), size, "No space left on device");
            }
            inode.ensure(size);
            inode.size = Math.max(inode.size, size);
        }

        @Override
        public void writeDurable(long position, MemorySegment source, long offset, int length) {
            synchronized (CrashHost.this) {
                check(true);
                hook.before("writeDurable", path, position, length);
                store(position, source, offset, length);
                hook.before("writeDurable done", path, position, length);
                for (int sector = (int) (position / SECTOR); sector < (position + length + SECTOR - 1)
                        / SECTOR; sector++) {
                    inode.persist(sector);
                }
                inode.durableSize = Math.max(inode.durableSize, position + length);
            }
        }

        @Override
        public void sync() {
            synchronized (CrashHost.this) {
                check(true);
                try {
                    hook.before("sync", path, 0, 0);
                } catch (RuntimeException failure) {
                    // The kernel may have written some pages, and calls all of them clean afterwards.
                    inode.dirty.stream().forEach(sector -> {
                        if (random.nextBoolean()) {
                            inode.persist(sector);
                        }
                    });
                    inode.dirty.clear();
                    throw failure;
                }
                for (int sector = inode.dirty.nextSetBit(0); sector >= 0; sector = inode.dirty.nextSetBit(sector + 1)) {
                    inode.persist(sector);
                }
                inode.durableSize = inode.size;
            }
        }

        @Override
        public void allocate(long position, long length) {
            synchronized (CrashHost.this) {
                check(true);
                hook.before("allocate", path, position, (int) length);
                grow(position + length);
            }
        }

        @Override
        public void truncate(long size) {
            synchronized (CrashHost.this) {
                check(true);
                hook.before("truncate", path, size, 0);
                inode.ensure(size);
                if (size < inode.size) {
                    Arrays.fill(inode.cached, (int) size, (int) inode.size, (byte) 0);
                    inode.dirty.set((int) (size / SECTOR), (int) ((inode.size + SECTOR - 1) / SECTOR));
                }
                inode.size = size;
            }
        }

        @Override
        public void punch(long position, long length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long size() {
            synchronized (CrashHost.this) {
                return inode.size;
            }
        }

        @Override
        public int blockSize() {
            return SECTOR;
        }

        @Override
        public MemorySegment mapReadOnly(long reservation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean tryLock(LockMode mode) {
            return true;
        }

        @Override
        public void close() {
            synchronized (CrashHost.this) {
                if (!closed) {
                    closed = true;
                    openFiles--;
                }
            }
        }
    }
}
