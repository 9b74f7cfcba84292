package io.nexuslite.error;

/** A collection's name is invalid, taken or unknown. Nothing was changed. */
public final class NamespaceException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    private final String name;

    public NamespaceException(String what, String name) {
        super(what + " [collection=" + name + "].", null);
        this.name = name;
    }

    public String name() {
        return name;
    }
}
