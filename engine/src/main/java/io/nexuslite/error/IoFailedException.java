package io.nexuslite.error;

/**
 * The operating system refused a call on a file. On a path that makes data durable it poisons the database; elsewhere the
 * operation had no effect and may be repeated.
 */
public class IoFailedException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final int errno;
    private final String file;
    private final long position;

    /**
     * @param operation name of the call, such as {@code pwrite}
     * @param errno error number of the operating system, or 0 where it is unknown
     * @param file path of the file
     * @param position byte position in the file, or -1 where there is none
     * @param detail the operating system's words
     */
    public IoFailedException(String operation, int errno, String file, long position, String detail, Throwable cause) {
        super("I/O failed: " + operation + ": " + detail + " [file=" + file
                + (position < 0 ? "" : ", position=" + position) + ", errno=" + errno + "].", cause);
        this.operation = operation;
        this.errno = errno;
        this.file = file;
        this.position = position;
    }

    public String operation() {
        return operation;
    }

    /** Error number of the operating system, or 0 where it is unknown. */
    public int errno() {
        return errno;
    }

    public String file() {
        return file;
    }

    /** Byte position in the file, or -1 where the call has none. */
    public long position() {
        return position;
    }
}
