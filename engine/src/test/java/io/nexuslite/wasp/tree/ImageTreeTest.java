package io.nexuslite.wasp.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.CorruptionException;
import io.nexuslite.format.Crc32c;
import io.nexuslite.format.PageLayout;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import io.nexuslite.testing.Seed;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTreeTest {
    private static final int TREE_ID = 17;

    @RegisterExtension
    final Seed seed = new Seed();

    private final GrowableBuffer buffer = new GrowableBuffer(1 << 16, 1 << 16);
    private final RecordView view = new RecordView();
    private PagesInMemory pages = new PagesInMemory(8192);

    @AfterEach
    void close() {
        buffer.close();
    }

    private PagePointer build(TreeMap<byte[], byte[]> records) {
        try (ImageTree tree = new ImageTree(pages, TREE_ID, TreeKind.KEYED);
                ImageBuilder builder = tree.builder(7, pages)) {
            records.forEach((key, value) -> {
                MemorySegment memory = buffer.memory();
                MemorySegment.copy(key, 0, memory, Bytes.BYTE, 0, key.length);
                MemorySegment.copy(value, 0, memory, Bytes.BYTE, 2048, value.length);
                builder.add(memory, 0, key.length, memory, 2048, value.length);
            });
            PagePointer root = builder.finish();
            pages.flip(true);
            return root;
        }
    }

    private void requireContent(PagePointer root, Map<byte[], byte[]> expected) {
        try (ImageTree tree = new ImageTree(pages, TREE_ID, TreeKind.KEYED); ImageCursor cursor = tree.cursor(root)) {
            for (Map.Entry<byte[], byte[]> entry : expected.entrySet()) {
                assertTrue(cursor.next(view));
                assertArrayEquals(entry.getKey(), Rows.keyOf(view));
                assertArrayEquals(entry.getValue(), Rows.valueOf(view));
                assertEquals(7, view.csn());
            }
            assertFalse(cursor.next(view));
        }
    }

    private static TreeMap<byte[], byte[]> records(SplittableRandom random, int count, int keyMax, int valueMax) {
        TreeMap<byte[], byte[]> records = new TreeMap<>(Arrays::compareUnsigned);
        byte[] prefix = new byte[random.nextInt(keyMax)];
        random.nextBytes(prefix);
        while (records.size() < count) {
            byte[] key = Arrays.copyOf(prefix, Math.min(keyMax, prefix.length + 4 + random.nextInt(12)));
            for (int i = Math.max(0, key.length - 8); i < key.length; i++) {
                key[i] = (byte) random.nextInt();
            }
            byte[] value = new byte[random.nextInt(valueMax + 1)];
            random.nextBytes(value);
            records.put(key, value);
        }
        return records;
    }

    @ParameterizedTest
    @ValueSource(ints = {8192, 16384, 32768})
    void buildsFullTreesAndFreesThem(int pageSize) {
        for (int round = 0; round < Seed.scaled(12); round++) {
            SplittableRandom random = seed.random("build" + pageSize + round);
            pages = new PagesInMemory(pageSize);
            int count = new int[]{0, 1, 2, 100, 3000}[random.nextInt(5)];
            TreeMap<byte[], byte[]> records = records(random, count, new int[]{16, 200, 1024}[random.nextInt(3)],
                    new int[]{0, 40, pageSize / 4}[random.nextInt(3)]);
            PagePointer root = build(records);
            assertEquals(records.isEmpty(), root.isNone());
            pages.requireAccount(root, TREE_ID, TreeKind.KEYED);
            requireContent(root, records);
            pages.pages.forEach((number, page) -> requireStructure(page));
            try (ImageTree tree = new ImageTree(pages, TREE_ID, TreeKind.KEYED)) {
                tree.free(root, pages);
            }
            pages.flip(true);
            assertTrue(pages.live.isEmpty());
        }
    }

    /** The gap is zero, the heap without holes, and leaves are full but for the last. */
    private void requireStructure(byte[] bytes) {
        MemorySegment memory = buffer.memory();
        MemorySegment.copy(bytes, 0, memory, Bytes.BYTE, 0, bytes.length);
        int count = LeafImage.slotCount(memory, 0);
        int heapStart = LeafImage.heapStart(memory, 0);
        boolean inner = bytes[PageLayout.KIND_OFFSET] == PageLayout.KIND_INNER;
        int gap = inner
                ? PageLayout.HEADER_SIZE + count * 26
                : LeafImage.slotsEnd(LeafImage.prefixLength(memory, 0), count);
        for (int i = gap; i < heapStart; i++) {
            assertEquals(0, bytes[i]);
        }
        int next = heapStart;
        RecordParser record = new RecordParser();
        for (int i = 0; i < count; i++) {
            if (inner) {
                assertEquals(next, InnerImage.separatorOffset(memory, 0, count, i));
                next += 2 + Bytes.unsignedShort(memory, next);
            } else {
                int slot = LeafImage.slot(memory, 0, LeafImage.prefixLength(memory, 0), count, i);
                assertEquals(next, slot);
                record.parsePacked(false, memory, slot, bytes.length, LeafImage.csnBase(memory, 0), 0);
                next = (int) record.end;
            }
        }
        assertEquals(bytes.length, next);
    }

    @Test
    void replacesLeavesLikeAMap() {
        for (int round = 0; round < Seed.scaled(20); round++) {
            SplittableRandom random = seed.random("apply" + round);
            pages = new PagesInMemory(8192);
            TreeMap<byte[], byte[]> records = records(random, 1 + random.nextInt(4000), 300, 60);
            PagePointer root = build(records);
            for (int change = 0; change < 6; change++) {
                root = replaceSome(root, records, random);
                pages.requireAccount(root, TREE_ID, TreeKind.KEYED);
                requireContent(root, records);
            }
        }
    }

    /** Replaces runs of leaves by other leaves, or by none, in the tree and in the map. */
    private PagePointer replaceSome(PagePointer root, TreeMap<byte[], byte[]> records, SplittableRandom random) {
        List<byte[]> lows = new ArrayList<>();
        if (!root.isNone()) {
            collectLows(root, new byte[0], lows);
        } else {
            lows.add(new byte[0]);
        }
        List<LeafReplacement> replacements = new ArrayList<>();
        try (ImageTree tree = new ImageTree(pages, TREE_ID, TreeKind.KEYED);
                TreeScratch scratch = new TreeScratch();
                GrowableBuffer image = new GrowableBuffer(8192, 8192)) {
            int at = random.nextInt(Math.max(1, lows.size() / 4));
            while (at < lows.size()) {
                int end = at + 1 + random.nextInt(random.nextInt(10) == 0 ? 200 : 3);
                byte[] low = lows.get(at);
                byte[] high = end < lows.size() ? lows.get(end) : null;
                Map<byte[], byte[]> range = high == null ? records.tailMap(low) : records.subMap(low, high);
                range.clear();
                if (random.nextInt(4) != 0 || low.length == 0) {
                    byte[] key = low.length == 0 ? new byte[]{0} : low;
                    byte[] value = new byte[random.nextInt(500)];
                    records.put(key, value);
                    replacements.add(new LeafReplacement(low, high, leaf(key, value, scratch, image)));
                } else {
                    replacements.add(new LeafReplacement(low, high, null));
                }
                at = end + random.nextInt(random.nextInt(5) == 0 ? 300 : 4);
            }
            PagePointer changed = tree.apply(root, replacements, pages);
            pages.flip(true);
            return changed;
        }
    }

    private PagePointer leaf(byte[] key, byte[] value, TreeScratch scratch, GrowableBuffer image) {
        LeafImageWriter writer = new LeafImageWriter(TREE_ID, false, 8192, scratch, image.memory());
        ImageSource source = new ImageSource(null, false, 8192, scratch, null);
        MemorySegment memory = buffer.memory();
        MemorySegment.copy(key, 0, memory, Bytes.BYTE, 8192, key.length);
        MemorySegment.copy(value, 0, memory, Bytes.BYTE, 16384, value.length);
        int length = RecordCodec.writeKeyed(memory, LeafFrame.RECORD_OFFSET, false, memory, 8192, key.length, memory,
                16384, value.length);
        LeafFrame.putAppended(memory, 0, 7, 0, length);
        source.buffer = memory;
        writer.begin(source);
        writer.add(ImageSource.BUFFERED);
        List<InnerEntry> entries = new ArrayList<>();
        writer.write(key, pages, entries);
        assertEquals(1, entries.size());
        return entries.getFirst().pointer;
    }

    private void collectLows(PagePointer node, byte[] low, List<byte[]> lows) {
        try (ImageTree tree = new ImageTree(pages, TREE_ID, TreeKind.KEYED)) {
            if (tree.isLeaf(node)) {
                lows.add(low);
                return;
            }
            InnerEntry[] children = tree.readInner(node, -1);
            for (int i = 0; i < children.length; i++) {
                collectLows(children[i].pointer, i == 0 ? low : children[i].separator, lows);
            }
        }
    }

    @Test
    void noFlippedByteGoesUnseen() {
        SplittableRandom random = seed.random("flip");
        TreeMap<byte[], byte[]> records = records(random, 500, 40, 100);
        PagePointer root = build(records);
        for (long number : List.copyOf(pages.live)) {
            byte[] good = pages.pages.get(number);
            for (int i = 0; i < 60; i++) {
                byte[] bad = good.clone();
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
                pages.pages.put(number, bad);
                assertThrows(CorruptionException.class, () -> requireContent(root, records));
            }
            pages.pages.put(number, good);
        }
        requireContent(root, records);
    }

    /** Damage under a right checksum (a bug of a writer, a forged file) gives an error or other records, and never more than that. */
    @ParameterizedTest
    @EnumSource(TreeKind.class)
    void damageUnderARightChecksumIsContained(TreeKind kind) {
        SplittableRandom random = seed.random("forge" + kind);
        TreeWorld world = new TreeWorld(kind, 8192, 4 << 20);
        HotTree tree = world.tree(new PagePointer(), 0, 0);
        Rows rows = new Rows(kind, world.pages);
        TreeReader reader = world.reader();
        for (int i = 0; i < 60; i++) {
            rows.put("key" + i, new byte[20], random);
            byte[] record = Bytes.copyOf(rows.record(), 0, rows.recordLength);
            byte[] key = rows.keyOf("key" + i);
            MemorySegment.copy(record, 0, rows.record(), Bytes.BYTE, 0, record.length);
            tree.insertPending(rows.key(key), rows.record(), 0, record.length);
            tree.stamp(rows.key(key), i + 1);
        }
        world.horizon.set(60);
        PagePointer root = tree.checkpoint(world.register(), world.pages, reader);
        world.end(60);
        world.pages.flip(true);
        tree.checkpointDone();
        tree.drop();
        byte[] good = world.pages.pages.get(root.pageNumber());
        for (int i = 0; i < Seed.scaled(3000); i++) {
            forge(world, rows, reader, root, good, random);
        }
        reader.close();
        rows.close();
        world.close();
    }

    private void forge(TreeWorld world, Rows rows, TreeReader reader, PagePointer root, byte[] good,
            SplittableRandom random) {
        byte[] bad = good.clone();
        for (int k = 0; k < 1 + random.nextInt(4); k++) {
            int at = random.nextBoolean() ? random.nextInt(100) + 24 : random.nextInt(bad.length);
            bad[at] = (byte) random.nextInt();
        }
        MemorySegment.copy(bad, 0, buffer.memory(), Bytes.BYTE, 0, bad.length);
        int checksum = new Crc32c().of(buffer.memory(), 0, bad.length);
        world.pages.pages.put(root.pageNumber(), bad);
        HotTree tree = world.tree(new PagePointer().set(root.kind(), root.pageNumber(), root.birthManifest(), checksum,
                bad.length), 60, 60);
        byte[] key = rows.keyOf("key" + random.nextInt(60));
        reader.pin.pin();
        try {
            tree.get(reader, 60, rows.key(key), view);
        } catch (CorruptionException e) {
            assertTrue(e.getMessage().contains("memory.nxl"));
        } finally {
            reader.pin.unpin();
        }
        try (TreeCursor cursor = tree.cursor(reader, 60)) {
            while (cursor.next()) {
                assertTrue(cursor.record().length() >= 0);
            }
        } catch (CorruptionException e) {
            assertTrue(e.getMessage().contains("memory.nxl"));
        }
        tree.drop();
    }
}
