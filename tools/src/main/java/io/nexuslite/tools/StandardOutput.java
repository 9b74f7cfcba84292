package io.nexuslite.tools;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** A stream that stays open for what comes after, and does not hide that its reader has gone. */
final class StandardOutput extends OutputStream {
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
