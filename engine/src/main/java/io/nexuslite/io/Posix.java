package io.nexuslite.io;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The calls of the C library that files need, with the constants of Linux (x86-64, AArch64, RISC-V) and macOS. Each returns what the
 * call returns; the error number is in the {@link CallState} handed in.
 *
 * <p>Pointers travel as {@code long}: the 64-bit calling conventions pass both alike, and a slice for each transfer would be
 * garbage. The price is that the linker does not keep the memory alive during the call; callers do.
 */
final class Posix {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = Platform.MAC ? 0x4 : 0x800; // a FIFO or a device must not hang an open
    static final int O_CREAT = Platform.MAC ? 0x200 : 0x40;
    static final int O_EXCL = Platform.MAC ? 0x800 : 0x80;
    static final int O_CLOEXEC = Platform.MAC ? 0x1000000 : 0x80000;
    static final int O_DSYNC = 0x1000; // Linux only: on macOS it does not reach the medium

    static final int SEEK_END = 2;
    static final int PROT_READ = 1;
    static final int MAP_SHARED = 1;
    static final int MAP_NORESERVE = Platform.MAC ? 0x40 : 0x4000;
    static final long MAP_FAILED = -1;

    static final int F_OFD_SETLK = 37; // Linux
    static final int F_PREALLOCATE = 42; // macOS, as all below
    static final int F_FULLFSYNC = 51;
    static final int F_PUNCHHOLE = 99;
    static final int LOCK_SH = 1;
    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;

    static final int FALLOCATE_PUNCH_HOLE_KEEP_SIZE = 0x2 | 0x1;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = LINKER.defaultLookup();
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

    private static final MethodHandle OPEN = call("open", Linker.Option.firstVariadicArg(2),
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle FCNTL = call("fcntl", Linker.Option.firstVariadicArg(2),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle CLOSE = call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle PREAD = call("pread",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PWRITE = call("pwrite",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FSYNC = call("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FTRUNCATE = call("ftruncate",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle LSEEK = call("lseek",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle MMAP = call("mmap",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = call("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle RENAME = call("rename", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle UNLINK = call("unlink", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle ACCESS = call("access", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle GETHOSTNAME = call("gethostname",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle GETPID = LINKER.downcallHandle(LIBRARY.findOrThrow("getpid"),
            FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle STRERROR = LINKER.downcallHandle(LIBRARY.findOrThrow("strerror"),
            FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private Posix() {
    }

    /** Calls that only one of the systems has: resolved when that system first needs them. */
    private static final class OnLinux {
        static final MethodHandle FDATASYNC = call("fdatasync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        static final MethodHandle FALLOCATE = call("fallocate",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
        static final MethodHandle GETRANDOM = call("getrandom",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
    }

    private static final class OnMac {
        static final MethodHandle FLOCK = call("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        static final MethodHandle ARC4RANDOM_BUF = LINKER.downcallHandle(LIBRARY.findOrThrow("arc4random_buf"),
                FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG));
    }

    private static MethodHandle call(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LIBRARY.findOrThrow(name), descriptor, CAPTURE);
    }

    private static MethodHandle call(String name, Linker.Option option, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LIBRARY.findOrThrow(name), descriptor, CAPTURE, option);
    }

    static int open(CallState state, long path, int flags, int mode) {
        try {
            return (int) OPEN.invokeExact(state.capture, path, flags, mode);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int fcntl(CallState state, int descriptor, int command, long argument) {
        try {
            return (int) FCNTL.invokeExact(state.capture, descriptor, command, argument);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int close(CallState state, int descriptor) {
        try {
            return (int) CLOSE.invokeExact(state.capture, descriptor);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long pread(CallState state, int descriptor, long target, long length, long position) {
        try {
            return (long) PREAD.invokeExact(state.capture, descriptor, target, length, position);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long pwrite(CallState state, int descriptor, long source, long length, long position) {
        try {
            return (long) PWRITE.invokeExact(state.capture, descriptor, source, length, position);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int fsync(CallState state, int descriptor) {
        try {
            return (int) FSYNC.invokeExact(state.capture, descriptor);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int fdatasync(CallState state, int descriptor) {
        try {
            return (int) OnLinux.FDATASYNC.invokeExact(state.capture, descriptor);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int fallocate(CallState state, int descriptor, int mode, long position, long length) {
        try {
            return (int) OnLinux.FALLOCATE.invokeExact(state.capture, descriptor, mode, position, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int ftruncate(CallState state, int descriptor, long size) {
        try {
            return (int) FTRUNCATE.invokeExact(state.capture, descriptor, size);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long lseek(CallState state, int descriptor, long offset, int whence) {
        try {
            return (long) LSEEK.invokeExact(state.capture, descriptor, offset, whence);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long mmap(CallState state, long length, int protection, int flags, int descriptor) {
        try {
            return (long) MMAP.invokeExact(state.capture, 0L, length, protection, flags, descriptor, 0L);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int munmap(CallState state, long address, long length) {
        try {
            return (int) MUNMAP.invokeExact(state.capture, address, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int flock(CallState state, int descriptor, int operation) {
        try {
            return (int) OnMac.FLOCK.invokeExact(state.capture, descriptor, operation);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int rename(CallState state, long source, long target) {
        try {
            return (int) RENAME.invokeExact(state.capture, source, target);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int unlink(CallState state, long path) {
        try {
            return (int) UNLINK.invokeExact(state.capture, path);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** 0 if the name exists and its directories may be searched. */
    static int access(CallState state, long path) {
        try {
            return (int) ACCESS.invokeExact(state.capture, path, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long getrandom(CallState state, long target, long length) {
        try {
            if (Platform.MAC) {
                OnMac.ARC4RANDOM_BUF.invokeExact(target, length); // cannot fail
                return length;
            }
            return (long) OnLinux.GETRANDOM.invokeExact(state.capture, target, length, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int getpid() {
        try {
            return (int) GETPID.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Name of this host, or an empty string. */
    static String hostName() {
        CallState state = CallState.acquire();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(257); // zeroed, and the last byte is never written: always ended by NUL
            int result = (int) GETHOSTNAME.invokeExact(state.capture, name.address(), 256L);
            return result == 0 ? name.getString(0) : "";
        } catch (Throwable e) {
            throw unexpected(e);
        } finally {
            state.release();
        }
    }

    /** The system's words for an error number. */
    static String describe(int errno) {
        try {
            MemorySegment words = (MemorySegment) STRERROR.invokeExact(errno);
            return words.equals(MemorySegment.NULL) ? "error " + errno : text(words.reinterpret(512));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static String text(MemorySegment words) {
        StringBuilder text = new StringBuilder();
        for (long i = 0; i < words.byteSize(); i++) {
            byte letter = words.get(ValueLayout.JAVA_BYTE, i);
            if (letter == 0) {
                break;
            }
            text.append(letter > 0 ? (char) letter : '?'); // the locale's encoding is unknown here
        }
        return text.toString();
    }

    private static Error unexpected(Throwable e) {
        if (e instanceof RuntimeException runtime) {
            throw runtime;
        }
        return e instanceof Error error ? error : new AssertionError("A system call threw", e);
    }
}
