package io.nexuslite.check;

/** How much a finding matters. */
public enum CheckSeverity {
    /** Worth knowing, and as it should be after what happened: a torn tail of the log after a crash. */
    INFORMATION,
    /** Not as it should be, but nothing that is in use: an old manifest slot, space that is lost. */
    WARNING,
    /** Bytes in use are not what was written, or break a rule of the format. */
    DAMAGE
}
