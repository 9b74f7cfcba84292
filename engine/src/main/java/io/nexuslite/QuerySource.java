package io.nexuslite;

import io.nexuslite.bson.BsonWriter;
import io.nexuslite.transfer.DocumentSource;

/** The documents of one run of a query as they lie, to be carried elsewhere. One thread at a time. */
final class QuerySource implements DocumentSource {
    private final DocumentCursor<?> cursor;
    private final DocumentView current = new DocumentView();
    private long rows;
    private boolean ended;

    /** @param cursor closed by the source */
    QuerySource(DocumentCursor<?> cursor) {
        this.cursor = cursor;
    }

    @Override
    public boolean next(BsonWriter target) {
        if (ended || !cursor.advance(current)) {
            ended = true;
            return false;
        }
        target.rawDocument(current.document());
        rows++;
        return true;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public long bytePosition() {
        return 0;
    }

    @Override
    public void close() {
        ended = true;
        cursor.close();
    }
}
