package io.nexuslite.transfer;

import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;

/** Documents, one after the other. One thread at a time; the caller closes. */
public interface DocumentSource extends AutoCloseable {
    /**
     * Writes the next document.
     *
     * @param target a writer on which a document may begin, as after {@code wrap}; borrowed for the call
     * @return false at the end, when nothing has been written
     * @throws io.nexuslite.error.RowException if the next row is no document; nothing has been written, the row counts as read,
     *     and the next call goes on behind it
     * @throws io.nexuslite.error.IoFailedException if the input cannot be read
     */
    boolean next(BsonWriter target);

    /** Rows read so far, those that were refused included. */
    long rows();

    /** Bytes of input up to the end of the last row; 0 where there are no bytes. */
    long bytePosition();

    /** Line, from 1, in which the last row began; 0 where there are no lines. */
    default long line() {
        return 0;
    }

    /** Byte of the input, from 0, at which the last row began. */
    default long rowPosition() {
        return 0;
    }

    /**
     * Appends the last row as it stands in the input, for a report about it. Valid until the next call of {@link #next}.
     *
     * @return false if not all of it is at hand, or none
     */
    default boolean copyRow(GrowableBuffer target) {
        return false;
    }

    /** Closes the input; idempotent. */
    @Override
    void close();
}
