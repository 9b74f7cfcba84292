package io.nexuslite;

import io.nexuslite.bson.GrowableBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Tags of a document as they lie in its record: for each the count of its bytes in one byte, then the bytes in UTF-8.
 * The bytes are part of the file format; no tags are no bytes.
 */
final class DocumentTags {
    static final int COUNT_MAX = 64;
    static final int LENGTH_MAX = 255;

    private DocumentTags() {
    }

    static List<String> checked(List<String> tags) {
        if (tags.size() > COUNT_MAX) {
            throw new IllegalArgumentException("At most " + COUNT_MAX + " tags, found " + tags.size());
        }
        for (String tag : tags) {
            int length = tag.getBytes(StandardCharsets.UTF_8).length;
            if (length == 0 || length > LENGTH_MAX) {
                throw new IllegalArgumentException("A tag has 1 to " + LENGTH_MAX + " bytes, found " + length);
            }
        }
        return tags;
    }

    /** Appends the tags to the buffer and returns their bytes. */
    static int encode(List<String> tags, GrowableBuffer into) {
        if (tags.isEmpty()) {
            return 0; // nearly always, and an iterator over nothing showed in profiles of imports
        }
        int start = into.length();
        for (String tag : tags) {
            byte[] utf8 = tag.getBytes(StandardCharsets.UTF_8);
            int at = into.reserve(1);
            into.memory().set(ValueLayout.JAVA_BYTE, at, (byte) utf8.length);
            into.setLength(at + 1);
            into.append(utf8, 0, utf8.length);
        }
        return into.length() - start;
    }

    static List<String> decode(MemorySegment memory, long offset, int length) {
        if (memory == null || length == 0) {
            return List.of();
        }
        List<String> tags = new ArrayList<>();
        long end = offset + length;
        for (long at = offset; at < end;) {
            int bytes = Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, at));
            byte[] utf8 = memory.asSlice(at + 1, Math.min(bytes, end - at - 1)).toArray(ValueLayout.JAVA_BYTE);
            tags.add(new String(utf8, StandardCharsets.UTF_8));
            at += 1L + bytes;
        }
        return Collections.unmodifiableList(tags);
    }
}
