package io.nexuslite.wasp.log;

/**
 * Where a log ends.
 *
 * @param position log position behind the last whole group
 * @param lastCsn last commit: of the log, or of the checkpoint if the log has none above it
 * @param groups whole groups behind the anchor
 * @param commits commits above the checkpoint
 */
public record LogEnd(long position, long lastCsn, long groups, long commits) {
}
