package io.nexuslite.transfer;

import java.util.List;

/**
 * What an import did.
 *
 * @param rows rows read
 * @param inserted documents that are new
 * @param replaced documents that took the place of others
 * @param skipped documents left out because their id was there
 * @param errors rows refused
 * @param bytes bytes of input read
 * @param nanos time it took
 * @param cancelled whether the listener ended it; the batches stored until then stay
 * @param firstErrors the first of the rows refused, at most {@value #FIRST_ERRORS_MAX}
 */
public record ImportReport(long rows, long inserted, long replaced, long skipped, long errors, long bytes, long nanos,
        boolean cancelled, List<RowError> firstErrors) {
    static final int FIRST_ERRORS_MAX = 20;

    public ImportReport {
        firstErrors = List.copyOf(firstErrors);
    }

    /** Rows a second. */
    public double rowsPerSecond() {
        return Rates.perSecond(rows, nanos);
    }

    /** Bytes of input a second. */
    public double bytesPerSecond() {
        return Rates.perSecond(bytes, nanos);
    }
}
