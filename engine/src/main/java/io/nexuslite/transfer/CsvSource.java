package io.nexuslite.transfer;

import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.RowException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Documents from records of CSV or TSV, by RFC 4180: quotes stand around a whole cell, and twice where one is meant.
 *
 * <p>Records end with a line feed, a carriage return, or both; those with nothing in them are passed over. What the RFC has no
 * place for is refused, with its place, and the source goes on behind the record as most others would have understood it.
 */
final class CsvSource implements DocumentSource {
    private static final int BYTE_ORDER_MARK_SIZE = 3;

    private final InputWindow input;
    private final CsvOptions options;
    private final int rowBytesMax;
    private final CsvTokens tokens;
    private final CsvRow row;

    private ColumnPlan plan;
    private boolean begun;
    private boolean ended;
    private boolean closed;
    private long rows;
    private long line = 1;
    private long linePosition;
    private long rowLine;
    private long rowPosition;
    private int rowStart;
    private int rowLength;
    private boolean rowWhole;

    /** @param tabs whether tabs delimit where the options do not say */
    CsvSource(InputWindow input, boolean tabs, CsvOptions options, int rowBytesMax) {
        this.input = input;
        this.options = options;
        this.rowBytesMax = rowBytesMax;
        tokens = new CsvTokens(options.delimiter(tabs), options.quote());
        row = new CsvRow(options, rowBytesMax);
    }

    @Override
    public boolean next(BsonWriter target) {
        Objects.requireNonNull(target, "target");
        rowLength = 0;
        rowWhole = false;
        if (!begun) {
            begun = true;
            begin();
        }
        if (ended || !record()) {
            return false;
        }
        rows++;
        if (plan == null) {
            plan(new ArrayList<>(options.columns()), tokens.count);
        }
        byte[] bytes = input.bytes;
        int start = input.start;
        if (tokens.fault != null) {
            throw refuse(start + tokens.faultAt, tokens.fault);
        }
        if (tokens.count > plan.count() || tokens.count < plan.count() && !options.ragged()) {
            throw refuse(tokens.count > plan.count() ? start + tokens.starts[plan.count()] : start,
                    "expected " + plan.count() + " cells, found " + tokens.count);
        }
        try {
            row.make(bytes, start, tokens);
        } catch (TextFault fault) {
            throw refuse(fault.at(), fault.what());
        }
        target.rawDocument(row.view());
        pass();
        return true;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public long bytePosition() {
        return input.position(input.start);
    }

    @Override
    public long line() {
        return rowLine;
    }

    @Override
    public long rowPosition() {
        return rowPosition;
    }

    @Override
    public boolean copyRow(GrowableBuffer target) {
        target.append(input.bytes, rowStart, rowLength);
        return rowWhole;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            ended = true;
            row.close();
            input.close();
        }
    }

    private void begin() {
        while (input.end - input.start < BYTE_ORDER_MARK_SIZE) {
            if (input.fill() != InputWindow.Fill.MORE) {
                break;
            }
        }
        byte[] bytes = input.bytes;
        int at = input.start;
        if (input.end - at >= BYTE_ORDER_MARK_SIZE && bytes[at] == (byte) 0xEF && bytes[at + 1] == (byte) 0xBB
                && bytes[at + 2] == (byte) 0xBF) {
            input.start = at + BYTE_ORDER_MARK_SIZE;
        }
        if (options.header()) {
            header();
        }
    }

    /** Reads the names. Without them nothing behind makes sense, so the source ends where they are wrong. */
    private void header() {
        if (!record()) {
            return;
        }
        if (tokens.fault != null) {
            endAtHeader(input.start + tokens.faultAt, tokens.fault);
        }
        List<String> names = new ArrayList<>(options.columns());
        if (names.isEmpty()) {
            for (int i = 0; i < tokens.count; i++) {
                names.add(name(i));
            }
        } else if (names.size() != tokens.count) {
            endAtHeader(input.start, "expected " + names.size() + " cells, found " + tokens.count);
        }
        plan(names, tokens.count);
        pass();
        rowLength = 0;
        rowWhole = false;
    }

