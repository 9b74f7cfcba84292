package io.nexuslite.io;

import java.lang.foreign.MemorySegment;

/** The JDK alone: Windows, and JVMs without native access. Slower, cannot map, cannot punch, and hides most error numbers. */
final class PortableHost implements Host {
    private final FileSystem files = new PortableFileSystem();

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

    @Override
    public String toString() {
        return "portable";
    }
}
