package io.nexuslite.benchmark;

import io.nexuslite.Database;
import io.nexuslite.DatabaseOptions;
import io.nexuslite.DocumentCollection;
import io.nexuslite.DocumentCursor;
import io.nexuslite.DocumentId;
import io.nexuslite.DocumentView;
import io.nexuslite.Durability;
import io.nexuslite.NexusLite;
import io.nexuslite.Session;
import io.nexuslite.bson.BsonView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.Document;

/** NexusLite through its door: sessions, ids, views. */
final class NexusLiteStore implements Store {
    /** As much as other stores get for their caches. */
    static final long MEMORY_BYTES_MAX = 1L << 30;
    static final Duration GROUP_INTERVAL = Duration.ofMillis(10);
    private static final String COLLECTION = "documents";

    private final Path file;
    private Database database;

    NexusLiteStore(Path directory) {
        file = directory.resolve("benchmark.nxl");
    }

    @Override
    public void load(Dataset dataset) {
        open(Durability.Mode.NONE);
        try (Session session = database.openSession()) {
            DocumentCollection<Document> collection = database.collection(COLLECTION);
            BsonView view = new BsonView();
            for (int index : dataset.loadOrder()) {
                collection.put(session,
                        view.wrap(dataset.memory(), dataset.offset(index), dataset.length(index)));
            }
        }
        close();
    }

    @Override
    public void open(Durability.Mode durability) {
        database = NexusLite.open(file, DatabaseOptions.builder().memoryBytesMax(MEMORY_BYTES_MAX)
                .durability(switch (durability) {
                    case SYNC -> Durability.SYNC;
                    case GROUP -> Durability.group(GROUP_INTERVAL);
                    case NONE -> Durability.NONE;
                }).build());
    }

    @Override
    public Client client(Draws draws, Bodies bodies) {
        return new SessionClient(database, draws, bodies);
    }

    @Override
    public void close() {
        if (database != null) {
            database.close();
            database = null;
        }
    }

    private static final class SessionClient extends Client {
        private final DocumentCollection<Document> collection;
        private final Session session;
        private final DocumentId id = new DocumentId();
        private final DocumentView view = new DocumentView();
        private final BsonView body = new BsonView();
        private DocumentCursor<Document> cursor;

        SessionClient(Database database, Draws draws, Bodies bodies) {
            super(draws, bodies);
            collection = database.collection(COLLECTION);
            session = database.openSession();
        }

        @Override
        long get(int draw) {
            if (!collection.get(session, id.set(draws.idHigh(draw), draws.idLow(draw)), view)) {
                throw missing(draw);
            }
            return checksum();
        }

        private long checksum() {
            BsonView document = view.document();
            return Checksum.of(document.memory(), document.offset(), document.length());
        }

        @Override
        long scan(int count) {
            long sum = 0;
            for (int index = 0; index < count; index++) {
                if (cursor == null || !cursor.advance(view)) {
                    rewind();
                }
                sum += checksum();
            }
            return sum;
        }

        @Override
        long range(int draw, int count) {
            BsonDocument from = new BsonDocument("$gte",
                    new BsonBinary(new UUID(draws.idHigh(draw), draws.idLow(draw))));
            long sum = 0;
            try (DocumentCursor<Document> found = collection.find(new BsonDocument("_id", from)).limit(count)
                    .iterator()) {
                while (found.advance(view)) {
                    sum += checksum();
                }
            }
            return sum;
        }

        private void rewind() {
            if (cursor != null) {
                cursor.close();
            }
            cursor = collection.find().iterator();
            if (!cursor.advance(view)) {
                throw new IllegalStateException("No documents.");
            }
        }

        @Override
        void store(int draw, int length) {
            collection.put(session, body.wrap(bodies.memory(), 0, length));
        }

        @Override
        public void close() {
            if (cursor != null) {
                cursor.close();
            }
            session.close();
            id.close();
        }
    }
}
