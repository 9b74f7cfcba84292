package io.nexuslite.transfer;

import io.nexuslite.error.RowException;
import java.util.Locale;

/**
 * Tells the format of a file from its name and its first bytes. The name decides where it says something and the bytes do not speak
 * against it.
 */
public final class FormatDetector {
    /** Bytes that are enough to tell. */
    public static final int HEAD_SIZE = 1024;

    private FormatDetector() {
    }

    /**
     * The format that the name of a file suggests by its suffix.
     *
     * @param fileName may be {@code null}
     * @return {@code null} if it suggests none
     */
    public static Format ofName(String fileName) {
        if (fileName == null) {
            return null;
        }
        String lower = fileName.toLowerCase(Locale.ROOT);
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
     * The format of an input.
     *
     * @param fileName may be {@code null}
     * @param head its first bytes, {@value #HEAD_SIZE} or more of them if it has so many
     * @throws RowException if it is text in UTF-16 or UTF-32, or nothing that any format begins with
     */
    public static Format detect(String fileName, byte[] head, int length) {
        Format named = ofName(fileName);
        if (named == Format.BSON) {
            return named;
        }
        refuseOtherEncodings(head, length);
        int at = length >= 3 && head[0] == (byte) 0xEF && head[1] == (byte) 0xBB && head[2] == (byte) 0xBF ? 3 : 0;
        int begin = at;
        while (at < length && isSpace(head[at])) {
            at++;
        }
        if (at == length) {
            return named != null ? named : Format.NDJSON; // nothing to see: an empty input has no rows in any format
        }
        if (head[at] == '[') {
            return named == Format.EXTJSON ? named : Format.JSON;
        }
        if (head[at] != '{') {
            if (named != null) {
                return named; // its own errors tell more
            }
            throw new RowException("expected the beginning of a known format, found byte 0x"
                    + Integer.toHexString(head[at] & 0xFF), 1, at - begin + 1L, at, null);
        }
        if (named != null && named != Format.NDJSON) {
            return named;
        }
        return endsWithItsLine(head, at, length) ? Format.NDJSON : Format.JSON;
    }

    /** Whether the document at {@code from} ends where its line does, or goes on behind the head with neither in sight. */
    private static boolean endsWithItsLine(byte[] head, int from, int length) {
        int lineEnd = from;
        while (lineEnd < length && head[lineEnd] != '\n') {
            lineEnd++;
        }
        RowEnd rowEnd = new RowEnd();
        rowEnd.begin();
        int end = rowEnd.find(head, from, lineEnd);
        if (end == RowEnd.NOT_FOUND) {
            return lineEnd == length;
        }
        while (end < lineEnd && isSpace(head[end])) {
            end++;
        }
        return end == lineEnd;
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static void refuseOtherEncodings(byte[] head, int length) {
        boolean marked = length >= 2
                && (head[0] == (byte) 0xFF && head[1] == (byte) 0xFE
                        || head[0] == (byte) 0xFE && head[1] == (byte) 0xFF);
        if (marked || length >= 2 && (head[0] == 0 || head[1] == 0)) {
            throw new RowException("expected UTF-8, found UTF-16 or UTF-32", 1, 1, 0, null);
        }
    }
}
