/**
 * The command line of NexusLite. Read {@link io.nexuslite.tools.NexusLiteCli} first.
 *
 * <p>One class for each subcommand; what they share (flags, texts, exit codes) stands in small classes of its own. Commands talk to
 * the database through its public packages only ({@code fsck}, which must not open it, through {@code io.nexuslite.check}), take
 * their streams from a {@link io.nexuslite.tools.Console}, and never end the JVM: {@code NexusLiteCli.run} can be called by a test, or
 * by a host that embeds the command line.
 *
 * <p>Invariants: (1) standard output carries the answer and nothing else; progress, warnings and errors go to standard error.
 * (2) An error is one line, without a stack trace unless {@code --debug} asks for it. (3) The exit code is one of
 * {@link io.nexuslite.tools.ExitCode}.
 */
package io.nexuslite.tools;
