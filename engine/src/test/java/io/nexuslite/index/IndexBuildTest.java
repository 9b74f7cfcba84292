package io.nexuslite.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.check.CheckOptions;
import io.nexuslite.check.CheckProgress;
import io.nexuslite.check.CheckReport;
import io.nexuslite.check.FileCheck;
import io.nexuslite.error.DuplicateKeyException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.error.NexusLiteException;
import io.nexuslite.error.PoisonedException;
import io.nexuslite.io.CrashNow;
import io.nexuslite.io.CrashPolicy;
import io.nexuslite.io.FaultyHost;
import io.nexuslite.io.Host;
import io.nexuslite.io.Hosts;
import io.nexuslite.io.MemoryHost;
import io.nexuslite.store.ModelEngine;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.testing.Seed;
import io.nexuslite.testing.Threads;
import io.nexuslite.wasp.WaspEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IndexBuildTest {
    private static final Path PATH = Path.of("/data/shop.nxl");

    @RegisterExtension
    final Seed seed = new Seed();

    private interface Body {
        void accept(IndexWorld world) throws Exception;
    }

    private static void withBoth(Body body) throws Exception {
        try (MemoryHost host = Hosts.inMemory()) {
            try (IndexWorld world = new IndexWorld(new ModelEngine(), host)) {
                body.accept(world);
                assertEquals("", ((ModelEngine) world.engine).leaks());
            }
            WaspEngine.create(host, PATH, IndexWorld.smallOptions());
            try (IndexWorld world = new IndexWorld(WaspEngine.open(host, PATH, IndexWorld.smallOptions()
                    .withBackground()), host)) {
                body.accept(world);
            }
            assertClean(host);
        }
    }

    private static void assertClean(Host host) {
        CheckReport report = FileCheck.check(host, PATH, CheckOptions.DEFAULT, CheckProgress.NONE);
        assertEquals(List.of(), report.findings());
        assertEquals(0, report.exitCode());
    }

    private static BsonDocument json(String text) {
        return BsonDocument.parse(text);
    }

    private static void fill(IndexWorld world, int count) {
        world.createCollection();
        try (IndexWorld.Writer writer = world.writer()) {
            for (int id = 0; id < count; id++) {
                writer.put(id, new BsonDocument("_id", new BsonInt32(id)).append("a", new BsonInt32(id)).append("b",
                        new BsonInt32(id % 7)), TransactionMode.EXCLUSIVE);
            }
        }
    }

    @Test
    void buildsOverDocumentsThatAreThere() throws Exception {
        withBoth(world -> {
            fill(world, 700);
            Index unique = world.createIndex(json("{key: {a: -1}, unique: true}"));
            Index plain = world.createIndex(json("{key: {b: 1, a: 1}}"));
            assertEquals(IndexState.BUILDING, unique.state());
            world.verify();
            for (Index index : new Index[]{unique, plain}) {
                try (IndexBuild build = world.build(index)) {
                    assertTrue(build.step());
                    assertEquals(IndexBuild.BATCH_DOCUMENTS, build.documentsScanned());
                    assertEquals(700, build.documentsTotal());
                    world.verify();
                    assertEquals(IndexBuild.Outcome.READY, build.run());
                    assertEquals(700, build.documentsScanned());
                    assertFalse(build.step());
                }
                assertEquals(IndexState.READY, world.indexSet().find(index.treeId()).state());
            }
            world.verify();
        });
    }

    @Test
    void dropsWhatCannotBeBuilt() throws Exception {
        withBoth(world -> {
            fill(world, 300);
            try (IndexBuild build = world.build(world.createIndex(json("{key: {b: 1}, unique: true}")))) {
                DuplicateKeyException duplicate = assertThrows(DuplicateKeyException.class, build::run);
                assertEquals("b_1", duplicate.index());
                assertEquals(IndexBuild.Outcome.FAILED, build.outcome());
            }
            assertTrue(world.indexSet().isEmpty());
            try (IndexWorld.Writer writer = world.writer()) {
                writer.put(1, json("{_id: 1, c: [1], d: [2]}"), TransactionMode.OPTIMISTIC);
                writer.put(2, json("{_id: 2}").append("e", new BsonString("x".repeat(2000))),
                        TransactionMode.OPTIMISTIC);
                Index parallel = world.createIndex(json("{key: {c: 1, d: 1}}"));
                Index tooLong = world.createIndex(json("{key: {e: 1}}"));
                try (IndexBuild build = world.build(parallel); IndexBuild other = world.build(tooLong)) {
                    assertThrows(InvalidDocumentException.class, build::run);
                    assertThrows(KeyTooLongException.class, other::run);
                }
                // documents that an index being built cannot hold may still be changed and deleted
                world.createIndex(json("{key: {c: 1, d: 1}}"));
                Index last = world.createIndex(json("{key: {e: 1}}"));
                writer.put(1, json("{_id: 1, c: [1]}"), TransactionMode.OPTIMISTIC);
                writer.put(2, null, TransactionMode.OPTIMISTIC);
                try (IndexBuild build = world.build(last)) {
                    assertEquals(IndexBuild.Outcome.READY, build.run());
                }
            }
            world.verify();
        });
    }

    @Test
    void endsWhenCancelledOrDropped() throws Exception {
        withBoth(world -> {
            fill(world, 600);
            Index index = world.createIndex(json("{key: {a: 1}}"));
            try (IndexBuild build = world.build(index)) {
                build.step();
                build.cancel();
                assertEquals(IndexBuild.Outcome.CANCELLED, build.run());
            }
            assertTrue(world.indexSet().isEmpty());
            try (IndexBuild build = world.build(world.createIndex(json("{key: {a: 1}}")))) {
                build.step();
                assertTrue(world.dropIndex("a_1"));
                assertEquals(IndexBuild.Outcome.GONE, build.run());
            }
            Index again = world.createIndex(json("{key: {a: 1}}"));
            try (IndexBuild build = world.build(again)) {
                build.step();
                world.ddl(ddl -> {
                    world.catalog.rename(ddl.transaction(), IndexWorld.NAME, "renamed", ddl.scratch());
                    return null;
                });
                assertEquals(IndexBuild.Outcome.READY, build.run());
                assertNull(world.entry());
                world.ddl(ddl -> {
                    world.catalog.rename(ddl.transaction(), "renamed", IndexWorld.NAME, ddl.scratch());
                    return null;
                });
            }
            world.verify();
            try (IndexBuild build = world.build(world.createIndex(json("{key: {b: 1}}")))) {
                build.step();
                world.ddl(ddl -> world.catalog.drop(ddl.transaction(), IndexWorld.NAME, ddl.scratch()));
                assertEquals(IndexBuild.Outcome.GONE, build.run());
            }
        });
    }

    /** Writers, builds, drops and a verifier at once. */
    @Test
    void buildsUnderWriters() throws Exception {
        withBoth(world -> {
            fill(world, 400);
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger ready = new AtomicInteger();
            Threads.run(4, thread -> {
                SplittableRandom random = seed.random("thread " + thread);
                if (thread == 0) {
                    try {
                        for (int round = 0; round < Seed.scaled(4); round++) {
                            BsonDocument specification = json(random.nextBoolean()
                                    ? "{key: {a: 1}, unique: true}"
                                    : "{key: {'c.a': -1, b: 1}}");
                            Index index = world.createIndex(specification);
                            try (IndexBuild build = world.build(index)) {
                                build.run();
                                ready.incrementAndGet();
                            } catch (DuplicateKeyException | InvalidDocumentException e) {
                                assertNull(world.indexSet().find(index.name()));
                            }
                            world.verify();
                            world.dropIndex(index.name());
                        }
                    } finally {
                        done.set(true);
                    }
                    return;
                }
                RandomDocuments documents = new RandomDocuments(random.split(), 0.1);
                try (IndexWorld.Writer writer = world.writer()) {
                    while (!done.get()) {
                        int id = random.nextInt(400);
                        BsonDocument document = documents.document(new BsonInt32(id));
                        document.put("a", new BsonInt32(id + 1000 * random.nextInt(2)));
                        try {
                            writer.put(id, random.nextInt(5) == 0 ? null : document, random.nextInt(4) == 0
                                    ? TransactionMode.EXCLUSIVE
                                    : TransactionMode.OPTIMISTIC);
                        } catch (DuplicateKeyException | InvalidDocumentException e) {
                            // refused as a whole
                        }
                        if (thread == 1 && random.nextInt(20) == 0) {
                            world.verify();
                        }
                    }
                }
            });
            world.verify();
            assertTrue(ready.get() > 0);
        });
    }

    /** The power fails somewhere in a build with writes in between; what is building then is built on after the next opening. */
    @Test
    void survivesCrashes() {
        SplittableRandom random = seed.random("crashes");
        int crashes = 0;
        for (int walk = 0; walk < Seed.scaled(12); walk++) {
            FaultyHost host = new FaultyHost(random.nextLong());
            WaspEngine.create(host, PATH, IndexWorld.smallOptions());
            RandomDocuments documents = new RandomDocuments(random.split(), 0.1);
            boolean created = false;
            for (int life = 0; life < 4; life++) {
                WaspEngine engine = WaspEngine.open(host, PATH, IndexWorld.smallOptions());
                IndexWorld world = new IndexWorld(engine, host);
                if (world.entry() == null) {
                    fill(world, 300);
                    created = true;
                }
                assertTrue(created);
                world.verify(); // before anything is built on
                host.crashAt(host.mutatingCalls() + random.nextInt(1, 60), CrashNow.Effect.values()[random
                        .nextInt(CrashNow.Effect.values().length)]);
                boolean crashed = false;
                try {
                    live(world, documents, random);
                } catch (CrashNow e) {
                    crashed = true;
                } catch (NexusLiteException e) {
                    crashed = isCrash(e);
                    if (!crashed) {
                        throw e;
                    }
                }
                crashes += crashed ? 1 : 0;
                engine.abandon();
                host = host.crashImage(random.nextLong(), CrashPolicy.any(random.nextLong()));
            }
            try (IndexWorld world = new IndexWorld(WaspEngine.open(host, PATH, IndexWorld.smallOptions()), host)) {
                buildOn(world);
                world.indexSet().all().forEach(index -> assertEquals(IndexState.READY, index.state()));
                world.verify();
            }
            assertClean(host);
        }
        assertTrue(crashes > 0);
    }

    private static boolean isCrash(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CrashNow || cause instanceof PoisonedException) {
                return true;
            }
        }
        return false;
    }

    private static void live(IndexWorld world, RandomDocuments documents, SplittableRandom random) {
        try (IndexWorld.Writer writer = world.writer()) {
            buildOn(world);
            world.dropIndex("a_1");
            Index index = world.createIndex(json("{key: {a: 1}, unique: true}"));
            try (IndexBuild build = world.build(index)) {
                boolean more = true;
                for (int step = 0; more || step < 20; step++) {
                    more = more && build.step();
                    int id = random.nextInt(300);
                    BsonDocument document = documents.document(new BsonInt32(id));
                    document.put("a", new BsonInt32(id));
                    writer.put(id, random.nextInt(4) == 0 ? null : document, TransactionMode.OPTIMISTIC);
                    if (random.nextInt(10) == 0) {
                        world.engine.checkpoint();
                    }
                }
            }
            world.verify();
        }
    }

    private static void buildOn(IndexWorld world) {
        for (Index index : world.indexSet().all()) {
            if (index.state() == IndexState.BUILDING) {
                try (IndexBuild build = world.build(index)) {
                    assertEquals(IndexBuild.Outcome.READY, build.run());
                }
            }
        }
    }
}
