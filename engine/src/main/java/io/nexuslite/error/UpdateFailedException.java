package io.nexuslite.error;

/** An update cannot be applied to a document that it met: {@code $inc} met a string, say. Nothing was changed. */
public final class UpdateFailedException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String operator;

    public UpdateFailedException(String what, String path, String operator) {
        super("Update failed: " + what + " [path=" + path + ", operator=" + operator + "].", null);
        this.path = path;
        this.operator = operator;
    }

    /** Dotted path that the update names. */
    public String path() {
        return path;
    }

    /** The operator, such as {@code $inc}, or an empty string. */
    public String operator() {
        return operator;
    }
}
