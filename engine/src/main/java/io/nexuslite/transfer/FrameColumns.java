package io.nexuslite.transfer;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import java.util.stream.IntStream;

/**
 * Writes a frame column by column in one pass over its rows: since the length of every column is known from the pass before, each
 * has its offset in a file put aside, and a small buffer that goes there when it is full. One run; borrows the sink.
 */
final class FrameColumns {
    /** Memory of all buffers together, unless a value is longer. */
    private static final int BUFFERS_SIZE = 8 << 20;
    private static final int BUFFER_SIZE_MIN = 256;
    private static final int BUFFER_SIZE_MAX = 64 * 1024;
    private static final int NULL_LENGTH = 4;

    private final FrameSink sink;
    private final int[] numbers;
    private final ByteText[] buffers;
    private final long[] offsets;
    private final int bufferSize;
    private final JsonWriter piece = new JsonWriter(JsonStyle.PLAIN);

    FrameColumns(FrameSink sink) {
        this.sink = sink;
        numbers = IntStream.range(0, sink.columns.count())
                .filter(column -> !sink.isLabel(sink.columns.column(column))).toArray();
        buffers = new ByteText[numbers.length];
        offsets = new long[numbers.length];
        bufferSize = Math.clamp(BUFFERS_SIZE / Math.max(1, numbers.length), BUFFER_SIZE_MIN, BUFFER_SIZE_MAX);
    }

    void write() {
        long size = head();
        try (Spool target = new Spool(sink.host);
                GrowableBuffer part = new GrowableBuffer(BUFFER_SIZE_MAX, 1 << 30);
                SpooledDocuments documents = new SpooledDocuments(sink.spool)) {
            long ordinal = 0;
            for (BsonView document = documents.next(); document != null; document = documents.next()) {
                sink.label(document, ordinal, true);
                sink.read(document);
                for (int i = 0; i < numbers.length; i++) {
                    cell(i, ordinal == 0);
                    if (buffers[i].length >= bufferSize) {
                        drain(i, target, part);
                    }
                }
                ordinal++;
            }
            for (int i = 0; i < numbers.length; i++) {
                buffers[i].putAscii(i == numbers.length - 1 ? "}}" : "},");
                drain(i, target, part);
            }
            if (numbers.length > 0 && offsets[numbers.length - 1] != size) {
                throw new IllegalStateException(
                        "Frame must end at " + size + ", found " + offsets[numbers.length - 1] + ": a defect");
            }
            copy(target, part);
        }
        if (numbers.length == 0) {
            sink.text.append("{}");
        }
    }

    /** Finds where each column begins, writes their names, and returns where the last one ends. */
    private long head() {
        long at = 0;
        for (int i = 0; i < numbers.length; i++) {
            TableColumns.Node column = sink.columns.column(numbers[i]);
            offsets[i] = at;
            piece.reset();
            piece.append(i == 0 ? "{" : "");
            piece.appendQuoted(column.path);
            piece.append(":{");
            buffers[i] = new ByteText();
            buffers[i].put(piece.bytes(), 0, piece.length());
            long cells = sink.labelBytes + sink.rows + Math.max(0, sink.rows - 1);
            long values = sink.valueBytes(numbers[i]) + NULL_LENGTH * (sink.rows - column.count);
            at += piece.length() + cells + values + 2;
        }
        return at;
    }

    private void cell(int index, boolean first) {
        ByteText buffer = buffers[index];
        if (!first) {
            buffer.put((byte) ',');
        }
        buffer.put(sink.labels.bytes(), 0, sink.labels.length());
        piece.reset();
        piece.append((byte) ':');
        sink.cell(numbers[index], piece);
        buffer.put(piece.bytes(), 0, piece.length());
    }

    private void drain(int index, Spool target, GrowableBuffer part) {
        part.reset();
        part.append(buffers[index].bytes, 0, buffers[index].length);
        target.write(offsets[index], part);
        offsets[index] += part.length();
        buffers[index].length = 0;
    }

    private void copy(Spool target, GrowableBuffer part) {
        long position = 0;
        int read;
        do {
            part.reset();
            read = target.read(position, part, BUFFER_SIZE_MAX);
            position += read;
            byte[] bytes = part.toByteArray();
            sink.output.write(bytes, 0, bytes.length);
        } while (read > 0);
    }
}
