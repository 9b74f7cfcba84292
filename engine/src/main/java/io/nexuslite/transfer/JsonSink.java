package io.nexuslite.transfer;

import io.nexuslite.bson.BsonView;

/** Documents as JSON text, one a line or as an array with one a line. Owns its output. */
final class JsonSink implements DocumentSink {
    private static final int BATCH_BYTES = 64 * 1024;

    private final Output output;
    private final boolean array;
    private final JsonWriter writer;
    private boolean begun;

    JsonSink(Output output, boolean array, JsonStyle style) {
        this.output = output;
        this.array = array;
        writer = new JsonWriter(style);
    }

    @Override
    public Outcome accept(BsonView document) {
        if (array) {
            writer.append(begun ? ",\n" : "[\n");
        }
        begun = true;
        writer.append(document);
        if (!array) {
            writer.append((byte) '\n');
        }
        if (writer.length() >= BATCH_BYTES) {
            drain();
        }
        return Outcome.INSERTED;
    }

    @Override
    public void commit() {
        if (array) {
            writer.append(begun ? "\n]\n" : "[]\n");
        }
        drain();
        output.commit();
    }

    @Override
    public long bytes() {
        return output.bytes() + writer.length();
    }

    @Override
    public void close() {
        output.close();
    }

    private void drain() {
        output.write(writer.bytes(), 0, writer.length());
        writer.reset();
    }
}
