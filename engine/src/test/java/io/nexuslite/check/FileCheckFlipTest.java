package io.nexuslite.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexuslite.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every byte in use counts: whichever is flipped, the check says that the files are damaged. */
class FileCheckFlipTest {
    /** Bytes of the long uniform parts (gaps, padding, reserved) that are tried at scale 1: one in so many. */
    private static final int STRIDE = 7;

    @RegisterExtension
    final Seed seed = new Seed();

    private final SplittableRandom random = seed.random("flips");

    private record Range(int from, int to) {
    }

    @Test
    void everyByteOfAClosedDatabaseCounts() {
        Image image = Images.small().build();
        List<Range> inUse = new ArrayList<>();
        inUse.add(new Range(0, 4096));
        inUse.add(new Range(960 * 1024, 960 * 1024 + 4096));
        image.manifests.forEach(slot -> inUse.add(new Range(slot.intValue(), slot.intValue() + 4096)));
        reachable(image, inUse);
        flipEach(image, image.database, inUse);
    }

    @Test
    void everyByteOfAnUncleanPairCounts() {
        ImageBuilder builder = Images.small();
        builder.clean = false;
        LogBuilder log = new LogBuilder(99, 1, 0);
        log.bare();
        LogBuilder.Group anchor = log.flushed().group(document(99), LogBuilder.commit(99), document(100),
                LogBuilder.commit(100));
        log.flushed().manifest = builder.manifest;
        log.group(document(101), document(101), LogBuilder.commit(101));
        log.flushed().group(document(102), LogBuilder.commit(102));
        LogBuilder.Group last = log.flushed().bare();
        builder.generation = LogBuilder.GENERATION;
        builder.anchorPosition = anchor.logPosition();
        builder.anchorEnd = anchor.end();
        builder.anchorChecksum = anchor.headerChecksum();
        Image image = builder.build();
        image.log = log.build();
        assertEquals(0, ImageHost.check(image).exitCode());

        int first = anchor.filePosition();
        List<Range> inUse = new ArrayList<>();
        inUse.add(new Range(0, 4096));
        inUse.add(new Range(4096, 8192));
        inUse.add(new Range(first, last.filePosition()));
        flipEach(image, image.log, inUse);
        List<Range> pages = new ArrayList<>();
        pages.add(new Range(0, 4096));
        pages.add(new Range(960 * 1024, 960 * 1024 + 4096));
        image.manifests.forEach(slot -> pages.add(new Range(slot.intValue(), slot.intValue() + 4096)));
        flipEach(image, image.database, pages);
    }

    private static byte[] document(long csn) {
        return LogBuilder.put(16, csn,
                ImageRecord.document(new BsonDocument("_id", new BsonInt32((int) csn))).tags("t"));
    }

    private static void reachable(Image image, List<Range> inUse) {
        image.pieces.values().forEach(
                piece -> inUse.add(new Range((int) piece.position(), (int) piece.position() + piece.length())));
    }

    private void flipEach(Image image, byte[] bytes, List<Range> ranges) {
        assertEquals(0, ImageHost.check(image).exitCode());
        int stride = Seed.scaled(1) > 1 ? 1 : STRIDE;
        for (Range range : ranges) {
            int at = range.from();
            while (at < range.to()) {
                byte before = bytes[at];
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                int exit = ImageHost.check(image).exitCode();
                bytes[at] = before;
                assertEquals(4, exit, "byte " + at + " of " + range);
                // Bytes that are not zero are tried one by one, long runs of zeros with gaps.
                at += before == 0 && at + stride < range.to() ? 1 + random.nextInt(2 * stride - 1) : 1;
            }
        }
        assertEquals(0, ImageHost.check(image).exitCode());
    }
}
