package io.nexuslite.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

import io.nexuslite.error.IoFailedException;

/**
 * A file by descriptor. Calls block the calling thread, and the carrier under a virtual one. Reads, writes and flushes allocate
 * nothing.
 *
 * <p>The lock belongs to the open file description (Linux: {@code F_OFD_SETLK}; macOS: {@code flock}), not to the process: two
 * openings in one process exclude each other, and closing another descriptor of the file lets nothing go.
 *
 * <p>On macOS a change from one lock mode to another lets go of the lock for a moment.
 */
final class NativeFile implements StoreFile {
    private static final int NOT_OPEN = -1;
    private static final int NOT_POSSIBLE = -2;
    private static final int ZEROS_SIZE = 1 << 16;
    private static final long PAGE_SIZE_MAX = 1 << 16; // of any system that runs this

    // struct flock of 64-bit Linux: l_type, l_whence, l_start, l_len, l_pid
    private static final long FLOCK_TYPE_OFFSET = 0;
    private static final long FLOCK_WHENCE_OFFSET = 2;
    private static final long FLOCK_START_OFFSET = 8;
    private static final long FLOCK_LENGTH_OFFSET = 16;
    private static final long FLOCK_PROCESS_OFFSET = 24;
    private static final short F_RDLCK = 0;
    private static final short F_WRLCK = 1;

    // struct fstore of macOS: fst_flags, fst_posmode, fst_offset, fst_length, fst_bytesalloc
    private static final int F_ALLOCATEALL = 4;
    private static final int F_PEOFPOSMODE = 3;

    private volatile Path path;
    private final boolean readOnly;
    private final ReentrantLock slowCalls = new ReentrantLock(); // guards what is lazy or takes several calls
    private int descriptor;
    private volatile int durableDescriptor = NOT_OPEN;
    private volatile int blockSize;
    private Arena mappings;

    NativeFile(Path path, int descriptor, boolean readOnly) {
        this.path = path;
        this.descriptor = descriptor;
        this.readOnly = readOnly;
    }

    @Override
    public int read(long position, MemorySegment target, long offset, int length) {
        Arguments.checkTransfer(position, target, offset, length);
        Arguments.checkWritable(target);
        long address = target.address() + offset;
        int done = 0;
        CallState state = CallState.acquire();
        try {
            while (done < length) {
                long count = Posix.pread(state, descriptor, address + done, length - done, position + done);
                if (count == 0) {
                    break;
                }
                if (count > 0) {
                    done += (int) count;
                } else if (state.errno() != Errno.EINTR) {
                    throw failed("pread", state.errno(), position + done);
                }
            }
            return done;
        } finally {
            state.release();
            Reference.reachabilityFence(target);
        }
    }

    @Override
    public void write(long position, MemorySegment source, long offset, int length) {
        checkWriting("pwrite", position);
        Arguments.checkTransfer(position, source, offset, length);
        CallState state = CallState.acquire();
        try {
            writeFully(state, position, source.address() + offset, length);
        } finally {
            state.release();
            Reference.reachabilityFence(source);
        }
    }

    private void writeFully(CallState state, long position, long address, int length) {
        int done = 0;
        while (done < length) {
            long count = Posix.pwrite(state, descriptor, address + done, length - done, position + done);
            if (count > 0) {
                done += (int) count;
            } else if (count == 0) {
                throw failed("pwrite", Errno.EIO, position + done); // else a device that takes nothing would hang us
            } else if (state.errno() != Errno.EINTR) {
                throw failed("pwrite", state.errno(), position + done);
            }
        }
    }

    @Override
    public void writeDurable(long position, MemorySegment source, long offset, int length) {
        checkWriting("pwrite", position);
        Arguments.checkTransfer(position, source, offset, length);
        long address = source.address() + offset;
        CallState state = CallState.acquire();
        try {
            int durable = durableDescriptor >= 0 ? durableDescriptor : durableDescriptorSlow(state);
            if (durable >= 0) {
                writeFullyDurable(state, durable, position, address, length);
            } else {
                writeFully(state, position, address, length);
                flush(state, position);
            }
        } finally {
            state.release();
            Reference.reachabilityFence(source);
        }
    }

