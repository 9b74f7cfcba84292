package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.KeyString;
import io.nexuslite.error.InvalidQueryException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Makes the bytes by which a document sorts: key strings of its paths, one behind the other, inverted where the path goes
 * downwards. One thread at a time; allocates for documents with arrays on a path only.
 *
 * <p>A missing field sorts as null, an empty array as undefined. An array stands for its elements: the document sorts by the
 * combination of elements that comes first. Paths that go through one array take their values from the same element; paths
 * that end or go on in different arrays are refused, as MongoDB does.
 */
final class SortKeys {
    private static final int ROOM_MIN = 64;

    private final BsonCursor cursor = new BsonCursor();
    private List<Sort.Part> parts;
    private GrowableBuffer target;
    private MemorySegment memory;
    /** First byte of the best key so far, for a document with arrays. */
    private int bestOffset;
    private boolean hasBest;

    /** Appends the key of the validated document to {@code into}. */
    void append(Sort sort, MemorySegment document, long offset, int length, GrowableBuffer into) {
        parts = sort.parts();
        target = into;
        memory = document;
        int start = into.length();
        if (appendSimple(offset, length)) {
            return;
        }
        into.setLength(start);
        Cell[] cells = new Cell[parts.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = new Cell(BsonType.DOCUMENT, offset, length, 0);
        }
        bestOffset = start;
        hasBest = false;
        expand(cells);
    }

    /** The key of a document without arrays on the paths; false if there is one. */
    private boolean appendSimple(long offset, int length) {
        for (int i = 0; i < parts.size(); i++) {
            Sort.Part part = parts.get(i);
            cursor.wrap(memory, offset, length);
            int last = part.path().length() - 1;
            boolean found = true;
            for (int segment = 0; found && segment <= last; segment++) {
                found = cursor.find(part.path().name(segment));
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
            encode(found ? cursor.type() : BsonType.NULL, cursor.valueOffset(), part.descending());
        }
        return true;
    }

    /** Where a path has come to: a value, and the segment that comes next. A type of NONE is a missing field. */
    private record Cell(byte type, long offset, int length, int segment) {
        private static final Cell MISSING = new Cell(BsonType.NULL, 0, 0, Integer.MAX_VALUE);
        private static final Cell EMPTY_ARRAY = new Cell(BsonType.UNDEFINED, 0, 0, Integer.MAX_VALUE);

        private Cell finished() {
            return new Cell(type, offset, length, Integer.MAX_VALUE);
        }

        private boolean isFinished() {
            return segment == Integer.MAX_VALUE;
        }
    }

    private void expand(Cell[] cells) {
        Cell array = null;
        for (int i = 0; i < cells.length; i++) {
            cells[i] = advance(cells[i], parts.get(i).path());
            if (!cells[i].isFinished()) {
                if (array != null && array.offset() != cells[i].offset()) {
                    throw new InvalidQueryException("expected paths through one array, found arrays side by side",
                            parts.get(i).path().toString(), "");
                }
                array = cells[i];
            }
        }
        if (array == null) {
            emit(cells);
            return;
        }
        BsonCursor elements = new BsonCursor().wrap(memory, array.offset(), array.length());
        boolean empty = true;
        while (elements.next()) {
            empty = false;
            Cell[] next = cells.clone();
            for (int i = 0; i < next.length; i++) {
                if (!next[i].isFinished()) {
                    next[i] = element(elements, next[i].segment(), parts.get(i).path());
                }
            }
            expand(next);
        }
        if (empty) {
            for (int i = 0; i < cells.length; i++) {
                if (!cells[i].isFinished()) {
                    cells[i] = cells[i].segment() == parts.get(i).path().length() ? Cell.EMPTY_ARRAY : Cell.MISSING;
                }
            }
            emit(cells);
        }
    }

    /** Follows a path until it ends at a value, gets lost, or stands before the elements of an array. */
    private Cell advance(Cell from, FieldPath path) {
        Cell cell = from;
        while (!cell.isFinished()) {
            boolean atEnd = cell.segment() == path.length();
            if (cell.type() == BsonType.ARRAY) {
                Cell indexed = atEnd ? null : indexed(cell, path);
                if (indexed == null) {
                    return cell;
                }
                cell = indexed;
            } else if (atEnd) {
                return cell.finished();
            } else if (cell.type() != BsonType.DOCUMENT
                    || !cursor.wrap(memory, cell.offset(), cell.length()).find(path.name(cell.segment()))) {
                return Cell.MISSING;
            } else {
                cell = new Cell(cursor.type(), cursor.valueOffset(), cursor.valueLength(), cell.segment() + 1);
            }
        }
        return cell;
    }

    /** The element that a segment of digits names, or null. */
    private Cell indexed(Cell array, FieldPath path) {
        int index = path.index(array.segment());
        if (index == FieldPath.NO_INDEX) {
            return null;
        }
        cursor.wrap(memory, array.offset(), array.length());
        for (int i = 0; cursor.next(); i++) {
            if (i == index) {
                return new Cell(cursor.type(), cursor.valueOffset(), cursor.valueLength(), array.segment() + 1);
            }
        }
        return null;
    }

    /** An element of an array in which a path stands: its documents are gone into, arrays in arrays are values. */
    private static Cell element(BsonCursor element, int segment, FieldPath path) {
        if (segment < path.length() && element.type() != BsonType.DOCUMENT) {
            return Cell.MISSING;
        }
        Cell cell = new Cell(element.type(), element.valueOffset(), element.valueLength(), segment);
        return segment == path.length() ? cell.finished() : cell;
    }

    /** Appends a combination, and keeps it instead of the best one so far if it comes first. */
    private void emit(Cell[] cells) {
        int start = target.length();
        for (int i = 0; i < cells.length; i++) {
            encode(cells[i].type(), cells[i].offset(), parts.get(i).descending());
        }
        if (!hasBest) {
            hasBest = true;
            return;
        }
        int length = target.length() - start;
        int bestLength = start - bestOffset;
        MemorySegment bytes = target.memory();
        if (KeyString.compare(bytes, start, length, bytes, bestOffset, bestLength) < 0) {
            MemorySegment.copy(bytes, start, bytes, bestOffset, length);
            target.setLength(bestOffset + length);
        } else {
            target.setLength(start);
        }
    }

    private void encode(byte type, long value, boolean descending) {
        int room = ROOM_MIN;
        while (true) {
            int at = target.reserve(room);
            int length = KeyString.encode(memory, value, type, descending, target.memory(), at, target.capacity() - at);
            if (length != KeyString.TOO_LONG) {
                target.setLength(at + length);
                return;
            }
            room = Math.max(2 * room, target.capacity() - at + ROOM_MIN);
        }
    }
}
