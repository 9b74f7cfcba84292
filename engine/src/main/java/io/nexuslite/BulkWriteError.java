package io.nexuslite;

/**
 * One write of many that failed. Nothing of it was done.
 *
 * @param index of the write, from 0 on
 * @param cause why it failed
 */
public record BulkWriteError(int index, RuntimeException cause) {
}
