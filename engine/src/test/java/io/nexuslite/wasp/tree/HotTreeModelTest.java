package io.nexuslite.wasp.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.SnapshotTooOldException;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.SeekMode;
import io.nexuslite.store.TreeCursor;
import io.nexuslite.store.TreeKind;
import io.nexuslite.testing.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random operations on a tree against a map of keys to versions: the same answers after each step, at every horizon. */
class HotTreeModelTest {
    @RegisterExtension
    final Seed seed = new Seed();

    private record Version(long csn, byte[] value) {
    }

    /** A commit at which the test reads; as in an engine, pressure may end a registered one, and its owner looks after each read. */
    private static final class Horizon {
        private final long csn;
        private boolean ended;

        Horizon(long csn) {
            this.csn = csn;
        }

        void requireAlive() {
            if (ended) {
                throw new SnapshotTooOldException("test", csn);
            }
        }
    }

    private SplittableRandom random;
    private TreeKind kind;
    private int pageSize;
    private boolean tight;
    private boolean interleaved;
    private TreeWorld world;
    private HotTree tree;
    private Rows rows;
    private TreeReader reader;
    private TreeReader checkpointReader;
    private final RecordView view = new RecordView();
    private final TreeMap<byte[], List<Version>> model = new TreeMap<>(Arrays::compareUnsigned);
    private final Map<String, byte[]> names = new LinkedHashMap<>();
    private final List<String> nameList = new ArrayList<>();
    private final List<Horizon> snapshots = new ArrayList<>(); // the oldest first
    private PagePointer root = new PagePointer();
    private long csn;
    private int keyStyle;
    private int valueMax;
    private long ascending;
    private boolean checkpointing;
    private int deleteShare;
    private int pressure;
    private TreeWorld.SessionPin checkpointPin;

    @ParameterizedTest
    @CsvSource({
            "KEYED,8192,false,false", "KEYED,8192,true,false", "KEYED,8192,false,true", "KEYED,16384,false,true",
            "KEYED,32768,true,false",
            "DOCUMENT,8192,false,false", "DOCUMENT,8192,true,false", "DOCUMENT,8192,false,true",
            "DOCUMENT,16384,true,false", "DOCUMENT,32768,false,true"})
    void agreesWithModel(TreeKind treeKind, int size, boolean tightFrames, boolean writesDuringCheckpoint) {
        for (int round = 0; round < Seed.scaled(6); round++) {
            random = seed.random(treeKind + "/" + size + "/" + tightFrames + "/" + writesDuringCheckpoint + "/"
                    + round);
            kind = treeKind;
            pageSize = size;
            tight = tightFrames;
            interleaved = writesDuringCheckpoint;
            run();
        }
    }

    private void run() {
        begin();
        int steps = 200 + random.nextInt(600);
        for (int step = 0; step < steps; step++) {
            step();
        }
        compareAll(new Horizon(csn));
        while (!snapshots.isEmpty()) {
            Horizon newest = snapshots.getLast();
            unlessEnded(newest, this::compareAll);
            if (snapshots.remove(newest)) {
                world.end(newest.csn);
            }
        }
        reopen();
        compareAll(new Horizon(csn));
        tree.drop();
        rows.close();
        reader.close();
        checkpointReader.close();
        world.close();
    }

    private void begin() {
        model.clear();
        names.clear();
        nameList.clear();
        root = new PagePointer();
        csn = 0;
        ascending = 0;
        checkpointing = false;
        world = new TreeWorld(kind, pageSize, tight ? 24L * pageSize + (256 << 10) : 64 << 20);
        pressure = 0;
        world.onPressure = () -> {
            assertFalse(checkpointing, () -> "in a checkpoint: " + world.frameReport() + ", records " + model.size());
            assertTrue(++pressure < 20, () -> "no page frame comes free: " + world.frameReport());
            if (pressure > 2 && !snapshots.isEmpty()) { // as an engine's hard limit does
                Horizon oldest = snapshots.removeFirst();
                oldest.ended = true;
                world.end(oldest.csn);
                world.collectAll();
            }
            checkpoint(true);
        };
        tree = world.tree(root, 0, 0);
        rows = new Rows(kind, world.pages);
        reader = world.reader();
        checkpointPin = world.new SessionPin();
        checkpointReader = new TreeReader(checkpointPin);
        keyStyle = random.nextInt(5);
        valueMax = switch (random.nextInt(4)) {
            case 0 -> 1;
            case 1 -> 60;
            case 2 -> 400;
            default -> pageSize / 4;
        };
        if (kind == TreeKind.DOCUMENT && random.nextInt(3) == 0) {
            valueMax = pageSize; // values in extents among them
        }
        deleteShare = random.nextInt(3) == 0 ? 60 : 15;
    }

