package io.nexuslite.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;

/** The log is judged as an opening would use it: a torn tail is sound, a hole below a witness is damage. */
class LogCheckTest {
    private static final int SLOT_N = 65536 * (1 + 13 % 8);

    private final LogImages sound = new LogImages();

    @Test
    void findsNothingInASoundPair() {
        for (LogImages images : new LogImages[]{sound, new LogImages(98, 20), new LogImages(95, 1)}) {
            CheckReport report = ImageHost.check(images.image);
            assertEquals(0, report.exitCode(), report.findings().toString());
            assertEquals(1, report.findings().size(), report.findings().toString());
            assertTrue(report.findings().getFirst().what().startsWith("the log ends at log position "));
            assertEquals(images.log.groups.getLast().lastCsn(), Math.max(report.counts().logLastCsn(), 100));
            assertEquals(0, report.counts().logTransactionsUnfinished());
        }
        CheckCounts counts = ImageHost.check(sound.image).counts();
        assertEquals(60, counts.logTransactions());
        assertEquals(60 * 2 + 12 * 3 + 1, counts.logFrames());
        assertTrue(sound.log.groups.getLast().end() > 2 * LogBuilder.EXTENT, "several extents");
    }

    @Test
    void skipsWhatTheTreesHold() {
        CheckCounts counts = ImageHost.check(new LogImages(98, 20).image).counts();
        assertEquals(98, counts.logTransactions());
        assertEquals(198, counts.logLastCsn());
    }

    /** A crash cut the write of the next slot, or the log had seen it durable. */
    @Test
    void callsTheNextSlotDamageOnlyIfTheLogHasSeenIt() {
        Image torn = sound.image.copy();
        torn.database[65536 * (1 + 14 % 8) + 100] = 1;
        CheckReport report = ImageHost.check(torn);
        assertEquals(0, report.exitCode());
        assertTrue(report.findings().stream().anyMatch(
                f -> f.severity() == CheckSeverity.INFORMATION && f.object().equals("manifest slot " + 14 % 8)));
        torn.database[SLOT_N + 100] ^= 1; // which later groups witness
        torn.database[65536 * (1 + 14 % 8) + 100] = 0;
        assertEquals(4, ImageHost.check(torn).exitCode());
    }

    @Test
    void ignoresTheLogOfACleanManifestButNotItsWitnesses() {
        ImageBuilder builder = Images.small();
        Image image = builder.build();
        image.log = new LogImages().image.log;
        assertEquals(0, ImageHost.check(image).exitCode());
        builder = Images.small();
        builder.manifest = 12;
        image = builder.build();
        image.log = new LogImages().image.log;
        CheckReport report = ImageHost.check(image);
        assertFound(report, "x.wasp", -1, "witness of manifest 13");
    }

    @Test
    void takesATornTailForWhatItIs() {
        LogBuilder.Group last = sound.log.groups.getLast();
        for (int at : new int[]{0, 20, 127, 200, last.length() - 1}) {
            Image image = sound.image.copy();
            image.log[last.filePosition() + at] ^= 1;
            CheckReport report = ImageHost.check(image);
            assertEquals(0, report.exitCode(), report.findings().toString());
        }
        Image image = sound.image.copy();
        image.log = Arrays.copyOf(image.log, last.filePosition() + 50);
        assertEquals(0, ImageHost.check(image).exitCode());
    }

    @Test
    void countsATransactionThatIsNotFinished() {
        LogImages images = new LogImages();
        images.log.group(LogBuilder.put(16, 161, ImageRecord.document(new BsonDocument("_id", new BsonInt32(1)))));
        CheckReport report = ImageHost.check(images.image);
        assertEquals(0, report.exitCode(), report.findings().toString());
        assertEquals(1, report.counts().logTransactionsUnfinished());
        assertEquals(160, report.counts().logLastCsn());
        // It goes on behind a bare group, and ends.
        images.log.bare();
        images.log.group(LogBuilder.put(16, 161, ImageRecord.document(new BsonDocument("_id", new BsonInt32(2)))),
                LogBuilder.commit(161));
        report = ImageHost.check(images.image);
        assertEquals(0, report.exitCode(), report.findings().toString());
        assertEquals(0, report.counts().logTransactionsUnfinished());
        assertEquals(161, report.counts().logLastCsn());
    }

