package io.nexuslite.io;

import java.util.Locale;
import java.util.Set;

/** Which operating system this is, as far as calls and constants differ. */
final class Platform {
    private static final String NAME = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);

    static final boolean LINUX = NAME.startsWith("linux");
    static final boolean MAC = NAME.startsWith("mac") || NAME.startsWith("darwin");
    static final boolean WINDOWS = NAME.startsWith("windows");

    /** All little-endian, with 64-bit pointers, and with the numbers that most processors share. */
    private static final Set<String> KNOWN_PROCESSORS = Set.of("amd64", "x86_64", "aarch64", "riscv64");

    private Platform() {
    }

    /** Whether the constants and struct layouts of {@link Posix} are those of this machine. */
    static boolean hasNativeCalls() {
        return (LINUX || MAC) && KNOWN_PROCESSORS.contains(System.getProperty("os.arch", ""));
    }
}
