package io.nexuslite.transfer;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.io.Host;
import java.nio.file.Path;

/**
 * The rows that an import skipped, one JSON document a line: line, column, byte, reason, and the row itself as text, as binary where
 * it is no UTF-8, or not at all where it is too long to be at hand. Appears with the first row.
 */
final class ErrorFile implements AutoCloseable {
    private static final FieldName LINE = FieldName.of("line");
    private static final FieldName COLUMN = FieldName.of("column");
    private static final FieldName BYTE_POSITION = FieldName.of("byte");
    private static final FieldName REASON = FieldName.of("reason");
    private static final FieldName ROW = FieldName.of("row");
    private static final FieldName TRUNCATED = FieldName.of("truncated");
    private static final byte SUBTYPE_GENERIC = 0;
    private static final int ROW_BYTES_MAX = BsonType.DOCUMENT_SIZE_MAX - 64 * 1024;
    private static final int TEXT_CAPACITY = 4096;
    private static final int REASON_CHARS_MAX = 4096;

    private final Host host;
    private final Path path;
    private final GrowableBuffer text;
    private final GrowableBuffer document = new GrowableBuffer();
    private final BsonWriter writer = new BsonWriter();
    private final BsonView view = new BsonView();
    private final JsonWriter json = new JsonWriter(JsonStyle.RELAXED_COMPACT);
    private AtomicFile file;

    ErrorFile(Host host, Path path, int rowBytesMax) {
        this.host = host;
        this.path = path;
        text = new GrowableBuffer(TEXT_CAPACITY, Math.max(BsonType.DOCUMENT_SIZE_MAX, rowBytesMax) + JsonText.SLACK);
    }

    void add(RowError error, DocumentSource source) {
        if (file == null) {
            file = new AtomicFile(host, path, true);
        }
        text.reset();
        boolean whole = source.copyRow(text) && text.length() <= ROW_BYTES_MAX;
        try {
            describe(error, whole, true);
        } catch (InvalidDocumentException e) {
            describe(error, whole, false); // the row is no UTF-8
        }
        json.reset();
        json.append(view.wrap(document));
        json.append((byte) '\n');
        file.write(json.bytes(), 0, json.length());
    }

    private void describe(RowError error, boolean whole, boolean asText) {
        document.reset();
        writer.wrap(document).startDocument();
        writer.name(LINE).int64(error.line());
        writer.name(COLUMN).int64(error.column());
        writer.name(BYTE_POSITION).int64(error.bytePosition());
        String reason = error.reason();
        writer.name(REASON).string(reason.substring(0, Math.min(reason.length(), REASON_CHARS_MAX)));
        if (!whole) {
            writer.name(TRUNCATED).booleanValue(true);
        } else if (asText) {
            writer.name(ROW).string(text.memory(), 0, text.length());
        } else {
            writer.name(ROW).binary(SUBTYPE_GENERIC, text.memory(), 0, text.length());
        }
        writer.endDocument();
    }

    /** Makes the file appear, if there was a row. */
    void commit() {
        if (file != null) {
            file.commit();
        }
    }

    @Override
    public void close() {
        text.close();
        document.close();
        if (file != null) {
            file.close();
        }
    }
}
