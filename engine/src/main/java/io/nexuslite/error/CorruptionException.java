package io.nexuslite.error;

/** Bytes of a file are not the bytes that were written. The operation had no effect; other objects stay readable. */
public final class CorruptionException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    private static final String ADVICE = "Run `nexuslite fsck` for the extent of the damage, then restore a backup.";

    private final String file;
    private final long position;
    private final String object;

    private CorruptionException(String what, String file, long position, String object, Throwable cause) {
        super(what + " [file=" + file + ", position=" + position + ", object=" + object + "]. " + ADVICE, cause);
        this.file = file;
        this.position = position;
        this.object = object;
    }

    /** A checksum differs. Builds the text out of the hot caller's bytecode: {@code throw CorruptionException.ofChecksum(…)}. */
    public static CorruptionException ofChecksum(String file, long position, String object, int expected, int found) {
        return new CorruptionException(
                String.format("Checksum mismatch: expected %08x, bytes give %08x", expected, found), file, position,
                object,
                null);
    }

    /** Bytes whose checksum is right or absent break a rule of the format; {@code what} says which: expected, found. */
    public static CorruptionException of(String what, String file, long position, String object) {
        return new CorruptionException(what, file, position, object, null);
    }

    /** As {@link #of(String, String, long, String)}, found through another exception. */
    public static CorruptionException of(String what, String file, long position, String object, Throwable cause) {
        return new CorruptionException(what, file, position, object, cause);
    }

    public String file() {
        return file;
    }

    /** Byte position in the file at which the damaged object starts. */
    public long position() {
        return position;
    }

    /** What is damaged, such as {@code page 812 of tree 3}. */
    public String object() {
        return object;
    }
}
