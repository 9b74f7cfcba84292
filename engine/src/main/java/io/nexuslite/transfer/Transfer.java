package io.nexuslite.transfer;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.error.NexusLiteException;
import io.nexuslite.error.RowException;
import io.nexuslite.io.Host;
import io.nexuslite.io.Hosts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Carries documents from a source to a sink, and commits the sink at the end. The caller opened both, and closes both; closing a
 * sink that was not committed discards what can be discarded. All methods may be called by any thread, each call with its own
 * source and sink.
 */
public final class Transfer {
    private static final int PROGRESS_ROWS = 512;

    private Transfer() {
    }

    /**
     * Imports all of {@code source}. Without {@code skipErrors} the first row that is refused ends the import with its exception.
     * The error file, if rows were skipped, appears also when the import fails.
     *
     * @return what was done; if the listener cancelled, the sink has not been committed
     * @throws RowException if a row cannot be read, or if the sink refuses a document, in which case its exception is the cause;
     *     and errors are not skipped, or are too many
     * @throws NexusLiteException if the source cannot be read, or the sink fails
     */
    public static ImportReport importInto(DocumentSource source, DocumentSink sink, ImportOptions options,
            ProgressListener listener) {
        return importInto(Hosts.platform(), source, sink, options, listener);
    }

    static ImportReport importInto(Host host, DocumentSource source, DocumentSink sink, ImportOptions options,
            ProgressListener listener) {
        try (Import transfer = new Import(host, source, sink, options, listener)) {
            return transfer.run();
        }
    }

    /**
     * Exports all of {@code source}.
     *
     * @return what was done; if the listener cancelled, the sink has not been committed
     * @throws NexusLiteException if the source or the sink fails
     */
    public static ExportReport export(DocumentSource source, DocumentSink sink, ProgressListener listener) {
        Host host = Hosts.platform();
        long start = host.nanoTime();
        long rows = 0;
        boolean running = true;
        BsonWriter writer = new BsonWriter();
        BsonView view = new BsonView();
        try (GrowableBuffer buffer = new GrowableBuffer()) {
            while (running && source.next(writer.wrap(reset(buffer)))) {
                sink.accept(view.wrap(buffer));
                rows++;
                running = rows % PROGRESS_ROWS != 0 || listener.progress(rows, sink.bytes(), 0);
            }
        }
        running = running && listener.progress(rows, sink.bytes(), 0);
        if (running) {
            sink.commit();
        }
        return new ExportReport(rows, sink.bytes(), host.nanoTime() - start, !running);
    }

    private static GrowableBuffer reset(GrowableBuffer buffer) {
        buffer.reset();
        return buffer;
    }

    /** One import on its way. */
    private static final class Import implements AutoCloseable {
        private final Host host;
        private final DocumentSource source;
        private final DocumentSink sink;
        private final ImportOptions options;
        private final ProgressListener listener;
        private final GrowableBuffer buffer = new GrowableBuffer();
        private final BsonWriter writer = new BsonWriter();
        private final BsonView view = new BsonView();
        private final FieldSelection.Selector selector;
        private final ExpiryReader expiry;
        private final ResumeState resume;
        private final IdMover idMover;
        private final ErrorFile errorFile;
        private final List<RowError> firstErrors = new ArrayList<>();
        private long inserted;
        private long replaced;
        private long skipped;
        private long errors;

        Import(Host host, DocumentSource source, DocumentSink sink, ImportOptions options, ProgressListener listener) {
            this.host = host;
            this.source = Objects.requireNonNull(source, "source");
            this.sink = Objects.requireNonNull(sink, "sink");
            this.options = Objects.requireNonNull(options, "options");
            this.listener = Objects.requireNonNull(listener, "listener");
            selector = options.fields().isAll() ? null : options.fields().selector();
            expiry = options.expiryField() == null ? null : new ExpiryReader(options.expiryField(), host.wallMillis());
            resume = ResumeState.open(host, options);
            idMover = options.idField() == null ? null : new IdMover(options.idField());
            errorFile = options.skipErrors() && options.errorFile() != null
                    ? new ErrorFile(host, options.errorFile(), options.rowBytesMax())
                    : null;
        }

