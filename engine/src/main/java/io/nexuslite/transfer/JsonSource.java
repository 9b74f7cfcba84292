package io.nexuslite.transfer;

import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.RowException;
import java.util.Objects;

/**
 * Documents from JSON text: one a line, or an array of them, or one behind the other.
 *
 * <p>A row is parsed where it lies in the window, before anybody has looked for its end. Only when the window ends within the row
 * is its end looked for, as far as necessary bytes are read, and the row parsed once more: so each byte is read at most three
 * times, however the input comes in pieces.
 *
 * <p>In an array, and without one, the row behind one that is refused is found by brackets and quotes; where those are broken as
 * well, the rest of the input is one refused row.
 */
final class JsonSource implements DocumentSource {
    private static final int BYTE_ORDER_MARK_SIZE = 3;

    /** The row is longer than allowed. */
    private static final int NO_END = -1;

    private static final int STATE_BEGIN = 0;
    private static final int STATE_LINES = 1;
    private static final int STATE_CONCATENATED = 2;
    private static final int STATE_ARRAY_FIRST = 3;
    private static final int STATE_ARRAY_NEXT = 4;
    private static final int STATE_AFTER_ARRAY = 5;
    private static final int STATE_ENDED = 6;

    private final InputWindow input;
    private final int rowBytesMax;
    private final boolean lines;
    private final BsonRow row;
    private final JsonParser parser;
    private final RowEnd rowEnd = new RowEnd();

    private int state = STATE_BEGIN;
    private long rows;
    /** Line, from 1, in which the window begins, and the position at which that line does. */
    private long line = 1;
    private long linePosition;
    /** The last row: where it began, its line, and where it lies in the window. */
    private long rowPosition;
    private long rowLine;
    private int rowStart;
    private int rowLength;
    private boolean rowWhole;
    /** Whether the row of this call has been counted. */
    private boolean begun;
    private boolean closed;

    JsonSource(InputWindow input, boolean lines, int rowBytesMax, boolean extended, boolean duplicates) {
        this.input = input;
        this.lines = lines;
        this.rowBytesMax = rowBytesMax;
        row = new BsonRow(rowBytesMax);
        parser = new JsonParser(row, extended, duplicates);
    }

    @Override
    public boolean next(BsonWriter target) {
        Objects.requireNonNull(target, "target");
        rowLength = 0;
        rowWhole = false;
        if (state == STATE_BEGIN) {
            begin();
        }
        begun = false;
        if (state == STATE_ENDED || !(lines ? skipSpace() : findDocument())) {
            return false;
        }
        beginRow();
        if (lines) {
            parseLine();
        } else {
            parseDocument();
        }
        target.rawDocument(row.view());
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
            state = STATE_ENDED;
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
        if (bytes[at] == (byte) 0xEF && bytes[at + 1] == (byte) 0xBB && bytes[at + 2] == (byte) 0xBF) {
            input.start = at + BYTE_ORDER_MARK_SIZE;
        }
        state = lines ? STATE_LINES : STATE_CONCATENATED;
        if (!lines && skipSpace() && input.bytes[input.start] == '[') {
            input.start++;
            state = STATE_ARRAY_FIRST;
        }
    }

    /** Goes over white space, blank lines among it; false at the end of the input. */
    private boolean skipSpace() {
        while (true) {
            int at = input.start;
            byte c = input.bytes[at];
            if (at == input.end) {
                if (input.fill() != InputWindow.Fill.MORE) {
                    return false;
                }
            } else if (c == '\n') {
                nextLine(at + 1);
            } else if (c == ' ' || c == '\t' || c == '\r') {
                input.start = at + 1;
            } else {
                return true;
            }
        }
    }

    private void nextLine(int offset) {
        input.start = offset;
        line++;
        linePosition = input.position(offset);
    }

    /** Stands before the next document, or what should be one; false if there are no more. */
    private boolean findDocument() {
        boolean more = skipSpace();
        byte found = input.bytes[input.start];
        if (state == STATE_ARRAY_FIRST || state == STATE_ARRAY_NEXT) {
            if (!more) {
                state = STATE_ENDED;
                throw refuse(input.start, "expected ',' or ']'");
            }
            if (found == ']') {
                input.start++;
                state = STATE_AFTER_ARRAY;
                return findDocument();
            }
            if (state == STATE_ARRAY_NEXT) {
                if (found != ',') {
                    throw refuse(input.start, "expected ',' or ']'");
                }
                input.start++;
                more = skipSpace();
                if (!more || input.bytes[input.start] == ']') {
                    state = more ? STATE_AFTER_ARRAY : STATE_ENDED;
                    throw refuse(input.start, "expected a document");
                }
            }
            state = STATE_ARRAY_NEXT;
            return true;
        }
        if (more && state == STATE_AFTER_ARRAY) {
            state = STATE_ENDED;
            throw refuse(input.start, "expected the end of the input");
        }
        return more;
    }

    private void beginRow() {
        begun = true;
        rows++;
        rowPosition = input.position(input.start);
        rowLine = line;
    }

    private void parseLine() {
        int limit = input.end;
        int end;
        try {
            end = endOfLine(parser.document(input.bytes, input.start, limit, true, input.isEnded()), limit);
        } catch (TextFault fault) {
            if (fault.at() < limit || input.isEnded()) {
                throw refuse(fault.at(), fault.what());
            }
            end = parseWholeLine(limit - input.start);
        }
        finish(end);
    }

