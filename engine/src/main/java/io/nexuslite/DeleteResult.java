package io.nexuslite;

/**
 * Answer to a deletion.
 *
 * @param deletedCount documents deleted
 */
public record DeleteResult(long deletedCount) {
}