        ImportReport run() {
            long start = host.nanoTime();
            long untilProgress = PROGRESS_ROWS;
            boolean running = true;
            try {
                if (resume != null) {
                    resume(resume.load());
                }
                while (running && step()) {
                    if (--untilProgress == 0) {
                        untilProgress = PROGRESS_ROWS;
                        running = progress();
                    }
                }
                running = running && progress();
                if (running) {
                    sink.commit();
                    if (resume != null) {
                        resume.remove();
                    }
                }
            } catch (RuntimeException e) {
                commitErrorsAfter(e);
                throw e;
            }
            if (errorFile != null) {
                errorFile.commit();
            }
            return new ImportReport(source.rows(), inserted, replaced, skipped, errors, source.bytePosition(),
                    host.nanoTime() - start, !running, firstErrors);
        }

        /** Takes one row over; false at the end. */
        private boolean step() {
            buffer.reset();
            try {
                if (!source.next(writer.wrap(buffer))) {
                    return false;
                }
            } catch (RowException e) {
                refuse(e, new RowError(e.line(), e.column(), e.bytePosition(), e.getMessage()));
                return true;
            }
            try {
                BsonView document = view.wrap(buffer);
                if (selector != null) {
                    document = selector.select(document);
                }
                long expiryMillis = expiry == null ? ImportTarget.NO_EXPIRY : expiry.millis(document);
                long commits = sink.commits();
                count(sink.accept(idMover == null ? document : idMover.move(document), expiryMillis));
                if (resume != null && sink.commits() != commits) {
                    saveResume();
                }
            } catch (DuplicateKeyException | InvalidDocumentException | KeyTooLongException e) {
                RowError error = new RowError(source.line(), source.line() == 0 ? 0 : 1, source.rowPosition(),
                        e.getMessage());
                if (e instanceof DuplicateKeyException && options.mode() == ImportMode.FAIL) {
                    throw exception(error, e);
                }
                refuse(exception(error, e), error);
            }
            return true;
        }

        /** Goes over the rows that an import before this one has dealt with. */
        private void resume(ResumeState.Counts before) {
            inserted = before.inserted();
            replaced = before.replaced();
            skipped = before.skipped();
            errors = before.errors();
            boolean more = true;
            while (more && source.rows() < before.rows()) {
                buffer.reset();
                try {
                    more = source.next(writer.wrap(buffer));
                } catch (RowException e) {
                    if (before.errors() == 0) {
                        throw e;
                    }
                }
            }
            if (!more) {
                throw new RowException("expected the " + before.rows() + " rows that were read before, found "
                        + source.rows() + ": this is another input", source.line(), 1, source.bytePosition(), null);
            }
        }

        private void saveResume() {
            resume.save(new ResumeState.Counts(source.rows(), inserted, replaced, skipped, errors));
        }

        private static RowException exception(RowError error, NexusLiteException cause) {
            return new RowException(error.reason(), error.line(), error.column(), error.bytePosition(), cause);
        }

        private void count(DocumentSink.Outcome outcome) {
            switch (outcome) {
                case INSERTED -> inserted++;
                case REPLACED -> replaced++;
                case SKIPPED -> skipped++;
            }
        }

        private void refuse(RowException refused, RowError error) {
            if (!options.skipErrors() || errors >= options.errorsMax()) {
                throw refused;
            }
            errors++;
            if (firstErrors.size() < ImportReport.FIRST_ERRORS_MAX) {
                firstErrors.add(error);
            }
            if (errorFile != null) {
                errorFile.add(error, source);
            }
        }

        private boolean progress() {
            return listener.progress(source.rows(), source.bytePosition(), errors);
        }

        private void commitErrorsAfter(RuntimeException failure) {
            if (errorFile != null) {
                try {
                    errorFile.commit();
                } catch (NexusLiteException e) {
                    failure.addSuppressed(e);
                }
            }
        }

        @Override
        public void close() {
            buffer.close();
            if (idMover != null) {
                idMover.close();
            }
            if (selector != null) {
                selector.close();
            }
            if (errorFile != null) {
                errorFile.close();
            }
        }
    }
}
