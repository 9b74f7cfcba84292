package io.nexuslite.tools;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Progress of one step on standard error: a bar that redraws itself on a terminal, a line every few seconds elsewhere. One thread.
 *
 * <p>The total may be unknown; then it shows count and rate. A call of {@link #update} that shows nothing costs a clock reading.
 */
final class Progress implements AutoCloseable {
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final long LINE_NANOS = 5_000_000_000L;
    private static final int BAR_WIDTH = 30;
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream err;
    private final boolean terminal;
    private final String label;
    private final long total;
    private final long start = System.nanoTime();
    private long shownAt = start;
    private boolean drawn;

    /** @param total what {@link #update} will reach, in any unit; 0 if that is not known */
    Progress(Console console, String label, long total) {
        this(console.err(), console.isTerminal(), label, total);
    }

    Progress(PrintStream err, boolean terminal, String label, long total) {
        this.err = err;
        this.terminal = terminal;
        this.label = label;
        this.total = total;
    }

    /**
     * @param done how much of the total
     * @param count things, for the rate; may be the same
     */
    void update(long done, long count) {
        long now = System.nanoTime();
        if (now - shownAt < (terminal ? REDRAW_NANOS : LINE_NANOS)) {
            return;
        }
        shownAt = now;
        String text = line(label, done, total, count, now - start);
        if (terminal) {
            err.print(ERASE_LINE + text);
            err.flush();
            drawn = true;
        } else {
            err.println(text);
        }
    }

    static String line(String label, long done, long total, long count, long nanos) {
        String counted = String.format(Locale.ROOT, "%,d (%s)", count, rate(count, nanos));
        if (total <= 0) {
            return label + " " + counted;
        }
        double part = Math.clamp((double) done / total, 0, 1);
        int full = (int) (part * BAR_WIDTH);
        return String.format(Locale.ROOT, "%s [%s%s] %3d %% %s", label, "#".repeat(full), ".".repeat(BAR_WIDTH - full),
                (int) (part * 100), counted);
    }

    /** Things a second, in words; {@code nanos} from 0. */
    static String rate(long count, long nanos) {
        return String.format(Locale.ROOT, "%,.0f/s", count * 1e9 / Math.max(nanos, 1));
    }

    /** Takes the bar away; what remains to be said is the caller's. */
    @Override
    public void close() {
        if (drawn) {
            err.print(ERASE_LINE);
            err.flush();
        }
    }
}
