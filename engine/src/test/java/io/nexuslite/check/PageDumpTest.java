package io.nexuslite.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.DatabaseLockedException;
import io.nexuslite.error.IoFailedException;
import io.nexuslite.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PageDumpTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private final LogImages images = new LogImages();
    private final Image image = images.image;

    private static List<String> dump(Image image, String target, boolean contents) {
        List<String> lines = new ArrayList<>();
        PageDump.dump(new ImageHost(image), ImageHost.DATABASE, DumpTarget.parse(target), contents, lines::add);
        return lines;
    }

    private static void assertShows(List<String> lines, String... words) {
        assertTrue(lines.stream().anyMatch(line -> List.of(words).stream().allMatch(line::contains)),
                () -> "no line with " + List.of(words) + " in\n" + String.join("\n", lines));
    }

    @Test
    void showsBlocksByTheirFields() {
        for (String target : new String[]{"identity", "identity2"}) {
            assertShows(dump(image, target, false), "PAGE_SIZE", "00 20 00 00", " 8192");
            assertShows(dump(image, target, false), "CHECKSUM", "right");
        }
        assertShows(dump(image, "slot:5", false), "MANIFEST_NUMBER", " 13");
        assertShows(dump(image, "slot:5", false), "TREE_TABLE_POINTER", "keyed leaf at page");
        assertShows(dump(image, "owner", false), "PROCESS_ID", " 0");
        assertShows(dump(image, "log", false), "EXTENT_SIZE", " 65536");
        Image damaged = image.copy();
        damaged.database[30] ^= 1;
        assertShows(dump(damaged, "identity", false), "CHECKSUM", "wrong: bytes give");
    }

    @Test
    void showsPagesAndHidesContents() {
        Image.Piece leaf = image.all(16, 0).get(4);
        List<String> lines = dump(image, "" + leaf.position() / 8192, false);
        assertShows(lines, "KIND", "1 document leaf");
        assertShows(lines, "record 4:", "csn ", "updated ", "value of ");
        assertFalse(String.join("\n", lines).contains("64 6f 63 75 6d"), "no key of a document");
        lines = dump(image, "page:" + leaf.position() / 8192, true);
        assertShows(lines, "64 6f 63 75 6d");
        Image.Piece inner = image.piece(16, 2);
        assertShows(dump(image, "" + inner.position() / 8192, false), "child 1:", "inner page at page");
        assertShows(dump(image, "" + inner.position() / 8192, false), "separator 1:");
        Image.Piece table = image.piece(2, 0);
        lines = dump(image, "" + table.position() / 8192, false);
        assertShows(lines, "RECORD_COUNT", " 100");
        assertShows(lines, "key …");
        Image.Piece large = image.extents().getFirst().parent();
        assertShows(dump(image, "" + large.position() / 8192, false), "extent 2: value extent at page");
        assertShows(dump(image, "128", false), "bytes more");
    }

    @Test
    void showsGroups() {
        List<String> lines = dump(image, "group:" + images.large.filePosition(), false);
        assertShows(lines, "LOG_POSITION", " " + images.large.logPosition());
        assertShows(lines, "put document, flags 1, tree 16");
        assertShows(lines, "commit, flags 0, tree 0");
        assertShows(lines, "body: ", "right");
        assertShows(dump(image, "group:" + (images.large.filePosition() + 128), false),
                "no group header of this place");
    }

    @Test
    void refusesWhatItCannotShow() {
        for (String target : new String[]{"", "x", "slot:8", "slot:", "-1", "group:x", "slot"}) {
            assertThrows(IllegalArgumentException.class, () -> DumpTarget.parse(target), target);
        }
        Image closed = Images.small().build();
        assertThrows(IoFailedException.class, () -> dump(closed, "log", false));
        ImageHost host = new ImageHost(image);
        host.locked = true;
        assertThrows(DatabaseLockedException.class, () -> PageDump.dump(host, ImageHost.DATABASE,
                DumpTarget.parse("identity"), false, line -> {
                }));
        assertEquals(0, host.openFiles);
        assertShows(dump(image, "99999999", false), "of which the file holds 0");
    }

    @Test
    void showsAnyBytes() {
        SplittableRandom random = seed.random("dump");
        List<Image.Piece> pieces = image.pieces.values().stream().filter(piece -> piece.kind() != 4)
                .sorted((a, b) -> Long.compare(a.position(), b.position())).toList();
        for (int i = 0; i < Seed.scaled(2000); i++) {
            Image.Piece piece = pieces.get(random.nextInt(pieces.size()));
            int at = (int) piece.position() + random.nextInt(random.nextBoolean() ? 48 : 8192);
            byte before = image.database[at];
            image.database[at] = (byte) random.nextInt();
            assertFalse(dump(image, "" + piece.position() / 8192, random.nextBoolean()).isEmpty());
            image.database[at] = before;
        }
        LogBuilder.Group group = images.large;
        for (int i = 0; i < Seed.scaled(2000); i++) {
            int at = group.filePosition() + random.nextInt(random.nextBoolean() ? 128 : group.length());
            byte before = image.log[at];
            image.log[at] = (byte) random.nextInt();
            image.logBytes().putInt(group.filePosition() + 124, Image.crc(image.log, group.filePosition(), 124));
            assertFalse(dump(image, "group:" + group.filePosition(), random.nextBoolean()).isEmpty());
            image.log[at] = before;
            image.logBytes().putInt(group.filePosition() + 124, Image.crc(image.log, group.filePosition(), 124));
        }
    }
}
