package io.nexuslite.io;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Objects;

/** Linux or macOS through the foreign-function API. Blocking calls block the calling thread. */
final class NativeHost implements Host {
    private final FileSystem files = new NativeFileSystem();
    private final long processId;
    private final String hostName;

    private NativeHost() {
        processId = Posix.getpid();
        String name = Posix.hostName();
        hostName = name.isEmpty() ? JvmServices.hostName() : name;
    }

    /** The host, or {@code null} where native calls are not to be had: another system, or no native access for this JVM. */
    static NativeHost openOrNull() {
        if (!Platform.hasNativeCalls()) {
            return null;
        }
        try {
            return new NativeHost();
        } catch (IllegalCallerException | UnsupportedOperationException | LinkageError e) {
            // LinkageError: the refusal came while Posix was being initialised, or a symbol is missing
            return null;
        }
    }

    @Override
    public FileSystem files() {
        return files;
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void entropy(MemorySegment target, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.byteSize());
        Arguments.checkWritable(target);
        if (!target.isNative()) {
            JvmServices.entropy(target, offset, length);
            return;
        }
        CallState state = CallState.acquire();
        try {
            int done = 0;
            while (done < length) {
                long count = Posix.getrandom(state, target.address() + offset + done, length - done);
                if (count > 0) {
                    done += (int) count;
                } else if (state.errno() != Errno.EINTR) {
                    throw IoErrors.failed("getrandom", state.errno(), Path.of("/dev/urandom"), IoErrors.NO_POSITION,
                            Posix.describe(state.errno()));
                }
            }
        } finally {
            state.release();
            Reference.reachabilityFence(target);
        }
    }

    @Override
    public long processId() {
        return processId;
    }

    @Override
    public String hostName() {
        return hostName;
    }

    @Override
    public String toString() {
        return "native";
    }
}
