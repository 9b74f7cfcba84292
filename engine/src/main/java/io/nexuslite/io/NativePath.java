package io.nexuslite.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A path as the bytes that the C library takes. Taken from the path's URI, which escapes the file name byte by byte: the text of
 * a path loses bytes that are no letters in the JVM's encoding, and would name another file.
 */
final class NativePath {
    private NativePath() {
    }

    static MemorySegment encode(Arena arena, Path file) {
        byte[] escaped = Arguments.checkDefault(file).toUri().getRawPath().getBytes(StandardCharsets.US_ASCII);
        MemorySegment bytes = arena.allocate(escaped.length + 1L);
        long length = 0;
        for (int i = 0; i < escaped.length; i++) {
            byte value = escaped[i];
            if (value == '%') {
                value = (byte) (Character.digit(escaped[i + 1], 16) << 4 | Character.digit(escaped[i + 2], 16));
                i += 2;
            }
            bytes.set(ValueLayout.JAVA_BYTE, length++, value);
        }
        if (length > 1 && bytes.get(ValueLayout.JAVA_BYTE, length - 1) == '/') {
            bytes.set(ValueLayout.JAVA_BYTE, length - 1, (byte) 0); // the URI of a directory ends in a slash
        }
        return bytes;
    }
}
