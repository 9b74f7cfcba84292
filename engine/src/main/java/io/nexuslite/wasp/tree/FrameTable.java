package io.nexuslite.wasp.tree;

import io.nexuslite.memory.MemoryBudget;
import io.nexuslite.memory.MemoryUse;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What is known about each page frame beside its bytes: 128 bytes a frame, and the tree it belongs to.
 *
 * <p>All words are written under the latch of the owning tree, {@link #REFERENCED} excepted, which is only a hint. Two words are kept for
 * readers that look at a leaf without the tree's latch: the count of changes and the count of changes of its keys.
 */
final class FrameTable {
    /** Count of changes, never going back. */
    static final int PAGE_WORD = 0;
    /** Count of changes to the set of keys. */
    static final int STRUCTURE_WORD = 1;
    /** Newest csn stamped in the leaf since it was read or split off. */
    static final int DIRTY_CSN = 2;
    static final int PENDING_COUNT = 3;
    /** Page frame of the parent, or {@link #NONE} for the root. */
    static final int PARENT = 4;
    /** Pointer to the leaf's own image on disk, three words; the first is 0 if it has none. */
    static final int IMAGE_POINTER = 5;
    /** The image holds every record up to this csn. */
    static final int IMAGE_CSN = 8;
    /** Checkpoint of this opening that wrote the image; 0 if it was there before. */
    static final int IMAGE_SEQUENCE = 9;
    /** Stays the same while the leaf's range of keys does. */
    static final int LEAF_ID = 10;
    /** Used lately. */
    static final int REFERENCED = 11;
    /** 1 if an image on disk that holds keys of the range may name value extents. */
    static final int OLD_EXTENTS = 12;
    /** Slot index at which the last new key went in, and how many went in right behind one another before. */
    static final int RUN = 13;

    static final int NONE = -1;

    private static final int WORDS = 16;
    private static final int CHUNK_SHIFT = 8;
    private static final int CHUNK_FRAMES = 1 << CHUNK_SHIFT;
    private static final long CHUNK_BYTES = (long) CHUNK_FRAMES * (WORDS + 1) * Long.BYTES;
    private static final VarHandle CHUNKS = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final VarHandle OWNERS = MethodHandles.arrayElementVarHandle(HotTree[].class);

    private final MemoryBudget budget;
    private final long[][] chunks;
    private final HotTree[][] owners;
    private long reservedBytes; // guarded by this

    FrameTable(MemoryBudget budget, int frameCountMax) {
        this.budget = budget;
        int count = (frameCountMax + CHUNK_FRAMES - 1) >>> CHUNK_SHIFT;
        chunks = new long[count][];
        owners = new HotTree[count][];
    }

    /** Makes room for a frame; false if the budget refuses. */
    boolean cover(int frameIndex) {
        int chunk = frameIndex >>> CHUNK_SHIFT;
        if ((long[]) CHUNKS.getAcquire(chunks, chunk) != null) {
            return true;
        }
        synchronized (this) {
            if (chunks[chunk] == null) {
                if (!budget.tryReserve(MemoryUse.PAGE, CHUNK_BYTES)) {
                    return false;
                }
                reservedBytes += CHUNK_BYTES;
                owners[chunk] = new HotTree[CHUNK_FRAMES];
                CHUNKS.setRelease(chunks, chunk, new long[CHUNK_FRAMES * WORDS]);
            }
            return true;
        }
    }

    long get(int frameIndex, int word) {
        return chunks[frameIndex >>> CHUNK_SHIFT][(frameIndex & CHUNK_FRAMES - 1) * WORDS + word];
    }

    void put(int frameIndex, int word, long value) {
        chunks[frameIndex >>> CHUNK_SHIFT][(frameIndex & CHUNK_FRAMES - 1) * WORDS + word] = value;
    }

    void add(int frameIndex, int word, long change) {
        chunks[frameIndex >>> CHUNK_SHIFT][(frameIndex & CHUNK_FRAMES - 1) * WORDS + word] += change;
    }

    /** Marks a frame as used; stores only if it is news, so that readers share the line. */
    void touch(int frameIndex) {
        long[] words = chunks[frameIndex >>> CHUNK_SHIFT];
        int at = (frameIndex & CHUNK_FRAMES - 1) * WORDS + REFERENCED;
        if (words[at] == 0) {
            words[at] = 1;
        }
    }

    /** The tree of a frame that is in use, else {@code null}; a hint without the tree's latch. */
    HotTree owner(int frameIndex) {
        int chunk = frameIndex >>> CHUNK_SHIFT;
        if ((long[]) CHUNKS.getAcquire(chunks, chunk) == null) {
            return null;
        }
        return (HotTree) OWNERS.getAcquire(owners[chunk], frameIndex & CHUNK_FRAMES - 1);
    }

    /** Starts or, with {@code null}, ends the life of a frame in a tree; the words are reset, the page word goes on. */
    void putOwner(int frameIndex, HotTree owner) {
        long pageWord = get(frameIndex, PAGE_WORD) + 1;
        long[] words = chunks[frameIndex >>> CHUNK_SHIFT];
        int at = (frameIndex & CHUNK_FRAMES - 1) * WORDS;
        for (int i = 0; i < WORDS; i++) {
            words[at + i] = 0;
        }
        words[at + PAGE_WORD] = pageWord;
        words[at + PARENT] = NONE;
        words[at + REFERENCED] = 1;
        OWNERS.setRelease(owners[frameIndex >>> CHUNK_SHIFT], frameIndex & CHUNK_FRAMES - 1, owner);
    }

    PagePointer imagePointer(int frameIndex, PagePointer into) {
        return into.set(get(frameIndex, IMAGE_POINTER), get(frameIndex, IMAGE_POINTER + 1), get(frameIndex,
                IMAGE_POINTER + 2));
    }

    void putImagePointer(int frameIndex, PagePointer pointer) {
        put(frameIndex, IMAGE_POINTER, pointer.pageAndKind);
        put(frameIndex, IMAGE_POINTER + 1, pointer.birthManifest);
        put(frameIndex, IMAGE_POINTER + 2, pointer.checksumAndLength);
    }

    /** Gives the reservation back. */
    synchronized void close() {
        budget.release(MemoryUse.PAGE, reservedBytes);
        reservedBytes = 0;
    }
}
