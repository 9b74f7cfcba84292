package io.nexuslite.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.testing.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever the bytes are, the check ends, with a report, without reading more than it promises, and with all files closed. */
class FileCheckMutationTest {
    private static final long[] INTERESTING = {0, 1, -1, 2, 7, 8, 16, 47, 48, 127, 128, 255, 256, 4095, 4096, 8191,
            8192,
            32767, 32768, 65535, 65536, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE};
    private static final CheckOptions NARROW = CheckOptions.DEFAULT.withAccountBytesMax(64).withFindingsMax(20);

    @RegisterExtension
    final Seed seed = new Seed();

    private final SplittableRandom random = seed.random("mutations");
    private final Image clean = Images.rich(8192).build();
    private final LogImages logged = new LogImages();
    private Image image;
    private List<Image.Piece> pieces;

    @Test
    void endsWithAReportWhateverTheBytesAre() {
        int[] exits = new int[9];
        for (int i = 0; i < Seed.scaled(10_000); i++) {
            image = (random.nextBoolean() ? clean : logged.image).copy();
            pieces = new ArrayList<>(image.pieces.values());
            pieces.sort((a, b) -> Long.compare(a.position(), b.position()));
            int changes = 1 + random.nextInt(3);
            for (int k = 0; k < changes; k++) {
                mutate();
            }
            exits[checked(random.nextInt(4) == 0 ? NARROW : CheckOptions.DEFAULT)]++;
        }
        assertTrue(exits[4] > exits[0], "most of what was done is damage: " + Arrays.toString(exits));
    }

    private int checked(CheckOptions options) {
        ImageHost host = new ImageHost(image);
        CheckReport report = FileCheck.check(host, ImageHost.DATABASE, options, CheckProgress.NONE);
        long size = image.database.length + (image.log == null ? 0L : image.log.length);
        assertTrue(host.bytesRead <= 4 * size, "read " + host.bytesRead + " bytes of files of " + size);
        assertEquals(host.bytesRead, report.counts().bytesRead());
        assertEquals(0, host.openFiles);
        assertTrue(report.findings().size() <= options.findingsMax());
        return report.exitCode();
    }

    private void mutate() {
        switch (random.nextInt(image.log == null ? 9 : 13)) {
            case 0 -> scribble(image.database, 0, image.database.length);
            case 1 -> scribblePiece();
            case 2 -> image.database = truncated(image.database);
            case 3 -> swapPages();
            case 4 -> copyPage();
            case 5, 6 -> forgePage();
            case 7 -> forgePointer();
            case 8 -> forgeManifest();
            case 9 -> scribble(image.log, 0, image.log.length);
            case 10 -> image.log = truncated(image.log);
            case 11 -> forgeGroup();
            default -> copyGroup();
        }
    }

    private void scribble(byte[] bytes, int from, int to) {
        if (to > bytes.length || from >= to) {
            return;
        }
        int at = from + random.nextInt(to - from);
        int length = Math.min(to - at, 1 << random.nextInt(13));
        byte[] junk = new byte[length];
        if (random.nextInt(3) > 0) {
            random.nextBytes(junk);
        }
        System.arraycopy(junk, 0, bytes, at, length);
    }

    private void scribblePiece() {
        Image.Piece piece = any();
        scribble(image.database, (int) piece.position(), (int) piece.position() + piece.length());
    }

    private byte[] truncated(byte[] bytes) {
        int length = random.nextInt(4) == 0
                ? random.nextInt(bytes.length + 1)
                : Math.max(0, bytes.length - random.nextInt(100_000));
        return Arrays.copyOf(bytes, length);
    }

    private void swapPages() {
        Image.Piece a = any();
        Image.Piece b = any();
        int length = Math.min(a.length(), b.length());
        if (!present(a) || !present(b)) {
            return;
        }
        byte[] kept = Arrays.copyOfRange(image.database, (int) a.position(), (int) a.position() + length);
        System.arraycopy(image.database, (int) b.position(), image.database, (int) a.position(), length);
        System.arraycopy(kept, 0, image.database, (int) b.position(), length);
        resealSometimes(a);
        resealSometimes(b);
    }

