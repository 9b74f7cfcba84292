package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.KeyString;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.MemoryBudgetExceededException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The different values of one path in documents, each kept as it was met first. Owns memory; one thread at a time; no garbage for
 * values that are known.
 *
 * <p>Values are equal where their key strings are, so 1 and 1.0 are one. An array at the end of the path counts by its elements;
 * arrays in the middle are gone through, by the place that digits name or else by all elements.
 */
public final class DistinctValues implements AutoCloseable {
    private static final FieldName VALUE = FieldName.of("v");
    /** Length of the key stands before it, and behind it a document that holds the value. */
    private static final int KEY_LENGTH_OFFSET = 0;
    private static final int HEADER_SIZE = KEY_LENGTH_OFFSET + Integer.BYTES;
    private static final int ROOM_MIN = 64;
    private static final int PRIME = 31;

    private final FieldPath path;
    private final int bytesMax;
    private final GrowableBuffer bytes;
    private final GrowableBuffer value;
    private final BsonWriter writer = new BsonWriter();
    /** Offsets of entries plus 1, by the hashes of their keys; 0 for none. */
    private int[] table = new int[64];
    private int[] entries = new int[16];
    private int count;

    /**
     * Values of a field or dotted path, in at most {@code bytesMax} bytes.
     *
     * @throws InvalidQueryException if a name of the path is empty or starts with {@code $}, or it has too many
     */
    public DistinctValues(String dotted, QueryLimits limits, int bytesMax) {
        this.path = FieldPath.parse(dotted, limits);
        for (int i = 0; i < path.length(); i++) {
            String name = path.name(i).name();
            if (name.isEmpty() || name.startsWith("$") && !(i > 0 && FilterParser.REFERENCE.contains(name))) {
                throw new InvalidQueryException("expected names that are not empty and do not start with $", dotted,
                        "distinct");
            }
        }
        this.bytesMax = bytesMax;
        this.bytes = new GrowableBuffer(Math.min(bytesMax, GrowableBuffer.DEFAULT_CAPACITY), bytesMax);
        this.value = new GrowableBuffer();
    }

    /**
     * Adds the values of a validated document.
     *
     * @throws MemoryBudgetExceededException if there is no room for another value
     */
    public void add(BsonView document) {
        walk(document.memory(), document.offset(), document.length(), 0);
    }

    private void walk(MemorySegment memory, long offset, int length, int segment) {
        BsonCursor cursor = new BsonCursor().wrap(memory, offset, length);
        if (!cursor.find(path.name(segment))) {
            return;
        }
        boolean isLast = segment + 1 == path.length();
        if (isLast && cursor.type() == BsonType.ARRAY) {
            BsonCursor elements = Values.inside(cursor);
            while (elements.next()) {
                put(elements);
            }
        } else if (isLast) {
            put(cursor);
        } else if (cursor.type() == BsonType.DOCUMENT) {
            walk(memory, cursor.valueOffset(), cursor.valueLength(), segment + 1);
        } else if (cursor.type() == BsonType.ARRAY) {
            walkArray(cursor, segment + 1);
        }
    }

    private void walkArray(BsonCursor array, int segment) {
        if (path.index(segment) != FieldPath.NO_INDEX) {
            walk(array.memory(), array.valueOffset(), array.valueLength(), segment);
            return;
        }
        BsonCursor elements = Values.inside(array);
        while (elements.next()) {
            if (elements.type() == BsonType.DOCUMENT) {
                walk(elements.memory(), elements.valueOffset(), elements.valueLength(), segment);
            }
        }
    }

    private void put(BsonCursor found) {
        int entry = bytes.length();
        try {
            append(found, entry);
        } catch (InvalidDocumentException e) {
            bytes.setLength(entry);
            MemoryBudgetExceededException full = new MemoryBudgetExceededException("distinct values",
                    (long) entry + found.valueLength(), bytesMax);
            full.addSuppressed(e);
            throw full;
        }
    }

    private void append(BsonCursor found, int entry) {
        bytes.reserve(HEADER_SIZE);
        bytes.setLength(entry + HEADER_SIZE);
        int keyLength = appendKey(found);
        int slot = slot(entry + HEADER_SIZE, keyLength);
        if (table[slot] != 0) {
            bytes.setLength(entry);
            return;
        }
        bytes.memory().set(Values.INT, entry + KEY_LENGTH_OFFSET, keyLength);
        value.reset();
        writer.wrap(value).startDocument().name(VALUE).value(found).endDocument();
        bytes.append(value.memory(), 0, value.length());
        table[slot] = entry + 1;
        if (count == entries.length) {
            entries = Arrays.copyOf(entries, 2 * count);
        }
        entries[count++] = entry;
        if (2 * count > table.length) {
            growTable();
        }
    }

    private int appendKey(BsonCursor found) {
        int at = bytes.length();
        int room = ROOM_MIN;
        while (true) {
            bytes.reserve(room);
            int length = KeyString.encode(found, false, bytes.memory(), at, bytes.capacity() - at);
            if (length != KeyString.TOO_LONG) {
                bytes.setLength(at + length);
                return length;
            }
            room = Math.max(2 * room, bytes.capacity() - at + ROOM_MIN);
        }
    }

    /** Where a key is in the table, or the free place where it belongs. */
    private int slot(int key, int keyLength) {
        MemorySegment memory = bytes.memory();
        int hash = 0;
        for (int i = 0; i < keyLength; i++) {
            hash = PRIME * hash + memory.get(Values.BYTE, (long) key + i);
        }
        int mask = table.length - 1;
        int slot = (hash ^ hash >>> 16) & mask;
        while (table[slot] != 0) {
            int other = table[slot] - 1;
            if (KeyString.compare(memory, key, keyLength, memory, (long) other + HEADER_SIZE, keyLength(other)) == 0) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void growTable() {
        table = new int[2 * table.length];
        for (int i = 0; i < count; i++) {
            table[slot(entries[i] + HEADER_SIZE, keyLength(entries[i]))] = entries[i] + 1;
        }
    }

    private int keyLength(int entry) {
        return bytes.memory().get(Values.INT, (long) entry + KEY_LENGTH_OFFSET);
    }

    /** Gives each value as the field {@code v} of a document, in the order in which they were met. Valid until {@code use} returns. */
    public void forEach(Consumer<BsonView> use) {
        BsonView view = new BsonView();
        for (int i = 0; i < count; i++) {
            long body = (long) entries[i] + HEADER_SIZE + keyLength(entries[i]);
            use.accept(view.wrap(bytes.memory(), body, bytes.memory().get(Values.INT, body)));
        }
    }

    @Override
    public void close() {
        bytes.close();
        value.close();
    }
}
