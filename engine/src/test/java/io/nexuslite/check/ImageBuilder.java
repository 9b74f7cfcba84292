package io.nexuslite.check;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/**
 * Writes a valid database from docs/file-format.md alone, with bare numbers and no code of the engine's: another hand's view of the
 * format. Trees are laid out with few records to a page where a test wants many levels.
 */
final class ImageBuilder {
    static final long UUID_HIGH = 0x0123_4567_89AB_4DEFL;
    static final long UUID_LOW = 0x8123_4567_89AB_CDEFL;
    private static final int MIB = 1 << 20;

    final int pageSize;
    long manifest = 13;
    long checkpointCsn = 100;
    boolean clean = true;
    int recordsPerLeaf = 1000;
    int childrenPerInner = 1000;
    int extentsPerValue = 1;
    int nextTreeId = 16;
    long generation;
    long anchorPosition;
    long anchorEnd;
    int anchorChecksum;
    /** Pages behind what the manifest accounts for. */
    int pagesBehind;

    private final Image image;
    private byte[] file;
    private long nextPage;
    private final Map<Integer, List<ImageRecord>> trees = new TreeMap<>();
    private final List<ImageRecord> catalog = new ArrayList<>();
    /** First page → {pages, birth, death}. */
    private final TreeMap<Long, long[]> freeMap = new TreeMap<>();
    private long freePages;
    private long pendingPages;
    private long reservePage;
    private long reservePages;

    /** What a tree looks like once it is written. */
    private record Written(long page, int kind, int checksum, Image.Piece piece) {
    }

    ImageBuilder(int pageSize) {
        this.pageSize = pageSize;
        image = new Image(pageSize);
        file = new byte[MIB];
        nextPage = MIB / pageSize;
    }

    /** A collection with an index tree if {@code index} is not empty; returns its tree id. */
    int collection(String name, List<ImageRecord> documents, List<ImageRecord> index) {
        int treeId = nextTreeId++;
        BsonDocument entry = new BsonDocument("treeId", new BsonInt32(treeId));
        trees.put(treeId, documents);
        if (!index.isEmpty()) {
            entry.append("indexes",
                    new org.bson.BsonArray(List.of(new BsonDocument("treeId", new BsonInt32(nextTreeId)))));
            trees.put(nextTreeId++, index);
        }
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[utf8.length + 1];
        key[0] = 1;
        System.arraycopy(utf8, 0, key, 1, utf8.length);
        catalog.add(ImageRecord.keyed(key, ImageRecord.bson(entry)).csn(checkpointCsn));
        for (ImageRecord document : documents) {
            if (document.expiry != null) {
                trees.computeIfAbsent(4, id -> new ArrayList<>()).add(document.ephemeralEntry(treeId));
            }
        }
        return treeId;
    }

    /** Records of a tree, to be added to. */
    List<ImageRecord> tree(int treeId) {
        return trees.computeIfAbsent(treeId, id -> new ArrayList<>());
    }

    ImageBuilder free(int pages) {
        freeMap.put(allocate(pages), new long[]{pages, 0, 0});
        freePages += pages;
        return this;
    }

    ImageBuilder pending(int pages, long birth, long death) {
        freeMap.put(allocate(pages), new long[]{pages, birth, death});
        pendingPages += pages;
        return this;
    }

    ImageBuilder reserve(int pages) {
        reservePage = allocate(pages);
        reservePages = pages;
        return this;
    }

    Image build() {
        List<ImageRecord> table = new ArrayList<>();
        List<Image.Piece> roots = new ArrayList<>();
        for (Map.Entry<Integer, List<ImageRecord>> tree : trees.entrySet()) {
            List<ImageRecord> records = tree.getValue();
            Written root = records.isEmpty() ? null : write(tree.getKey(), records);
            ByteBuffer entry = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
            entry.put((byte) (records.isEmpty() || records.getFirst().document ? 1 : 2)).position(8);
            entry.putLong(records.size());
            if (root != null) {
                pointer(entry, root.page, root.kind, root.checksum, pageSize);
                roots.add(root.piece);
            }
            table.add(ImageRecord.keyed(ByteBuffer.allocate(4).putInt(tree.getKey()).array(), entry.array())
                    .csn(checkpointCsn));
        }
        Written catalogRoot = catalog.isEmpty() ? null : write(1, catalog);
        Written tableRoot = table.isEmpty() ? null : write(2, table);
        adoptRoots(roots);
        if (freeMap.isEmpty()) {
            free(1);
        }
        List<ImageRecord> runs = new ArrayList<>();
        freeMap.forEach((page, run) -> runs
                .add(ImageRecord.keyed(ByteBuffer.allocate(8).putLong(page).array(), longs(run)).csn(checkpointCsn)));
        Written freeRoot = write(3, runs);
        manifest(tableRoot, catalogRoot, freeRoot);
        identity(0);
        identity(960 * 1024);
        image.database = Arrays.copyOf(file, (int) (nextPage + pagesBehind) * pageSize);
        return image;
    }

