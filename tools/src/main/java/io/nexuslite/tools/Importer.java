package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.transfer.Compression;
import io.nexuslite.transfer.DocumentSink;
import io.nexuslite.transfer.DocumentSource;
import io.nexuslite.transfer.Format;
import io.nexuslite.transfer.Formats;
import io.nexuslite.transfer.ImportOptions;
import io.nexuslite.transfer.ImportReport;
import io.nexuslite.transfer.Transfer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads documents into a collection and shows how far it is. One run, one thread. */
final class Importer implements AutoCloseable {
    private final DocumentSource source;
    private final Progress progress;
    private final ImportOptions options;

    private Importer(DocumentSource source, Progress progress, ImportOptions options) {
        this.source = source;
        this.progress = progress;
        this.options = options;
    }

    /** @param format {@code null} to find out */
    static Importer fromFile(Path file, Format format, ImportOptions options, Console console) {
        DocumentSource source = Formats.open(file, format, options);
        try {
            return new Importer(source, new Progress(console, "import",
                    Compression.ofName(file.toString()) == Compression.NONE ? Files.size(file) : 0), options);
        } catch (IOException e) {
            source.close();
            throw new UncheckedIOException(e);
        }
    }

    /** @param format {@code null} to find out */
    static Importer fromStandardInput(Format format, ImportOptions options, Console console) {
        return new Importer(Formats.open(console.in(), "standard input", format, options),
                new Progress(console, "import", 0), options);
    }

    /**
     * @throws io.nexuslite.error.RowException for the first row that is refused and may not be skipped; the batches before it
     *     stay
     */
    ImportReport into(Database database, String collection) {
        try (DocumentSink sink = DatabaseFlags.raw(database, collection).sink(options)) {
            return Transfer.importInto(source, sink, options, (rows, bytes, errors) -> {
                progress.update(bytes, rows);
                return !Cancellation.isRequested();
            });
        }
    }

    @Override
    public void close() {
        try (progress) {
            source.close();
        }
    }
}
