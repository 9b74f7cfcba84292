package io.nexuslite.index;

import static io.nexuslite.format.IndexEntryLayout.FLAGS_KNOWN;
import static io.nexuslite.format.IndexEntryLayout.FLAGS_OFFSET;
import static io.nexuslite.format.IndexEntryLayout.FLAG_KINDS;
import static io.nexuslite.format.IndexEntryLayout.FLAG_MULTIKEY;
import static io.nexuslite.format.IndexEntryLayout.HEADER_SIZE;
import static io.nexuslite.format.IndexEntryLayout.ID_LENGTH_OFFSET;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** An entry of an index as it lies in its record. A reusable carrier: borrows the record's memory; one thread at a time. */
final class IndexEntry {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    private MemorySegment keyMemory;
    private long keyOffset;
    private int keyLength;
    private MemorySegment idMemory;
    private long idOffset;
    private int idLength;
    private MemorySegment valueMemory;
    private long kindsOffset;
    private long valueEnd;
    private int flags;

    /**
     * Stands for the entry in a record. Valid as long as the record is.
     *
     * @throws CorruptionException if it is none
     */
    IndexEntry wrap(RecordView record, boolean unique, int treeId) {
        Key key = record.key();
        valueMemory = record.memory();
        long value = record.offset();
        if (record.length() < HEADER_SIZE) {
            throw damaged("expected at least " + HEADER_SIZE + " bytes, found " + record.length(), treeId);
        }
        flags = valueMemory.get(BYTE, value + FLAGS_OFFSET) & 0xFF;
        idLength = valueMemory.get(SHORT, value + ID_LENGTH_OFFSET) & 0xFFFF;
        if ((flags & ~FLAGS_KNOWN) != 0 || idLength < 1
                || idLength > (unique ? record.length() - HEADER_SIZE : key.length())) {
            throw damaged("expected known flags and an _id that fits, found flags " + flags + " and length "
                    + idLength, treeId);
        }
        keyMemory = key.memory();
        keyOffset = key.offset();
        if (unique) {
            keyLength = key.length();
            idMemory = valueMemory;
            idOffset = value + HEADER_SIZE;
            kindsOffset = idOffset + idLength;
        } else {
            keyLength = key.length() - idLength;
            idMemory = keyMemory;
            idOffset = keyOffset + keyLength;
            kindsOffset = value + HEADER_SIZE;
        }
        valueEnd = value + record.length();
        return this;
    }

    private static CorruptionException damaged(String what, int treeId) {
        return CorruptionException.of("Index entry: " + what, "", -1, "index tree " + treeId);
    }

    /** Whether the document has an array on a path of the index, so that it may have more entries. */
    boolean isMultikey() {
        return (flags & FLAG_MULTIKEY) != 0;
    }

    /** Whether the entry tells the values of all paths. */
    boolean hasKinds() {
        return (flags & FLAG_KINDS) != 0;
    }

    /** The key string of the document's {@code _id}. */
    Key id(Key into) {
        return into.wrap(idMemory, idOffset, idLength);
    }

    /** Whether the entry is that of the document with this key. */
    boolean isOf(MemorySegment memory, long offset, int length) {
        return length == idLength && MemorySegment.mismatch(memory, offset, offset + length, idMemory, idOffset,
                idOffset + idLength) < 0;
    }

    MemorySegment keyMemory() {
        return keyMemory;
    }

    long keyOffset() {
        return keyOffset;
    }

    /** Bytes of the key strings of the paths. */
    int keyLength() {
        return keyLength;
    }

    MemorySegment kindsMemory() {
        return valueMemory;
    }

    long kindsOffset() {
        return kindsOffset;
    }

    /** First byte behind the kinds. */
    long kindsEnd() {
        return valueEnd;
    }
}
