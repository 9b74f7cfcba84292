package io.nexuslite.transfer;

import io.nexuslite.bson.BsonType;
import io.nexuslite.error.RowException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Tells the format of a file from its first bytes, with its name as a hint. What could be several things is refused with their
 * names, since a guess that is wrong would fill a collection with nonsense.
 */
public final class FormatDetector {
    /** Bytes that are enough to tell. */
    public static final int HEAD_SIZE = 1024;

    private static final byte[] DELIMITERS = {',', '\t', ';', '|'};
    private static final int NONE = 0;

    /**
     * What was found.
     *
     * @param delimiter of a table; 0 for the format's own
     */
    record Found(Format format, char delimiter) {
        static Found of(Format format) {
            return new Found(format, (char) NONE);
        }
    }

    private final Format named;
    private final byte[] head;
    private final int length;

    private FormatDetector(Format named, byte[] head, int length) {
        this.named = named;
        this.head = head;
        this.length = length;
    }

    /**
     * The format that the name of a file suggests by its suffix, a suffix of compression behind it left aside.
     *
     * @param fileName may be {@code null}
     * @return {@code null} if it suggests none
     */
    public static Format ofName(String fileName) {
        if (fileName == null) {
            return null;
        }
        String lower = Compression.plainName(fileName).toLowerCase(Locale.ROOT);
        for (Format format : Format.values()) {
            for (String suffix : format.suffixes()) {
                if (lower.endsWith("." + suffix)) {
                    return format;
                }
            }
        }
        return null;
    }

    /**
     * The format of an input that is neither compressed nor of wide characters.
     *
     * @param fileName may be {@code null}
     * @param head its first bytes, {@value #HEAD_SIZE} or more of them if it has so many
     * @throws RowException if it is nothing that any format begins with, or could be several
     */
    public static Format detect(String fileName, byte[] head, int length) {
        return find(fileName, Arrays.copyOf(head, length + JsonText.SLACK), length).format();
    }

    /** As {@link #detect}, from an array with {@link JsonText#SLACK} bytes more. */
    static Found find(String fileName, byte[] head, int length) {
        return new FormatDetector(ofName(fileName), head, length).find();
    }

    private Found find() {
        if (looksLikeBson(head, length)) {
            return Found.of(Format.BSON);
        }
        if (named == Format.BSON) {
            return Found.of(named); // its own errors tell more
        }
        int begin = length >= 3 && head[0] == (byte) 0xEF && head[1] == (byte) 0xBB && head[2] == (byte) 0xBF ? 3 : 0;
        int at = skip(begin);
        if (at == length) {
            return Found.of(named != null ? named : Format.NDJSON); // an empty input has no rows in any format
        }
        boolean table = named == Format.CSV || named == Format.TSV;
        if (head[at] == '{') {
            return object(at, table);
        }
        if (head[at] == '[' && !table) {
            return array(at);
        }
        if (named != null && !table) {
            return Found.of(named); // its own errors tell more
        }
        return table(begin, at);
    }

    /** Whether a plausible length is followed by a plausible element. Text never begins so, since it holds no zeros. */
    static boolean looksLikeBson(byte[] head, int length) {
        if (length < BsonType.DOCUMENT_SIZE_MIN) {
            return false;
        }
        int size = BsonFileSource.length(head, 0);
        if (size < BsonType.DOCUMENT_SIZE_MIN || size > BsonType.DOCUMENT_SIZE_MAX) {
            return false;
        }
        if (size == BsonType.DOCUMENT_SIZE_MIN) {
            return head[4] == 0;
        }
        boolean ends = size > length || head[size - 1] == 0;
        int name = 5;
        while (name < length && head[name] != 0) {
            name++;
        }
        return ends && head[4] != 0 && BsonType.isKnown(head[4]) && (name < length || size > length);
    }

    private Found object(int at, boolean table) {
        boolean line = endsWithItsLine(at);
        if (table) {
            if (!line) {
                return table(0, at);
            }
            throw ambiguous(at,
                    "named " + named.label() + ", and its first line is a JSON document: it could be " + named.label()
                            + " or ndjson");
        }
        if (named != Format.NDJSON && (startsWith(at, "{\"columns\":[") || startsWith(at, "{\"index\":["))) {
            throw ambiguous(at, "it could be pandas-split or, as one document, json");
        }
        if (named != Format.NDJSON && startsWith(at, "{\"schema\":{\"fields\":[")) {
            throw ambiguous(at, "it could be pandas-table or, as one document, json");
        }
        if (named != null && named != Format.NDJSON) {
            return Found.of(named);
        }
        return Found.of(line ? Format.NDJSON : Format.JSON);
    }

