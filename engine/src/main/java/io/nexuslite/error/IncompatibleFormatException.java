package io.nexuslite.error;

/** The file is not one that this build can open: not a database, a newer format, or an unknown feature. Nothing was written. */
public final class IncompatibleFormatException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    private final String file;

    public IncompatibleFormatException(String what, String file) {
        super(what + " [file=" + file + "]. Open it with the version of NexusLite that wrote it.", null);
        this.file = file;
    }

    public String file() {
        return file;
    }
}
