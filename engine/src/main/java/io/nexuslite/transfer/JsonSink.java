package io.nexuslite.transfer;

import io.nexuslite.bson.BsonView;
import io.nexuslite.error.IoFailedException;
import java.io.IOException;
import java.io.OutputStream;

/** Documents as JSON text, one a line or as an array with one a line, into a file or stream. Owns the one it was given. */
final class JsonSink implements DocumentSink {
    private static final int BATCH_BYTES = 64 * 1024;

    private final AtomicFile file;
    private final OutputStream stream;
    private final String name;
    private final boolean array;
    private final JsonWriter writer;
    private boolean begun;
    private boolean closed;
    private long drained;

    JsonSink(AtomicFile file, OutputStream stream, String name, boolean array, JsonStyle style) {
        this.file = file;
        this.stream = stream;
        this.name = name;
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
        if (file != null) {
            file.commit();
            return;
        }
        try {
            stream.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public long bytes() {
        return drained + writer.length();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (file != null) {
            file.close();
            return;
        }
        try {
            stream.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void drain() {
        drained += writer.length();
        if (file != null) {
            file.write(writer.bytes(), 0, writer.length());
            writer.reset();
            return;
        }
        try {
            writer.writeTo(stream);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private IoFailedException failed(IOException cause) {
        return new IoFailedException("write", 0, name, drained, String.valueOf(cause.getMessage()), cause);
    }
}