    private String name(int column) {
        int from = input.start + tokens.starts[column];
        int to = input.start + tokens.ends[column];
        for (int at = from; at < to;) {
            int size = input.bytes[at] >= 0 ? 1 : JsonText.utf8Sequence(input.bytes, at);
            if (size < 0) {
                endAtHeader(at - 1 - size, "expected UTF-8");
            }
            at += size;
        }
        String name = new String(input.bytes, from, to - from, StandardCharsets.UTF_8);
        if (tokens.kinds[column] != CsvTokens.ESCAPED) {
            return name;
        }
        String quote = String.valueOf((char) options.quote());
        return name.replace(quote + quote, quote);
    }

    private void plan(List<String> names, int count) {
        if (names.isEmpty()) {
            for (int i = 1; i <= count; i++) {
                names.add("column" + i);
            }
        }
        try {
            plan = ColumnPlan.of(names, options);
        } catch (IllegalArgumentException e) {
            endAtHeader(input.start, e.getMessage());
        }
        row.plan(plan);
    }

    private void endAtHeader(int at, String what) {
        rows = Math.max(1, rows);
        RowException refused = refuse(at, what);
        ended = true;
        drain();
        throw refused;
    }

    /** Finds the next record that is not empty; false if there is none. */
    private boolean record() {
        while (true) {
            rowLine = line;
            rowPosition = input.position(input.start);
            tokens.begin();
            while (!tokens.find(input.bytes, input.start, input.end, input.isEnded())) {
                if (tokens.length() > rowBytesMax || input.fill() == InputWindow.Fill.FULL) {
                    throw tooLong();
                }
            }
            boolean blank = tokens.count == 1 && tokens.kinds[0] == CsvTokens.PLAIN && tokens.ends[0] == 0;
            if (!blank) {
                if (tokens.length() > rowBytesMax + 2) {
                    throw tooLong();
                }
                return true;
            }
            if (input.isEnded() && input.start == input.end) {
                return false;
            }
            pass();
        }
    }

    /** Stands behind the record. */
    private void pass() {
        rowStart = input.start;
        rowLength = tokens.length();
        rowWhole = true;
        int end = rowStart + rowLength;
        if (tokens.holdsLines) {
            countLines(rowStart, end - 1);
        }
        if (rowLength > 0 && (input.bytes[end - 1] == '\n' || input.bytes[end - 1] == '\r')) {
            line++;
            linePosition = input.position(end);
            rowLength--;
            if (rowLength > 0 && input.bytes[end - 1] == '\n' && input.bytes[end - 2] == '\r') {
                rowLength--;
            }
        }
        input.start = end;
    }

    private void countLines(int from, int to) {
        for (int at = from; at < to; at++) {
            if (input.bytes[at] == '\n') {
                line++;
                linePosition = input.position(at + 1);
            }
        }
    }

    /** What to throw for the record at which the window begins, over which it then stands. */
    private RowException refuse(int at, String what) {
        RowException refused = exception(at, TextFault.describe(what, input.bytes, at, input.end));
        pass();
        return refused;
    }

    private RowException exception(int at, String what) {
        long faultLine = line;
        long lineStart = linePosition;
        for (int i = input.start; i < at; i++) {
            if (input.bytes[i] == '\n') {
                faultLine++;
                lineStart = input.position(i + 1);
            }
        }
        long position = input.position(at);
        return new RowException(what, faultLine, position - lineStart + 1, position, null);
    }

    /** Goes over a record that is too long for the window. */
    private RowException tooLong() {
        rows++;
        RowException refused = exception(input.start, "expected at most " + rowBytesMax
                + " bytes in a row, found more" + (tokens.holdsLines ? " (is a closing quote missing?)" : ""));
        boolean done = false;
        boolean more = true;
        while (!done && more) {
            done = tokens.find(input.bytes, input.start, input.end, input.isEnded());
            int end = input.start + tokens.length();
            countLines(input.start, end);
            input.start = end;
            tokens.discard();
            more = done || input.fill() == InputWindow.Fill.MORE;
        }
        rowLength = 0;
        rowWhole = false;
        ended |= plan == null;
        return refused;
    }

    private void drain() {
        do {
            countLines(input.start, input.end);
            input.start = input.end;
        } while (input.fill() == InputWindow.Fill.MORE);
    }
}
