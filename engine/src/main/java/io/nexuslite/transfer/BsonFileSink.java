package io.nexuslite.transfer;

import io.nexuslite.bson.BsonView;

/** Documents one behind the other, as {@code mongorestore} reads them. Owns its output. */
final class BsonFileSink implements DocumentSink {
    private static final int BATCH_BYTES = 64 * 1024;

    private final Output output;
    private final ByteText text = new ByteText();

    BsonFileSink(Output output) {
        this.output = output;
    }

    @Override
    public Outcome accept(BsonView document) {
        text.put(document.memory(), document.offset(), document.length());
        if (text.length >= BATCH_BYTES) {
            drain();
        }
        return Outcome.INSERTED;
    }

    @Override
    public void commit() {
        drain();
        output.commit();
    }

    @Override
    public long bytes() {
        return output.bytes() + text.length;
    }

    @Override
    public void close() {
        output.close();
    }

    private void drain() {
        output.write(text.bytes, 0, text.length);
        text.length = 0;
    }
}
