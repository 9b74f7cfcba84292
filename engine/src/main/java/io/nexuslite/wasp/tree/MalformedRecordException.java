package io.nexuslite.wasp.tree;

/**
 * Bytes that cannot be a record or a page: what an optimistic reader may see of a page that changes under it, else damage. Caught in this
 * package, which looks again or turns it into a {@link io.nexuslite.error.CorruptionException}.
 */
final class MalformedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedRecordException(String what) {
        super(what, null, false, false); // without a trace: an optimistic reader may meet many
    }
}
