package io.nexuslite.index;

import static io.nexuslite.format.IndexEntryLayout.FLAGS_OFFSET;
import static io.nexuslite.format.IndexEntryLayout.FLAG_KINDS;
import static io.nexuslite.format.IndexEntryLayout.FLAG_MULTIKEY;
import static io.nexuslite.format.IndexEntryLayout.HEADER_SIZE;
import static io.nexuslite.format.IndexEntryLayout.ID_LENGTH_OFFSET;
import static io.nexuslite.format.IndexEntryLayout.KIND_MISSING;
import static io.nexuslite.format.IndexEntryLayout.KIND_RAW;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.KeyString;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.KeyTooLongException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Makes the entries that a document gives one index, from its bytes, by MongoDB's rules.
 *
 * <p>A missing field counts as null. An array at the end of a path stands for its elements, for undefined if it is empty; an array
 * in the middle for its documents, and for a missing field if it is empty; a name of digits that is a place of an array leads to
 * that element. All paths that meet an array must meet the same one. Arrays inside an array at the end of a path are values. A
 * sparse index leaves out what has none of the paths, a partial one what its filter does not match.
 *
 * <p>Reusable; one thread at a time; owns memory. In the steady state nothing is allocated, save what {@link KeyString} tells.
 */
final class IndexKeys implements AutoCloseable {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int KEY_LENGTH_MAX = KeyTooLongException.KEY_LENGTH_MAX;
    /** Most bytes of a value: key and value fit a quarter of the smallest page. */
    static final int VALUE_LENGTH_MAX = 1000;

    private final IndexDefinition definition;
    private final IndexPath[] paths;
    private final DocumentFilter filterOrNull;
    private final IndexCells root;
    private final BsonCursor cursor = new BsonCursor();
    private final GrowableBuffer idKey = new GrowableBuffer(KEY_LENGTH_MAX, KEY_LENGTH_MAX);
    private MemorySegment memory;
    private KeySet target;
    private int idKeyLength;
    private byte idType;
    private long idValue;
    private int idLength;
    private long arrayPaths;

    /** @param filterOrNull what a partial index asks; belongs to this generator's thread */
    IndexKeys(IndexDefinition definition, DocumentFilter filterOrNull) {
        this.definition = definition;
        this.paths = definition.paths().toArray(IndexPath[]::new);
        this.filterOrNull = filterOrNull;
        this.root = new IndexCells(paths.length);
    }

    /**
     * Puts the entries of a validated document, whose first field is {@code _id}, into {@code into}, sorted, each key once.
     *
     * @throws KeyTooLongException if a key would be longer than 1,024 bytes with the {@code _id}'s; names the path
     * @throws InvalidDocumentException if paths meet different arrays, a name is a place of an array and a field of its documents at
     *     once, or the entries are too many
     */
    void generate(MemorySegment document, long offset, int length, KeySet into) {
        into.reset();
        if (filterOrNull != null && !filterOrNull.matches(document, offset, length)) {
            return;
        }
        memory = document;
        target = into;
        arrayPaths = 0;
        encodeId(offset, length);
        if (!findWithoutArrays(offset, length)) {
            for (int i = 0; i < paths.length; i++) {
                root.set(i, BsonType.DOCUMENT, offset, length, 0);
            }
            expand(root);
        } else {
            emit(root);
        }
        into.setArrayPaths(arrayPaths);
        into.finish();
    }

    private void encodeId(long offset, int length) {
        cursor.wrap(memory, offset, length);
        if (!cursor.next()) {
            throw new InvalidDocumentException("expected an _id, found an empty document", 0, "");
        }
        idType = cursor.type();
        idValue = cursor.valueOffset();
        idLength = cursor.valueLength();
        idKeyLength = KeyString.encode(cursor, false, idKey.memory(), 0, KEY_LENGTH_MAX);
        if (idKeyLength == KeyString.TOO_LONG) {
            throw new KeyTooLongException(FieldName.ID.name());
        }
    }

