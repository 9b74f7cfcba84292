package io.nexuslite.wasp.tree;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.format.RecordLayout;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.SeekMode;
import io.nexuslite.store.TreeCursor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Walks a tree as of one commit. It copies a leaf at a time, inside a short pin, and holds no pin while it stands on a record: what
 * happens to the tree meanwhile does not touch it. It goes on from the fences of the leaf that it copied, whatever leaves there are then.
 */
final class HotCursor implements TreeCursor {
    private static final int NOWHERE = -1;
    private static final int OPTIMISTIC_TRIES = 8;
    private static final int PLACE_LOW = 0; // in the cursor's own keys
    private static final int PLACE_HIGH = 1;
    private static final int PLACE_TARGET = 2;
    private static final int PLACE_SHOWN = 3;

    private final TreeReader reader;
    private final TreeScratch scratch;
    private final int pageSize;
    private final GrowableBuffer leafBuffer;
    private final GrowableBuffer keyBuffer;
    private final GrowableBuffer older = new GrowableBuffer(256, 1 << 28); // copies of records in cells
    private final MemorySegment leaf;
    private final MemorySegment keys;
    private final ImageSource source;
    private final RecordView view = new RecordView();
    private GrowableBuffer value; // made when a value in extents is met

    private HotTree tree;
    private long horizon;
    private boolean open;
    private long[] names = new long[256]; // visible records of the leaf
    private int[] slots = new int[256]; // index of the slot of each
    private int count;
    private int index;
    private int lowLength; // fences of the leaf
    private int highLength;
    private int targetLength;

    HotCursor(TreeReader reader, int pageSize) {
        this.reader = reader;
        this.scratch = reader.scratch;
        this.pageSize = pageSize;
        leafBuffer = new GrowableBuffer(pageSize, pageSize);
        leaf = leafBuffer.memory();
        int keysSize = (int) TreeScratch.keyPlace(PLACE_SHOWN + 1);
        keyBuffer = new GrowableBuffer(keysSize, keysSize);
        keys = keyBuffer.memory();
        source = new ImageSource(null, false, pageSize, scratch, leaf);
    }

    HotCursor open(HotTree of, long visible) {
        tree = of;
        horizon = visible;
        source.setDocument(of.isDocument());
        forget();
        open = true;
        return this;
    }

    int pageSize() {
        return pageSize;
    }

    private void forget() {
        count = 0;
        index = NOWHERE;
    }

    // ---- steps

    @Override
    public boolean seek(Key key, SeekMode mode) {
        requireOpen();
        putTarget(key.memory(), key.offset(), key.length());
        fetch(HotTree.AT);
        int found = findTarget();
        int slot = found < 0 ? -1 - found : found;
        return switch (mode) {
            case AT_OR_AFTER -> forwardFrom(slot);
            case AFTER -> forwardFrom(found < 0 ? slot : slot + 1);
            case AT_OR_BEFORE -> backwardFrom(found < 0 ? slot - 1 : slot);
            case BEFORE -> backwardFrom(slot - 1);
        };
    }

    @Override
    public boolean first() {
        requireOpen();
        targetLength = 0;
        fetch(HotTree.AT);
        return forwardFrom(0);
    }

    @Override
    public boolean last() {
        requireOpen();
        targetLength = 0;
        fetch(HotTree.LAST);
        return backwardFrom(Integer.MAX_VALUE);
    }

    @Override
    public boolean next() {
        requireOpen();
        if (index == NOWHERE) {
            return first();
        }
        index++;
        return index < count || nextLeaf();
    }

    @Override
    public boolean previous() {
        requireOpen();
        if (index == NOWHERE) {
            return last();
        }
        index--;
        return index >= 0 || previousLeaf();
    }

    /** Stands on the first visible record from a slot on, here or in a later leaf. */
    private boolean forwardFrom(int slot) {
        index = firstFrom(slot);
        return index < count || nextLeaf();
    }

    /** Stands on the last visible record up to a slot, here or in an earlier leaf. */
    private boolean backwardFrom(int slot) {
        index = slot == Integer.MAX_VALUE ? count - 1 : firstFrom(slot + 1) - 1;
        return index >= 0 || previousLeaf();
    }

