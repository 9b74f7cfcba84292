package io.nexuslite.wasp.log;

/**
 * A durable group that a manifest names: replay starts behind it.
 *
 * @param generation of the log
 * @param position log position of the group (A)
 * @param end log position behind it (S)
 * @param checksum its header checksum (K)
 */
public record Anchor(long generation, long position, long end, int checksum) {
}
