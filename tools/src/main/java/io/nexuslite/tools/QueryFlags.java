package io.nexuslite.tools;

import io.nexuslite.FindQuery;
import io.nexuslite.ReadableCollection;
import java.time.Duration;
import org.bson.BsonDocument;
import picocli.CommandLine.Option;

/** Which documents, which of their fields, in which order. */
final class QueryFlags {
    @Option(names = {"-f",
            "--filter"}, paramLabel = "JSON", description = "Which documents, such as '{\"age\": {\"$gte\": 21}}'. Default: all.")
    String filter;

    @Option(names = {"-p", "--project"}, paramLabel = "JSON", description = "Which fields, such as '{\"name\": 1}'.")
    String project;

    @Option(names = {"-s",
            "--sort"}, paramLabel = "JSON", description = "In which order, such as '{\"age\": -1}'. Default: by _id.")
    String sort;

    @Option(names = {"-n", "--limit"}, paramLabel = "N", description = "Most documents; 0 for all.")
    int limit;

    @Option(names = "--skip", paramLabel = "N", description = "Documents to leave out at the beginning.")
    int skip;

    @Option(names = "--max-time", paramLabel = "SECONDS", description = "Give up after this time.")
    int maxTimeSeconds;

    /** The same, understood. */
    record Parsed(BsonDocument filter, BsonDocument projection, BsonDocument sort, int limit, int skip,
            Duration maxTime) {
        /** Whether all documents of a collection are asked for. */
        boolean isAll() {
            return filter.isEmpty() && limit == 0 && skip == 0;
        }

        <T> FindQuery<T> on(ReadableCollection<T> collection) {
            FindQuery<T> query = collection.find(filter).limit(limit).skip(skip);
            if (projection != null) {
                query = query.projection(projection);
            }
            if (sort != null) {
                query = query.sort(sort);
            }
            return maxTime.isZero() ? query : query.maxTime(maxTime);
        }
    }

    /**
     * Reads the flags. To be called before a database is opened: who mistypes a filter waits for nothing.
     *
     * @throws UsageException if one of them makes no sense
     */
    Parsed parsed() {
        if (limit < 0 || skip < 0 || maxTimeSeconds < 0) {
            throw new UsageException("--limit, --skip and --max-time must not be negative", null);
        }
        return new Parsed(parsed(filter, "--filter"), project == null ? null : Texts.document(project, "--project"),
                sort == null ? null : Texts.document(sort, "--sort"), limit, skip, Duration.ofSeconds(maxTimeSeconds));
    }

    static BsonDocument parsed(String text, String what) {
        return text == null ? new BsonDocument() : Texts.document(text, what);
    }
}
