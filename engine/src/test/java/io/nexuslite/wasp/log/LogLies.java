package io.nexuslite.wasp.log;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Lets tests of other packages switch a rule of the log off. */
public final class LogLies {
    private LogLies() {
    }

    /** Names of what can be told. */
    public static Set<String> names() {
        return EnumSet.complementOf(EnumSet.of(LogLie.NONE)).stream().map(Enum::name).collect(Collectors.toSet());
    }

    public static void tell(String lie) {
        LogLie.tell(LogLie.valueOf(lie));
    }

    public static void tellTruth() {
        LogLie.tell(LogLie.NONE);
    }
}