    private boolean nextLeaf() {
        while (highLength != TreeScratch.UNBOUNDED) {
            putTarget(keys, TreeScratch.keyPlace(PLACE_HIGH), highLength);
            fetch(HotTree.AT);
            int found = findTarget(); // the leaf may begin earlier by now
            index = firstFrom(found < 0 ? -1 - found : found);
            if (index < count) {
                return true;
            }
        }
        forget();
        return false;
    }

    private boolean previousLeaf() {
        while (lowLength > 0) {
            putTarget(keys, TreeScratch.keyPlace(PLACE_LOW), lowLength);
            fetch(HotTree.BEFORE);
            int found = findTarget(); // the leaf may end later by now
            index = firstFrom(found < 0 ? -1 - found : found) - 1;
            if (index >= 0) {
                return true;
            }
        }
        forget();
        return false;
    }

    /** Index of the first visible record at or behind a slot. */
    private int firstFrom(int slot) {
        int found = Arrays.binarySearch(slots, 0, count, slot);
        return found < 0 ? -1 - found : found;
    }

    private void putTarget(MemorySegment key, long offset, int length) {
        int kept = Math.min(length, KeyTooLongException.KEY_LENGTH_MAX + 1); // a longer key sorts like its beginning
        MemorySegment.copy(key, offset, keys, TreeScratch.keyPlace(PLACE_TARGET), kept);
        targetLength = kept;
    }

    private int findTarget() {
        return LeafFrame.find(leaf, 0, pageSize, tree.isDocument(), keys, TreeScratch.keyPlace(PLACE_TARGET),
                targetLength, scratch);
    }

    // ---- leaves

    /** Copies the leaf that a descent to the target reaches. */
    private void fetch(int mode) {
        scratch.loads = 0;
        try {
            while (!tryFetch(mode)) {
                tree.load(scratch, keys, TreeScratch.keyPlace(PLACE_TARGET), targetLength, mode);
            }
        } catch (RuntimeException | Error e) {
            forget();
            lowLength = TreeScratch.UNBOUNDED;
            highLength = TreeScratch.UNBOUNDED;
            throw e;
        }
    }

    private boolean tryFetch(int mode) {
        reader.pin.pin();
        try {
            int frameIndex = copyLeaf(mode);
            if (frameIndex == HotTree.MISSING) {
                return false;
            }
            count = 0;
            older.reset();
            if (frameIndex == HotTree.EMPTY) {
                LeafImage.init(leaf, 0, pageSize, LeafImage.kindOf(tree.isDocument()), tree.treeId(), 0, 0, null, 0,
                        0);
            } else {
                tree.trees.table.touch(frameIndex);
                collect();
            }
            source.buffer = older.memory();
            return true;
        } finally {
            reader.pin.unpin();
        }
    }

    private int copyLeaf(int mode) {
        for (int i = 0; i < OPTIMISTIC_TRIES; i++) {
            long stamp = tree.latch.tryOptimisticRead();
            if (stamp != 0) {
                try {
                    int frameIndex = copyLeafUnder(mode);
                    if (tree.latch.validate(stamp)) {
                        return frameIndex;
                    }
                } catch (RuntimeException e) {
                    if (tree.latch.validate(stamp)) {
                        throw tree.damaged(e);
                    }
                }
            }
            Thread.onSpinWait();
        }
        long stamp = tree.latch.readLock();
        try {
            return copyLeafUnder(mode);
        } catch (RuntimeException e) {
            throw tree.damaged(e);
        } finally {
            tree.latch.unlockRead(stamp);
        }
    }

    private int copyLeafUnder(int mode) {
        int frameIndex = tree.descend(scratch, keys, TreeScratch.keyPlace(PLACE_TARGET), targetLength, mode);
        if (frameIndex != HotTree.MISSING) {
            lowLength = copyFence(scratch.lowMemory, scratch.lowOffset, scratch.lowLength, PLACE_LOW);
            highLength = copyFence(scratch.highMemory, scratch.highOffset, scratch.highLength, PLACE_HIGH);
        }
        if (frameIndex >= 0) {
            MemorySegment.copy(tree.trees.memory(frameIndex), tree.trees.page(frameIndex), leaf, 0, pageSize);
        }
        return frameIndex;
    }

