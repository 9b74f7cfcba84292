package io.nexuslite.tools;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.ForeignLogException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.error.NamespaceException;
import io.nexuslite.error.RowException;
import io.nexuslite.error.TransactionTooLargeException;

/** Exit codes of the command line; a promise to scripts, told in {@code docs/operations.md}. */
final class ExitCode {
    /** All that was asked for is done. */
    static final int DONE = 0;
    /** Data were refused, or not there; fsck: damage was repaired. */
    static final int REFUSED = 1;
    /** The command line cannot be understood. */
    static final int USAGE = 2;
    /** The database is damaged. */
    static final int DAMAGED = 4;
    /** Locked, input or output failed, or it could not run for another reason. */
    static final int FAILED = 8;

    private ExitCode() {
    }

    static int of(Throwable failure) {
        return switch (failure) {
            case UsageException _,InvalidQueryException _,NamespaceException _ -> USAGE;
            case CorruptionException _,ForeignLogException _ -> DAMAGED;
            case RefusedException _,RowException _,DuplicateKeyException _,InvalidDocumentException _,KeyTooLongException _,TransactionTooLargeException _ ->
                REFUSED;
            default -> FAILED;
        };
    }
}
