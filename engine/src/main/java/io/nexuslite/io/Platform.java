package io.nexuslite.io;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Locale;

/** Which operating system this is, as far as calls and constants differ. */
final class Platform {
    private static final String NAME = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);

    static final boolean LINUX = NAME.startsWith("linux");
    static final boolean MAC = NAME.startsWith("mac") || NAME.startsWith("darwin");
    static final boolean WINDOWS = NAME.startsWith("windows");

    private Platform() {
    }

    /** Whether the constants and struct layouts of {@link Posix} are those of this machine. */
    static boolean hasNativeCalls() {
        return (LINUX || MAC) && ValueLayout.ADDRESS.byteSize() == Long.BYTES
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }
}
