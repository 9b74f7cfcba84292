package io.nexuslite.error;

/**
 * A filter, projection, sort or update cannot be understood, or exceeds a limit, or an expression under {@code $expr} has no value
 * for a document that it met. Nothing was changed.
 */
public final class InvalidQueryException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String operator;

    public InvalidQueryException(String what, String path, String operator) {
        super("Invalid query: " + what + " [path=" + path + ", operator=" + operator + "].", null);
        this.path = path;
        this.operator = operator;
    }

    /** Dotted path at which the query goes wrong, or an empty string at its root. */
    public String path() {
        return path;
    }

    /** The operator, such as {@code $gt}, or an empty string. */
    public String operator() {
        return operator;
    }
}
