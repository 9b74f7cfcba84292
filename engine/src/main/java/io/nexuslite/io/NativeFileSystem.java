package io.nexuslite.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

import io.nexuslite.error.IoFailedException;

/** Files of the machine by the calls of its C library. */
final class NativeFileSystem implements FileSystem {
    private static final int MODE_OWNER_ONLY = 0600;

    @Override
    public StoreFile open(Path file, OpenMode mode) {
        int access = switch (mode) {
            case READ -> Posix.O_RDONLY;
            case READ_WRITE -> Posix.O_RDWR;
            case CREATE_NEW -> Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL;
        };
        CallState state = CallState.acquire();
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = open(state, NativePath.encode(arena, file), access | Posix.O_NONBLOCK);
            if (descriptor < 0) {
                throw failed("open", state.errno(), file);
            }
            return new NativeFile(file, descriptor, mode == OpenMode.READ);
        } finally {
            state.release();
        }
    }

    private static int open(CallState state, MemorySegment name, int flags) {
        int descriptor;
        do {
            descriptor = Posix.open(state, name.address(), flags | Posix.O_CLOEXEC, MODE_OWNER_ONLY);
        } while (descriptor < 0 && state.errno() == Errno.EINTR);
        return descriptor;
    }

    @Override
    public boolean exists(Path file) {
        CallState state = CallState.acquire();
        try (Arena arena = Arena.ofConfined()) {
            if (Posix.access(state, NativePath.encode(arena, file).address()) == 0) {
                return true;
            }
            if (state.errno() == Errno.ENOENT || state.errno() == Errno.ENOTDIR) {
                return false;
            }
            throw failed("access", state.errno(), file); // who may not look must not take it for absent
        } finally {
            state.release();
        }
    }

    @Override
    public void unlink(Path file) {
        CallState state = CallState.acquire();
        try (Arena arena = Arena.ofConfined()) {
            if (Posix.unlink(state, NativePath.encode(arena, file).address()) != 0) {
                throw failed("unlink", state.errno(), file);
            }
        } finally {
            state.release();
        }
    }

    @Override
    public void rename(Path source, Path target) {
        CallState state = CallState.acquire();
        try (Arena arena = Arena.ofConfined()) {
            long from = NativePath.encode(arena, source).address();
            long to = NativePath.encode(arena, target).address();
            if (Posix.rename(state, from, to) != 0) {
                throw failed("rename", state.errno(), source);
            }
        } finally {
            state.release();
        }
    }

    @Override
    public void syncDirectory(Path directory) {
        CallState state = CallState.acquire();
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = open(state, NativePath.encode(arena, directory), Posix.O_RDONLY | Posix.O_NONBLOCK);
            if (descriptor < 0) {
                throw failed("open", state.errno(), directory);
            }
            int result = Platform.MAC ? NativeFile.flushMac(state, descriptor) : Posix.fsync(state, descriptor);
            int errno = result == 0 ? 0 : state.errno();
            Posix.close(state, descriptor); // nothing was written through it
            // EINVAL: this file system has no flush for directories, so there is nothing that could be asked of it.
            if (errno != 0 && errno != Errno.EINVAL) {
                throw IoErrors.failedFlush("fsync", errno, directory, IoErrors.NO_POSITION, Posix.describe(errno));
            }
        } finally {
            state.release();
        }
    }

    private static IoFailedException failed(String operation, int errno, Path file) {
        return IoErrors.failed(operation, errno, file, IoErrors.NO_POSITION, Posix.describe(errno));
    }
}