    private Found array(int at) {
        int next = skip(at + 1);
        if (named != Format.NDJSON && next < length && head[next] != '{' && head[next] != ']') {
            throw ambiguous(next, "an array of other values than documents could be pandas-values");
        }
        return Found.of(named == Format.EXTJSON ? named : Format.JSON);
    }

    /** Whether the bytes at {@code at}, blanks left aside, are these. */
    private boolean startsWith(int at, String expected) {
        int i = at;
        for (int matched = 0; matched < expected.length(); matched++) {
            i = skip(i);
            if (i >= length || head[i] != expected.charAt(matched)) {
                return false;
            }
            i++;
        }
        return true;
    }

    private Found table(int begin, int at) {
        refuseNoText(begin);
        List<Byte> possible = new ArrayList<>();
        for (byte delimiter : DELIMITERS) {
            if (isConsistent(begin, delimiter)) {
                possible.add(delimiter);
            }
        }
        byte own = (byte) (named == Format.TSV ? '\t' : ',');
        if (named != null && (possible.contains(own) || possible.isEmpty())) {
            return Found.of(named);
        }
        if (possible.size() == 1) {
            byte delimiter = possible.getFirst();
            return delimiter == '\t'
                    ? Found.of(Format.TSV)
                    : new Found(Format.CSV, delimiter == ',' ? (char) NONE : (char) delimiter);
        }
        if (possible.isEmpty()) {
            throw ambiguous(at,
                    "expected the beginning of a known format, found byte 0x" + Integer.toHexString(head[at] & 0xFF)
                            + "; text without delimiters could be csv of one column");
        }
        StringBuilder names = new StringBuilder();
        for (byte delimiter : possible) {
            names.append(names.isEmpty() ? "" : " or ")
                    .append(delimiter == '\t' ? "tsv" : "csv with '" + (char) delimiter + "'");
        }
        throw ambiguous(at, "it could be " + names);
    }

    private void refuseNoText(int begin) {
        for (int i = begin; i < length; i++) {
            if (head[i] == 0 && named == null) {
                throw ambiguous(i, "expected the beginning of a known format, found binary data");
            }
        }
    }

    /** Whether all whole records of the head have the same number of cells, of which there are at least two. */
    private boolean isConsistent(int begin, byte delimiter) {
        CsvTokens tokens = new CsvTokens(delimiter, '"');
        boolean complete = length < HEAD_SIZE;
        int at = begin;
        int records = 0;
        int cells = 0;
        while (at < length) {
            tokens.begin();
            if (!tokens.find(head, at, length, complete)) {
                break;
            }
            boolean blank = tokens.count == 1 && tokens.kinds[0] == CsvTokens.PLAIN
                    && tokens.ends[0] == tokens.starts[0];
            at += tokens.length();
            if (blank) {
                continue;
            }
            if (tokens.fault != null || tokens.count < 2 || records > 0 && tokens.count != cells) {
                return false;
            }
            cells = tokens.count;
            records++;
        }
        return records > 1 || records == 1 && (named == Format.CSV || named == Format.TSV || !complete);
    }

    private RowException ambiguous(int at, String what) {
        return new RowException("Cannot tell the format: " + what + ". Say it by name", 1, at + 1L, at, null);
    }

    /** Whether the document at {@code from} ends where its line does, or goes on behind the head with neither in sight. */
    private boolean endsWithItsLine(int from) {
        int lineEnd = from;
        while (lineEnd < length && head[lineEnd] != '\n') {
            lineEnd++;
        }
        RowEnd rowEnd = new RowEnd();
        rowEnd.begin();
        int end = rowEnd.find(head, from, lineEnd);
        return end == RowEnd.NOT_FOUND ? lineEnd == length : Math.min(skip(end), lineEnd) == lineEnd;
    }

    private int skip(int from) {
        int at = from;
        while (at < length && isSpace(head[at])) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