    /** Parses the line again, once its end has been found; the first {@code known} bytes hold none. */
    private int parseWholeLine(int known) {
        int end = lineEnd(input.start + known);
        if (end == NO_END) {
            throw tooLong();
        }
        byte[] bytes = input.bytes;
        byte behind = bytes[end];
        bytes[end] = 0;
        int found;
        try {
            found = endOfLine(parser.document(bytes, input.start, end, true, true), end);
        } catch (TextFault fault) {
            bytes[end] = behind;
            throw refuse(fault.at(), fault.what());
        }
        bytes[end] = behind;
        return found;
    }

    /** Goes over white space to the end of the line. */
    private int endOfLine(int from, int limit) {
        int at = from;
        byte[] bytes = input.bytes;
        while (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r') {
            at++;
        }
        if (at < limit ? bytes[at] != '\n' : limit == input.end && !input.isEnded()) {
            throw parser.text().fault(at, "expected the end of the line");
        }
        return at;
    }

    /** Offset of the line feed from {@code from} on, or of the end of the input; {@link #NO_END} if the line is too long. */
    private int lineEnd(int from) {
        int at = from;
        while (true) {
            byte[] bytes = input.bytes;
            int end = input.end;
            while (at < end && bytes[at] != '\n') {
                at++;
            }
            int done = at - input.start;
            if (done > rowBytesMax) {
                return NO_END;
            }
            if (at < end) {
                return at;
            }
            InputWindow.Fill fill = input.fill();
            if (fill == InputWindow.Fill.FULL) {
                return NO_END;
            }
            at = input.start + done;
            if (fill == InputWindow.Fill.ENDED) {
                return at;
            }
        }
    }

    private void parseDocument() {
        int limit = input.end;
        int end;
        try {
            end = parser.document(input.bytes, input.start, limit, false, input.isEnded());
        } catch (TextFault fault) {
            if (fault.at() < limit || input.isEnded()) {
                throw refuse(fault.at(), fault.what());
            }
            if (documentEnd() == NO_END) {
                throw tooLong();
            }
            try {
                end = parser.document(input.bytes, input.start, input.end, false, true);
            } catch (TextFault again) {
                throw refuse(again.at(), again.what());
            }
        }
        finish(end);
    }

    /** Offset behind the row, by brackets and quotes, or the end of the input; {@link #NO_END} if it is too long. */
    private int documentEnd() {
        rowEnd.begin();
        int at = input.start;
        while (true) {
            int found = rowEnd.find(input.bytes, at, input.end);
            int done = (found == RowEnd.NOT_FOUND ? input.end : found) - input.start;
            if (done > rowBytesMax) {
                return NO_END;
            }
            if (found != RowEnd.NOT_FOUND) {
                return found;
            }
            InputWindow.Fill fill = input.fill();
            if (fill == InputWindow.Fill.FULL) {
                return NO_END;
            }
            at = input.start + done;
            if (fill == InputWindow.Fill.ENDED) {
                return at;
            }
        }
    }

    /** The row ends at {@code end}. */
    private void finish(int end) {
        if (end - input.start > rowBytesMax) {
            throw tooLong();
        }
        pass(end);
    }

    /** Stands behind the row that ends at {@code end}, and in lines also behind its line feed. */
    private void pass(int end) {
        rowStart = input.start;
        rowLength = end - input.start;
        rowWhole = true;
        if (lines) {
            if (end < input.end) {
                nextLine(end + 1);
            } else {
                input.start = end;
            }
        } else {
            advance(end);
        }
    }

    private void advance(int to) {
        byte[] bytes = input.bytes;
        for (int at = input.start; at < to; at++) {
            if (bytes[at] == '\n') {
                nextLine(at + 1);
            }
        }
        input.start = to;
    }

    /** What to throw for the row at which the window begins, over which it then stands. */
    private RowException refuse(int at, String what) {
        if (!begun) {
            beginRow();
        }
        RowException refused = exception(at, TextFault.describe(what, input.bytes, at, input.end));
        if (state == STATE_ENDED) {
            drain();
        } else {
            int end = lines ? lineEnd(input.start) : documentEnd();
            if (end == NO_END) {
                discard();
            } else {
                pass(end);
            }
        }
        return refused;
    }

    private RowException tooLong() {
        RowException refused = exception(input.start,
                "expected at most " + rowBytesMax + " bytes in a row, found more");
        discard();
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

    /** Goes over a row that is too long for the window. */
    private void discard() {
        rowEnd.begin();
        while (true) {
            int end = input.end;
            int found = RowEnd.NOT_FOUND;
            if (lines) {
                int at = input.start;
                while (at < end && input.bytes[at] != '\n') {
                    at++;
                }
                found = at < end ? at : found;
            } else {
                found = rowEnd.find(input.bytes, input.start, end);
            }
            if (found != RowEnd.NOT_FOUND) {
                pass(found);
                rowLength = 0;
                rowWhole = false;
                return;
            }
            advance(end);
            if (input.fill() != InputWindow.Fill.MORE) {
                return;
            }
        }
    }

    /** Goes to the end of the input. */
    private void drain() {
        do {
            advance(input.end);
        } while (input.fill() == InputWindow.Fill.MORE);
    }
}
