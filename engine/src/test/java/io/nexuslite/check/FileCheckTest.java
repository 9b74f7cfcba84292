package io.nexuslite.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.DatabaseLockedException;
import io.nexuslite.error.IncompatibleFormatException;
import io.nexuslite.error.IoFailedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;

/** Sound files have no findings, and each kind of planted damage is found where it lies. */
class FileCheckTest {
    private static final int PAGE = 8192;
    private static final int SLOT_N = 65536 * (1 + 13 % 8);
    private static final int SLOT_BEFORE = 65536 * (1 + 12 % 8);

    private final Image sound = Images.rich(PAGE).build();

    @Test
    void findsNothingInSoundFiles() {
        for (int pageSize : new int[]{8192, 16384, 32768}) {
            CheckReport report = ImageHost.check(Images.rich(pageSize).build());
            assertEquals(List.of(), report.findings());
            assertEquals(0, report.exitCode());
            CheckCounts counts = report.counts();
            assertEquals(pageSize, counts.pageSize());
            assertEquals(13, counts.manifestNumber());
            assertTrue(counts.clean());
            assertEquals(new UUID(ImageBuilder.UUID_HIGH, ImageBuilder.UUID_LOW), counts.databaseId());
            assertEquals(101, counts.documents());
            assertEquals(25, counts.ephemeralDocuments());
            assertEquals(5, counts.trees());
            assertEquals(3, counts.freePages());
            assertEquals(2, counts.pendingPages());
            assertEquals(4, counts.reservePages());
            assertEquals(counts.filePages() - (1 << 20) / pageSize,
                    counts.treePages() + counts.extentPages() + counts.freePages() + counts.pendingPages() + 4);
            assertTrue(counts.treePages() > 60);
        }
    }

    @Test
    void findsNothingInTheEmptyDatabase() {
        CheckReport report = ImageHost.check(new ImageBuilder(PAGE).build());
        assertEquals(List.of(), report.findings());
        assertEquals(0, report.counts().documents());
    }

    @Test
    void looksAtNothingBehindWhatTheManifestAccountsFor() {
        ImageBuilder builder = Images.rich(PAGE);
        builder.pagesBehind = 7;
        Image image = builder.build();
        java.util.Arrays.fill(image.database, image.database.length - 7 * PAGE, image.database.length, (byte) 0x5A);
        assertEquals(List.of(), ImageHost.check(image).findings());
    }

    @Test
    void doesNotJudgeTheOwnerSector() {
        Image image = sound.copy();
        java.util.Arrays.fill(image.database, 768 * 1024, 768 * 1024 + 4096, (byte) 0x5A);
        assertEquals(List.of(), ImageHost.check(image).findings());
    }

    @Test
    void accountsInSeveralWalksWithTheSameResult() {
        CheckOptions narrow = CheckOptions.DEFAULT.withAccountBytesMax(64);
        assertEquals(List.of(), ImageHost.check(largerThanAWindow(), narrow).findings());
        Image image = largerThanAWindow();
        Image.Piece victim = image.all(16, 0).getLast();
        Image.Piece thief = image.all(16, 1).getLast();
        // The thief's first child is now the victim, far behind the first window.
        ByteBuffer bytes = image.bytes();
        bytes.putLong((int) thief.position() + 48, victim.position() / PAGE | 1L << 56);
        bytes.putInt((int) thief.position() + 48 + 16, Image.crc(image.database, (int) victim.position(), PAGE));
        image.reseal(thief);
        CheckReport report = ImageHost.check(image, narrow);
        assertFound(report, victim.position(), "named by another pointer");
    }

