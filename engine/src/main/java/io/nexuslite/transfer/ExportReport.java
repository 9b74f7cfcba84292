package io.nexuslite.transfer;

/**
 * What an export did.
 *
 * @param rows documents written
 * @param bytes bytes written
 * @param nanos time it took
 * @param cancelled whether the listener ended it; nothing stays then
 */
public record ExportReport(long rows, long bytes, long nanos, boolean cancelled) {
    /** Documents a second. */
    public double rowsPerSecond() {
        return Rates.perSecond(rows, nanos);
    }

    /** Bytes of output a second. */
    public double bytesPerSecond() {
        return Rates.perSecond(bytes, nanos);
    }
}
