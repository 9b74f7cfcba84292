package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.DocumentCollection;
import io.nexuslite.DocumentMetadata;
import io.nexuslite.transfer.DocumentSource;
import java.util.concurrent.Callable;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the document with an id. */
@Command(name = "get", description = "Print the document with this _id; exit code 1 if there is none.", sortOptions = false)
final class GetCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ID", description = "Value of _id.")
    private String id;
    @Mixin
    private IdFlags idFlags;
    @Mixin
    private DatabaseFlags database;
    @Mixin
    private CollectionFlag collection;
    @Option(names = "--meta", description = "Print what is stored beside the document as well: instants, version, tags, expiry.")
    private boolean meta;
    @Mixin
    private OutputFlags output;
    @Mixin
    private CommonFlags common;

    GetCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        BsonValue key = Texts.id(id, idFlags.type);
        try (Database opened = database.openToRead()) {
            DocumentCollection<RawBsonDocument> documents = DatabaseFlags.raw(opened, collection.name);
            BsonDocument found = documents.findById(key).orElseThrow(() -> new RefusedException(
                    "no document with _id " + Texts.json(key) + " in " + collection.name));
            BsonDocument shown = meta
                    ? new BsonDocument("document", found).append("metadata", metadataOf(documents, key))
                    : found;
            try (DocumentSource one = new MadeSource(1, i -> shown)) {
                Exporter.export(one, console, output);
            }
        }
        return ExitCode.DONE;
    }

    private static BsonDocument metadataOf(DocumentCollection<RawBsonDocument> documents, BsonValue key) {
        DocumentMetadata metadata = documents.metadata(key)
                .orElseThrow(() -> new RefusedException("it expired meanwhile"));
        BsonDocument result = new BsonDocument("created", new BsonDateTime(metadata.created().toEpochMilli()))
                .append("updated", new BsonDateTime(metadata.updated().toEpochMilli()))
                .append("version", new BsonInt64(metadata.version()))
                .append("type", new BsonString(metadata.type().name()))
                .append("tags", new BsonArray(metadata.tags().stream().map(BsonString::new).toList()));
        metadata.expiry().ifPresent(expiry -> result.append("expiry", new BsonDateTime(expiry.toEpochMilli())));
        return result;
    }
}