    /**
     * Reads at a horizon. If pressure ends it in the middle, its reads give the error of an ended snapshot and nothing else; nobody else's
     * notices.
     */
    private void unlessEnded(Horizon horizon, Consumer<Horizon> reads) {
        try {
            reads.accept(horizon);
        } catch (SnapshotTooOldException e) {
            assertTrue(horizon.ended, e::toString);
        }
    }

    private void step() {
        pressure = 0;
        int dice = random.nextInt(100);
        if (dice < 45) {
            transact();
        } else if (dice < 60) {
            unlessEnded(anyHorizon(), this::get);
        } else if (dice < 70) {
            unlessEnded(anyHorizon(), this::scan);
        } else if (dice < 78) {
            if (snapshots.size() < 4 && random.nextBoolean()) {
                snapshots.add(new Horizon(world.register()));
            } else if (!snapshots.isEmpty()) {
                world.end(snapshots.remove(random.nextInt(snapshots.size())).csn);
            }
        } else if (dice < 83) {
            checkpoint(random.nextInt(4) != 0);
        } else if (dice < 85) {
            if (snapshots.isEmpty()) {
                reopen();
            }
        } else if (dice < 90) {
            evict();
        } else if (dice < 94) {
            tree.tidy(1 + random.nextInt(5));
        } else if (dice < 97) {
            unlessEnded(anyHorizon(), this::validate);
        } else {
            deleteRange();
        }
        assertEquals(liveAt(csn), tree.recordCount());
    }

    /** Gives pages back: some, or all of them, which is possible after a checkpoint that nobody has changed anything since. */
    private void evict() {
        if (random.nextInt(3) > 0 || !snapshots.isEmpty() || interleaved) {
            world.trees.evict(1 + random.nextInt(20));
            world.epochs.collect();
            return;
        }
        for (int round = 0; round < 4 && world.ownedFrames() > 0; round++) {
            world.advance(); // tombstones die
            tree.tidy(Integer.MAX_VALUE); // a leaf without records needs no image, and keeps its frame as long as it is there
            checkpoint(true);
            world.advance();
            while (world.trees.evict(1000) > 0) {
                world.collectAll();
            }
        }
        int left = world.ownedFrames(); // a tree without records keeps its one leaf
        assertTrue(left == 0 || left == 1 && liveAt(csn) == 0, world::frameReport);
    }

    // ---- names

    private String newName() {
        ascending++;
        String name = switch (keyStyle) {
            case 0 -> Long.toString(random.nextInt(5000), 36);
            case 1 -> String.format("k%09d", ascending); // ascending
            case 2 -> "p".repeat(random.nextInt(3) * 300) + random.nextInt(2000);
            case 3 -> Character.toString('a' + random.nextInt(26)).repeat(1 + random.nextInt(400)) + random.nextInt(50);
            default -> "tenant" + random.nextInt(3) + "/" + String.format("%07d", ascending);
        };
        return name.length() > 900 ? name.substring(0, 900) : name;
    }

    private String anyName() {
        if (nameList.isEmpty() || random.nextInt(3) == 0) {
            String name = newName();
            if (!names.containsKey(name)) {
                names.put(name, rows.keyOf(name));
                nameList.add(name);
            }
            return name;
        }
        return nameList.get(random.nextInt(nameList.size()));
    }

    // ---- writing

