package io.nexuslite.check;

import io.nexuslite.error.NexusLiteException;
import java.util.List;
import java.util.Optional;

/**
 * What a check found and counted.
 *
 * @param findings in the order in which they were found; at most as many as the options say
 * @param findingsLeftOut findings beyond that
 * @param damages findings of severity {@link CheckSeverity#DAMAGE}, those left out included
 * @param failure why the check could not run or had to stop, or {@code null}
 * @param counts what was there
 */
public record CheckReport(List<CheckFinding> findings, long findingsLeftOut, long damages, NexusLiteException failure,
        CheckCounts counts) {
    /** Everything that was looked at is as it should be. */
    public static final int EXIT_CLEAN = 0;
    /** There is damage. */
    public static final int EXIT_DAMAGED = 4;
    /** The check could not run: no such file, not a database, locked by its writer, an unknown format. */
    public static final int EXIT_COULD_NOT_RUN = 8;

    public CheckReport {
        findings = List.copyOf(findings);
    }

    /** {@link #EXIT_CLEAN}, {@link #EXIT_DAMAGED} or {@link #EXIT_COULD_NOT_RUN}. */
    public int exitCode() {
        if (damages > 0) {
            return EXIT_DAMAGED;
        }
        return failure != null ? EXIT_COULD_NOT_RUN : EXIT_CLEAN;
    }

    /** Why the check could not run; empty if it did. */
    public Optional<NexusLiteException> whyNotRun() {
        return Optional.ofNullable(failure);
    }
}
