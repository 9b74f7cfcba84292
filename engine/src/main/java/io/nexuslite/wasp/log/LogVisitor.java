package io.nexuslite.wasp.log;

import java.lang.foreign.MemorySegment;

/** Receives what a log holds, transaction by transaction, in the order of commit. */
public interface LogVisitor {
    /**
     * One change of a transaction whose commit is in the log.
     *
     * @param kind one of the kinds of {@link io.nexuslite.format.LogFrameLayout}, other than commit
     * @param memory holds {@code length} bytes of payload from {@code offset} on; valid until this returns
     */
    void frame(long csn, byte kind, byte flags, int treeId, MemorySegment memory, long offset, int length);

    /** The transaction is complete. */
    void commit(long csn);
}