    private int copyFence(MemorySegment memory, long offset, int length, int place) {
        if (length > KeyTooLongException.KEY_LENGTH_MAX) {
            throw new MalformedRecordException("torn fence");
        }
        if (length > 0) {
            MemorySegment.copy(memory, offset, keys, TreeScratch.keyPlace(place), length);
        }
        return length;
    }

    /** Finds the visible records of the copied leaf; older ones are copied out of their cells. Inside the pin. */
    private void collect() {
        int slotCount = LeafImage.slotCount(leaf, 0);
        int prefixLength = LeafImage.prefixLength(leaf, 0);
        long csnBase = LeafImage.csnBase(leaf, 0);
        if (names.length < slotCount) {
            names = new long[slotCount];
            slots = new int[slotCount];
        }
        for (int i = 0; i < slotCount; i++) {
            int slot = LeafImage.slot(leaf, 0, prefixLength, slotCount, i);
            long name = LeafFrame.isAppended(slot) ? visible(slot, csnBase) : visiblePacked(slot, csnBase);
            if (name != LeafFrame.LINK_NONE) {
                names[count] = name;
                slots[count++] = i;
            }
        }
    }

    private long visiblePacked(int slot, long csnBase) {
        return csnBase + Varint.read(leaf, slot + 1L, pageSize) <= horizon ? slot : LeafFrame.LINK_NONE;
    }

    private long visible(int slot, long csnBase) {
        long link = slot;
        while (link != LeafFrame.LINK_NONE) {
            boolean cell = LeafFrame.isCell(link);
            if (!cell && !LeafFrame.isAppended((int) link)) {
                return visiblePacked((int) link, csnBase);
            }
            MemorySegment memory = cell ? tree.trees.cellMemory(link) : leaf;
            long offset = cell ? HotTrees.cellOffset(link) : LeafFrame.offsetOf((int) link);
            if (LeafFrame.csnAcquire(memory, offset) <= horizon) {
                if ((memory.get(Bytes.BYTE, offset + LeafFrame.RECORD_OFFSET) & RecordLayout.FLAG_TOMBSTONE) != 0) {
                    return LeafFrame.LINK_NONE;
                }
                return cell ? copyCell(memory, offset) : link;
            }
            link = LeafFrame.linkAcquire(memory, offset);
        }
        return LeafFrame.LINK_NONE;
    }

    private long copyCell(MemorySegment cell, long offset) {
        int at = Bytes.align8(older.length());
        int length = LeafFrame.RECORD_OFFSET + LeafFrame.recordLength(cell, offset);
        older.reserve(at - older.length() + length);
        MemorySegment.copy(cell, offset, older.memory(), at, length);
        older.setLength(at + length);
        return ImageSource.BUFFERED | at;
    }

    // ---- the record

    @Override
    public RecordView record() {
        requireOpen();
        if (index == NOWHERE) {
            throw new IllegalStateException("the cursor stands on no record");
        }
        RecordParser record = source.parse(names[index]);
        tree.show(scratch, record.hasExtents() ? emptyValue() : null, view);
        if (!tree.isDocument()) {
            int length = source.copyKey(names[index], 0);
            MemorySegment.copy(scratch.keyMemory, 0, keys, TreeScratch.keyPlace(PLACE_SHOWN), length);
            view.key().wrap(keys, TreeScratch.keyPlace(PLACE_SHOWN), length);
        }
        return view;
    }

    private GrowableBuffer emptyValue() {
        if (value == null) {
            value = new GrowableBuffer(GrowableBuffer.DEFAULT_CAPACITY, TreeReader.VALUE_LIMIT);
        }
        value.shrink(TreeReader.VALUE_KEPT);
        return value;
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException("the cursor is closed");
        }
    }

    /** Ends the walk; the cursor goes back to its reader. Idempotent. */
    @Override
    public void close() {
        if (open) {
            open = false;
            forget();
            tree = null;
            reader.giveBack(this);
        }
    }

    /** Gives the memory back. */
    void free() {
        leafBuffer.close();
        keyBuffer.close();
        older.close();
        if (value != null) {
            value.close();
        }
    }
}
