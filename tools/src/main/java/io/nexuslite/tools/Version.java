package io.nexuslite.tools;

import java.util.Objects;

/** What this build is. */
final class Version {
    private Version() {
    }

    /** Version of the jar, or {@code development} where the classes do not come from one. */
    static String number() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");
    }

    static String line() {
        return "nexuslite " + number() + " (Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + ")";
    }
}
