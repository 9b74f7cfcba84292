package io.nexuslite.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The bytes of a database and of its log, with the knowledge where each pointer stands, so that a test can change a page and put the
 * checksums above it right again: damage that no checksum sees.
 */
final class Image {
    /** A piece of the file that a pointer names. */
    record Piece(long position, int length, long pointerPosition, Piece parent, int treeId, int level, int kind) {
        long page(int pageSize) {
            return position / pageSize;
        }
    }

    byte[] database;
    byte[] log;
    final int pageSize;
    /** Pages and extents by their position. */
    final Map<Long, Piece> pieces = new HashMap<>();
    /** Positions of the manifest slots that count. */
    final List<Long> manifests = new ArrayList<>();

    Image(int pageSize) {
        this.pageSize = pageSize;
    }

    Image copy() {
        Image copy = new Image(pageSize);
        copy.database = database.clone();
        copy.log = log == null ? null : log.clone();
        copy.pieces.putAll(pieces);
        copy.manifests.addAll(manifests);
        return copy;
    }

    ByteBuffer bytes() {
        return ByteBuffer.wrap(database).order(ByteOrder.LITTLE_ENDIAN);
    }

    ByteBuffer logBytes() {
        return ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** First piece, in file order, of that tree and level. */
    Piece piece(int treeId, int level) {
        return all(treeId, level).getFirst();
    }

    List<Piece> all(int treeId, int level) {
        return pieces.values().stream()
                .filter(piece -> piece.treeId() == treeId && piece.level() == level && piece.kind() != 4)
                .sorted((a, b) -> Long.compare(a.position(), b.position())).toList();
    }

    List<Piece> extents() {
        return pieces.values().stream().filter(piece -> piece.kind() == 4)
                .sorted((a, b) -> Long.compare(a.position(), b.position())).toList();
    }

    /** Puts right the checksum of a piece in what names it, and so on up to the manifests. */
    void reseal(Piece piece) {
        for (Piece at = piece; at != null; at = at.parent()) {
            int checksum = crc(database, (int) at.position(), at.length());
            if (at.parent() == null) {
                for (long manifest : manifests) {
                    bytes().putInt((int) (manifest + at.pointerPosition()) + 16, checksum);
                }
            } else {
                bytes().putInt((int) at.pointerPosition() + 16, checksum);
            }
        }
        resealManifests();
    }

    void resealManifests() {
        manifests.forEach(this::resealBlock);
    }

    /** Puts right the checksum of a block of the first MiB. */
    void resealBlock(long position) {
        bytes().putInt((int) position + 4092, crc(database, (int) position, 4092));
    }

    static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
