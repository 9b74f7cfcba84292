package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.DocumentCollection;
import io.nexuslite.ReplaceOptions;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.error.NexusLiteException;
import io.nexuslite.error.RowException;
import io.nexuslite.transfer.DocumentSource;
import io.nexuslite.transfer.Format;
import io.nexuslite.transfer.Formats;
import io.nexuslite.transfer.ImportMode;
import io.nexuslite.transfer.ImportOptions;
import io.nexuslite.transfer.ImportReport;
import io.nexuslite.transfer.RowError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;

/**
 * Reads documents into a collection, in batches that are a transaction each; where a batch is refused, its documents are taken one by
 * one, so that only the one at fault is left out. One run, one thread.
 */
final class Importer implements AutoCloseable {
    private static final int FIRST_ERRORS_MAX = 20;

    private final DocumentSource source;
    private final Progress progress;
    private final ImportOptions options;
    private final GrowableBuffer buffer = new GrowableBuffer();
    private final BsonWriter writer = new BsonWriter();
    private final BsonView view = new BsonView();
    private final List<Row> batch = new ArrayList<>();
    private final List<RowError> firstErrors = new ArrayList<>();
    private long batchBytes;
    private long inserted;
    private long replaced;
    private long skipped;
    private long errors;

    /** A document and where it stood. */
    private record Row(RawBsonDocument document, long line, long position) {
    }

    private Importer(DocumentSource source, Progress progress, ImportOptions options) {
        this.source = source;
        this.progress = progress;
        this.options = options;
    }

    /** @param format {@code null} to find out */
    static Importer fromFile(Path file, Format format, ImportOptions options, Console console) {
        DocumentSource source = Formats.open(file, format, options);
        try {
            return new Importer(source, new Progress(console, "import", Files.size(file)), options);
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

    /** @throws RowException for the first row that is refused and may not be skipped; the batches before it stay */
    ImportReport into(Database database, String collection) {
        long start = System.nanoTime();
        DocumentCollection<RawBsonDocument> target = DatabaseFlags.raw(database, collection);
        while (read()) {
            if (batch.size() >= options.batchSize() || batchBytes >= options.batchBytes()) {
                store(target);
            }
        }
        store(target);
        return new ImportReport(source.rows(), inserted, replaced, skipped, errors, source.bytePosition(),
                System.nanoTime() - start,
                false, firstErrors);
    }

    private boolean read() {
        buffer.reset();
        try {
            if (!source.next(writer.wrap(buffer))) {
                return false;
            }
            RawBsonDocument document = view.wrap(buffer).toRawBsonDocument();
            batch.add(new Row(document, source.line(), source.rowPosition()));
            batchBytes += buffer.length();
        } catch (RowException e) {
            refuse(e, new RowError(e.line(), e.column(), e.bytePosition(), e.getMessage()));
        }
        return true;
    }

    private void store(DocumentCollection<RawBsonDocument> target) {
        if (!batch.isEmpty()) {
            try {
                target.insertMany(batch.stream().map(Row::document).toList());
                inserted += batch.size();
            } catch (DuplicateKeyException | InvalidDocumentException | KeyTooLongException e) {
                batch.forEach(row -> storeOne(target, row)); // the batch had no effect
            }
        }
        batch.clear();
        batchBytes = 0;
        progress.update(source.bytePosition(), source.rows());
    }

    private void storeOne(DocumentCollection<RawBsonDocument> target, Row row) {
        try {
            target.insertOne(row.document());
            inserted++;
        } catch (DuplicateKeyException e) {
            settleDuplicate(target, row, e);
        } catch (InvalidDocumentException | KeyTooLongException e) {
            refuse(row, e);
        }
    }

    private void settleDuplicate(DocumentCollection<RawBsonDocument> target, Row row, DuplicateKeyException duplicate) {
        switch (options.mode()) {
            case INSERT -> refuse(row, duplicate);
            case FAIL -> throw exception(row, duplicate);
            case SKIP -> skipped++;
            case UPSERT -> {
                target.replaceOne(new BsonDocument("_id", row.document().get("_id")), row.document(),
                        ReplaceOptions.defaults().withUpsert(true));
                replaced++;
            }
        }
    }

    private void refuse(Row row, NexusLiteException why) {
        RowException refused = exception(row, why);
        refuse(refused, new RowError(refused.line(), refused.column(), refused.bytePosition(), why.getMessage()));
    }

    private static RowException exception(Row row, NexusLiteException why) {
        return new RowException(why.getMessage(), row.line(), row.line() == 0 ? 0 : 1, row.position(), why);
    }

    private void refuse(RowException refused, RowError error) {
        if (!options.skipErrors() || errors >= options.errorsMax()) {
            throw refused;
        }
        errors++;
        if (firstErrors.size() < FIRST_ERRORS_MAX) {
            firstErrors.add(error);
        }
    }

    @Override
    public void close() {
        try (buffer; progress) {
            source.close();
        }
    }
}