    @Test
    void findsHolesBelowAWitness() {
        for (LogBuilder.Group group : sound.log.groups) {
            if (group.logPosition() < sound.anchor.logPosition() || group.end() > sound.witnessed) {
                continue;
            }
            for (int at : new int[]{0, 9, 25, 130, group.length() - 1}) {
                Image image = sound.image.copy();
                image.log[group.filePosition() + at] ^= 1;
                CheckReport report = ImageHost.check(image);
                assertEquals(4, report.exitCode(), "group at " + group.logPosition() + " byte " + at);
            }
            Image image = sound.image.copy();
            image.log[group.filePosition() + 200] ^= 1;
            assertFound(ImageHost.check(image), "x.wasp", group.filePosition(), "body checksum");
        }
    }

    @Test
    void believesNoCopyOfAHeader() {
        // A torn tail in which a document holds the copy of a header that would witness it.
        Image image = sound.image.copy();
        LogBuilder.Group last = sound.log.groups.getLast();
        LogBuilder.Group before = sound.log.groups.get(sound.log.groups.size() - 2);
        image.log[last.filePosition()] ^= 1;
        System.arraycopy(sound.image.log, last.filePosition(), image.log, last.filePosition() + 256, 128);
        image.log[before.filePosition() + 200] ^= 1; // now only the copy knows that this was flushed
        assertEquals(0, ImageHost.check(image).exitCode());
    }

    @Test
    void findsTheNewestManifestMissing() {
        Image image = sound.image.copy();
        image.database[SLOT_N + 200] ^= 1;
        CheckReport report = ImageHost.check(image);
        assertFound(report, "x.wasp", -1, "witness of manifest 13");
    }

    @Test
    void findsWrongHeaders() {
        Image image = sound.image.copy();
        image.log[20] ^= 1;
        assertFound(ImageHost.check(image), "x.wasp", 0, "checksum");
        image.log[4096 + 20] ^= 1;
        assertFound(ImageHost.check(image), "x.wasp", 0, "expected a readable header");
        image = sound.image.copy();
        image.log[4096 + 20] ^= 1;
        assertFound(ImageHost.check(image), "x.wasp", 4096, "checksum");
        assertFound(header(h -> h.putLong(16, 1)), "x.wasp", 0, "that of another");
        assertFound(header(h -> h.putLong(32, 1)), "x.wasp", 0, "expected generation");
        assertFound(header(h -> h.putLong(40, 1)), "x.wasp", 0, "features");
        assertFound(header(h -> h.putInt(12, 1 << 30)), "x.wasp", 0, "log extents");
        assertFound(header(h -> h.putInt(12, 0)), "x.wasp", 0, "log extents");
        image = sound.image.copy();
        image.log = new byte[0];
        assertFound(ImageHost.check(image), "x.wasp", 0, "before the end of the file");
        image.log = null;
        assertFound(ImageHost.check(image), "x.nxl", SLOT_N, "expected the log beside the database");
    }

    private CheckReport header(Consumer<ByteBuffer> change) {
        Image image = sound.image.copy();
        for (int at : new int[]{0, 4096}) {
            change.accept(image.logBytes().slice(at, 4096).order(ByteOrder.LITTLE_ENDIAN));
            image.logBytes().putInt(at + 4092, Image.crc(image.log, at, 4092));
        }
        return ImageHost.check(image);
    }

