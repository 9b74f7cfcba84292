package io.nexuslite.check;

import java.util.ArrayList;
import java.util.List;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/** A database in state LOG with its log: the trees hold commits up to 100, the log goes on to 160 over three of its extents. */
final class LogImages {
    static final int LARGE_PAGE = 128; // the first page of all, which is free
    static final byte[] LARGE = ImageRecord
            .bson(new BsonDocument("_id", new BsonInt32(5000)).append("b", new BsonBinary(new byte[12_000])));

    final Image image;
    final LogBuilder log;
    final LogBuilder.Group anchor;
    /** Group that names a large value. */
    LogBuilder.Group large;
    /** Log position up to which the last header witnesses that the log was flushed. */
    long witnessed;

    LogImages() {
        this(100, 12);
    }

    /** @param witnessManifest what groups behind the anchor say of the newest manifest; 0 takes the image's own */
    LogImages(long anchorLastCsn, int groups) {
        ImageBuilder builder = Images.rich(8192);
        builder.clean = false;
        log = new LogBuilder(95, 2, 0, 3, 1);
        log.bare();
        log.flushed();
        List<byte[]> frames = new ArrayList<>();
        for (long csn = 95; csn <= anchorLastCsn; csn++) {
            frames.add(LogBuilder.put(16, csn, document(csn)));
            frames.add(LogBuilder.commit(csn));
        }
        anchor = log.group(frames.toArray(byte[][]::new));
        log.flushed();
        log.manifest = builder.manifest - 1;
        long csn = anchorLastCsn;
        for (int i = 0; i < groups; i++) {
            if (i == 2) {
                log.manifest = builder.manifest;
            }
            csn = group(csn, i);
            log.flushed();
        }
        witnessed = log.groups.getLast().end();
        log.bare();
        builder.generation = LogBuilder.GENERATION;
        builder.anchorPosition = anchor.logPosition();
        builder.anchorEnd = anchor.end();
        builder.anchorChecksum = anchor.headerChecksum();
        image = builder.build();
        System.arraycopy(LARGE, 0, image.database, LARGE_PAGE * 8192, LARGE.length);
        image.log = log.build();
    }

    /** A group of five commits of several kinds; returns the last. */
    private long group(long csn, int index) {
        List<byte[]> frames = new ArrayList<>();
        long last = csn;
        for (int i = 0; i < 5; i++) {
            last++;
            frames.add(LogBuilder.put(16, last, document(last)));
            if (i == 1) {
                frames.add(
                        LogBuilder.delete(16, last, ImageRecord.document(new BsonDocument("_id", new BsonInt32(i)))));
                frames.add(LogBuilder.put(17, last, ImageRecord.keyed(new byte[]{1, 2, 3}, new byte[]{4})));
                frames.add(LogBuilder.delete(17, last, ImageRecord.keyed(new byte[]{1, 2, 3}, new byte[0])));
            }
            if (i == 2 && index == 3) {
                frames.add(LogBuilder.putLarge(16, last, ImageRecord.document(
                        new org.bson.RawBsonDocument(LARGE)), LARGE_PAGE, 14, LARGE));
            }
            frames.add(LogBuilder.commit(last));
        }
        LogBuilder.Group group = log.group(frames.toArray(byte[][]::new));
        large = index == 3 ? group : large;
        return last;
    }

    private static ImageRecord document(long csn) {
        return ImageRecord.document(new BsonDocument("_id", new BsonInt32((int) csn)).append("b",
                new BsonBinary(new byte[(int) (csn * 37 % 3000)]))).tags("t").expiry(1_900_000_000_000L);
    }
}
