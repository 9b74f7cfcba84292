package io.nexuslite.error;

/** Bytes or values are not a document that can be stored. Nothing was stored. */
public final class InvalidDocumentException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    private final int offset;
    private final String path;

    /**
     * @param what expected and found
     * @param offset byte offset in the BSON document, or -1
     * @param path dotted path of the field, or an empty string
     */
    public InvalidDocumentException(String what, int offset, String path) {
        super("Invalid document: " + what + " [offset=" + offset + (path.isEmpty() ? "" : ", path=" + path) + "].",
                null);
        this.offset = offset;
        this.path = path;
    }

    /** Byte offset in the BSON document, or -1 where there is none. */
    public int offset() {
        return offset;
    }

    /** Dotted path of the field, or an empty string. */
    public String path() {
        return path;
    }
}