    @Test
    void findsAWrongAnchor() {
        assertFound(manifest(m -> m.putInt(80, 1)), "x.wasp", sound.anchor.filePosition(), "header checksum");
        assertFound(manifest(m -> m.putLong(72, m.getLong(72) + 4096)), "x.wasp", sound.anchor.filePosition(),
                "to end at");
        assertFound(manifest(m -> m.putLong(64, 100)), "x.wasp", -1, "expected a group at log position 100");
        assertFound(manifest(m -> m.putLong(64, 1L << 40)), "x.wasp", -1, "no log extent that holds it");
        assertFound(manifest(m -> m.putLong(48, 99)), "x.wasp", sound.anchor.filePosition(), "up to the checkpoint's");
        // A checkpoint above what the anchor leads on to: commits 101 to 104 would be missing, but they are there.
        assertEquals(0, manifest(m -> m.putLong(48, 104)).exitCode());
    }

    private CheckReport manifest(Consumer<ByteBuffer> change) {
        Image image = sound.image.copy();
        change.accept(image.bytes().slice(SLOT_N, 4096).order(ByteOrder.LITTLE_ENDIAN));
        image.resealBlock(SLOT_N);
        return ImageHost.check(image);
    }

    // ---- frames ----

    @Test
    void findsWrongFrames() {
        assertFrame(f -> f.putInt(0, 8), "fits its group");
        assertFrame(f -> f.putInt(0, 1 << 20), "fits its group");
        assertFrame(f -> f.putInt(0, -1), "fits its group");
        assertFrame(f -> f.put(4, (byte) 8), "known kind");
        assertFrame(f -> f.put(4, (byte) 0), "known kind");
        assertFrame(f -> f.put(4, (byte) 3), "tombstone");
        assertFrame(f -> f.put(5, (byte) 2), "flags that its kind can have");
        assertFrame(f -> f.put(5, (byte) 1), "extents in frame and record");
        assertFrame(f -> f.putShort(6, (short) 1), "reserved bytes and padding");
        assertFrame(f -> f.putInt(8, 2), "a tree that frames");
        assertFrame(f -> f.putInt(12, 1), "reserved bytes and padding");
        assertFrame(f -> f.putLong(16, 109), "expected commit 106");
        assertFrame(f -> f.put(24, (byte) 64), "known flags");
        assertFrame(f -> f.putInt(0, f.getInt(0) - 1), "");
    }

    /** Changes the first frame of the third group behind the anchor, and puts both of its checksums right. */
    private void assertFrame(Consumer<ByteBuffer> change, String what) {
        int index = sound.log.groups.indexOf(sound.anchor) + 2;
        LogBuilder.Group group = sound.log.groups.get(index);
        Image image = sound.image.copy();
        change.accept(image.logBytes().slice(group.filePosition() + 128, group.length() - 128)
                .order(ByteOrder.LITTLE_ENDIAN));
        reseal(image, index);
        assertFound(ImageHost.check(image), "x.wasp", group.filePosition(), what);
    }

    /** Puts right the checksums of a group and the chain behind it. */
    private void reseal(Image image, int index) {
        int previous = 0;
        for (int i = index; i < sound.log.groups.size(); i++) {
            LogBuilder.Group group = sound.log.groups.get(i);
            int at = group.filePosition();
            if (i > index) {
                image.logBytes().putInt(at + 44, previous);
            }
            image.logBytes().putInt(at + 80, Image.crc(image.log, at + 128, group.length() - 128));
            previous = Image.crc(image.log, at, 124);
            image.logBytes().putInt(at + 124, previous);
        }
    }

