package io.nexuslite.io;

import java.lang.foreign.MemorySegment;

/**
 * A host whose files lie in native memory and are gone with it. Each host has files of its own. Unsupported:
 * {@link StoreFile#mapReadOnly}.
 */
public final class MemoryHost implements Host, AutoCloseable {
    private final MemoryFileSystem files;

    MemoryHost(long bytesMax) {
        files = new MemoryFileSystem(bytesMax);
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
        JvmServices.entropy(target, offset, length);
    }

    @Override
    public long processId() {
        return JvmServices.processId();
    }

    @Override
    public String hostName() {
        return JvmServices.hostName();
    }

    /** Bytes that all files occupy, in chunks of 1 MiB. */
    public long bytesInUse() {
        return files.bytesInUse();
    }

    /**
     * Frees the memory of all files. The caller has closed them: what is still open fails from now on. Idempotent. A host that
     * is dropped without it is freed by the garbage collector, sooner or later.
     */
    @Override
    public void close() {
        files.close();
    }

    @Override
    public String toString() {
        return "memory";
    }
}
