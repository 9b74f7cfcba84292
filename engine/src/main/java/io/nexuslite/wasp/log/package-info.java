/**
 * The write-ahead log: one {@code .wasp} file, the ring of frames before it, and group commit.
 *
 * <p>Read {@link io.nexuslite.wasp.log.WaspLog} first, then {@code GroupCommit} and {@code LogWriter}; {@link io.nexuslite.wasp.log.LogReader}
 * is the other side of the file and shares the layouts of {@code .format} and the decoding of headers, nothing else.
 *
 * <p>A transaction is encoded as {@link io.nexuslite.wasp.log.TransactionFrames}, claims its commit number and a place in the ring in one step
 * ({@code Sequencer}), copies its frames there and marks it ({@code LogRing}). Whoever holds the baton ({@code GroupCommit}) cuts the
 * filled prefix into groups, gives them log positions, and writes them ({@code LogWriter}) into log extents ({@code LogExtents}).
 *
 * <p>Invariants: (L1) commit numbers, frames in the ring and frames in the file have one order. (L2) The durable horizon moves only after a
 * successful flush of all log bytes below it. (L3) No position of a generation is written twice, and no flushed block is written
 * again before its whole extent is reused. (L4) An extent is reused only when it lies wholly below the anchor of a manifest that a
 * flushed group names. (L5) A transaction that has claimed always finds room: in the ring, in its marks and in the file. (L6) One
 * minimal group always stays free in the file. (L7) After any failed write or flush nothing is written any more.
 *
 * <p>Lock order: baton, then the spin locks of sequencer, extents and waiters, of which at most one is held at a time.
 *
 * <p>May use {@code .bson} (for its buffer), {@code .format}, {@code .io}, {@code .memory} and {@code .error}.
 */
package io.nexuslite.wasp.log;