    /** The write is a flush as well, so EINTR is reported: what it interrupted may have been the flush. */
    private void writeFullyDurable(CallState state, int durable, long position, long address, int length) {
        int done = 0;
        while (done < length) {
            long count = Posix.pwrite(state, durable, address + done, length - done, position + done);
            if (count <= 0) {
                throw failedDurable(state, count == 0 ? Errno.EIO : state.errno(), position + done, address + done,
                        length - done);
            }
            done += (int) count;
        }
    }

    /** A full disk is a {@code StorageFullException} only if a plain write says so too; else it is the flush that failed. */
    private IoFailedException failedDurable(CallState state, int errno, long position, long address, int length) {
        if (Errno.isStorageFull(errno)) {
            writeFully(state, position, address, length);
        }
        return IoErrors.failedFlush("pwrite", errno, path, position, Posix.describe(errno));
    }

    /**
     * Opens the file again with O_DSYNC, by descriptor, since its name may have changed. Where that is not possible (macOS, where
     * O_DSYNC does not reach the medium; Linux without /proc) a write is followed by a flush of the whole file.
     */
    private int durableDescriptorSlow(CallState state) {
        if (durableDescriptor == NOT_POSSIBLE) {
            return NOT_POSSIBLE;
        }
        slowCalls.lock();
        try (Arena arena = Arena.ofConfined()) {
            if (durableDescriptor == NOT_OPEN && descriptor >= 0) {
                int opened = -1;
                if (Platform.LINUX) {
                    MemorySegment name = arena.allocateFrom("/proc/self/fd/" + descriptor);
                    opened = Posix.open(state, name.address(),
                            Posix.O_WRONLY | Posix.O_DSYNC | Posix.O_CLOEXEC | Posix.O_NONBLOCK, 0);
                }
                durableDescriptor = opened >= 0 ? opened : NOT_POSSIBLE;
            }
            return durableDescriptor;
        } finally {
            slowCalls.unlock();
        }
    }

    @Override
    public void sync() {
        CallState state = CallState.acquire();
        try {
            flush(state, IoErrors.NO_POSITION);
        } finally {
            state.release();
        }
    }

    /** Never retried: a second flush that succeeds says nothing about the bytes of the first. */
    private void flush(CallState state, long position) {
        int result = Platform.MAC ? flushMac(state, descriptor) : Posix.fdatasync(state, descriptor);
        if (result != 0) {
            String operation = Platform.MAC ? "fcntl(F_FULLFSYNC)" : "fdatasync";
            throw IoErrors.failedFlush(operation, state.errno(), path, position, Posix.describe(state.errno()));
        }
    }

    /** F_FULLFSYNC; plain fsync on file systems that do not know it. */
    static int flushMac(CallState state, int descriptor) {
        int result = Posix.fcntl(state, descriptor, Posix.F_FULLFSYNC, 0);
        return result == 0 || !Errno.isUnsupported(state.errno()) && state.errno() != Errno.EINVAL
                ? result
                : Posix.fsync(state, descriptor);
    }

    @Override
    public void allocate(long position, long length) {
        checkWriting("fallocate", position);
        Arguments.checkRange(position, length);
        if (length == 0) {
            return;
        }
        CallState state = CallState.acquire();
        try {
            if (!(Platform.MAC ? allocateMac(state, position + length) : allocateLinux(state, position, length))) {
                allocateByWriting(state, position + length);
            }
        } finally {
            state.release();
        }
    }

    private boolean allocateLinux(CallState state, long position, long length) {
        while (Posix.fallocate(state, descriptor, 0, position, length) != 0) {
            if (Errno.isUnsupported(state.errno())) {
                return false;
            }
            if (state.errno() != Errno.EINTR) {
                throw failed("fallocate", state.errno(), position);
            }
        }
        return true;
    }

