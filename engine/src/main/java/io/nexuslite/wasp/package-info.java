/**
 * The WASP storage engine: opening, transactions, checkpoints, recovery, closing.
 *
 * <p>Read {@link io.nexuslite.wasp.WaspEngine} first, then {@code EngineState} for the parts, {@code Committer} for a write and
 * {@code Checkpointer} for how it reaches the file. The trees are in {@code .wasp.tree}, the log in {@code .wasp.log}, the account of the
 * file's pages in {@code .wasp.space}.
 *
 * <p>Lock order, outermost first: the committer's lock, or a checkpoint's (a writer that holds the committer's lock takes a checkpoint's
 * only while no checkpoint waits for his: {@code Checkpointer.runPressed}); the monitors of tree registry and tree table; a tree's latch;
 * the space map; the log's baton and spin locks; the snapshot registry. Nobody parks or does I/O under a latch.
 *
 * <p>Invariants:
 * <ol>
 * <li>W1: a commit number is claimed only once all its records are pending in their leaves; from then on it can only succeed or poison.
 * <li>W2: a manifest is written only after a successful flush of every page it names, and after the log is durable up to its commit.
 * <li>W3: after any failed flush, or failed write of log, page or manifest, nothing is written until the database is opened again.
 * <li>W4: a log that lies beside the file is finished, or refused, before anything is served.
 * </ol>
 *
 * <p>May use {@code .store}, {@code .bson}, {@code .format}, {@code .io}, {@code .memory} and {@code .error}.
 */
package io.nexuslite.wasp;
