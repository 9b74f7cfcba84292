package io.nexuslite.transfer;

import io.nexuslite.error.RowException;

/**
 * Goes through JSON text token by token, from some place of a file on, as far as names and the ends of values are concerned.
 *
 * <p>Only what is asked for has to fit the window; what is passed over may be of any length. One thread at a time; owns its window.
 */
final class JsonCursor implements AutoCloseable {
    private final InputWindow input;
    private final long base;
    private final RowEnd rowEnd = new RowEnd();
    private final int valueBytesMax;
    private long line;
    private long linePosition;

    /**
     * @param base position of the window's first byte in the file
     * @param line line in which it lies, from 1
     * @param linePosition position in the file at which that line begins
     */
    JsonCursor(InputWindow input, long base, long line, long linePosition, int valueBytesMax) {
        this.input = input;
        this.base = base;
        this.line = line;
        this.linePosition = linePosition;
        this.valueBytesMax = valueBytesMax;
    }

    /** The window's bytes, in which the cursor stands at {@link #at}; another array after any other call. */
    byte[] bytes() {
        return input.bytes;
    }

    int at() {
        return input.start;
    }

    long position() {
        return base + input.position(input.start);
    }

    long line() {
        return line;
    }

    long linePosition() {
        return linePosition;
    }

    /** Goes over white space and returns the byte behind it; 0 at the end. */
    byte peek() {
        while (true) {
            byte c = input.bytes[input.start];
            if (input.start == input.end) {
                if (input.fill() != InputWindow.Fill.MORE) {
                    return 0;
                }
            } else if (c == '\n') {
                pass(input.start + 1);
            } else if (c == ' ' || c == '\t' || c == '\r') {
                input.start++;
            } else {
                return c;
            }
        }
    }

    /** Goes over a byte if it is there. */
    boolean consume(char expected) {
        boolean there = peek() == expected;
        if (there) {
            input.start++;
        }
        return there;
    }

    /** Goes over a byte, which must be there. */
    void expect(char expected, String what) {
        if (!consume(expected)) {
            throw refuse(input.start, "expected " + what);
        }
    }

    /** Goes to the next member or element: over a comma, or over the closing bracket, and then false. */
    boolean next(boolean first, char close) {
        if (consume(close)) {
            return false;
        }
        if (!first) {
            expect(',', "',' or '" + close + "'");
        }
        return true;
    }

    /** Length of the string at which the cursor stands, quotes included. */
    int stringLength() {
        if (peek() != '"') {
            throw refuse(input.start, "expected a name");
        }
        int done = 1;
        boolean escaped = false;
        while (true) {
            while (input.start + done < input.end) {
                byte c = input.bytes[input.start + done++];
                if (escaped) {
                    escaped = false;
                } else if (c == '\\') {
                    escaped = true;
                } else if (c == '"') {
                    return done;
                }
            }
            if (done > valueBytesMax || input.fill() != InputWindow.Fill.MORE) {
                throw refuse(input.start, "expected the end of the string that begins here");
            }
        }
    }

    /** Length of the value at which the cursor stands, with white space behind it. */
    int valueLength() {
        peek();
        rowEnd.begin();
        int done = 0;
        while (true) {
            int found = rowEnd.find(input.bytes, input.start + done, input.end);
            if (found != RowEnd.NOT_FOUND) {
                return found - input.start;
            }
            done = input.end - input.start;
            InputWindow.Fill fill = done > valueBytesMax ? InputWindow.Fill.FULL : input.fill();
            if (fill == InputWindow.Fill.ENDED) {
                return done;
            }
            if (fill == InputWindow.Fill.FULL) {
                throw refuse(input.start, "expected at most " + valueBytesMax + " bytes in a value, found more");
            }
        }
    }

    /** Goes over the value at which the cursor stands, whatever its length. */
    void skipValue() {
        peek();
        rowEnd.begin();
        while (true) {
            int found = rowEnd.find(input.bytes, input.start, input.end);
            pass(found == RowEnd.NOT_FOUND ? input.end : found);
            if (found != RowEnd.NOT_FOUND || input.fill() != InputWindow.Fill.MORE) {
                return;
            }
        }
    }

    /** Goes over bytes of the window. */
    void pass(int to) {
        byte[] bytes = input.bytes;
        for (int i = input.start; i < to; i++) {
            if (bytes[i] == '\n') {
                line++;
                linePosition = base + input.position(i + 1);
            }
        }
        input.start = to;
    }

    /** What to throw for what stands at {@code at}. */
    RowException refuse(int at, String what) {
        long faultLine = line;
        long lineStart = linePosition;
        for (int i = input.start; i < at; i++) {
            if (input.bytes[i] == '\n') {
                faultLine++;
                lineStart = base + input.position(i + 1);
            }
        }
        long position = base + input.position(at);
        return new RowException(TextFault.describe(what, input.bytes, at, input.end), faultLine,
                position - lineStart + 1, position, null);
    }

    @Override
    public void close() {
        input.close();
    }
}
