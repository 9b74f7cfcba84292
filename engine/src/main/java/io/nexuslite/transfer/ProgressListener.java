package io.nexuslite.transfer;

/** Hears how far a transfer has come, and may end it. Called by the thread that transfers, every few hundred rows and at the end. */
@FunctionalInterface
public interface ProgressListener {
    /** Hears nothing and ends nothing. */
    ProgressListener NONE = (rows, bytes, errors) -> true;

    /**
     * @param rows rows so far
     * @param bytes bytes read by an import or written by an export so far
     * @param errors rows refused so far
     * @return false to cancel
     */
    boolean progress(long rows, long bytes, long errors);
}
