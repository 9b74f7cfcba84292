package io.nexuslite.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file by {@link AsynchronousFileChannel}. A {@code FileChannel} will not do: an interrupt of any thread closes it for all,
 * with it goes the lock, and the exception that tells of the interrupt hides the one of a failed flush. The asynchronous channel
 * knows no interrupts, and with {@link CallerRuns} its calls run in the calling thread. Windows, which has asynchronous calls
 * of its own, uses the JDK's threads, and the caller waits for them.
 *
 * <p>A durable write flushes the whole file, which is more than it promises. Transfers produce some garbage.
 */
final class PortableFile implements StoreFile {
    private static final int ZEROS_SIZE = 1 << 16;
    private static final Thread ANY_THREAD = Thread.ofPlatform().unstarted(() -> {
    });

    private volatile Path path;
    private final AsynchronousFileChannel channel;
    private final boolean readOnly;
    private final OpenFiles.Entry entry;
    private final ReentrantLock sizeChanges = new ReentrantLock(); // growing takes several calls
    private volatile boolean closed;
    private volatile int blockSize;

    PortableFile(Path path, AsynchronousFileChannel channel, boolean readOnly, OpenFiles.Entry entry) {
        this.path = path;
        this.channel = channel;
        this.readOnly = readOnly;
        this.entry = entry;
    }

    @Override
    public int read(long position, MemorySegment target, long offset, int length) {
        Arguments.checkTransfer(position, target, offset, length);
        Arguments.checkWritable(target);
        checkOpen("read", position);
        boolean direct = isTransferable(target);
        ByteBuffer buffer = direct
                ? target.asSlice(offset, length).asByteBuffer()
                : ByteBuffer.allocateDirect(length);
        try {
            while (buffer.hasRemaining() && await(channel.read(buffer, position + buffer.position())) >= 0) {
                // read on: short only at the end
            }
        } catch (IOException e) {
            throw IoErrors.failed("read", path, position + buffer.position(), e);
        }
        if (!direct) {
            MemorySegment.copy(MemorySegment.ofBuffer(buffer.flip()), 0, target, offset, buffer.limit());
            return buffer.limit();
        }
        return buffer.position();
    }

    @Override
    public void write(long position, MemorySegment source, long offset, int length) {
        checkWriting("write", position);
        Arguments.checkTransfer(position, source, offset, length);
        ByteBuffer buffer = source.asSlice(offset, length).asByteBuffer();
        if (!isTransferable(source)) {
            buffer = ByteBuffer.allocateDirect(length).put(buffer).flip();
        }
        writeFully(position, buffer);
    }

    private void writeFully(long position, ByteBuffer buffer) {
        try {
            while (buffer.hasRemaining()) {
                if (await(channel.write(buffer, position + buffer.position())) <= 0) {
                    throw new IOException("nothing was written");
                }
            }
        } catch (IOException e) {
            throw IoErrors.failed("write", path, position + buffer.position(), e);
        }
    }

    @Override
    public void writeDurable(long position, MemorySegment source, long offset, int length) {
        write(position, source, offset, length);
        force(position);
    }

    @Override
    public void sync() {
        checkOpen("force", IoErrors.NO_POSITION);
        if (!(readOnly && Platform.WINDOWS)) { // Windows flushes through writable handles only
            force(IoErrors.NO_POSITION);
        }
    }

    private void force(long position) {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw IoErrors.failedFlush("force", path, position, e);
        }
    }

    /** Only what lies behind the end gets space: the JDK cannot tell a hole from zeros. */
    @Override
    public void allocate(long position, long length) {
        checkWriting("allocate", position);
        Arguments.checkRange(position, length);
        sizeChanges.lock();
        try {
            ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_SIZE);
            long end = length == 0 ? 0 : position + length;
            for (long at = size(); at < end;) {
                zeros.clear().limit((int) Math.min(ZEROS_SIZE, end - at));
                writeFully(at, zeros);
                at += zeros.limit();
            }
        } finally {
            sizeChanges.unlock();
        }
    }

    @Override
    public void truncate(long size) {
        checkWriting("truncate", size);
        Arguments.checkSize(size);
        sizeChanges.lock();
        try {
            long before = channel.size();
            if (size < before) {
                channel.truncate(size);
            } else if (size > before) {
                writeFully(size - 1, ByteBuffer.allocateDirect(1)); // the channel's truncate only shrinks
            }
        } catch (IOException e) {
            throw IoErrors.failed("truncate", path, size, e);
        } finally {
            sizeChanges.unlock();
        }
    }

    /** The JDK cannot punch: the bytes stay. */
    @Override
    public void punch(long position, long length) {
        checkWriting("punch", position);
        Arguments.checkRange(position, length);
    }

    @Override
    public long size() {
        try {
            checkOpen("size", IoErrors.NO_POSITION);
            return channel.size();
        } catch (IOException e) {
            throw IoErrors.failed("size", path, IoErrors.NO_POSITION, e);
        }
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
        throw new UnsupportedOperationException("Mapping needs native access.");
    }

    @Override
    public boolean tryLock(LockMode mode) {
        checkOpen("lock", IoErrors.NO_POSITION);
        if (mode == LockMode.EXCLUSIVE) {
            checkWriting("lock", IoErrors.NO_POSITION);
        }
        try {
            return OpenFiles.tryLock(entry, this, channel, mode);
        } catch (IOException e) {
            throw IoErrors.failed("lock", path, IoErrors.NO_POSITION, e);
        }
    }

    @Override
    public void renamedTo(Path name) {
        path = name;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            OpenFiles.leave(entry, this, channel);
        } catch (IOException e) {
            throw IoErrors.failedFlush("close", path, IoErrors.NO_POSITION, e);
        }
    }

    private void checkOpen(String operation, long position) {
        if (closed) { // the channel itself may be parked, and would still serve
            throw IoErrors.closed(operation, path, position);
        }
    }

    private void checkWriting(String operation, long position) {
        checkOpen(operation, position);
        if (readOnly) {
            throw IoErrors.openForReadingOnly(operation, path, position);
        }
    }

    /** On Windows another thread may finish the transfer, which memory confined to this one does not allow. */
    private static boolean isTransferable(MemorySegment memory) {
        return !Platform.WINDOWS || memory.isAccessibleBy(ANY_THREAD);
    }

    /** Waits for the transfer whatever happens, since it uses the caller's memory; an interrupt is kept for later. */
    private static int await(Future<Integer> transfer) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return transfer.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof IOException failure && !(failure instanceof InterruptedIOException)) {
                        throw failure;
                    }
                    throw new IOException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
