package io.nexuslite.tools;

import io.nexuslite.DocumentCursor;
import io.nexuslite.FindQuery;
import org.bson.RawBsonDocument;

/** Writes the documents of a query as lines of Extended JSON, with progress. */
final class Exporter {
    private Exporter() {
    }

    /**
     * @param total how many documents are expected, for the bar; 0 if that is not known
     * @return documents written
     */
    static long export(FindQuery<RawBsonDocument> query, Console console, OutputFlags flags, long total) {
        try (DocumentPrinter printer = new DocumentPrinter(console, flags);
                Progress progress = new Progress(console, "export", total);
                DocumentCursor<RawBsonDocument> found = query.iterator()) {
            while (found.hasNext()) {
                printer.print(found.next());
                progress.update(printer.count(), printer.count());
            }
            printer.commit();
            return printer.count();
        }
    }
}
