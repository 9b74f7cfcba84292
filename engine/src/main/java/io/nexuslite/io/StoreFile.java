package io.nexuslite.io;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * One open file, read and written by position. Memory segments are native, borrowed for the call, and never kept.
 *
 * <p>Any thread may call any method at any time, {@link #close} excepted, which the owner calls once all other calls have
 * returned. Short transfers and EINTR are retried inside, except for flushes, where any failure is reported. A thread's interrupt
 * neither fails a call nor closes the file. Calls block the calling thread, and with it the carrier of a virtual one. Failures are
 * {@link io.nexuslite.error.IoFailedException}s; no room on the disk is a {@link io.nexuslite.error.StorageFullException}, but
 * never in a flush: when {@link #sync}, or the flush inside {@link #writeDurable}, fails for want of room, that is a failed
 * flush like any other, and a plain {@code IoFailedException}. A failed write may have written a part. A call that writes, and
 * the exclusive lock, fail with EBADF on a file open for {@link OpenMode#READ}, every call on a closed one.
 */
public interface StoreFile extends AutoCloseable {
    /**
     * Reads up to {@code length} bytes at {@code position}.
     *
     * @return the bytes read; fewer than {@code length} only at the end of the file, 0 at or behind it
     */
    int read(long position, MemorySegment target, long offset, int length);

    /** Writes all {@code length} bytes at {@code position}; in the kernel when it returns, durable after {@link #sync}. */
    void write(long position, MemorySegment source, long offset, int length);

    /**
     * Writes and makes durable these bytes, and the size where it grows. Nobody may count on more: bytes that an earlier
     * {@link #write} left in the kernel stay there. After a failure that is no full disk nobody knows which bytes are durable.
     */
    void writeDurable(long position, MemorySegment source, long offset, int length);

    /** Makes all bytes written before, and the size, durable. After a failure nobody knows which bytes are. */
    void sync();

    /** Makes sure that {@code [position, position + length)} has disk space and lies within the size; new bytes are zero. */
    void allocate(long position, long length);

    /** Sets the size; bytes behind it are gone, new ones are zero. */
    void truncate(long size);

    /**
     * Gives the disk space of a range back; it reads as zero and the size stays. Does nothing where it is not supported: the bytes
     * stay, so nobody may count on the zeros.
     */
    void punch(long position, long length);

    long size();

    /** What the device writes whole, in bytes: a power of two, at least 512. */
    int blockSize();

    /**
     * Maps the file from position 0 on, read-only and shared, with {@code reservation} bytes of address space; bytes behind the
     * size may be touched once the file has grown over them. Unmapped by {@link #close}. A portable file refuses with
     * {@link UnsupportedOperationException}.
     */
    MemorySegment mapReadOnly(long reservation);

    /**
     * Takes the lock on the whole file without waiting; false if another opening, in this process or another, is in the way. Let
     * go by {@link #close}. Who holds it may ask for the other mode, and keeps what he has if that is refused; only on Linux with
     * native access does nobody get in between.
     */
    boolean tryLock(LockMode mode);

    /** Tells that the file has another name now, which errors give from here on: {@link FileSystem#rename} does not know who has it open. */
    void renamedTo(Path name);

    /** Closes; idempotent. A failure is reported, and the file counts as closed all the same. */
    @Override
    void close();
}
