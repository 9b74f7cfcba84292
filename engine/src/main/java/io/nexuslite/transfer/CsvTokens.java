package io.nexuslite.transfer;

import java.util.Arrays;

/**
 * Finds where the cells of one record lie, in as many steps as its bytes come in; each byte is looked at once.
 *
 * <p>Offsets count from the start of the record, so that they outlive a move of the window. A record that is no RFC 4180 is gone
 * through to its end all the same, as it would have been understood by most, and {@link #fault} tells what is wrong with it.
 *
 * <p>To be reused; one thread at a time; allocates only when a record has more cells than any before.
 */
final class CsvTokens {
    /** Most cells of a record. */
    static final int CELLS_MAX = 16_384;

    static final byte PLAIN = 0;
    static final byte QUOTED = 1;
    /** Quoted, and holds quotes, each of which stands twice. */
    static final byte ESCAPED = 2;

    private static final int STATE_BEGIN = 0;
    private static final int STATE_PLAIN = 1;
    private static final int STATE_QUOTED = 2;
    private static final int STATE_QUOTE = 3;
    private static final int STATE_RETURN = 4;

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LINE_FEEDS = '\n' * ONES;
    private static final long RETURNS = '\r' * ONES;

    private final byte delimiter;
    private final int quote;
    private final long delimiters;
    private final long quotes;

    /** Cells of the record, and where each begins and ends, without its quotes. */
    int count;
    int[] starts = new int[64];
    int[] ends = new int[64];
    byte[] kinds = new byte[64];
    /** Whether a cell holds a line feed. */
    boolean holdsLines;
    /** What is wrong with the record, and where; {@code null} if nothing is. */
    String fault;
    int faultAt;

    private int state;
    private int at;
    private boolean recording;

    /** @param quote below zero for none */
    CsvTokens(byte delimiter, int quote) {
        this.delimiter = delimiter;
        this.quote = quote;
        delimiters = delimiter * ONES;
        quotes = (quote < 0 ? delimiter : quote) * ONES;
    }

    /** Begins a record. */
    void begin() {
        count = 0;
        holdsLines = false;
        fault = null;
        state = STATE_BEGIN;
        at = 0;
        recording = true;
        starts[0] = 0;
        kinds[0] = PLAIN;
    }

    /** Bytes of the record that have been gone through; all of them with its line end, once {@link #find} has said so. */
    int length() {
        return at;
    }

    /** Forgets where cells lie, of a record that is too long, and that what has been gone through was there. */
    void discard() {
        recording = false;
        count = 0;
        at = 0;
    }

    /**
     * Goes on through the record that begins at {@code start}.
     *
     * @param end where the bytes end that are there so far
     * @param complete whether no more follow
     * @return whether the record has ended
     */
    boolean find(byte[] bytes, int start, int end, boolean complete) {
        int i = start + at;
        while (i < end) {
            byte c = bytes[i];
            switch (state) {
                case STATE_BEGIN :
                    if (c == quote && quote >= 0) {
                        kinds[count] = QUOTED;
                        starts[count] = i + 1 - start;
                        state = STATE_QUOTED;
                        i++;
                        break;
                    }
                    state = STATE_PLAIN;
                    break;
                case STATE_PLAIN :
                    i = plain(bytes, i, end);
                    if (i == end) {
                        break;
                    }
                    c = bytes[i];
                    if (c == quote && c != delimiter) {
                        wrong("expected no quote in a cell that does not begin with one", i - start);
                        i++;
                        break;
                    }
                    if (kinds[count] == PLAIN) {
                        ends[count] = i - start;
                    }
                    if (separated(c, i + 1 - start)) {
                        at = i + 1 - start;
                        return true;
                    }
                    i++;
                    break;
                case STATE_QUOTED :
                    i = quoted(bytes, i, end);
                    if (i < end) {
                        ends[count] = i - start;
                        state = STATE_QUOTE;
                        i++;
                    }
                    break;
                case STATE_QUOTE :
                    if (c == quote) {
                        kinds[count] = ESCAPED;
                        state = STATE_QUOTED;
                        i++;
                        break;
                    }
                    if (c != delimiter && c != '\n' && c != '\r') {
                        wrong("expected a delimiter or the end of the line behind the closing quote", i - start);
                    }
                    state = STATE_PLAIN;
                    break;
                default :
                    at = (c == '\n' ? i + 1 : i) - start;
                    return true;
            }
        }
        at = i - start;
        return complete && finish();
    }

    /** First byte from {@code from} on that ends a run of a plain cell. */
    private int plain(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end) {
            long word = (long) JsonText.WORD.get(bytes, i);
            long found = (zeros(word ^ delimiters) | zeros(word ^ quotes) | zeros(word ^ LINE_FEEDS)
                    | zeros(word ^ RETURNS)) & HIGH_BITS;
            if (found != 0) {
                return Math.min(end, i + (Long.numberOfTrailingZeros(found) >>> 3));
            }
            i += Long.BYTES;
        }
        return end;
    }

    private int quoted(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && bytes[i] != quote) {
            holdsLines |= bytes[i] == '\n';
            i++;
        }
        return i;
    }

    /** The high bit of each byte that is zero; above the lowest one maybe of others as well. */
    private static long zeros(long word) {
        return word - ONES & ~word;
    }

    /** A cell has ended with {@code c}; true if that was the record, all of it. */
    private boolean separated(byte c, int next) {
        if (c == delimiter) {
            state = STATE_BEGIN;
            nextCell(next);
            return false;
        }
        count++;
        if (c == '\n') {
            return true;
        }
        state = STATE_RETURN;
        return false;
    }

    private void nextCell(int start) {
        if (!recording) {
            return;
        }
        if (count + 1 == CELLS_MAX) {
            wrong("expected at most " + CELLS_MAX + " cells in a record, found more", start);
            recording = false;
            return;
        }
        count++;
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            kinds = Arrays.copyOf(kinds, 2 * count);
        }
        starts[count] = start;
        kinds[count] = PLAIN;
    }

    /** The input has ended. */
    private boolean finish() {
        if (state == STATE_QUOTED) {
            wrong("expected the closing quote of the cell that begins here, found the end", starts[count] - 1);
            ends[count] = at;
        } else if (state == STATE_BEGIN || state == STATE_PLAIN && kinds[count] == PLAIN) {
            ends[count] = at;
        }
        if (state != STATE_RETURN) {
            count++;
        }
        return true;
    }

    private void wrong(String what, int where) {
        if (fault == null) {
            fault = what;
            faultAt = where;
        }
    }
}