    private long allocate(int pages) {
        long page = nextPage;
        nextPage += pages;
        file = Arrays.copyOf(file, (int) nextPage * pageSize);
        return page;
    }

    // ---- trees ----

    private Written write(int treeId, List<ImageRecord> unsorted) {
        List<ImageRecord> records = unsorted.stream().sorted((a, b) -> Arrays.compareUnsigned(a.key, b.key)).toList();
        List<Written> level = new ArrayList<>();
        List<byte[]> firstKeys = new ArrayList<>();
        for (int from = 0; from < records.size();) {
            int to = Math.min(records.size(), from + recordsPerLeaf);
            Written leaf = null;
            while (leaf == null) {
                leaf = leaf(treeId, records.subList(from, to));
                to = leaf == null ? to - Math.max(1, (to - from) / 4) : to;
            }
            level.add(leaf);
            firstKeys.add(from == 0 ? new byte[0] : separator(records.get(from - 1).key, records.get(from).key));
            from = to;
        }
        for (int height = 1; level.size() > 1; height++) {
            List<Written> above = new ArrayList<>();
            List<byte[]> aboveKeys = new ArrayList<>();
            for (int from = 0; from < level.size();) {
                int to = Math.min(level.size(), from + childrenPerInner);
                to = level.size() - to == 1 ? level.size() : to;
                above.add(inner(treeId, height, level.subList(from, to), firstKeys.subList(from, to)));
                aboveKeys.add(firstKeys.get(from));
                from = to;
            }
            level = above;
            firstKeys = aboveKeys;
        }
        return level.getFirst();
    }

    /** Shortest bytes above {@code before} and not above {@code first}. */
    private static byte[] separator(byte[] before, byte[] first) {
        return Arrays.copyOf(first, Math.min(first.length, Arrays.mismatch(before, first) + 1));
    }

    private Written leaf(int treeId, List<ImageRecord> records) {
        boolean document = records.getFirst().document;
        int prefix = records.size() == 1
                ? 0
                : Math.max(0, Arrays.mismatch(records.getFirst().key, records.getLast().key));
        long csnBase = records.stream().mapToLong(r -> r.csn).min().orElseThrow();
        long timeBase = document ? records.stream().mapToLong(r -> r.updated).min().orElseThrow() : 0;
        int count = records.size();
        int heads = 48 + (prefix + 3) / 4 * 4;
        int gap = heads + 6 * count;
        List<byte[]> bodies = new ArrayList<>();
        List<List<Image.Piece>> values = new ArrayList<>();
        int bytes = 0;
        for (ImageRecord record : records) { // a first look, before anything is allocated
            boolean large = document && record.value.length > pageSize / 4;
            bytes += record.encodeHead(csnBase, timeBase, prefix, large ? extentsPerValue : 0, false).length
                    + (large ? 24 * extentsPerValue + record.idAlone.length : record.value.length);
        }
        if (gap + bytes > pageSize) {
            return null;
        }
        for (ImageRecord record : records) {
            boolean large = document && record.value.length > pageSize / 4;
            byte[] head = record.encodeHead(csnBase, timeBase, prefix, large ? extentsPerValue : 0, false);
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes(head);
            List<Image.Piece> pieces = new ArrayList<>();
            if (large) {
                pieces = extents(treeId, record.value);
                for (Image.Piece piece : pieces) {
                    ByteBuffer pointer = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
                    pointer(pointer, piece.position() / pageSize, 4,
                            Image.crc(file, (int) piece.position(), piece.length()), piece.length());
                    pieces.set(pieces.indexOf(piece), new Image.Piece(piece.position(), piece.length(), body.size(),
                            null, treeId, 0, 4));
                    body.writeBytes(pointer.array());
                }
                body.writeBytes(record.idAlone);
            } else {
                body.writeBytes(record.value);
            }
            bodies.add(body.toByteArray());
            values.add(pieces);
        }
        return putLeaf(treeId, records, document, prefix, csnBase, timeBase, bodies, values);
    }

