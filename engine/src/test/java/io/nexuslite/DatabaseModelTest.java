package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.PlainOrder;
import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.query.ReferenceFilter;
import io.nexuslite.testing.Seed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Random operations on a collection against a sorted map of documents: the same answers, after each step. */
class DatabaseModelTest {
    @RegisterExtension
    final Seed seed = new Seed();

    /** A document of the model with the instant at which it expires, or the greatest long. */
    private record Kept(BsonDocument document, long expiryMillis) {
    }

    private final SplittableRandom random = seed.random("operations");
    private final Map<BsonValue, Kept> model = new TreeMap<>(PlainOrder::compare);
    private Subject test;
    private DocumentCollection<BsonDocument> collection;

    /** The database under test: its clock, and how it is closed and opened again. */
    private interface Subject extends AutoCloseable {
        Database database();

        long now();

        void pass(long millis);

        Subject reopen();

        @Override
        void close();
    }

    private record OverModel(TestDatabase test) implements Subject {
        @Override
        public Database database() {
            return test.database;
        }

        @Override
        public long now() {
            return test.engine.clockMillis();
        }

        @Override
        public void pass(long millis) {
            test.engine.advanceClock(millis);
        }

        @Override
        public Subject reopen() {
            return new OverModel(test.reopen());
        }

        @Override
        public void close() {
            test.close();
        }
    }

    private record OverFile(Path file, AtomicLong clock, Database database) implements Subject {
        static OverFile open(Path file, AtomicLong clock) {
            DatabaseOptions options = DatabaseOptions.builder().sweepInterval(Duration.ZERO)
                    .clock(() -> Instant.ofEpochMilli(clock.get()))
                    .durability(Durability.NONE).sweepInterval(Duration.ZERO).build();
            return new OverFile(file, clock, NexusLite.open(file, options));
        }

        @Override
        public long now() {
            return clock.get();
        }

        @Override
        public void pass(long millis) {
            clock.addAndGet(millis);
        }

        @Override
        public Subject reopen() {
            close();
            return open(file, clock);
        }

        @Override
        public void close() {
            database.close();
        }
    }

    @Test
    void agreesWithSortedMapOverTheModel() {
        test = new OverModel(new TestDatabase());
        agree(3000, 14);
    }

    @Test
    void agreesWithSortedMapInAFile(@TempDir Path directory) {
        test = OverFile.open(directory.resolve("c.nxl"), new AtomicLong(1_700_000_000_000L));
        agree(2000, 250);
    }

    /** @param rarity among so many steps the database is opened again once */
    private void agree(int steps, int rarity) {
        collection = test.database().collection("c", BsonDocument.class);
        try {
            for (int step = 0; step < Seed.scaled(steps); step++) {
                if (random.nextInt(rarity) == 0) {
                    reopen();
                }
                switch (random.nextInt(13)) {
                    case 0, 1, 2, 3 -> insert();
                    case 4, 5 -> replace();
                    case 6 -> deleteOne();
                    case 7 -> deleteMany();
                    case 8 -> passTime();
                    case 9 -> deleteById();
                    default -> find();
                }
            }
            assertEquals(live(new BsonDocument()), collection.find().toList());
        } finally {
            test.close();
        }
    }

    private long now() {
        return test.now();
    }

    private BsonValue id() {
        int number = random.nextInt(12);
        return switch (random.nextInt(4)) {
            case 0 -> new BsonDouble(number);
            case 1 -> new BsonString("id" + number);
            case 2 -> new BsonDocument("n", new BsonInt32(number));
            default -> new BsonInt32(number);
        };
    }

    private BsonValue value() {
        return switch (random.nextInt(3)) {
            case 0 -> new BsonInt32(random.nextInt(4));
            case 1 -> new BsonString("v" + random.nextInt(4));
            default -> new BsonArray(List.of(new BsonInt32(random.nextInt(4)), new BsonInt32(random.nextInt(4))));
        };
    }

    private BsonDocument filter() {
        BsonDocument filter = new BsonDocument();
        if (random.nextBoolean()) {
            filter.put("a", random.nextBoolean() ? value() : comparison(value()));
        }
        if (random.nextInt(3) == 0) {
            filter.put("_id", random.nextBoolean() ? id() : comparison(id()));
        }
        if (random.nextInt(6) == 0) {
            filter.put("_id", new BsonDocument("$in", new BsonArray(List.of(id(), id(), id()))));
        }
        return filter;
    }

    private BsonDocument comparison(BsonValue operand) {
        String[] operators = {"$gt", "$gte", "$lt", "$lte", "$ne"};
        BsonDocument comparison = new BsonDocument(operators[random.nextInt(operators.length)], operand);
        if (random.nextInt(3) == 0) {
            comparison.put(operators[random.nextInt(operators.length)], operand.isString() ? value() : id());
        }
        return comparison;
    }

    /** What matches and is not expired, in the order of the ids. */
    private List<BsonDocument> live(BsonDocument filter) {
        List<BsonDocument> live = new ArrayList<>();
        for (Kept kept : model.values()) {
            if (kept.expiryMillis > now() && ReferenceFilter.matches(filter, kept.document)) {
                live.add(kept.document);
            }
        }
        return live;
    }

