package io.nexuslite.error;

/** A key string would be longer than {@value #KEY_LENGTH_MAX} bytes. Nothing was stored. */
public final class KeyTooLongException extends NexusLiteException {
    /** Most bytes of one key string. */
    public static final int KEY_LENGTH_MAX = 1024;

    private static final long serialVersionUID = 1L;

    private final String field;

    public KeyTooLongException(String field) {
        super("Key too long: at most " + KEY_LENGTH_MAX + " bytes of key string [field=" + field + "].", null);
        this.field = field;
    }

    public String field() {
        return field;
    }
}