    private static Image largerThanAWindow() {
        ImageBuilder builder = new ImageBuilder(PAGE);
        builder.recordsPerLeaf = 1;
        builder.childrenPerInner = 20;
        List<ImageRecord> documents = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            documents.add(ImageRecord.document(new BsonDocument("_id", new BsonInt32(i))));
        }
        builder.collection("many", documents, List.of());
        return builder.build();
    }

    // ---- what cannot be checked ----

    @Test
    void saysWhyItCouldNotRun() {
        CheckReport none = FileCheck.check(new ImageHost(new Image(PAGE)), ImageHost.DATABASE, CheckOptions.DEFAULT,
                CheckProgress.NONE);
        assertEquals(8, none.exitCode());
        assertInstanceOf(IoFailedException.class, none.failure());

        Image text = new Image(PAGE);
        text.database = "no database".repeat(1000).getBytes(StandardCharsets.UTF_8);
        assertInstanceOf(IncompatibleFormatException.class, ImageHost.check(text).failure());
        text.database = new byte[0];
        assertEquals(8, ImageHost.check(text).exitCode());

        Image newer = sound.copy();
        for (int position : new int[]{0, 960 * 1024}) {
            newer.bytes().putInt(position + 8, 2);
            newer.resealBlock(position);
        }
        assertInstanceOf(IncompatibleFormatException.class, ImageHost.check(newer).failure());
        assertEquals(8, ImageHost.check(newer).exitCode());
    }

    @Test
    void namesTheOwnerOfALockedDatabase() {
        Image image = sound.copy();
        ByteBuffer owner = image.bytes().slice(768 * 1024, 4096).order(ByteOrder.LITTLE_ENDIAN);
        owner.put("NXLOWNER".getBytes(StandardCharsets.US_ASCII)).putLong(4711).putLong(1_700_000_000_000L).putInt(4)
                .put("here".getBytes(StandardCharsets.US_ASCII));
        image.resealBlock(768 * 1024);
        ImageHost host = new ImageHost(image);
        host.locked = true;
        CheckReport report = FileCheck.check(host, ImageHost.DATABASE, CheckOptions.DEFAULT, CheckProgress.NONE);
        assertEquals(8, report.exitCode());
        DatabaseLockedException locked = assertInstanceOf(DatabaseLockedException.class, report.failure());
        assertEquals(4711, locked.ownerProcess());
        assertEquals("here", locked.ownerHost());
        assertEquals(0, host.openFiles);

        image.database[768 * 1024 + 30]++;
        report = FileCheck.check(host, ImageHost.DATABASE, CheckOptions.DEFAULT, CheckProgress.NONE);
        assertEquals(-1, assertInstanceOf(DatabaseLockedException.class, report.failure()).ownerProcess());
    }

    @Test
    void tellsWhatTheDiskCannotReadAndGoesOn() {
        ImageHost host = new ImageHost(sound);
        Image.Piece leaf = sound.all(16, 0).get(3);
        host.unreadableFrom = leaf.position() + 100;
        host.unreadableTo = leaf.position() + 101;
        CheckReport report = FileCheck.check(host, ImageHost.DATABASE, CheckOptions.DEFAULT, CheckProgress.NONE);
        assertFound(report, leaf.position(), "errno 5");
        assertEquals(0, host.openFiles);
    }

    @Test
    void keepsAsManyFindingsAsItIsTold() {
        Image image = sound.copy();
        for (Image.Piece leaf : image.all(16, 0)) {
            image.database[(int) leaf.position() + 4000]++;
        }
        CheckReport report = ImageHost.check(image, CheckOptions.DEFAULT.withFindingsMax(3));
        assertEquals(3, report.findings().size());
        assertTrue(report.findingsLeftOut() > 10);
        assertTrue(report.damages() > 10);
    }

    // ---- identity and manifests ----

    @Test
    void findsDamagedIdentities() {
        assertFound(flipped(16), 0, "checksum");
        assertFound(flipped(960 * 1024 + 17), 960 * 1024, "checksum");
        Image both = sound.copy();
        both.database[20]++;
        both.database[960 * 1024 + 20]++;
        assertFound(ImageHost.check(both), 0, "expected a readable copy");
        Image different = sound.copy();
        different.database[960 * 1024 + 84]++;
        different.resealBlock(960 * 1024);
        assertFound(ImageHost.check(different), 960 * 1024, "expected the bytes of the first");
        Image reserved = sound.copy();
        for (int position : new int[]{0, 960 * 1024}) {
            reserved.database[position + 2000] = 1;
            reserved.resealBlock(position);
        }
        assertFound(ImageHost.check(reserved), 0, "reserved");
    }

    @Test
    void findsDamagedManifests() {
        assertFound(flipped(SLOT_N + 100), SLOT_N, "it may have been newer than manifest 12");
        assertFound(flipped(SLOT_BEFORE + 100), SLOT_BEFORE, "checksum");
        Image lost = sound.copy();
        java.util.Arrays.fill(lost.database, SLOT_N, SLOT_N + 4096, (byte) 0);
        assertFound(ImageHost.check(lost), 65536 * (1 + 11 % 8), "expected manifest 11 in state CLEAN");
        Image none = sound.copy();
        java.util.Arrays.fill(none.database, 65536, 9 * 65536, (byte) 0);
        assertFound(ImageHost.check(none), 65536, "expected a readable slot");
        assertFound(manifest(m -> m.putLong(48, 50), true), SLOT_BEFORE, "expected the roots of manifest 13");
        assertFound(manifest(m -> m.put(12, (byte) 2), true), SLOT_N, "expected the log beside the database");
        assertFound(manifest(m -> m.putLong(16, 1), true), SLOT_N, "UUID");
        assertFound(manifest(m -> m.putLong(96, 1 << 30), false), SLOT_N, "pages in the file");
        assertFound(manifest(m -> m.putLong(120, 4), false), SLOT_N, "expected 4 free and 2 pending pages");
        assertFound(manifest(m -> m.putLong(128, 3), false), SLOT_N, "expected 3 free and 3 pending pages");
        assertFound(manifest(m -> m.putLong(232, 9), false), SLOT_N, "records in the catalog");
        assertFound(manifest(m -> m.put(3000, (byte) 1), true), SLOT_N, "reserved");
        assertFound(manifest(m -> m.putInt(84, 3), false), SLOT_N, "next tree id");
        assertFound(manifest(m -> m.putLong(112, 1 << 20), false), SLOT_N, "reserve within the file");
    }

    /** The write of a slot may be cut: by a failed flush, whose trace stays for eight manifests, or by a crash that leaves no log. */
    @Test
    void doesNotCallTornSlotsDamage() {
        CheckReport old = flipped(65536 * (1 + 11 % 8) + 100);
        assertEquals(0, old.exitCode());
        assertEquals(CheckSeverity.INFORMATION, old.findings().getFirst().severity());
        Image torn = sound.copy();
        torn.database[65536 * (1 + 14 % 8) + 100] = 1; // as of manifest 14, while 12 and 13 say CLEAN
        CheckReport next = ImageHost.check(torn);
        assertEquals(0, next.exitCode());
        assertEquals(CheckSeverity.WARNING, next.findings().getFirst().severity());
        assertTrue(next.findings().getFirst().what().contains("may have been newer than manifest 13"));
        torn.database[SLOT_BEFORE + 100] ^= 1;
        assertFound(ImageHost.check(torn), 65536 * (1 + 14 % 8), "may have been newer than manifest 13");
    }

    // ---- pages ----

    @Test
    void findsDamageThatChecksumsSee() {
        for (Image.Piece piece : sound.pieces.values()) {
            CheckReport report = flipped((int) piece.position() + piece.length() / 2);
            assertFound(report, piece.position(), "checksum");
        }
    }

    @Test
    void findsPagesThatAreNotWhatTheySay() {
        Image.Piece leaf = sound.all(16, 0).get(4);
        assertFound(changed(leaf, p -> p.put(0, (byte) 2)), leaf.position(), "expected kind 1");
        assertFound(changed(leaf, p -> p.put(1, (byte) 1)), leaf.position(), "expected level 0");
        assertFound(changed(leaf, p -> p.putInt(4, 17)), leaf.position(), "expected tree 16");
        assertFound(changed(leaf, p -> p.putLong(8, 1)), leaf.position(), "expected page number");
        assertFound(changed(leaf, p -> p.putLong(16, 12)), leaf.position(), "expected birth");
        assertFound(changed(leaf, p -> p.putShort(46, (short) 1)), leaf.position(), "reserved");
        assertFound(changed(leaf, p -> p.putShort(2, (short) 0)), leaf.position(), "gap of zeros");
        assertFound(changed(leaf, p -> p.putShort(2, (short) 3000)), leaf.position(), "heap start");
        assertFound(changed(leaf, p -> p.putInt(40, -5)), leaf.position(), "heap start");
        assertFound(changed(leaf, p -> p.putInt(40, p.getInt(40) - 4)), leaf.position(), "expected a record at offset");
        assertFound(changed(leaf, p -> p.put(p.getInt(40) - 1, (byte) 1)), leaf.position(), "gap of zeros");
        assertFound(changed(leaf, p -> p.putLong(24, 101)), leaf.position(), "up to the checkpoint's");
        Image.Piece first = sound.all(16, 0).getFirst();
        assertFound(changed(first, p -> eachRecord(p, at -> p.put(at + 1, (byte) (p.get(at + 1) + 1)))),
                first.position(), "smallest commit");
        assertFound(changed(first, p -> eachRecord(p, at -> p.put(at + 2, (byte) (p.get(at + 2) + 1)))),
                first.position(), "smallest time");
        assertFound(changed(leaf, p -> p.putShort(44, (short) 9000)), leaf.position(), "heap start");
        assertFound(changed(leaf, p -> p.put(50, (byte) 'x')), leaf.position(), "prefix");
        Image.Piece keyed = sound.all(17, 0).get(1);
        assertFound(changed(keyed, p -> p.putLong(32, 7)), keyed.position(), "time base");
    }

    @Test
    void warnsOfEmptyLeavesAndMissesTheirRecords() {
        Image.Piece leaf = sound.all(17, 0).get(4);
        CheckReport report = changed(leaf, p -> {
            p.putShort(2, (short) 0).putInt(40, PAGE).putShort(44, (short) 0);
            java.util.Arrays.fill(p.array(), p.arrayOffset() + 48, p.arrayOffset() + PAGE, (byte) 0);
        });
        assertFound(report, sound.piece(2, 0).position(), "expected 100 records in tree 17, found 95");
        assertTrue(report.findings().stream().anyMatch(
                f -> f.severity() == CheckSeverity.WARNING && f.position() == leaf.position()));
        assertEquals(2, report.findings().size());
    }

    @Test
    void findsWrongRecords() {
        Image.Piece leaf = sound.all(16, 0).get(4);
        assertFound(changed(leaf, p -> p.put(heads(p), (byte) 1)), leaf.position(), "expected head");
        assertFound(changed(leaf, p -> {
            short first = p.getShort(slots(p));
            p.putShort(slots(p), p.getShort(slots(p) + 2)).putShort(slots(p) + 2, first);
        }), leaf.position(), "ascend");
        assertFound(changed(leaf, p -> p.putShort(slots(p), (short) 48)), leaf.position(), "expected an offset");
        assertFound(changed(leaf, p -> p.putShort(slots(p), p.getShort(slots(p) + 2))), leaf.position(), "overlap");
        assertFound(changed(leaf, p -> p.put(record(p, 0), (byte) 16)), leaf.position(), "known flags");
        assertFound(changed(leaf, p -> p.put(record(p, 0), (byte) (p.get(record(p, 0)) | 1))), leaf.position(),
                "tombstones");
        assertFound(changed(leaf, p -> p.put(record(p, 0) + 1, (byte) 0x7F)), leaf.position(),
                "up to the checkpoint's");
        Image.Piece keyed = sound.all(17, 0).get(1);
        assertFound(changed(keyed, p -> p.put(record(p, 0) + 2, (byte) 0x7F)), keyed.position(), "fits the page");
        assertFound(changed(keyed, p -> p.put(record(p, 0), (byte) 2)), keyed.position(), "no flags of documents");
    }

    @Test
    void findsWrongDocuments() {
        Image.Piece leaf = sound.all(16, 0).get(4);
        assertFound(changed(leaf, p -> p.put(PAGE - 1, (byte) 1)), leaf.position(), "valid document");
        assertFound(changed(leaf, p -> p.put(find(p, "_id"), (byte) 'x')), leaf.position(),
                "expected _id as the first");
        assertFound(changed(leaf, p -> p.put(find(p, "_id") + 18, (byte) 'x')), leaf.position(), "head");
        // "_id" of the leaf's first record starts as none of the keys of its page may.
        assertFound(changed(leaf, p -> p.put(find(p, "_id") + 8, (byte) 'e')), leaf.position(), "prefix");
    }

    @Test
    void findsWrongInnerPages() {
        Image.Piece inner = sound.all(16, 1).get(1);
        assertFound(changed(inner, p -> p.putShort(2, (short) 0)), inner.position(), "at least one child");
        assertFound(changed(inner, p -> p.putShort(2, (short) 400)), inner.position(), "heap start");
        assertFound(changed(inner, p -> p.putLong(24, 1)), inner.position(), "zero in an inner page");
        assertFound(changed(inner, p -> p.put(200, (byte) 1)), inner.position(), "gap of zeros");
        assertFound(changed(inner, p -> p.putShort(PAGE - 2, (short) 1)), inner.position(),
                "separator 0 to fit the page");
        assertFound(changed(inner, p -> {
            int slots = 48 + 24 * p.getShort(2);
            short second = p.getShort(slots + 2);
            p.putShort(slots + 2, p.getShort(slots + 4)).putShort(slots + 4, second);
        }), inner.position(), "ascend");
        assertFound(changed(inner, p -> p.put((p.getShort(48 + 24 * p.getShort(2) + 2) & 0xFFFF) + 2, (byte) 0)),
                inner.position(), "within the bounds");
        Image.Piece root = sound.all(16, 2).getFirst();
        assertFound(changed(root, p -> p.put(1, (byte) 200)), root.position(), "levels");
        assertFound(changed(root, p -> p.put(1, (byte) 3)), inner(0).position(), "expected level 2");
    }

    private Image.Piece inner(int index) {
        return sound.all(16, 1).get(index);
    }

    @Test
    void findsKeysOutsideTheirFences() {
        Image.Piece inner = inner(1);
        CheckReport report = changed(inner, p -> {
            byte[] first = new byte[24];
            byte[] second = new byte[24];
            p.get(48 + 24, first).get(48 + 48, second).put(48 + 24, second).put(48 + 48, first);
        });
        assertTrue(report.findings().stream().anyMatch(f -> f.what().contains("within the bounds")
                && f.severity() == CheckSeverity.DAMAGE), report.findings().toString());
    }

    @Test
    void findsWrongPointers() {
        Image.Piece inner = inner(1);
        long position = inner.position();
        assertFound(changed(inner, p -> p.putLong(48, p.getLong(48) & (1L << 56) - 1)), position, "found kind 0");
        assertFound(changed(inner, p -> p.putLong(48, p.getLong(48) ^ 3L << 56)), position, "found kind 2");
        assertFound(changed(inner, p -> p.putLong(48, p.getLong(48) | 1L << 48)), position, "codec");
        assertFound(changed(inner, p -> p.putLong(48, 1L << 56 | 0xFFFF_FFFF_FFFFL)), position, "expected pages");
        assertFound(changed(inner, p -> p.putLong(48, 1L << 56 | 7)), position, "expected pages");
        assertFound(changed(inner, p -> p.putLong(56, 14)), position, "expected a birth");
        assertFound(changed(inner, p -> p.putInt(68, -1)), position, "expected a length");
        assertFound(changed(inner, p -> p.putInt(68, 4096)), position, "expected a length");
    }

    @Test
    void endsOnCyclesWithRightChecksums() {
        // A page cannot hold its own checksum, but it may claim to be its own child: found before it is read again.
        Image.Piece root = sound.piece(16, 2);
        Image.Piece inner = inner(1);
        assertFound(changed(inner, p -> p.putLong(48, root.position() / PAGE | 3L << 56)), inner.position(),
                "expected a pointer to a page of level 0");
        assertFound(changed(root, p -> p.putLong(48, root.position() / PAGE | 3L << 56)), root.position(),
                "named by another pointer");
        Image.Piece child = inner(0);
        assertFound(changed(root, p -> {
            byte[] pointer = new byte[24];
            p.get(48, pointer).put(48 + 24, pointer);
        }), child.position(), "named by another pointer");
    }

    // ---- large values ----

    @Test
    void findsWrongExtents() {
        Image.Piece extent = sound.extents().getFirst();
        Image.Piece leaf = extent.parent();
        int pointer = (int) (extent.pointerPosition() - leaf.position());
        assertFound(changed(leaf, p -> p.putLong(pointer, p.getLong(pointer) ^ 5L << 56)), leaf.position(),
                "value extent");
        assertFound(changed(leaf, p -> p.putInt(pointer + 20, 1)), leaf.position(), "bytes together");
        assertFound(changed(leaf, p -> p.putLong(pointer, 4L << 56 | 1)), leaf.position(), "expected pages");
        assertFound(changed(leaf, p -> {
            byte[] first = new byte[24];
            p.get(pointer, first).put(pointer + 24, first);
        }), extent.position(), "named by another pointer");
        // The value's bytes change, and every checksum above with them.
        Image image = sound.copy();
        image.database[(int) extent.position() + 5] ^= 1;
        image.reseal(image.pieces.get(extent.position()));
        assertFound(ImageHost.check(image), extent.position(), "_id of its record");
        image = sound.copy();
        image.database[(int) extent.position()] ^= 1;
        image.reseal(image.pieces.get(extent.position()));
        assertFound(ImageHost.check(image), extent.position(), "valid document");
    }

    // ---- system trees ----

    @Test
    void findsWrongTreeTableEntries() {
        Image.Piece table = sound.piece(2, 0);
        assertFound(tableEntry(16, e -> e.put(0, (byte) 3)), table.position(), "kind of tree");
        assertFound(tableEntry(16, e -> e.put(1, (byte) 1)), table.position(), "flags and reserved");
        assertFound(tableEntry(16, e -> e.putInt(4, 1)), table.position(), "segments");
        assertFound(tableEntry(16, e -> e.putLong(8, 99)), table.position(), "expected 99 records");
        assertFound(tableEntry(16, e -> e.putInt(36, 1)), table.position(), "length of 8192");
        // The empty collection's tree is said to be keyed, which only the catalog can contradict.
        assertFound(tableEntry(18, e -> e.put(0, (byte) 2)), sound.piece(1, 0).position(), "to be of kind 1");
    }

    @Test
    void findsWrongCatalogEntries() {
        Image.Piece catalog = sound.piece(1, 0);
        assertFound(changed(catalog, p -> p.putInt(find(p, "treeId") + 7, 99)), catalog.position(),
                "expected tree ids");
        assertFound(changed(catalog, p -> p.put(find(p, "treeId"), (byte) 'T')), catalog.position(),
                "expected the tree id");
        // The first record in the heap is that of "orders", since records are put down from the end of the page on.
        assertFound(changed(catalog, p -> p.putInt(find(p, "treeId") + 7, 18)), catalog.position(),
                "a tree of its own");
    }

    @Test
    void findsDocumentsWithoutEntryAndEntriesWithoutDocument() {
        ImageBuilder builder = Images.small();
        builder.collection("more", List.of(ImageRecord.document(new BsonDocument("_id", new BsonInt32(9)))), List.of());
        Image image = builder.build();
        assertEquals(List.of(), ImageHost.check(image).findings());
        Image.Piece entries = image.piece(4, 0);
        Image.Piece documents = image.piece(16, 0);
        // Another expiry in the entry: the document has none, the entry has no document.
        Image changed = image.copy();
        ByteBuffer page = page(changed, entries);
        int key = record(page, 0) + 3;
        page.put(key + 7, (byte) (page.get(key + 7) + 1));
        for (int i = 0; i < 4; i++) {
            page.put(heads(page) + i, page.get(key + i));
        }
        changed.reseal(changed.pieces.get(entries.position()));
        CheckReport report = ImageHost.check(changed);
        assertFound(report, documents.position(), "expected an entry in tree 4");
        assertFound(report, entries.position(), "expected a document with that expiry");
    }

    @Test
    void leavesEntriesOfDroppedTreesAlone() {
        ImageBuilder builder = Images.small();
        int dropped = builder.nextTreeId++;
        builder.tree(4).add(ImageRecord.document(new BsonDocument("_id", new BsonInt32(3)))
                .expiry(1_900_000_000_000L).ephemeralEntry(dropped));
        assertEquals(List.of(), ImageHost.check(builder.build()).findings());
        builder = Images.small();
        builder.tree(4).add(ImageRecord.document(new BsonDocument("_id", new BsonInt32(3)))
                .expiry(1_900_000_000_000L).ephemeralEntry(17));
        Image image = builder.build(); // 17 was never given
        assertFound(ImageHost.check(image), image.piece(4, 0).position(), "tree id of a collection");
    }

    @Test
    void findsWrongAccounts() {
        // A free run that lies over a page in use: tree 16's first leaf.
        Image.Piece map = sound.piece(3, 0);
        Image.Piece leaf = sound.all(16, 0).getFirst();
        long page = leaf.position() / PAGE;
        Image image = sound.copy();
        ByteBuffer bytes = page(image, map);
        int pages = valueOfKeyed(bytes, 0);
        bytes.putLong(pages, page + 1 - 128);
        image.reseal(image.pieces.get(map.position()));
        CheckReport report = ImageHost.check(image);
        assertEquals(4, report.exitCode());
        assertTrue(report.findings().stream().anyMatch(f -> f.what().contains("in use")), report.findings().toString());

        image = sound.copy();
        bytes = page(image, map);
        bytes.putLong(valueOfKeyed(bytes, 0), 2); // a page less than it was: that one belongs to nobody
        image.reseal(image.pieces.get(map.position()));
        report = ImageHost.check(image);
        assertFound(report, (128 + 2) * (long) PAGE, "named by nobody");

        image = sound.copy();
        bytes = page(image, map);
        bytes.putLong(valueOfKeyed(bytes, 1) + 16, 14); // dies later than now
        image.reseal(image.pieces.get(map.position()));
        assertFound(ImageHost.check(image), map.position(), "birth up to a death");

        assertFound(manifest(m -> m.putLong(104, page), false), leaf.position(), "in use or free");
    }

    // ---- helpers ----

    private CheckReport flipped(int position) {
        Image image = sound.copy();
        image.database[position] ^= 0x10;
        return ImageHost.check(image);
    }

    /** Changes a page and puts all checksums right. */
    private CheckReport changed(Image.Piece piece, Consumer<ByteBuffer> change) {
        Image image = sound.copy();
        change.accept(page(image, piece));
        image.reseal(image.pieces.get(piece.position()));
        return ImageHost.check(image);
    }

    private CheckReport manifest(Consumer<ByteBuffer> change, boolean newestOnly) {
        Image image = sound.copy();
        for (long position : newestOnly ? List.of((long) SLOT_N) : image.manifests) {
            change.accept(image.bytes().slice((int) position, 4096).order(ByteOrder.LITTLE_ENDIAN));
            image.resealBlock(position);
        }
        return ImageHost.check(image);
    }

    private CheckReport tableEntry(int treeId, Consumer<ByteBuffer> change) {
        Image.Piece table = sound.piece(2, 0);
        return changed(table, p -> {
            int index = List.of(4, 16, 17, 18, 19).indexOf(treeId);
            change.accept(p.slice(valueOfKeyed(p, index), 40).order(ByteOrder.LITTLE_ENDIAN));
        });
    }

    private static ByteBuffer page(Image image, Image.Piece piece) {
        return image.bytes().slice((int) piece.position(), image.pageSize).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int heads(ByteBuffer page) {
        return 48 + (page.getShort(44) + 3) / 4 * 4;
    }

    private static int slots(ByteBuffer page) {
        return heads(page) + 4 * page.getShort(2);
    }

    private static int record(ByteBuffer page, int index) {
        return page.getShort(slots(page) + 2 * index) & 0xFFFF;
    }

    private static void eachRecord(ByteBuffer page, java.util.function.IntConsumer change) {
        for (int i = 0; i < page.getShort(2); i++) {
            change.accept(record(page, i));
        }
    }

    /** Offset of the value of a keyed record whose csn, key and value lengths are a byte each. */
    private static int valueOfKeyed(ByteBuffer page, int index) {
        int start = record(page, index);
        return start + 3 + page.get(start + 2) + 1;
    }

    /** First place in a page where a text stands. */
    private static int find(ByteBuffer page, String text) {
        byte[] bytes = new byte[page.capacity()];
        page.get(0, bytes);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
        assertTrue(at > 0, text);
        return at;
    }

    private static void assertFound(CheckReport report, long position, String what) {
        assertEquals(4, report.exitCode(), report.findings().toString());
        assertTrue(report.findings().stream().anyMatch(f -> f.severity() == CheckSeverity.DAMAGE
                && f.position() == position && f.what().contains(what)),
                () -> "no damage at " + position + " with \"" + what + "\" in " + report.findings());
        assertFalse(report.findings().isEmpty());
    }
}
