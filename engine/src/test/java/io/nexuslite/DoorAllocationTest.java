package io.nexuslite;

import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.IdGenerator;
import io.nexuslite.bson.TestAllocation;
import io.nexuslite.io.Hosts;
import io.nexuslite.io.MemoryHost;
import io.nexuslite.transfer.DocumentSink;
import io.nexuslite.transfer.ImportMode;
import io.nexuslite.transfer.ImportOptions;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** What the door adds to an engine's garbage in get, put and delete through a session: nothing. */
class DoorAllocationTest {
    private static final FieldName NAME = FieldName.of("name");

    @Test
    void sinksMakeNoGarbageForADocument() {
        IdleEngine engine = new IdleEngine(BsonDocument.parse("{_id: 1, name: 'tea', count: 7}"));
        try (MemoryHost host = Hosts.inMemory();
                Database database = new DatabaseImpl(engine, DatabaseOptions.defaults(), host);
                DocumentBuilder builder = new DocumentBuilder()) {
            DocumentCollection<Document> things = database.collection("things");
            for (ImportMode mode : List.of(ImportMode.UPSERT, ImportMode.SKIP)) {
                ImportOptions options = ImportOptions.DEFAULT.withMode(mode).withBatch(1 << 30, 1 << 30);
                try (DocumentSink sink = things.sink(options)) {
                    TestAllocation.assertNone("put " + mode, call -> sink
                            .accept(builder.begin().put(FieldName.ID, call).put(NAME, "some name").build())
                            .ordinal());
                }
            }
        }
    }

    @Test
    void sessionsMakeNoGarbage() {
        IdleEngine engine = new IdleEngine(BsonDocument.parse("{_id: 1, name: 'tea', count: 7}"));
        // Entropy of a kind that makes no garbage itself.
        DatabaseOptions options = DatabaseOptions.builder()
                .idGenerator(IdGenerator
                        .uuid4((target, offset, length) -> target.set(ValueLayout.JAVA_BYTE, offset, (byte) 7)))
                .build();
        try (MemoryHost host = Hosts.inMemory();
                Database database = new DatabaseImpl(engine, options, host);
                Session session = database.openSession();
                DocumentId id = new DocumentId();
                DocumentBuilder builder = new DocumentBuilder()) {
            DocumentCollection<Document> things = database.collection("things");
            DocumentView view = new DocumentView();
            TestAllocation.assertNone("get", call -> things.get(session, id.set(call), view)
                    ? view.document().length()
                    : 0);
            TestAllocation.assertNone("put", call -> {
                things.put(session, builder.begin().put(FieldName.ID, call).put(NAME, "some name").build());
                return 1;
            });
            TestAllocation.assertNone("put without id", call -> {
                things.put(session, builder.begin().put(NAME, "some name").build());
                return 1;
            });
            TestAllocation.assertNone("delete", call -> things.delete(session, id.set(call)) ? 1 : 0);
        }
    }
}
