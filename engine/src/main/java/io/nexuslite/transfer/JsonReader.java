package io.nexuslite.transfer;

import io.nexuslite.bson.BsonWriter;
import io.nexuslite.error.RowException;
import java.nio.charset.StandardCharsets;

/**
 * Reads single documents and values from JSON text; what an import reads, and as it reads it.
 *
 * <p>To be reused; one thread at a time; owns memory, the caller closes.
 */
public final class JsonReader implements AutoCloseable {
    /** Longer text cannot be a document of 16 MiB, unless blanks make it so long. */
    private static final int TEXT_BYTES_MAX = 128 << 20;

    private final BsonRow row = new BsonRow(TEXT_BYTES_MAX);
    private final JsonParser parser = new JsonParser(row, true, false);
    private byte[] bytes = new byte[1024];

    /** A reader that takes Extended JSON and refuses names that come twice. */
    public JsonReader() {
    }

    /**
     * Writes the document that all of {@code json} is.
     *
     * @param target a writer on which a document may begin
     * @throws RowException if it is none; nothing has been written
     */
    public void parse(String json, BsonWriter target) {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        parse(utf8, 0, utf8.length, target);
    }

    /** As {@link #parse(String, BsonWriter)}, from UTF-8. */
    public void parse(byte[] utf8, int offset, int length, BsonWriter target) {
        read(utf8, offset, length, false);
        target.rawDocument(row.view());
    }

    /**
     * Writes the value that all of {@code json} is, as the one element of a document, whose name is empty.
     *
     * @throws RowException if it is none; nothing has been written
     */
    public void parseValue(String json, BsonWriter target) {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        read(utf8, 0, utf8.length, true);
        target.rawDocument(row.view());
    }

    /** Gives the memory back; idempotent. */
    @Override
    public void close() {
        row.close();
    }

    private void read(byte[] utf8, int offset, int length, boolean value) {
        if (bytes.length - JsonText.SLACK < length) {
            bytes = new byte[Math.addExact(length, JsonText.SLACK)];
        }
        System.arraycopy(utf8, offset, bytes, 0, length);
        bytes[length] = 0;
        try {
            JsonText text = parser.text();
            text.bytes = bytes;
            text.lines = false;
            int at = text.skip(0);
            int end = text
                    .skip(value ? parser.value(bytes, at, length) : parser.document(bytes, at, length, false, true));
            if (end < length) {
                throw text.fault(end, "expected the end of the text");
            }
        } catch (TextFault fault) {
            throw refused(fault, length);
        }
    }

    private RowException refused(TextFault fault, int length) {
        int at = Math.min(fault.at(), length);
        long line = 1;
        int lineStart = 0;
        for (int i = 0; i < at; i++) {
            if (bytes[i] == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new RowException(TextFault.describe(fault.what(), bytes, at, length), line, at - lineStart + 1L, at,
                null);
    }
}