    /** Reserves behind the physical end, then moves the size over it. Holes within the size stay holes. */
    private boolean allocateMac(CallState state, long end) {
        slowCalls.lock();
        try {
            long size = size(state);
            if (end <= size) {
                return true;
            }
            MemorySegment store = state.struct;
            store.set(ValueLayout.JAVA_INT, 0, F_ALLOCATEALL);
            store.set(ValueLayout.JAVA_INT, 4, F_PEOFPOSMODE);
            store.set(ValueLayout.JAVA_LONG, 8, 0);
            store.set(ValueLayout.JAVA_LONG, 16, end - size);
            store.set(ValueLayout.JAVA_LONG, 24, 0);
            if (Posix.fcntl(state, descriptor, Posix.F_PREALLOCATE, store.address()) != 0) {
                if (Errno.isUnsupported(state.errno()) || state.errno() == Errno.EINVAL) {
                    return false;
                }
                throw failed("fcntl(F_PREALLOCATE)", state.errno(), size);
            }
            truncate(state, end);
            return true;
        } finally {
            slowCalls.unlock();
        }
    }

    /** For file systems without preallocation: zeros from the end of the file on. */
    private void allocateByWriting(CallState state, long end) {
        slowCalls.lock();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment zeros = arena.allocate(ZEROS_SIZE);
            for (long at = size(state); at < end;) {
                int part = (int) Math.min(ZEROS_SIZE, end - at);
                writeFully(state, at, zeros.address(), part);
                at += part;
            }
        } finally {
            slowCalls.unlock();
        }
    }

    @Override
    public void truncate(long size) {
        checkWriting("ftruncate", size);
        Arguments.checkSize(size);
        CallState state = CallState.acquire();
        slowCalls.lock();
        try {
            truncate(state, size);
        } finally {
            slowCalls.unlock();
            state.release();
        }
    }

    private void truncate(CallState state, long size) {
        while (Posix.ftruncate(state, descriptor, size) != 0) {
            if (state.errno() != Errno.EINTR) {
                throw failed("ftruncate", state.errno(), size);
            }
        }
    }

    @Override
    public void punch(long position, long length) {
        checkWriting("punch", position);
        Arguments.checkRange(position, length);
        if (length == 0) {
            return;
        }
        CallState state = CallState.acquire();
        try {
            if (Platform.MAC) {
                punchMac(state, position, length);
                return;
            }
            while (Posix.fallocate(state, descriptor, Posix.FALLOCATE_PUNCH_HOLE_KEEP_SIZE, position, length) != 0) {
                if (Errno.isUnsupported(state.errno())) {
                    return;
                }
                if (state.errno() != Errno.EINTR) {
                    throw failed("fallocate(PUNCH_HOLE)", state.errno(), position);
                }
            }
        } finally {
            state.release();
        }
    }

    /** macOS punches whole blocks of the file system only; what is left at the edges is written with zeros. */
    private void punchMac(CallState state, long position, long length) {
        long end = Math.min(position + length, size(state));
        long block = blockSize();
        long first = Math.min(end, (position + block - 1) / block * block);
        long last = Math.max(first, end / block * block);
        if (last > first) {
            MemorySegment hole = state.struct;
            hole.set(ValueLayout.JAVA_LONG, 0, 0);
            hole.set(ValueLayout.JAVA_LONG, 8, first);
            hole.set(ValueLayout.JAVA_LONG, 16, last - first);
            if (Posix.fcntl(state, descriptor, Posix.F_PUNCHHOLE, hole.address()) != 0) {
                if (Errno.isUnsupported(state.errno()) || state.errno() == Errno.EINVAL) {
                    return;
                }
                throw failed("fcntl(F_PUNCHHOLE)", state.errno(), first);
            }
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment zeros = arena.allocate(block);
            if (position < first) {
                writeFully(state, position, zeros.address(), (int) (first - position));
            }
            if (last < end) {
                writeFully(state, last, zeros.address(), (int) (end - last));
            }
        }
    }

    @Override
    public long size() {
        CallState state = CallState.acquire();
        try {
            return size(state);
        } finally {
            state.release();
        }
    }

    /** By seeking, which nothing else here does: struct stat differs from system to system. */
    private long size(CallState state) {
        long size = Posix.lseek(state, descriptor, 0, Posix.SEEK_END);
        if (size < 0) {
            throw failed("lseek", state.errno(), IoErrors.NO_POSITION);
        }
        return size;
    }

    @Override
    public int blockSize() {
        int known = blockSize;
        if (known == 0) {
            known = BlockSize.of(path);
            blockSize = known;
        }
        return known;
    }

    @Override
    public MemorySegment mapReadOnly(long reservation) {
        if (reservation <= 0 || reservation > Long.MAX_VALUE - PAGE_SIZE_MAX) {
            throw new IllegalArgumentException(
                    "Bad reservation: expected more than 0 bytes, found " + reservation + ".");
        }
        CallState state = CallState.acquire();
        slowCalls.lock();
        try {
            long address = Posix.mmap(state, reservation, Posix.PROT_READ, Posix.MAP_SHARED | Posix.MAP_NORESERVE,
                    descriptor);
            if (address == Posix.MAP_FAILED) {
                throw failed("mmap", state.errno(), 0);
            }
            if (mappings == null) {
                mappings = Arena.ofShared();
            }
            // Read-only for Java too: a store into the mapping would end the process.
            return MemorySegment.ofAddress(address)
                    .reinterpret(reservation, mappings, mapping -> unmap(mapping.address(), reservation)).asReadOnly();
        } finally {
            slowCalls.unlock();
            state.release();
        }
    }

    private static void unmap(long address, long length) {
        CallState state = CallState.acquire();
        try {
            Posix.munmap(state, address, length); // fails for bad arguments only
        } finally {
            state.release();
        }
    }

    @Override
    public boolean tryLock(LockMode mode) {
        if (mode == LockMode.EXCLUSIVE) {
            checkWriting("lock", IoErrors.NO_POSITION);
        }
        CallState state = CallState.acquire();
        try {
            int result = Platform.MAC ? lockMac(state, mode) : lockLinux(state, mode);
            if (result != 0 && state.errno() != Errno.EAGAIN && state.errno() != Errno.EACCES) {
                throw failed("lock", state.errno(), IoErrors.NO_POSITION);
            }
            return result == 0;
        } finally {
            state.release();
        }
    }

    private int lockLinux(CallState state, LockMode mode) {
        MemorySegment flock = state.struct;
        flock.set(ValueLayout.JAVA_SHORT, FLOCK_TYPE_OFFSET, mode == LockMode.SHARED ? F_RDLCK : F_WRLCK);
        flock.set(ValueLayout.JAVA_SHORT, FLOCK_WHENCE_OFFSET, (short) 0);
        flock.set(ValueLayout.JAVA_LONG, FLOCK_START_OFFSET, 0);
        flock.set(ValueLayout.JAVA_LONG, FLOCK_LENGTH_OFFSET, 0); // to the end, wherever that will be
        flock.set(ValueLayout.JAVA_LONG, FLOCK_PROCESS_OFFSET, 0);
        return Posix.fcntl(state, descriptor, Posix.F_OFD_SETLK, flock.address());
    }

    private int lockMac(CallState state, LockMode mode) {
        return Posix.flock(state, descriptor,
                Posix.LOCK_NB | (mode == LockMode.SHARED ? Posix.LOCK_SH : Posix.LOCK_EX));
    }

    @Override
    public void renamedTo(Path name) {
        path = name;
    }

    @Override
    public void close() {
        slowCalls.lock();
        CallState state = CallState.acquire();
        try {
            int durable = durableDescriptor;
            int plain = descriptor;
            durableDescriptor = NOT_POSSIBLE;
            descriptor = NOT_OPEN;
            int errno = closeDescriptor(state, durable);
            int second = closeDescriptor(state, plain);
            if (mappings != null) {
                mappings.close();
                mappings = null;
            }
            errno = errno != 0 ? errno : second;
            if (errno != 0) {
                throw IoErrors.failedFlush("close", errno, path, IoErrors.NO_POSITION, Posix.describe(errno));
            }
        } finally {
            state.release();
            slowCalls.unlock();
        }
    }

    /** After EINTR the descriptor is closed all the same, and its number may be another file's: there is no second try. */
    private static int closeDescriptor(CallState state, int descriptor) {
        if (descriptor < 0 || Posix.close(state, descriptor) == 0) {
            return 0;
        }
        return state.errno() == Errno.EINTR ? 0 : state.errno();
    }

    private void checkWriting(String operation, long position) {
        if (readOnly) {
            throw IoErrors.openForReadingOnly(operation, path, position);
        }
    }

    private IoFailedException failed(String operation, int errno, long position) {
        return IoErrors.failed(operation, errno, path, position, Posix.describe(errno));
    }
}
