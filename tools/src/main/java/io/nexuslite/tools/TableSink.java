package io.nexuslite.tools;

import io.nexuslite.bson.BsonView;
import io.nexuslite.error.IoFailedException;
import io.nexuslite.transfer.DocumentSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * Documents as a table with aligned columns. The columns are those of the first {@value #FIRST} documents, and as wide as their
 * values need, up to {@value #WIDTH_MAX} characters; the documents behind are written as they come. One thread; owns its stream.
 */
final class TableSink implements DocumentSink {
    private static final int FIRST = 200;
    private static final int WIDTH_MAX = 40;

    private final OutputStream out;
    private final List<BsonDocument> first = new ArrayList<>();
    private final List<String> columns = new ArrayList<>();
    private int[] widths;
    private long bytes;

    TableSink(OutputStream out) {
        this.out = out;
    }

    @Override
    public Outcome accept(BsonView document) {
        BsonDocument copy = document.toBsonDocument();
        if (widths == null) {
            first.add(copy);
            if (first.size() == FIRST) {
                begin();
            }
        } else {
            row(copy);
        }
        return Outcome.INSERTED;
    }

    @Override
    public void commit() {
        if (widths == null) {
            begin();
        }
        try {
            out.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void begin() {
        Set<String> names = new LinkedHashSet<>();
        first.forEach(document -> names.addAll(document.keySet()));
        columns.addAll(names);
        widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = width(shortened(columns.get(i)));
            for (BsonDocument document : first) {
                widths[i] = Math.max(widths[i], width(cell(document, columns.get(i))));
            }
        }
        if (!columns.isEmpty()) {
            line(columns.stream().map(TableSink::shortened).toList());
            line(Arrays.stream(widths).mapToObj("-"::repeat).toList());
        }
        first.forEach(this::row);
        first.clear();
    }

    private void row(BsonDocument document) {
        line(columns.stream().map(name -> cell(document, name)).toList());
    }

    private void line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            line.append(i == 0 ? "" : "  ").append(cell);
            line.append(" ".repeat(Math.max(0, widths[i] - width(cell))));
        }
        byte[] utf8 = (line.toString().stripTrailing() + "\n").getBytes(StandardCharsets.UTF_8);
        bytes += utf8.length;
        try {
            out.write(utf8);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static String cell(BsonDocument document, String name) {
        BsonValue value = document.get(name);
        if (value == null) {
            return "";
        }
        return shortened(value.isString() ? value.asString().getValue() : plain(value));
    }

    private static String plain(BsonValue value) {
        return switch (value.getBsonType()) {
            case OBJECT_ID -> value.asObjectId().getValue().toHexString();
            case DATE_TIME -> Instant.ofEpochMilli(value.asDateTime().getValue()).toString();
            case DECIMAL128 -> value.asDecimal128().getValue().toString();
            default -> Texts.json(value);
        };
    }

    private static String shortened(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(WIDTH_MAX + 1L)
                .forEach(point -> shown.appendCodePoint(Character.isISOControl(point) ? ' ' : point));
        if (shown.codePointCount(0, shown.length()) > WIDTH_MAX) {
            shown.setLength(shown.offsetByCodePoints(0, WIDTH_MAX - 1));
            shown.append('\u2026');
        }
        return shown.toString();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    private IoFailedException failed(IOException cause) {
        return new IoFailedException("write", 0, "standard output", bytes, String.valueOf(cause.getMessage()), cause);
    }
}
