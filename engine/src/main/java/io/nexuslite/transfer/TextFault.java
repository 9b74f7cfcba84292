package io.nexuslite.transfer;

/**
 * Text is not what it should be, at one place in the buffer; how a parser leaves its depths.
 *
 * <p>One object for each parser, thrown again and again without a stack trace: also the end of the buffer inside a document is a
 * fault, and that is no error where more bytes can be read.
 */
final class TextFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private transient String what = "";
    private int at;

    TextFault() {
        super(null, null, false, false);
    }

    TextFault at(int at, String what) {
        this.at = at;
        this.what = what;
        return this;
    }

    /** Offset in the buffer of the byte at fault; the parser's limit, if the text ended too early. */
    int at() {
        return at;
    }

    /** What was expected; or all there is to say. */
    String what() {
        return what;
    }

    /** The words for people: what was expected, and the byte that was found where the words ask for it. */
    static String describe(String what, byte[] bytes, int at, int limit) {
        if (!what.startsWith("expected ") || what.contains(", found ")) {
            return what;
        }
        if (at >= limit) {
            return what + ", found the end";
        }
        int found = bytes[at] & 0xFF;
        if (found == '\n') {
            return what + ", found the end of the line";
        }
        if (found > ' ' && found < 0x7F) {
            return what + ", found '" + (char) found + "'";
        }
        return what + ", found byte 0x" + Integer.toHexString(found >> 4) + Integer.toHexString(found & 15);
    }
}
