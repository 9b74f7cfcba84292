package io.nexuslite;

import io.nexuslite.error.NexusLiteException;
import java.util.List;

/** Of many writes some failed: the first, if they were ordered, and none behind it was tried. The others are done. */
public final class BulkWriteException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    private final transient BulkWriteResult result;
    private final transient List<BulkWriteError> errors;

    BulkWriteException(BulkWriteResult result, List<BulkWriteError> errors, int requestCount) {
        super("Bulk write failed: expected " + requestCount + " writes without error, found " + errors.size()
                + " with one [index=" + errors.getFirst().index() + "].", errors.getFirst().cause());
        this.result = result;
        this.errors = List.copyOf(errors);
    }

    /** What was done. */
    public BulkWriteResult result() {
        return result;
    }

    /** What failed, by index; at least one. */
    public List<BulkWriteError> errors() {
        return errors;
    }
}