    /** Finds the values of all paths in {@link #root}; false if one of them meets an array. */
    private boolean findWithoutArrays(long offset, int length) {
        for (int i = 0; i < paths.length; i++) {
            IndexPath path = paths[i];
            cursor.wrap(memory, offset, length);
            int last = path.length() - 1;
            boolean found = true;
            for (int segment = 0; found && segment <= last; segment++) {
                found = cursor.find(path.name(segment));
                if (found && cursor.type() == BsonType.ARRAY) {
                    return false;
                }
                if (found && segment < last) {
                    found = cursor.type() == BsonType.DOCUMENT;
                    if (found) {
                        cursor.enter();
                    }
                }
            }
            if (found) {
                root.set(i, cursor.type(), cursor.valueOffset(), cursor.valueLength(), IndexCells.FINISHED);
            } else {
                root.setMissing(i);
            }
        }
        return true;
    }

    /** Emits one entry for each element of the array that some of the paths stand before; one if none does. */
    private void expand(IndexCells cells) {
        int array = -1;
        for (int i = 0; i < paths.length; i++) {
            advance(cells, i);
            if (!cells.isFinished(i)) {
                if (array >= 0 && cells.offsets[array] != cells.offsets[i]) {
                    throw new InvalidDocumentException("expected at most one array on the paths of index "
                            + definition.name() + ", found arrays side by side on " + paths[array].path() + " too", -1,
                            paths[i].path());
                }
                array = i;
                arrayPaths |= 1L << i;
            }
        }
        if (array < 0) {
            emit(cells);
            return;
        }
        IndexCells next = cells.inner();
        BsonCursor elements = next.cursor.wrap(memory, cells.offsets[array], cells.lengths[array]);
        boolean empty = true;
        while (elements.next()) {
            empty = false;
            for (int i = 0; i < paths.length; i++) {
                if (cells.isFinished(i)) {
                    next.copy(i, cells);
                } else {
                    enterElement(next, i, elements, cells.segments[i]);
                }
            }
            expand(next);
        }
        if (empty) {
            for (int i = 0; i < paths.length; i++) {
                if (!cells.isFinished(i)) {
                    if (cells.segments[i] == paths[i].length()) {
                        cells.set(i, BsonType.UNDEFINED, 0, 0, IndexCells.FINISHED);
                    } else {
                        cells.setMissing(i);
                    }
                }
            }
            emit(cells);
        }
    }

    private void enterElement(IndexCells into, int path, BsonCursor element, int segment) {
        if (segment == paths[path].length()) {
            into.set(path, element.type(), element.valueOffset(), element.valueLength(), IndexCells.FINISHED);
        } else if (element.type() == BsonType.DOCUMENT) {
            into.set(path, BsonType.DOCUMENT, element.valueOffset(), element.valueLength(), segment);
        } else {
            into.setMissing(path);
        }
    }

    /** Follows a path until it ends at a value, gets lost, or stands before the elements of an array. */
    private void advance(IndexCells cells, int index) {
        IndexPath path = paths[index];
        while (!cells.isFinished(index)) {
            int segment = cells.segments[index];
            byte type = cells.types[index];
            boolean atEnd = segment == path.length();
            if (type == BsonType.ARRAY) {
                if (atEnd || path.place(segment) == IndexPath.NO_PLACE || !enterPlace(cells, index, path, segment)) {
                    return;
                }
                arrayPaths |= 1L << index;
            } else if (atEnd) {
                cells.segments[index] = IndexCells.FINISHED;
            } else if (type != BsonType.DOCUMENT
                    || !cursor.wrap(memory, cells.offsets[index], cells.lengths[index]).find(path.name(segment))) {
                cells.setMissing(index);
            } else {
                cells.set(index, cursor.type(), cursor.valueOffset(), cursor.valueLength(), segment + 1);
            }
        }
    }

    /** Goes to the element that a name of digits means; false if the array has no such place. */
    private boolean enterPlace(IndexCells cells, int index, IndexPath path, int segment) {
        int place = path.place(segment);
        long array = cells.offsets[index];
        int length = cells.lengths[index];
        cursor.wrap(memory, array, length);
        boolean found = false;
        boolean isField = false;
        for (int i = 0; cursor.next(); i++) {
            if (i == place) {
                found = true;
                cells.set(index, cursor.type(), cursor.valueOffset(), cursor.valueLength(), segment + 1);
            }
            if (!isField && cursor.type() == BsonType.DOCUMENT) {
                cursor.enter();
                isField = cursor.find(path.name(segment));
                cursor.leave();
            }
        }
        if (found && isField) {
            throw new InvalidDocumentException("expected " + path.name(segment)
                    + " to be a place of an array or a field of its documents, found both, in index "
                    + definition.name(), -1, path.path());
        }
        return found;
    }

