package io.nexuslite.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.io.Hosts;
import io.nexuslite.io.MemoryHost;
import io.nexuslite.store.ModelEngine;
import io.nexuslite.store.Session;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.testing.Seed;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TimeToLiveTest {
    @RegisterExtension
    final Seed seed = new Seed();

    @Test
    void findsWhatHasPassed() {
        SplittableRandom random = seed.random("dates");
        for (int round = 0; round < Seed.scaled(40); round++) {
            long now = random.nextInt(5) == 0 ? -1_000 + random.nextInt(2_000) : 1_000_000 + random.nextInt(100_000);
            int seconds = random.nextInt(3) * 10;
            try (MemoryHost host = Hosts.inMemory();
                    IndexWorld world = new IndexWorld(new ModelEngine(), host);
                    KeyRanges ranges = new KeyRanges();
                    IndexScan scan = new IndexScan()) {
                world.createCollection();
                Index index = world.createIndex(new BsonDocument("key", new BsonDocument("d", new BsonInt32(random
                        .nextBoolean() ? 1 : -1))).append("expireAfterSeconds", new BsonInt32(seconds)));
                TreeSet<String> expected = new TreeSet<>();
                try (IndexWorld.Writer writer = world.writer()) {
                    for (int id = 0; id < 30; id++) {
                        BsonArray dates = new BsonArray();
                        boolean passed = false;
                        for (int i = random.nextInt(3); i >= 0; i--) {
                            boolean isDate = random.nextInt(4) > 0;
                            long millis = random.nextInt(20) == 0
                                    ? random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE
                                    : now - seconds * 1000L + random.nextInt(-3, 4);
                            dates.add(isDate ? new BsonDateTime(millis) : new BsonInt64(millis));
                            passed |= isDate && millis <= now - seconds * 1000L;
                        }
                        BsonValue value = dates.size() == 1 ? dates.get(0) : dates;
                        writer.put(id, new BsonDocument("_id", new BsonInt32(id)).append("d", value),
                                TransactionMode.EXCLUSIVE);
                        if (passed) {
                            expected.add(HexFormat.of().formatHex(ReferenceKeys.keyString(new BsonInt32(id), false)));
                        }
                    }
                }
                TreeSet<String> found = new TreeSet<>();
                assertTrue(TimeToLive.ranges(index, now, ranges));
                try (Session session = world.engine.openSession();
                        Snapshot snapshot = world.engine.snapshot("ttl");
                        TreeCursor cursor = index.tree().cursor(session, snapshot)) {
                    scan.open(index, cursor, ranges, false);
                    while (scan.next()) {
                        found.add(HexFormat.of().formatHex(IndexWorld.bytes(scan.documentKey())));
                    }
                }
                assertEquals(expected, found);
            }
        }
    }

    @Test
    void leavesOthersAlone() {
        try (KeyRanges ranges = new KeyRanges()) {
            IndexDefinition plain = IndexDefinition.ofKey(BsonDocument.parse("{d: 1}"));
            assertFalse(TimeToLive.ranges(new Index(plain, null, IndexState.READY), 1, ranges));
            assertFalse(TimeToLive.ranges(new Index(plain.withExpireAfterSeconds(1), null, IndexState.BUILDING), 1,
                    ranges));
            assertEquals(0, ranges.count());
            // the far ends of time
            for (long now : new long[]{Long.MIN_VALUE, Long.MAX_VALUE}) {
                assertTrue(TimeToLive.ranges(new Index(plain.withExpireAfterSeconds(0), null, IndexState.READY), now,
                        ranges));
                assertEquals(1, ranges.count());
            }
        }
    }
}
