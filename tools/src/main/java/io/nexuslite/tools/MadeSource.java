package io.nexuslite.tools;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.transfer.DocumentSource;
import java.util.function.IntFunction;
import org.bson.BsonDocument;

/** Documents that are made one by one as they are asked for. One thread; owns memory. */
final class MadeSource implements DocumentSource {
    private final int count;
    private final IntFunction<BsonDocument> maker;
    private final GrowableBuffer buffer = new GrowableBuffer();
    private final BsonView view = new BsonView();
    private int rows;

    /** @param maker from the number of a document, from 0 on, to the document */
    MadeSource(int count, IntFunction<BsonDocument> maker) {
        this.count = count;
        this.maker = maker;
    }

    @Override
    public boolean next(BsonWriter target) {
        if (rows == count) {
            return false;
        }
        buffer.reset();
        BsonBridge.encode(maker.apply(rows++), buffer);
        target.rawDocument(view.wrap(buffer));
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
        buffer.close();
    }
}