    private Written putLeaf(int treeId, List<ImageRecord> records, boolean document, int prefix, long csnBase,
            long timeBase, List<byte[]> bodies, List<List<Image.Piece>> values) {
        int heads = 48 + (prefix + 3) / 4 * 4;
        long page = allocate(1);
        ByteBuffer out = page(page);
        int count = records.size();
        out.put(0, (byte) (document ? 1 : 2)).putShort(2, (short) count).putInt(4, treeId).putLong(8, page)
                .putLong(16, manifest).putLong(24, csnBase).putLong(32, timeBase).putShort(44, (short) prefix);
        out.put(48, records.getFirst().key, 0, prefix);
        Image.Piece self = new Image.Piece(page * pageSize, pageSize, 0, null, treeId, 0, document ? 1 : 2);
        int at = pageSize;
        for (int i = 0; i < count; i++) {
            byte[] key = records.get(i).key;
            for (int k = 0; k < 4 && prefix + k < key.length; k++) {
                out.put(heads + 4 * i + k, key[prefix + k]);
            }
            at -= bodies.get(i).length;
            out.put(at, bodies.get(i)).putShort(heads + 4 * count + 2 * i, (short) at);
            for (Image.Piece value : values.get(i)) {
                image.pieces.put(value.position(), new Image.Piece(value.position(), value.length(),
                        page * pageSize + at + value.pointerPosition(), self, treeId, 0, 4));
            }
        }
        out.putInt(40, at);
        image.pieces.put(self.position(), self);
        return new Written(page, document ? 1 : 2, crcOfPage(page), self);
    }

    private List<Image.Piece> extents(int treeId, byte[] value) {
        List<Image.Piece> pieces = new ArrayList<>();
        int each = (value.length + extentsPerValue - 1) / extentsPerValue;
        for (int from = 0; from < value.length; from += each) {
            int length = Math.min(each, value.length - from);
            long page = allocate((length + pageSize - 1) / pageSize);
            System.arraycopy(value, from, file, (int) page * pageSize, length);
            pieces.add(new Image.Piece(page * pageSize, length, 0, null, treeId, 0, 4));
        }
        return pieces;
    }

    private Written inner(int treeId, int height, List<Written> children, List<byte[]> separators) {
        long page = allocate(1);
        ByteBuffer out = page(page);
        int count = children.size();
        out.put(0, (byte) 3).put(1, (byte) height).putShort(2, (short) count).putInt(4, treeId).putLong(8, page)
                .putLong(16, manifest);
        Image.Piece self = new Image.Piece(page * pageSize, pageSize, 0, null, treeId, height, 3);
        image.pieces.put(self.position(), self);
        int at = pageSize;
        for (int i = 0; i < count; i++) {
            Written child = children.get(i);
            out.position(48 + 24 * i);
            pointer(out, child.page, child.kind, child.checksum, pageSize);
            adopt(child.piece, self, page * pageSize + 48 + 24L * i);
            byte[] separator = i == 0 ? new byte[0] : separators.get(i);
            at -= 2 + separator.length;
            out.putShort(at, (short) separator.length).put(at + 2, separator)
                    .putShort(48 + 24 * count + 2 * i, (short) at);
        }
        out.putInt(40, at);
        return new Written(page, 3, crcOfPage(page), self);
    }

    // ---- who names whom ----

    /** Gives a piece its parent; pieces below it hold it as theirs, so they are made anew. */
    private void adopt(Image.Piece piece, Image.Piece parent, long pointerPosition) {
        Image.Piece adopted = new Image.Piece(piece.position(), piece.length(), pointerPosition, parent, piece.treeId(),
                piece.level(), piece.kind());
        replace(piece, adopted);
    }

    private void replace(Image.Piece old, Image.Piece with) {
        image.pieces.put(with.position(), with);
        for (Image.Piece below : List.copyOf(image.pieces.values())) {
            if (below.parent() != null && below.parent().position() == old.position()
                    && !below.parent().equals(with)) {
                replace(below, new Image.Piece(below.position(), below.length(), below.pointerPosition(), with,
                        below.treeId(), below.level(), below.kind()));
            }
        }
    }

