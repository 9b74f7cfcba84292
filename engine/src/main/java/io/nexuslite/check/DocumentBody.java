package io.nexuslite.check;

import static io.nexuslite.error.KeyTooLongException.KEY_LENGTH_MAX;
import static io.nexuslite.format.PageLayout.KIND_VALUE_EXTENT;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonValidator;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.KeyString;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.format.Crc32c;
import io.nexuslite.format.Pointer;
import io.nexuslite.format.PointerLayout;
import io.nexuslite.format.RecordLayout;
import java.lang.foreign.MemorySegment;

/** Checks documents: their BSON, their {@code _id} and its key string, and the extents of large ones. To be reused; one thread. */
final class DocumentBody {
    private static final int SLICE_BYTES = 1 << 20;

    private final CheckScope scope;
    private final TreePages pages;
    private final BsonValidator validator = new BsonValidator();
    private final BsonCursor cursor = new BsonCursor();
    private final Crc32c crc = new Crc32c();
    private int keyLength;

    DocumentBody(CheckScope scope, TreePages pages) {
        this.scope = scope;
        this.pages = pages;
    }

    /** Most bytes of a document that lies in its leaf. */
    int inlineMax() {
        return scope.pageSize / RecordLayout.INLINE_FRACTION;
    }

    /** Bytes of the key that {@link #check} made. */
    int keyLength() {
        return keyLength;
    }

    /**
     * Checks the document at {@code offset} and makes its key at {@code keyAt}.
     *
     * @param idAlone whether it must hold {@code _id} and nothing else
     * @return what is wrong with it, or {@code null}
     */
    String check(MemorySegment memory, long offset, int length, boolean idAlone, MemorySegment key, long keyAt) {
        try {
            validator.validate(memory, offset, length);
        } catch (InvalidDocumentException e) {
            return "expected a valid document, found one that is not at its byte " + e.offset();
        }
        cursor.wrap(memory, offset, length);
        if (!cursor.next() || !cursor.nameEquals(FieldName.ID)) {
            return "expected _id as the first field, found another or none";
        }
        keyLength = KeyString.encode(cursor, false, key, keyAt, KEY_LENGTH_MAX);
        if (keyLength < 0) {
            return "expected a key of at most " + KEY_LENGTH_MAX + " bytes, found more";
        }
        return idAlone && cursor.next() ? "expected _id alone beside extents, found more fields" : null;
    }

    /** Whether a document that stands alone (without a key) is valid; what is wrong with it, or {@code null}. */
    String checkBson(MemorySegment memory, long offset, int length) {
        try {
            validator.validate(memory, offset, length);
            return null;
        } catch (InvalidDocumentException e) {
            return "expected a valid document, found one that is not at its byte " + e.offset();
        }
    }

    /** Claims the extents of a record and, unless {@code quiet}, reads and checks what they hold. */
    void checkExtents(LeafRecord leafRecord, long birth, String object, boolean quiet) {
        String wrong = wrongPointers(leafRecord, birth);
        if (wrong != null) {
            if (!quiet) {
                scope.file.damage(scope.position(leafRecord.pageNumber), object, wrong);
            }
            return;
        }
        boolean own = true;
        for (int i = 0; i < leafRecord.extentCount; i++) {
            Pointer pointer = extent(leafRecord, i);
            if (scope.claiming) {
                own &= pages.claim(pointer, "extent " + i + " of " + object);
            }
            if (!quiet) {
                scope.counts.extentPages += pointer.pages(scope.pageSize);
            }
        }
        if (own && !quiet) {
            readExtents(leafRecord, object);
        }
    }

    private String wrongPointers(LeafRecord leafRecord, long birth) {
        long sum = 0;
        for (int i = 0; i < leafRecord.extentCount; i++) {
            Pointer pointer = extent(leafRecord, i);
            String wrong = pages.wrongPointer(pointer, KIND_VALUE_EXTENT, birth);
            if (wrong != null) {
                return "extent " + i + ": " + wrong;
            }
            sum += pointer.length();
        }
        if (sum != leafRecord.extentsTotal) {
            return "expected extents of " + leafRecord.extentsTotal + " bytes together, found " + sum;
        }
        return sum <= inlineMax()
                ? "expected extents only for values above " + inlineMax() + " bytes, found " + sum
                : null;
    }

    private void readExtents(LeafRecord leafRecord, String object) {
        int total = (int) leafRecord.extentsTotal;
        MemorySegment memory = scope.largeMemory(total);
        int at = 0;
        for (int i = 0; i < leafRecord.extentCount; i++) {
            Pointer pointer = extent(leafRecord, i);
            long position = scope.position(pointer.pageNumber());
            String name = "extent " + i + " of " + object;
            for (int done = 0; done < pointer.length(); done += SLICE_BYTES) {
                if (!scope.file.read(position + done, memory, (long) at + done,
                        Math.min(SLICE_BYTES, pointer.length() - done), name)) {
                    return;
                }
            }
            int found = crc.of(memory, at, pointer.length());
            if (found != pointer.checksum()) {
                scope.file.damage(position, name, "expected checksum " + Bytes.hex(pointer.checksum())
                        + " as its record says, bytes give " + Bytes.hex(found));
                return;
            }
            at += pointer.length();
        }
        String wrong = wrongValue(leafRecord, memory, total);
        if (wrong != null) {
            scope.file.damage(scope.position(extent(leafRecord, 0).pageNumber()), "value of " + object, wrong);
        }
    }

    private String wrongValue(LeafRecord leafRecord, MemorySegment memory, int total) {
        String wrong = checkBson(memory, 0, total);
        if (wrong != null) {
            return wrong;
        }
        cursor.wrap(memory, 0, total);
        if (!cursor.next()) {
            return "expected the _id of its record, found none";
        }
        // The element in the record: all bytes between the length and the terminator.
        long element = leafRecord.valueOffset + Integer.BYTES;
        long elementEnd = leafRecord.valueOffset + leafRecord.valueLength - 1;
        long found = cursor.valueOffset() + cursor.valueLength();
        boolean same = MemorySegment.mismatch(leafRecord.memory, element, elementEnd, memory, Integer.BYTES, found) < 0;
        return same ? null : "expected the _id of its record, found another";
    }

    private static Pointer extent(LeafRecord leafRecord, int index) {
        return Pointer.read(leafRecord.memory, leafRecord.extentsOffset + (long) index * PointerLayout.POINTER_SIZE);
    }
}
