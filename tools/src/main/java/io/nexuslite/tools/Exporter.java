package io.nexuslite.tools;

import io.nexuslite.DocumentCursor;
import io.nexuslite.DocumentView;
import io.nexuslite.FindQuery;
import org.bson.RawBsonDocument;

/** Prints the documents of a query, undecoded. */
final class Exporter {
    private Exporter() {
    }

    /**
     * @param total how many documents are expected, for the bar; 0 if that is not known, -1 for no bar
     * @return documents printed
     */
    static long export(FindQuery<RawBsonDocument> query, Console console, OutputFlags flags, long total) {
        DocumentView found = new DocumentView();
        try (DocumentPrinter printer = new DocumentPrinter(console, flags);
                Progress progress = total < 0 ? null : new Progress(console, "export", total);
                DocumentCursor<RawBsonDocument> cursor = query.iterator()) {
            while (cursor.advance(found)) {
                printer.print(found.document());
                if (progress != null) {
                    progress.update(printer.count(), printer.count());
                }
            }
            printer.commit();
            return printer.count();
        }
    }
}
