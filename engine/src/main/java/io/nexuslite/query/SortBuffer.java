package io.nexuslite.query;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.KeyString;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.MemoryBudgetExceededException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Documents of a result with their sort keys, collected and then read in order. Stable: equal documents stay in the order in
 * which they came. Reusable; one thread at a time; owns memory.
 *
 * <p>Where only the first few are wanted, it holds at most a few times as many, by sorting and forgetting the rest now and then,
 * and when its memory is half full; what comes behind those known is not even copied.
 */
public final class SortBuffer implements AutoCloseable {
    /** Lengths of key, body and extra bytes stand before them. */
    private static final int KEY_LENGTH_OFFSET = 0;
    private static final int BODY_LENGTH_OFFSET = KEY_LENGTH_OFFSET + Integer.BYTES;
    private static final int EXTRA_LENGTH_OFFSET = BODY_LENGTH_OFFSET + Integer.BYTES;
    private static final int HEADER_SIZE = EXTRA_LENGTH_OFFSET + Integer.BYTES;

    private static final int COUNT_MIN = 1024;
    /** What {@link #add} gives for a document that is not wanted. */
    public static final long NOT_WANTED = -1;

    private final int bytesMax;
    private final SortKeys keys = new SortKeys();
    private GrowableBuffer bytes;
    private int[] entries = new int[64];
    private int[] spare = new int[0];
    private int count;
    private Sort sort;
    private StepCheck check;
    private int wanted;
    /** Whether the first entries are the wanted ones so far, in their order. */
    private boolean knowsLast;

    /** A buffer that holds at most {@code bytesMax} bytes, up to 1 GiB. */
    public SortBuffer(int bytesMax) {
        this.bytesMax = bytesMax;
        this.bytes = new GrowableBuffer(Math.min(bytesMax, GrowableBuffer.DEFAULT_CAPACITY), bytesMax);
    }

    /** As {@link #begin(Sort, long, StepCheck)}, and nothing ends it. */
    public void begin(Sort by, long first) {
        begin(by, first, StepCheck.NONE);
    }

    /**
     * Begins with nothing.
     *
     * @param first how many of the first documents will be asked for; 0 for all
     * @param newCheck asked while documents are brought in order
     */
    public void begin(Sort by, long first, StepCheck newCheck) {
        sort = by;
        check = newCheck;
        wanted = first > 0 && first < Integer.MAX_VALUE / 8 ? (int) first : 0;
        count = 0;
        knowsLast = false;
        bytes.reset();
    }

    /**
     * Adds a validated document, copied, with room for extra bytes, which the caller fills at once; not one that comes behind as
     * many others as are wanted.
     *
     * @return offset of the extra bytes in {@link #memory}, or {@link #NOT_WANTED}
     * @throws MemoryBudgetExceededException if there is no room
     */
    public long add(MemorySegment document, long offset, int length, int extraLength) {
        if (wanted > 0 && count > wanted && (count >= Math.max(COUNT_MIN, 4 * wanted)
                || bytes.length() > bytesMax / 2)) {
            forgetTail();
        }
        try {
            return append(document, offset, length, extraLength);
        } catch (InvalidDocumentException e) {
            if (wanted == 0 || count <= wanted) {
                throw full(length, e);
            }
        }
        forgetTail();
        try {
            return append(document, offset, length, extraLength);
        } catch (InvalidDocumentException e) {
            throw full(length, e);
        }
    }

    private MemoryBudgetExceededException full(int length, InvalidDocumentException cause) {
        MemoryBudgetExceededException full = new MemoryBudgetExceededException("a sort",
                (long) bytes.length() + length, bytesMax);
        full.addSuppressed(cause);
        return full;
    }

    private long append(MemorySegment document, long offset, int length, int extraLength) {
        int entry = bytes.length();
        boolean done = false;
        try {
            bytes.reserve(HEADER_SIZE);
            bytes.setLength(entry + HEADER_SIZE);
            keys.append(sort, document, offset, length, bytes);
            int keyLength = bytes.length() - entry - HEADER_SIZE;
            if (isBehindWanted(entry, keyLength)) {
                return NOT_WANTED;
            }
            bytes.append(document, offset, length);
            int extra = bytes.reserve(extraLength);
            bytes.setLength(extra + extraLength);
            MemorySegment memory = bytes.memory();
            memory.set(Values.INT, entry + KEY_LENGTH_OFFSET, keyLength);
            memory.set(Values.INT, entry + BODY_LENGTH_OFFSET, length);
            memory.set(Values.INT, entry + EXTRA_LENGTH_OFFSET, extraLength);
            if (count == entries.length) {
                entries = Arrays.copyOf(entries, 2 * count);
            }
            entries[count++] = entry;
            done = true;
            return extra;
        } finally {
            if (!done) {
                bytes.setLength(entry);
            }
        }
    }

