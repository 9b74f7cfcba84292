package io.nexuslite.tools;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.bson.BsonDocument;

/**
 * Documents as lines of Extended JSON, to standard output or to a file. A file is written under another name and gets its own by
 * {@link #commit}; without that, {@link #close} removes it, so nobody takes half an answer for a whole one. One thread.
 */
final class DocumentPrinter implements AutoCloseable {
    private static final int BUFFER_CHARS = 1 << 16;

    private final Writer writer;
    private final PrintStream standardOutput;
    private final Path target;
    private final Path temporary;
    private final boolean canonical;
    private long count;
    private boolean committed;

    DocumentPrinter(Console console, OutputFlags flags) {
        canonical = flags.canonical;
        target = flags.output;
        try {
            if (target == null) {
                standardOutput = console.out();
                temporary = null;
                writer = writerTo(standardOutput);
            } else {
                standardOutput = null;
                temporary = target.resolveSibling(target.getFileName() + ".part-" + ProcessHandle.current().pid());
                writer = writerTo(Files.newOutputStream(temporary));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Writer writerTo(OutputStream stream) {
        return new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), BUFFER_CHARS);
    }

    void print(BsonDocument document) {
        try {
            writer.write(Texts.json(document, canonical));
            writer.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if ((++count & 0x3ff) == 0) {
            refuseBrokenPipe();
        }
    }

    long count() {
        return count;
    }

    /** Makes the answer complete. */
    void commit() {
        try {
            writer.flush();
            refuseBrokenPipe();
            if (temporary != null) {
                writer.close();
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        committed = true;
    }

    private void refuseBrokenPipe() {
        if (standardOutput != null && standardOutput.checkError()) {
            throw new UncheckedIOException(new IOException("standard output was closed"));
        }
    }

    @Override
    public void close() {
        if (committed) {
            return;
        }
        try {
            if (temporary == null) {
                writer.flush(); // what was found before the failure may help
            } else {
                writer.close();
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
