package io.nexuslite.io;

/** Where hosts come from. All methods may be called by any thread. */
public final class Hosts {
    private Hosts() {
    }

    private static final class Chosen {
        static final Host PLATFORM = choose();

        private static Host choose() {
            Host host = NativeHost.openOrNull();
            return host != null ? host : new PortableHost();
        }
    }

    /**
     * This machine: by native calls on Linux and macOS, else, and where the JVM denies native access, by the JDK alone. Always
     * the same object.
     */
    public static Host platform() {
        return Chosen.PLATFORM;
    }

    /** Whether {@link #platform} works by native calls. Without them there is no mapping and no punching. */
    public static boolean isNative() {
        return Chosen.PLATFORM instanceof NativeHost;
    }

    /** This machine by the JDK alone. */
    public static Host portable() {
        return new PortableHost();
    }

    /** A new host with its files in native memory, bounded by the machine alone; the caller closes it. */
    public static MemoryHost inMemory() {
        return inMemory(Long.MAX_VALUE);
    }

    /**
     * A new host with its files in native memory; the caller closes it.
     *
     * @param bytesMax most bytes that all its files may occupy together, in chunks of 1 MiB each; a file that would need more gets
     *     a {@link io.nexuslite.error.StorageFullException}
     */
    public static MemoryHost inMemory(long bytesMax) {
        if (bytesMax <= 0) {
            throw new IllegalArgumentException("Bad bytesMax: expected more than 0, found " + bytesMax + ".");
        }
        return new MemoryHost(bytesMax);
    }
}
