package io.nexuslite.tools;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.transfer.DocumentSink;
import io.nexuslite.transfer.Formats;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.bson.BsonDocument;

/**
 * Prints documents to standard output or into a file. A file appears by {@link #commit}; without that nothing of it stays, so nobody
 * takes half an answer for a whole one. One thread.
 */
final class DocumentPrinter implements AutoCloseable {
    private final DocumentSink sink;
    private final GrowableBuffer buffer = new GrowableBuffer();
    private final BsonView view = new BsonView();
    private long count;

    DocumentPrinter(Console console, OutputFlags flags) {
        sink = flags.output == null
                ? Formats.create(new StandardOutput(console.out()), flags.formatOrDefault(), flags.options())
                : Formats.create(flags.output, flags.formatOrDefault(), flags.options());
    }

    /** Borrows the document for the call. */
    void print(BsonView document) {
        sink.accept(document);
        count++;
    }

    void print(BsonDocument document) {
        buffer.reset();
        BsonBridge.encode(document, buffer);
        print(view.wrap(buffer));
    }

    /** Documents printed so far. */
    long count() {
        return count;
    }

    /** Makes the answer complete. */
    void commit() {
        sink.commit();
    }

    @Override
    public void close() {
        try (buffer) {
            sink.close();
        }
    }

    /** A stream that stays open for what comes after, and does not hide that its reader has gone. */
    private static final class StandardOutput extends OutputStream {
        private final PrintStream out;

        StandardOutput(PrintStream out) {
            this.out = out;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            refuseClosed();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            refuseClosed();
        }

        @Override
        public void flush() {
            out.flush();
        }

        @Override
        public void close() {
            out.flush();
        }

        private void refuseClosed() throws IOException {
            if (out.checkError()) {
                throw new IOException("standard output was closed");
            }
        }
    }
}