    /** Whether as many documents as are wanted come before a new one with this key; equal ones that came first do. */
    private boolean isBehindWanted(int entry, int keyLength) {
        if (!knowsLast) {
            return false;
        }
        MemorySegment memory = bytes.memory();
        int last = entries[wanted - 1]; // the tail that was added since does not move it
        return KeyString.compare(memory, (long) entry + HEADER_SIZE, keyLength, memory, (long) last + HEADER_SIZE,
                length(last, KEY_LENGTH_OFFSET)) >= 0;
    }

    /** Sorts what was added. */
    public void finish() {
        sortEntries();
        if (wanted > 0) {
            count = Math.min(count, wanted);
        }
    }

    /** Documents that can be read, after {@link #finish}. */
    public int count() {
        return count;
    }

    /** Memory of all documents. Valid until the next change. */
    public MemorySegment memory() {
        return bytes.memory();
    }

    /** Where the document with that rank, from 0 on, starts. */
    public long bodyOffset(int rank) {
        return (long) entries[rank] + HEADER_SIZE + length(entries[rank], KEY_LENGTH_OFFSET);
    }

    public int bodyLength(int rank) {
        return length(entries[rank], BODY_LENGTH_OFFSET);
    }

    public long extraOffset(int rank) {
        return bodyOffset(rank) + bodyLength(rank);
    }

    public int extraLength(int rank) {
        return length(entries[rank], EXTRA_LENGTH_OFFSET);
    }

    /** Forgets everything, and gives memory back above {@code bytesKept}. */
    public void shrink(int bytesKept) {
        count = 0;
        if (bytes.bytesReserved() > bytesKept) {
            bytes.shrink(Math.min(bytesKept, GrowableBuffer.DEFAULT_CAPACITY));
        }
        bytes.reset();
        if (entries.length > COUNT_MIN) {
            entries = new int[64];
            spare = new int[0];
        }
    }

    @Override
    public void close() {
        bytes.close();
    }

    private int length(int entry, int field) {
        return bytes.memory().get(Values.INT, (long) entry + field);
    }

    /** Keeps the documents wanted, moved together in their order. */
    private void forgetTail() {
        sortEntries();
        count = wanted;
        int[] places = Arrays.copyOf(entries, count);
        Arrays.sort(places); // moving upwards in memory order never overwrites what comes later
        int[] moved = new int[count];
        int at = 0;
        for (int i = 0; i < count; i++) {
            int entry = places[i];
            int size = HEADER_SIZE + length(entry, KEY_LENGTH_OFFSET) + length(entry, BODY_LENGTH_OFFSET)
                    + length(entry, EXTRA_LENGTH_OFFSET);
            MemorySegment.copy(bytes.memory(), entry, bytes.memory(), at, size);
            moved[i] = at;
            at += size;
        }
        for (int i = 0; i < count; i++) {
            entries[i] = moved[Arrays.binarySearch(places, entries[i])];
        }
        bytes.setLength(at);
        knowsLast = true;
    }

    /** Merge sort from the bottom up: stable, and without boxes. */
    private void sortEntries() {
        if (spare.length < count) {
            spare = new int[entries.length];
        }
        int[] source = entries;
        int[] target = spare;
        for (int width = 1; width < count; width *= 2) {
            for (int low = 0; low < count; low += 2 * width) {
                merge(source, target, low, Math.min(low + width, count), Math.min(low + 2 * width, count));
            }
            int[] swap = source;
            source = target;
            target = swap;
        }
        entries = source;
        spare = target;
    }

    private void merge(int[] source, int[] target, int low, int middle, int high) {
        int left = low;
        int right = middle;
        for (int i = low; i < high; i++) {
            check.step();
            boolean takeLeft = right >= high || left < middle && compare(source[left], source[right]) <= 0;
            target[i] = takeLeft ? source[left++] : source[right++];
        }
    }

    private int compare(int a, int b) {
        MemorySegment memory = bytes.memory();
        return KeyString.compare(memory, (long) a + HEADER_SIZE, length(a, KEY_LENGTH_OFFSET), memory,
                (long) b + HEADER_SIZE, length(b, KEY_LENGTH_OFFSET));
    }
}
