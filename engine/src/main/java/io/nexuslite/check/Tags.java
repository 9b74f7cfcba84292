package io.nexuslite.check;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The tags of a document, and texts in UTF-8 at large. */
final class Tags {
    private Tags() {
    }

    /** What is wrong with the tags from {@code offset} to {@code end}, or {@code null}. */
    static String wrong(MemorySegment memory, long offset, long end) {
        Varint varint = new Varint();
        long at = offset;
        while (at < end) {
            if (!varint.read(memory, at, end) || varint.value < 0 || varint.value > end - varint.next) {
                return "expected tags that fill their length, found another length";
            }
            if (!isUtf8(memory, varint.next, varint.value)) {
                return "expected tags in UTF-8, found other bytes";
            }
            at = varint.next + varint.value;
        }
        return null;
    }

    static boolean isUtf8(MemorySegment memory, long offset, long length) {
        ByteBuffer bytes = memory.asSlice(offset, length).asByteBuffer();
        try {
            StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).decode(bytes);
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
