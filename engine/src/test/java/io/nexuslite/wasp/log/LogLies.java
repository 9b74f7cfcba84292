package io.nexuslite.wasp.log;

/** Lets tests of other packages switch a rule of the log off. */
public final class LogLies {
    private LogLies() {
    }

    /** Names of what can be told. */
    public static void tell(String lie) {
        LogLie.tell(LogLie.valueOf(lie));
    }

    public static void tellTruth() {
        LogLie.tell(LogLie.NONE);
    }
}
