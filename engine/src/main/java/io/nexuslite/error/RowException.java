package io.nexuslite.error;

/** One row of an import cannot be read. The source may go on with the next row. */
public final class RowException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    private final long line;
    private final long column;
    private final long bytePosition;

    /**
     * @param line from 1; 0 where there are no lines
     * @param column byte in the line, from 1; 0 where there are no lines
     * @param bytePosition byte in the input, from 0
     */
    public RowException(String what, long line, long column, long bytePosition, Throwable cause) {
        super("Invalid row: " + what + (line == 0 ? " [" : " [line=" + line + ", column=" + column + ", ") + "byte="
                + bytePosition + "].", cause);
        this.line = line;
        this.column = column;
        this.bytePosition = bytePosition;
    }

    public long line() {
        return line;
    }

    public long column() {
        return column;
    }

    public long bytePosition() {
        return bytePosition;
    }
}
