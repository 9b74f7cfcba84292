package io.nexuslite.error;

/**
 * The {@code .wasp} file beside the database belongs to another one, or to another opening of this one. Nothing was deleted
 * or written; put the right file there, or move the wrong one away.
 */
public final class ForeignLogException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    private final String file;

    public ForeignLogException(String what, String file) {
        super(what + " [file=" + file + "]. Put back the log that belongs to this database; nothing was changed.",
                null);
        this.file = file;
    }

    public String file() {
        return file;
    }
}