    private void insert() {
        BsonDocument document = new BsonDocument("_id", id()).append("a", value()).append("b", value());
        boolean ephemeral = random.nextInt(3) == 0;
        long millis = random.nextInt(1, 100);
        InsertOptions options = ephemeral
                ? InsertOptions.defaults().withTimeToLive(Duration.ofMillis(millis))
                : InsertOptions.defaults();
        Kept old = model.get(document.get("_id"));
        if (old != null && old.expiryMillis > now()) {
            assertThrows(DuplicateKeyException.class, () -> collection.insertOne(document, options));
            return;
        }
        assertEquals(document.get("_id"), collection.insertOne(document, options).insertedId());
        model.remove(document.get("_id")); // the key may be written another way
        model.put(document.get("_id"), new Kept(document, ephemeral ? now() + millis : Long.MAX_VALUE));
    }

    private void replace() {
        BsonDocument filter = filter();
        BsonDocument replacement = new BsonDocument("a", value());
        List<BsonDocument> matches = live(filter);
        ReplaceResult result = collection.replaceOne(filter, replacement);
        if (matches.isEmpty()) {
            assertEquals(new ReplaceResult(0, 0, null), result);
            return;
        }
        BsonDocument old = matches.getFirst();
        BsonDocument expected = new BsonDocument("_id", old.get("_id")).append("a", replacement.get("a"));
        assertEquals(new ReplaceResult(1, expected.equals(old) ? 0 : 1, null), result);
        model.computeIfPresent(old.get("_id"), (id, kept) -> new Kept(expected, kept.expiryMillis));
    }

    private void deleteOne() {
        BsonDocument filter = filter();
        List<BsonDocument> matches = live(filter);
        assertEquals(Math.min(1, matches.size()), collection.deleteOne(filter).deletedCount());
        matches.stream().limit(1).forEach(document -> model.remove(document.get("_id")));
    }

    private void deleteMany() {
        BsonDocument filter = filter().append("b", value());
        List<BsonDocument> matches = live(filter);
        assertEquals(matches.size(), collection.deleteMany(filter).deletedCount());
        matches.forEach(document -> model.remove(document.get("_id")));
    }

    private void deleteById() {
        BsonValue id = id();
        Kept kept = model.get(id);
        boolean there = kept != null && kept.expiryMillis > now();
        assertEquals(there, collection.deleteById(id));
        if (there) {
            model.remove(id);
        }
    }

    private void passTime() {
        test.pass(random.nextInt(40));
        if (random.nextBoolean()) {
            long expired = model.values().stream().filter(kept -> kept.expiryMillis <= now()).count();
            assertEquals(expired, test.database().sweepExpired(Long.MAX_VALUE));
            model.values().removeIf(kept -> kept.expiryMillis <= now());
            assertEquals(model.size(), collection.estimatedDocumentCount());
        }
        long ephemeral = model.values().stream().filter(kept -> kept.expiryMillis != Long.MAX_VALUE).count();
        assertEquals(ephemeral, test.database().statistics().ephemeralDocuments());
        long visible = model.values().stream()
                .filter(kept -> kept.expiryMillis != Long.MAX_VALUE && kept.expiryMillis > now()).count();
        assertEquals(visible, test.database().collection("_tempDocuments").countDocuments());
    }

    private void reopen() {
        test = test.reopen();
        collection = test.database().collection("c", BsonDocument.class);
    }

    private void find() {
        BsonDocument filter = filter();
        List<BsonDocument> expected = live(filter);
        assertEquals(expected, collection.find(filter).toList(), filter::toString);
        assertEquals(expected.size(), collection.countDocuments(filter));
        int direction = random.nextBoolean() ? 1 : -1;
        boolean byId = random.nextBoolean();
        if (byId) {
            expected.sort(Comparator.comparing(document -> document.get("_id"),
                    (a, b) -> direction * PlainOrder.compare(a, b)));
        } else {
            expected.sort(Comparator.comparing(document -> sortValue(document, direction),
                    (a, b) -> direction * PlainOrder.compare(a, b)));
        }
        int skip = random.nextInt(4);
        int limit = random.nextInt(4);
        List<BsonDocument> part = expected.subList(Math.min(skip, expected.size()),
                limit == 0 ? expected.size() : Math.min(skip + limit, expected.size()));
        if (skip > expected.size()) {
            part = List.of();
        }
        assertEquals(part, collection.find(filter).sort(new BsonDocument(byId ? "_id" : "a", new BsonInt32(direction)))
                .skip(skip).limit(limit).toList(), filter::toString);
        BsonDocument first = collection.find(filter).first();
        assertTrue(first == null ? expected.isEmpty() : expected.contains(first));
    }

    private static BsonValue sortValue(BsonDocument document, int direction) {
        BsonValue value = document.get("a");
        return value.isArray()
                ? value.asArray().stream().min((a, b) -> direction * PlainOrder.compare(a, b)).orElseThrow()
                : value;
    }
}
