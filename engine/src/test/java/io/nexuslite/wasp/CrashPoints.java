package io.nexuslite.wasp;

import io.nexuslite.format.FileLayout;
import io.nexuslite.io.Call;
import io.nexuslite.io.CallListener;
import io.nexuslite.io.CrashNow;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches the calls of one process, knows by name where between two of them it stands, and ends it where it is told to.
 *
 * <p>A point is named {@code PHASE PREVIOUS>NEXT} between two calls, {@code PHASE in CALL} in the middle of one. All that were hit in
 * this JVM are counted.
 */
final class CrashPoints implements CallListener {
    /** What the process is doing. */
    enum Phase {
        OPEN, RUN, CLOSE
    }

    /** What a call means for the protocol. */
    enum Step {
        BEGIN, TEMP_CREATE, TEMP_WRITE, TEMP_SYNC, RENAME, DIRECTORY_SYNC, LOG_WRITE, LOG_WRITE_DURABLE, LOG_GROW, LOG_SYNC, PAGE_WRITE, SLOT_WRITE, SLOT_WRITE_AGAIN, NXL_SYNC, NXL_GROW, NXL_CUT, OWNER_WRITE, UNLINK
    }

    private static final Map<String, Long> HITS = new ConcurrentHashMap<>();

    private Phase phase = Phase.OPEN;
    private Step previous = Step.BEGIN;
    private boolean renamed; // the log goes on under the name that it was opened with
    private int slots; // written in this phase
    private long crashAt = -1; // calls from now on; negative: never
    private CrashNow.Effect effect = CrashNow.Effect.NOT_APPLIED;
    private String crashBefore; // end of a gap's name, or null
    private CallListener onCall; // looks on at each call, or null
    private boolean quiet;

    /** Points hit in this JVM so far, with how often. */
    static Map<String, Long> hits() {
        return new TreeMap<>(HITS);
    }

    void phase(Phase next) {
        phase = next;
        renamed &= next != Phase.OPEN;
        slots = 0;
        previous = Step.BEGIN;
    }

    /** Ends the process at the mutating call after {@code calls} more. */
    void arm(long calls, CrashNow.Effect newEffect) {
        crashAt = calls;
        effect = newEffect;
    }

    /** Ends the process before the next call whose {@link #gap} ends so. */
    void armAt(String gapSuffix) {
        crashBefore = gapSuffix;
    }

    void disarm() {
        crashAt = -1;
        crashBefore = null;
    }

    /** Lets another look at each call before it happens. */
    void watch(CallListener listener) {
        onCall = listener;
    }

    /** Does not count points: the process runs under a lie. */
    void beQuiet() {
        quiet = true;
    }

    /** Where the process stands before {@code call}. */
    String gap(Call call) {
        return phase + " " + previous + ">" + step(call);
    }

    void hit(String point) {
        if (!quiet) {
            HITS.merge(point, 1L, Long::sum);
        }
    }

    private Step step(Call call) {
        String name = call.file().getFileName().toString();
        if (name.endsWith(".new") && !renamed) {
            return switch (call.kind()) {
                case OPEN -> Step.TEMP_CREATE;
                case SYNC -> Step.TEMP_SYNC;
                case RENAME -> Step.RENAME;
                default -> Step.TEMP_WRITE;
            };
        }
        boolean log = !name.endsWith(FileLayout.DATABASE_SUFFIX);
        return switch (call.kind()) {
            case SYNC_DIRECTORY -> Step.DIRECTORY_SYNC;
            case UNLINK -> Step.UNLINK;
            case WRITE_DURABLE -> Step.LOG_WRITE_DURABLE;
            case WRITE -> log ? Step.LOG_WRITE : stepOfWrite(call.position());
            case SYNC -> log ? Step.LOG_SYNC : Step.NXL_SYNC;
            case ALLOCATE -> log ? Step.LOG_GROW : Step.NXL_GROW;
            default -> Step.NXL_CUT;
        };
    }

    private Step stepOfWrite(long position) {
        if (position >= FileLayout.PAGES_POSITION) {
            return Step.PAGE_WRITE;
        }
        if (position == FileLayout.OWNER_POSITION) {
            return Step.OWNER_WRITE;
        }
        return slots == 0 || phase == Phase.RUN ? Step.SLOT_WRITE : Step.SLOT_WRITE_AGAIN;
    }

    @Override
    public void before(Call call) {
        if (onCall != null) {
            onCall.before(call);
        }
        if (crashBefore != null && gap(call).endsWith(crashBefore)) {
            crashBefore = null;
            hit(gap(call));
            throw new CrashNow(CrashNow.Effect.NOT_APPLIED, call.toString());
        }
        if (crashAt == 0) {
            crashAt = -1;
            hit(effect == CrashNow.Effect.NOT_APPLIED
                    ? gap(call)
                    : effect == CrashNow.Effect.IN_FLIGHT
                            ? phase + " in " + step(call)
                            : phase + " after " + step(call));
            throw new CrashNow(effect, call.toString());
        }
        if (crashAt > 0) {
            crashAt--;
        }
    }

    @Override
    public void after(Call call) {
        previous = step(call);
        renamed |= previous == Step.RENAME;
        slots += previous == Step.SLOT_WRITE || previous == Step.SLOT_WRITE_AGAIN ? 1 : 0;
    }
}
