package io.nexuslite.transfer;

/**
 * Finds where a JSON value ends by brackets and quotes alone, also when it is no JSON, and in as many steps as its bytes come in.
 *
 * <p>To be reused; one thread at a time.
 */
final class RowEnd {
    /** The value goes on. */
    static final int NOT_FOUND = -1;

    private int depth;
    private boolean quoted;
    private boolean escaped;
    private boolean begun;

    void begin() {
        depth = 0;
        quoted = false;
        escaped = false;
        begun = false;
    }

    /**
     * Goes on through {@code bytes[from, to)}.
     *
     * @return offset behind the value, or {@link #NOT_FOUND}
     */
    int find(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte c = bytes[at];
            if (quoted) {
                if (escaped) {
                    escaped = false;
                } else if (c == '\\') {
                    escaped = true;
                } else if (c == '"') {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
                begun = true;
            } else if (c == '{' || c == '[') {
                depth++;
                begun = true;
            } else if (c == '}' || c == ']') {
                if (depth <= 1) {
                    return depth == 1 || !begun ? at + 1 : at;
                }
                depth--;
            } else if (depth == 0 && begun && (c == ',' || c == '\n')) {
                return at;
            } else {
                begun |= c > ' ' || c < 0;
            }
        }
        return NOT_FOUND;
    }
}
