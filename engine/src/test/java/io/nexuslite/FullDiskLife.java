package io.nexuslite;

import io.nexuslite.check.CheckOptions;
import io.nexuslite.check.CheckProgress;
import io.nexuslite.check.CheckReport;
import io.nexuslite.check.FileCheck;
import io.nexuslite.error.StorageFullException;
import io.nexuslite.io.Hosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import org.bson.Document;

/**
 * A database on a disk that is really full, in a process of its own: what was acknowledged is there, reads and deletes go on, and writes go
 * on as soon as there is room. The argument is a directory on a small file system that nobody else uses.
 */
final class FullDiskLife {
    /** Printed at the end, if all of it held. */
    static final String HELD = "everything held";
    private static final int BALLAST_BYTES = 64 << 20;
    private static final int TEXT_LENGTH = 3000;
    private static final int DELETIONS = 200;

    private final Path file;
    private final Path ballast;
    private final BitSet acknowledged = new BitSet();
    private int next;

    private FullDiskLife(Path directory) {
        file = directory.resolve("shop.nxl");
        ballast = directory.resolve("ballast");
    }

    /** Runs in the child. */
    public static void main(String[] arguments) throws IOException {
        FullDiskLife life = new FullDiskLife(Path.of(arguments[0]));
        life.run();
        System.out.println(HELD);
    }

    private void run() throws IOException {
        Files.write(ballast, new byte[BALLAST_BYTES]);
        try (Database database = open()) {
            fill(database);
            requireAcknowledged(database);
            delete(database); // takes no room that is not kept back for it
            requireAcknowledged(database);
            Files.delete(ballast); // somebody else has made room
            insertUntilTaken(database);
            fill(database);
            requireAcknowledged(database);
        }
        try (Database database = open()) {
            requireAcknowledged(database);
            delete(database);
            requireAcknowledged(database);
        }
        check();
        try (Database database = open()) {
            insertUntilTaken(database);
            requireAcknowledged(database);
        }
        check();
    }

    private Database open() {
        return NexusLite.open(file, DatabaseOptions.builder().durability(Durability.SYNC).build());
    }

    private static DocumentCollection<Document> documents(Database database) {
        return database.collection("documents");
    }

    private void insert(Database database) {
        documents(database).insertOne(document(next));
        acknowledged.set(next);
    }

    private static Document document(int id) {
        char[] text = new char[TEXT_LENGTH];
        Arrays.fill(text, (char) ('a' + id % 26));
        return new Document("_id", id).append("text", new String(text));
    }

    /** Inserts until the disk is full; a refused document must not be there. */
    private void fill(Database database) {
        while (true) {
            try {
                insert(database);
                next++;
            } catch (StorageFullException full) {
                next++;
                return;
            }
        }
    }

    /** Room that a checkpoint has to find first is there after a few tries. */
    private void insertUntilTaken(Database database) {
        for (int tries = 0;; tries++) {
            try {
                insert(database);
                next++;
                return;
            } catch (StorageFullException full) {
                next++;
                if (tries == 8) {
                    throw full;
                }
                database.checkpoint();
            }
        }
    }

    private void delete(Database database) {
        for (int id = acknowledged.nextSetBit(0), count = 0; count < DELETIONS; count++) {
            if (!documents(database).deleteById(id)) {
                throw new IllegalStateException("document " + id + " is gone before it was deleted");
            }
            acknowledged.clear(id);
            id = acknowledged.nextSetBit(id + 1);
        }
    }

    private void requireAcknowledged(Database database) {
        BitSet found = new BitSet();
        for (Document document : documents(database).find()) {
            int id = document.getInteger("_id");
            if (!document.equals(document(id))) {
                throw new IllegalStateException("document " + id + " is " + document);
            }
            found.set(id);
        }
        if (!found.equals(acknowledged)) {
            BitSet differing = (BitSet) found.clone();
            differing.xor(acknowledged);
            throw new IllegalStateException("acknowledged " + acknowledged.cardinality() + ", found "
                    + found.cardinality() + "; first that differs: " + differing.nextSetBit(0));
        }
    }

    private void check() {
        CheckReport report = FileCheck.check(Hosts.platform(), file, CheckOptions.DEFAULT, CheckProgress.NONE);
        if (report.exitCode() != CheckReport.EXIT_CLEAN || report.counts().documents() != acknowledged.cardinality()) {
            throw new IllegalStateException("check: " + report.findings() + ", " + report.failure() + ", documents "
                    + report.counts().documents());
        }
    }
}
