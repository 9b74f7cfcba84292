package io.nexuslite.tools;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * The streams of one run of the command line.
 *
 * @param in standard input; read by commands that are told to
 * @param out the answer, nothing else
 * @param err progress, warnings and errors
 */
record Console(InputStream in, PrintStream out, PrintStream err) {
    /** Whether a person watches {@code err}. Costs some milliseconds, so it is asked only where progress is shown. */
    boolean isTerminal() {
        java.io.Console console = System.console();
        return err == System.err && console != null && console.isTerminal();
    }
}