    private void copyPage() {
        Image.Piece a = any();
        Image.Piece b = any();
        if (present(a) && present(b)) {
            System.arraycopy(image.database, (int) a.position(), image.database, (int) b.position(),
                    Math.min(a.length(), b.length()));
            resealSometimes(b);
        }
    }

    /** Changes fields of a page, with all checksums right afterwards: only the structure can tell. */
    private void forgePage() {
        Image.Piece piece = any();
        if (!present(piece)) {
            return;
        }
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int within = random.nextInt(3) == 0 ? Math.min(piece.length(), 200) : piece.length();
            forge(image.bytes(), (int) piece.position() + random.nextInt(within));
        }
        image.reseal(piece);
    }

    private void forge(ByteBuffer bytes, int at) {
        long value = random.nextInt(3) == 0 ? random.nextLong() : INTERESTING[random.nextInt(INTERESTING.length)];
        int size = 1 << random.nextInt(4);
        if (at + size > bytes.capacity()) {
            return;
        }
        switch (size) {
            case 1 -> bytes.put(at, (byte) value);
            case 2 -> bytes.putShort(at, (short) value);
            case 4 -> bytes.putInt(at, (int) value);
            default -> bytes.putLong(at, value);
        }
    }

    /** Lets a pointer name another page, with its right checksum: cycles, shared pages, wrong levels. */
    private void forgePointer() {
        Image.Piece from = any();
        Image.Piece to = any();
        if (from.parent() == null || !present(from) || !present(to) || !present(from.parent())) {
            return;
        }
        int at = (int) from.pointerPosition();
        int kind = random.nextInt(4) == 0 ? from.kind() : to.kind();
        image.bytes().putLong(at, to.position() / image.pageSize | (long) kind << 56);
        image.bytes().putInt(at + 16, Image.crc(image.database, (int) to.position(), to.length()));
        image.bytes().putInt(at + 20, to.length());
        image.reseal(from.parent());
    }

    private void forgeManifest() {
        if (image.database.length < 1 << 20) {
            return;
        }
        int at = random.nextInt(256);
        long value = INTERESTING[random.nextInt(INTERESTING.length)];
        for (long slot : image.manifests) {
            image.bytes().putLong((int) slot + (at & -8), value);
        }
        image.resealManifests();
    }

    private void forgeGroup() {
        LogBuilder.Group group = anyGroup();
        if (group.filePosition() + group.length() > image.log.length) {
            return;
        }
        int at = group.filePosition();
        int within = random.nextBoolean() ? 128 : group.length();
        forge(image.logBytes(), at + random.nextInt(within));
        image.logBytes().putInt(at + 80, Image.crc(image.log, at + 128, group.length() - 128));
        image.logBytes().putInt(at + 124, Image.crc(image.log, at, 124));
    }

    private void copyGroup() {
        LogBuilder.Group a = anyGroup();
        LogBuilder.Group b = anyGroup();
        int length = Math.min(a.length(), b.length());
        if (Math.max(a.filePosition(), b.filePosition()) + length <= image.log.length) {
            System.arraycopy(image.log, a.filePosition(), image.log, b.filePosition(), length);
        }
    }

    private void resealSometimes(Image.Piece piece) {
        if (random.nextBoolean()) {
            image.reseal(piece);
        }
    }

    private boolean present(Image.Piece piece) {
        // Also what lies above it, so that it can be sealed again.
        return piece.position() + piece.length() <= image.database.length && pieces.getLast().position()
                + pieces.getLast().length() <= image.database.length;
    }

    private Image.Piece any() {
        return pieces.get(random.nextInt(pieces.size()));
    }

    private LogBuilder.Group anyGroup() {
        return logged.log.groups.get(random.nextInt(logged.log.groups.size()));
    }
}