    @Test
    void findsWrongGroups() {
        assertGroup(g -> g.putLong(48, 107), "expected commit 106 next");
        assertGroup(g -> g.putLong(56, 109), "as the last");
        assertGroup(g -> g.putInt(36, 100_000), "frames that fit");
        assertGroup(g -> g.putInt(36, g.getInt(36) - 8), "");
        assertGroup(g -> g.putInt(40, g.getInt(40) - 1), "");
        assertGroup(g -> g.putInt(40, 0), "frames that fit");
        assertGroup(g -> g.put(90, (byte) 1), "key and reserved bytes");
        assertGroup(g -> g.putInt(32, 1), "multiple of 128");
        assertGroup(g -> g.putInt(32, 1 << 30), "multiple of 128");
        assertGroup(g -> g.putLong(64, 1L << 40), "a witness of what was before");
        assertGroup(g -> g.put(g.capacity() - 1, (byte) 1), "padding of zeros");
        assertGroup(g -> g.putInt(44, 1), "checksum of the group before");
    }

    private void assertGroup(Consumer<ByteBuffer> change, String what) {
        int index = sound.log.groups.indexOf(sound.anchor) + 2;
        LogBuilder.Group group = sound.log.groups.get(index);
        Image image = sound.image.copy();
        change.accept(image.logBytes().slice(group.filePosition(), group.length()).order(ByteOrder.LITTLE_ENDIAN));
        reseal(image, index);
        assertFound(ImageHost.check(image), "x.wasp", group.filePosition(), what);
    }

    // ---- values that frames name ----

    @Test
    void findsWrongValuesOfFrames() {
        Image image = sound.image.copy();
        image.database[LogImages.LARGE_PAGE * 8192 + 9000] ^= 1;
        assertFound(ImageHost.check(image), "x.nxl", LogImages.LARGE_PAGE * 8192L, "as its frame says");

        Image.Piece leaf = sound.image.all(16, 0).getFirst();
        assertLarge(p -> p.putLong(0, leaf.position() / 8192 | 4L << 56), leaf.position(), "no tree uses");
        assertLarge(p -> p.putLong(0, 7L | 4L << 56), 7 * 8192, "expected pages");
        assertLarge(p -> p.putLong(0, 1L << 40 | 4L << 56), (1L << 40) * 8192, "expected pages");
        assertLarge(p -> p.putLong(0, 128 | 1L << 56), 128 * 8192, "value extent");
        assertLarge(p -> p.putLong(8, 15), 128 * 8192, "birth");
        assertLarge(p -> p.putInt(20, -7), 128 * 8192, "value extent");
    }

    private void assertLarge(Consumer<ByteBuffer> change, long position, String what) {
        Image image = sound.image.copy();
        byte[] bytes = Arrays.copyOfRange(image.log, sound.large.filePosition(),
                sound.large.filePosition() + sound.large.length());
        ByteBuffer pointer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(128 | 4L << 56);
        int at = indexOf(bytes, pointer.array());
        change.accept(image.logBytes().slice(sound.large.filePosition() + at, 24).order(ByteOrder.LITTLE_ENDIAN));
        reseal(image, sound.log.groups.indexOf(sound.large));
        assertFound(ImageHost.check(image), "x.nxl", position, what);
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }

    @Test
    void findsOnePlaceNamedByTwoFrames() {
        LogImages images = new LogImages();
        images.log.group(LogBuilder.putLarge(16, 161,
                ImageRecord.document(new org.bson.RawBsonDocument(LogImages.LARGE)), LogImages.LARGE_PAGE, 14,
                LogImages.LARGE), LogBuilder.commit(161));
        assertFound(ImageHost.check(images.image), "x.nxl", LogImages.LARGE_PAGE * 8192L, "another frame");
    }

    /** @param position −1 for any */
    private static void assertFound(CheckReport report, String file, long position, String what) {
        assertEquals(4, report.exitCode(), report.findings().toString());
        assertTrue(report.findings().stream()
                .anyMatch(f -> f.severity() == CheckSeverity.DAMAGE && f.file().equals(file)
                        && (position < 0 || f.position() == position) && f.what().contains(what)),
                () -> "no damage at " + position + " with \"" + what + "\" in " + report.findings());
    }
}
