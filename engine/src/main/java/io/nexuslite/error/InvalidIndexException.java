package io.nexuslite.error;

/** The definition of an index cannot be understood, exceeds a limit, or collides with another. Nothing was changed. */
public final class InvalidIndexException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    private final String index;
    private final String path;

    /**
     * @param what expected and found
     * @param index name of the index, or an empty string where it has none
     * @param path dotted path of the key or the option that is wrong, or an empty string
     */
    public InvalidIndexException(String what, String index, String path) {
        super("Invalid index: " + what + " [index=" + index + (path.isEmpty() ? "" : ", path=" + path) + "].", null);
        this.index = index;
        this.path = path;
    }

    /** Name of the index, or an empty string where it has none. */
    public String index() {
        return index;
    }

    /** Dotted path of the key or the option that is wrong, or an empty string. */
    public String path() {
        return path;
    }
}
