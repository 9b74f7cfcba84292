package io.nexuslite.tools;

import io.nexuslite.transfer.DocumentSink;
import io.nexuslite.transfer.DocumentSource;
import io.nexuslite.transfer.ExportReport;
import io.nexuslite.transfer.ProgressListener;
import io.nexuslite.transfer.Transfer;

/** Writes the documents of a source, undecoded, and shows how far it is. */
final class Exporter {
    private Exporter() {
    }

    /**
     * @param label what the bar is called
     * @param total how many documents are expected, for the bar; 0 if that is not known
     */
    static ExportReport export(DocumentSource source, Console console, OutputFlags flags, String label, long total) {
        try (Progress progress = new Progress(console, label, total)) {
            return export(source, console, flags, (rows, bytes, errors) -> {
                progress.update(rows, rows);
                return !Cancellation.isRequested();
            });
        }
    }

    /** Without a bar. */
    static ExportReport export(DocumentSource source, Console console, OutputFlags flags) {
        return export(source, console, flags, (_, _, _) -> !Cancellation.isRequested());
    }

    private static ExportReport export(DocumentSource source, Console console, OutputFlags flags,
            ProgressListener listener) {
        try (DocumentSink sink = flags.open(console)) {
            ExportReport report = Transfer.export(source, sink, listener);
            if (report.cancelled()) {
                throw new RefusedException("cancelled; no file was written");
            }
            return report;
        }
    }
}
