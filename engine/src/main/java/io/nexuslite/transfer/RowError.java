package io.nexuslite.transfer;

/**
 * A row that was skipped.
 *
 * @param line from 1; 0 where there are no lines
 * @param column byte in the line, from 1; 0 where there are no lines
 * @param bytePosition byte in the input, from 0
 * @param reason what is wrong
 */
public record RowError(long line, long column, long bytePosition, String reason) {
}