    private void transact() {
        int count = 1 + random.nextInt(tight || checkpointing ? 4 : random.nextInt(8) == 0 ? 120 : 8);
        Map<String, byte[]> writes = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = anyName();
            if (!writes.containsKey(name)) {
                writes.put(name, write(name, random.nextInt(100) < deleteShare));
            }
        }
        if (random.nextInt(6) == 0) {
            writes.keySet().forEach(name -> tree.abortPending(rows.key(names.get(name))));
            return;
        }
        commit(writes);
    }

    private byte[] write(String name, boolean delete) {
        byte[] value = null;
        if (delete) {
            rows.delete(name);
        } else {
            byte[] bytes = new byte[random.nextInt(valueMax + 1)];
            random.nextBytes(bytes);
            value = rows.put(name, bytes, random);
        }
        tree.insertPending(rows.key(names.get(name)), rows.record(), 0, rows.recordLength);
        return value;
    }

    private void commit(Map<String, byte[]> writes) {
        csn += 1 + random.nextInt(3) * random.nextInt(100);
        writes.forEach((name, value) -> {
            tree.stamp(rows.key(names.get(name)), csn);
            model.computeIfAbsent(names.get(name), key -> new ArrayList<>()).add(new Version(csn, value));
        });
        world.horizon.setRelease(csn);
    }

    private void deleteRange() {
        if (tight || nameList.size() < 10) {
            return;
        }
        byte[] low = names.get(nameList.get(random.nextInt(nameList.size())));
        Map<String, byte[]> writes = new LinkedHashMap<>();
        for (String name : nameList) {
            if (Arrays.compareUnsigned(names.get(name), low) >= 0 && writes.size() < 300) {
                writes.put(name, write(name, true));
            }
        }
        commit(writes);
    }

    // ---- reading

    private byte[] expected(byte[] key, long horizon) {
        List<Version> versions = model.getOrDefault(key, List.of());
        for (int i = versions.size() - 1; i >= 0; i--) {
            if (versions.get(i).csn <= horizon) {
                return versions.get(i).value;
            }
        }
        return null;
    }

    private long liveAt(long horizon) {
        return model.keySet().stream().filter(key -> expected(key, horizon) != null).count();
    }

    /** One that is held, or that of now, which pressure does not end. */
    private Horizon anyHorizon() {
        return snapshots.isEmpty() || random.nextBoolean()
                ? new Horizon(csn)
                : snapshots.get(random.nextInt(snapshots.size()));
    }

    private void get(Horizon horizon) {
        for (int i = 0; i < 10; i++) {
            String name = random.nextInt(8) == 0 ? newName() : anyName();
            byte[] key = rows.keyOf(name);
            byte[] expected = expected(key, horizon.csn);
            reader.pin.pin();
            try {
                boolean found = tree.get(reader, horizon.csn, rows.key(key), view);
                horizon.requireAlive();
                assertEquals(expected != null, found, name);
                if (found) {
                    assertArrayEquals(expected, Rows.valueOf(view), name);
                    assertTrue(view.csn() <= horizon.csn);
                }
            } finally {
                reader.pin.unpin();
            }
        }
    }

    private NavigableMap<byte[], byte[]> visible(long horizon) {
        TreeMap<byte[], byte[]> visible = new TreeMap<>(Arrays::compareUnsigned);
        model.forEach((key, versions) -> {
            byte[] value = expected(key, horizon);
            if (value != null) {
                visible.put(key, value);
            }
        });
        return visible;
    }

    private void compareAll(Horizon horizon) {
        NavigableMap<byte[], byte[]> expected = visible(horizon.csn);
        try (TreeCursor cursor = tree.cursor(reader, horizon.csn)) {
            for (Map.Entry<byte[], byte[]> entry : expected.entrySet()) {
                compare(horizon, entry, cursor.next(), cursor);
            }
            compare(horizon, null, cursor.next(), cursor);
            for (Map.Entry<byte[], byte[]> entry : expected.descendingMap().entrySet()) {
                compare(horizon, entry, cursor.previous(), cursor);
            }
            compare(horizon, null, cursor.previous(), cursor);
        }
    }

    /** What a step of a cursor has found, if its horizon was not ended during the step. */
    private void compare(Horizon horizon, Map.Entry<byte[], byte[]> entry, boolean found, TreeCursor cursor) {
        horizon.requireAlive();
        assertEquals(entry != null, found);
        if (found) {
            compare(entry, cursor.record());
        }
    }

    private void compare(Map.Entry<byte[], byte[]> entry, RecordView found) {
        if (kind == TreeKind.KEYED) {
            assertArrayEquals(entry.getKey(), Rows.keyOf(found));
        }
        assertArrayEquals(entry.getValue(), Rows.valueOf(found));
    }

    private void scan(Horizon horizon) {
        if (random.nextInt(5) == 0) {
            compareAll(horizon);
            return;
        }
        boolean registers = horizon.csn == csn;
        if (registers) {
            world.register();
        }
        try {
            seek(horizon);
        } finally {
            if (registers) {
                world.end(horizon.csn);
            }
        }
    }

    private void seek(Horizon horizon) {
        NavigableMap<byte[], byte[]> expected = visible(horizon.csn);
        try (TreeCursor cursor = tree.cursor(reader, horizon.csn)) {
            for (int i = 0; i < 3; i++) {
                byte[] key = rows.keyOf(random.nextInt(4) == 0 ? newName() : anyName());
                SeekMode mode = SeekMode.values()[random.nextInt(4)];
                Map.Entry<byte[], byte[]> entry = switch (mode) {
                    case AT_OR_AFTER -> expected.ceilingEntry(key);
                    case AFTER -> expected.higherEntry(key);
                    case AT_OR_BEFORE -> expected.floorEntry(key);
                    case BEFORE -> expected.lowerEntry(key);
                };
                compare(horizon, entry, cursor.seek(rows.key(key), mode), cursor);
                for (int k = random.nextInt(60); k > 0 && entry != null; k--) {
                    if (interleaved && random.nextInt(20) == 0) {
                        transact();
                    }
                    boolean forward = random.nextInt(10) < 7;
                    entry = forward ? expected.higherEntry(entry.getKey()) : expected.lowerEntry(entry.getKey());
                    compare(horizon, entry, forward ? cursor.next() : cursor.previous(), cursor);
                }
            }
        }
    }

    private void validate(Horizon horizon) {
        byte[] a = rows.keyOf(anyName());
        byte[] b = rows.keyOf(anyName());
        byte[] low = Arrays.compareUnsigned(a, b) < 0 ? a : b;
        byte[] high = low == a ? b : a;
        try (Rows other = new Rows(kind, world.pages)) {
            boolean found = tree.changedSince(rows.key(low), other.key(high), horizon.csn);
            boolean foundAny = tree.changedSince(null, null, horizon.csn);
            horizon.requireAlive();
            assertEquals(model.subMap(low, true, high, true).values().stream().anyMatch(versions -> versions
                    .getLast().csn > horizon.csn), found);
            assertEquals(model.values().stream().anyMatch(versions -> versions.getLast().csn > horizon.csn), foundAny);
        }
        List<Version> versions = model.get(low);
        long newest = tree.newestCsn(rows.key(low));
        if (versions == null) {
            assertEquals(0, newest);
        } else if (versions.getLast().value != null || newest != 0) { // a dead tombstone may be gone
            assertEquals(versions.getLast().csn, newest);
        }
    }

    // ---- checkpoints

    private void checkpoint(boolean succeeds) {
        checkpointing = true;
        long registered = world.register();
        NavigableMap<byte[], byte[]> expected = visible(registered);
        try {
            if (interleaved) {
                world.pages.onWrite = () -> {
                    if (checkpointPin.isPinned()) {
                        return; // the writer cannot reclaim what this thread's own pin holds
                    }
                    if (random.nextInt(3) == 0) {
                        transact();
                    } else if (random.nextInt(10) == 0) {
                        tree.tidy(3);
                    }
                };
            }
            if (!succeeds && random.nextBoolean()) {
                world.pages.failAfter = random.nextInt(10);
            }
            PagePointer written;
            try {
                written = tree.checkpoint(registered, world.pages, checkpointReader);
            } catch (IllegalStateException e) {
                assertFalse(succeeds, e::toString);
                written = null;
            }
            world.pages.onWrite = () -> {
            };
            if (succeeds) {
                world.pages.flip(true);
                tree.checkpointDone();
                root = written;
                world.pages.requireAccount(root, TreeWorld.TREE_ID, kind);
                compareImages(expected);
            } else {
                tree.checkpointFailed();
                world.pages.undo();
            }
        } finally {
            world.end(registered);
            checkpointing = false;
        }
    }

    /** The tree on disk holds exactly what was visible. */
    private void compareImages(NavigableMap<byte[], byte[]> expected) {
        try (ImageTree images = new ImageTree(world.pages, TreeWorld.TREE_ID, kind);
                ImageCursor cursor = images.cursor(root)) {
            for (Map.Entry<byte[], byte[]> entry : expected.entrySet()) {
                assertTrue(cursor.next(view));
                if (kind == TreeKind.KEYED) {
                    compare(entry, view);
                }
            }
            assertFalse(cursor.next(view));
        }
    }

    /** As after a clean close: what is in memory is gone. */
    private void reopen() {
        boolean before = interleaved;
        interleaved = false;
        checkpoint(true);
        interleaved = before;
        tree.drop();
        world.collectAll();
        tree = world.tree(root, csn, liveAt(csn));
        model.values().forEach(versions -> versions.subList(0, versions.size() - 1).clear());
        assertThrows(IllegalStateException.class, () -> tree.stamp(rows.key(new byte[]{1}), csn));
    }
}
