package io.nexuslite.transfer;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.RowException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Reads an input to its end: documents as canonical JSON, refused rows as their messages. */
final class ReadRows {
    private static final int ROWS_MAX = 100_000;

    private ReadRows() {
    }

    static List<String> of(InputStream stream, Format format, ImportOptions options) {
        List<String> rows = new ArrayList<>();
        BsonWriter writer = new BsonWriter();
        BsonView view = new BsonView();
        JsonWriter json = new JsonWriter(JsonStyle.CANONICAL_COMPACT);
        try (GrowableBuffer buffer = new GrowableBuffer();
                DocumentSource source = Formats.open(stream, "test", format, options)) {
            while (rows.size() < ROWS_MAX) {
                buffer.reset();
                try {
                    if (!source.next(writer.wrap(buffer))) {
                        return rows;
                    }
                    json.reset();
                    json.append(view.wrap(buffer));
                    rows.add(json.toString());
                } catch (RowException e) {
                    rows.add(e.getMessage());
                }
            }
        }
        throw new AssertionError("a source without end");
    }
}
