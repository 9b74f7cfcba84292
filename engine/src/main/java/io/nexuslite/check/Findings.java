package io.nexuslite.check;

import java.util.ArrayList;
import java.util.List;

/** Collects findings up to a number, and counts the rest. One thread. */
final class Findings {
    private final int countMax;
    private final List<CheckFinding> kept = new ArrayList<>();
    private long leftOut;
    private long damages;

    Findings(int countMax) {
        this.countMax = countMax;
    }

    void damage(String file, long position, String object, String what) {
        damages++;
        add(CheckSeverity.DAMAGE, file, position, object, what);
    }

    void warning(String file, long position, String object, String what) {
        add(CheckSeverity.WARNING, file, position, object, what);
    }

    void information(String file, long position, String object, String what) {
        add(CheckSeverity.INFORMATION, file, position, object, what);
    }

    /** Forgets everything: the file is not what it was taken for. */
    void forget() {
        kept.clear();
        leftOut = 0;
        damages = 0;
    }

    List<CheckFinding> kept() {
        return kept;
    }

    long leftOut() {
        return leftOut;
    }

    long damages() {
        return damages;
    }

    private void add(CheckSeverity severity, String file, long position, String object, String what) {
        if (kept.size() < countMax) {
            kept.add(new CheckFinding(severity, file, position, object, what));
        } else {
            leftOut++;
        }
    }
}