    /** The roots' pointers stand in the tree table's leaves, as the last 24 bytes of an entry of 40. */
    private void adoptRoots(List<Image.Piece> roots) {
        for (Image.Piece leaf : image.all(2, 0)) {
            ByteBuffer page = page(leaf.position() / pageSize);
            int count = page.getShort(2);
            int slots = 48 + (page.getShort(44) + 3) / 4 * 4 + 4 * count;
            for (int i = 0; i < count; i++) {
                int start = page.getShort(slots + 2 * i) & 0xFFFF;
                int end = pageSize;
                for (int k = 0; k < count; k++) {
                    int other = page.getShort(slots + 2 * k) & 0xFFFF;
                    end = other > start ? Math.min(end, other) : end;
                }
                long named = page.getLong(end - 24) & 0xFFFF_FFFF_FFFFL;
                for (Image.Piece root : roots) {
                    if (root.position() == named * pageSize) {
                        adopt(image.pieces.get(root.position()), image.pieces.get(leaf.position()),
                                leaf.position() + end - 24);
                    }
                }
            }
        }
    }

    // ---- blocks of the first MiB ----

    private void manifest(Written table, Written catalogRoot, Written free) {
        for (long number = manifest; number > manifest - (clean ? 2 : 1); number--) {
            int position = (int) (65536 * (1 + number % 8));
            ByteBuffer out = ByteBuffer.wrap(file, position, 4096).slice().order(ByteOrder.LITTLE_ENDIAN);
            out.put("NXLMANIF".getBytes(StandardCharsets.US_ASCII)).putInt(1).put((byte) (clean ? 1 : 2));
            out.putLong(16, UUID_HIGH).putLong(24, UUID_LOW).putLong(32, number).putLong(40, 3)
                    .putLong(48, checkpointCsn);
            out.putLong(56, generation).putLong(64, anchorPosition).putLong(72, anchorEnd).putInt(80, anchorChecksum);
            out.putInt(84, nextTreeId).putLong(88, 1_700_000_000_000L).putLong(96, nextPage);
            out.putLong(104, reservePage).putLong(112, reservePages).putLong(120, freePages).putLong(128, pendingPages);
            root(out, 136, table);
            root(out, 160, catalogRoot);
            root(out, 184, free);
            out.putLong(232, catalog.size());
            out.putInt(4092, Image.crc(file, position, 4092));
            image.manifests.add((long) position);
        }
        oldManifest(manifest - (clean ? 2 : 1));
    }

    /** The one before, in state LOG, as any database that was written has. */
    private void oldManifest(long number) {
        int source = (int) (65536 * (1 + manifest % 8));
        int position = (int) (65536 * (1 + number % 8));
        System.arraycopy(file, source, file, position, 4096);
        ByteBuffer out = ByteBuffer.wrap(file, position, 4096).slice().order(ByteOrder.LITTLE_ENDIAN);
        out.put(12, (byte) 2).putLong(32, number).putLong(48, checkpointCsn - 1);
        out.putInt(4092, Image.crc(file, position, 4092));
    }

    private void root(ByteBuffer out, int offset, Written root) {
        if (root != null) {
            out.position(offset);
            pointer(out, root.page, root.kind, root.checksum, pageSize);
            adopt(image.pieces.get(root.piece.position()), null, offset);
        }
    }

    private void identity(int position) {
        ByteBuffer out = ByteBuffer.wrap(file, position, 4096).slice().order(ByteOrder.LITTLE_ENDIAN);
        out.put("NEXUSLT1".getBytes(StandardCharsets.US_ASCII)).putInt(1).putInt(pageSize).putLong(UUID_HIGH)
                .putLong(UUID_LOW).putInt(4096).putInt(0x01020304).putInt(0).putInt(1).putInt(1);
        out.putLong(80, 1_700_000_000_000L).putInt(4092, Image.crc(file, position, 4092));
    }

    // ---- bytes ----

    private void pointer(ByteBuffer out, long page, int kind, int checksum, int length) {
        out.putLong(page | (long) kind << 56).putLong(manifest).putInt(checksum).putInt(length);
    }

    private ByteBuffer page(long page) {
        return ByteBuffer.wrap(file, (int) page * pageSize, pageSize).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    private int crcOfPage(long page) {
        return Image.crc(file, (int) page * pageSize, pageSize);
    }

    private static byte[] longs(long[] values) {
        ByteBuffer out = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            out.putLong(value);
        }
        return out.array();
    }
}