    // ---- entries

    private void emit(IndexCells cells) {
        if (definition.sparse() && cells.areAllMissing()) {
            return;
        }
        int at = target.begin(KEY_LENGTH_MAX + VALUE_LENGTH_MAX, definition.name());
        MemorySegment bytes = target.buffer().memory();
        int keyLength = 0;
        for (int i = 0; i < paths.length; i++) {
            boolean missing = cells.types[i] == BsonType.NONE;
            int added = KeyString.encode(memory, cells.offsets[i], missing ? BsonType.NULL : cells.types[i],
                    paths[i].descending(), bytes, at + keyLength, KEY_LENGTH_MAX - idKeyLength - keyLength);
            if (added == KeyString.TOO_LONG) {
                throw new KeyTooLongException(paths[i].path());
            }
            keyLength += added;
        }
        int value;
        if (definition.unique()) {
            value = at + keyLength;
            MemorySegment.copy(idKey.memory(), 0, bytes, value + HEADER_SIZE, idKeyLength);
        } else {
            MemorySegment.copy(idKey.memory(), 0, bytes, at + keyLength, idKeyLength);
            keyLength += idKeyLength;
            value = at + keyLength;
        }
        bytes.set(SHORT, value + ID_LENGTH_OFFSET, (short) idKeyLength);
        int start = HEADER_SIZE + (definition.unique() ? idKeyLength : 0);
        int flags = arrayPaths == 0 ? 0 : FLAG_MULTIKEY;
        int end = flags == 0 ? putKinds(cells, bytes, value, start) : start;
        if (end > start) {
            flags |= FLAG_KINDS;
        }
        bytes.set(BYTE, value + FLAGS_OFFSET, (byte) flags);
        target.add(keyLength, Math.max(start, end));
    }

    /** Puts what the key strings do not tell; returns the end, or {@code start} if it would take too much room. */
    private int putKinds(IndexCells cells, MemorySegment bytes, int value, int start) {
        int at = start;
        for (int i = 0; at != 0 && i < paths.length; i++) {
            at = putKind(cells.types[i], cells.offsets[i], cells.lengths[i], bytes, value, at);
        }
        at = at == 0 ? 0 : putKind(idType, idValue, idLength, bytes, value, at);
        return at == 0 ? start : at;
    }

    private int putKind(byte type, long offset, int length, MemorySegment bytes, int value, int at) {
        boolean raw = type != KIND_MISSING && !isToldByKeyString(type, offset);
        if (at + 1 + (raw ? length : 0) > VALUE_LENGTH_MAX) {
            return 0;
        }
        bytes.set(BYTE, value + at, (byte) (raw ? type | KIND_RAW : type));
        if (raw) {
            MemorySegment.copy(memory, offset, bytes, value + at + 1, length);
        }
        return at + 1 + (raw ? length : 0);
    }

    /** Whether type and key string together give the value back. */
    private boolean isToldByKeyString(byte type, long offset) {
        return switch (type) {
            case BsonType.INT32, BsonType.INT64, BsonType.STRING, BsonType.OBJECT_ID, BsonType.DATE_TIME,
                    BsonType.TIMESTAMP, BsonType.BOOLEAN, BsonType.NULL, BsonType.UNDEFINED, BsonType.MIN_KEY,
                    BsonType.MAX_KEY ->
                true;
            case BsonType.DOUBLE -> isPlain(memory.get(DOUBLE, offset), memory.get(LONG, offset));
            default -> false;
        };
    }

    /** A negative zero has no key string of its own, and neither have the many NaN. */
    private static boolean isPlain(double number, long bits) {
        return number != 0 ? !Double.isNaN(number) : bits == 0;
    }

    @Override
    public void close() {
        idKey.close();
    }
}
