package io.nexuslite.wasp.tree;

import static io.nexuslite.format.PointerLayout.POINTER_SIZE;
import static io.nexuslite.format.RecordLayout.FLAG_EXPIRY;
import static io.nexuslite.format.RecordLayout.FLAG_EXTENTS;
import static io.nexuslite.format.RecordLayout.FLAG_TAGS;
import static io.nexuslite.format.RecordLayout.FLAG_TOMBSTONE;

import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.format.PageLayout;
import io.nexuslite.format.RecordLayout;
import io.nexuslite.store.RecordMeta;
import java.lang.foreign.MemorySegment;

/**
 * Writes records: in absolute form, as log frames and memory hold them, and packed, as pages do.
 *
 * <p>Absolute form is {@link RecordLayout} with bases 0, without the commit number, and for keyed trees with the whole key. Sizes and
 * writers come in pairs: a writer writes exactly the bytes that its size says.
 */
public final class RecordCodec {
    /** Most bytes of the numbers, flags and lengths of a record, tags and extents not counted. */
    private static final int NUMBERS_SIZE_MAX = 1 + 5 * RecordLayout.VARINT_SIZE_MAX;

    private RecordCodec() {
    }

    /** Longest record in absolute form that a tree takes: two of them share a page, one replacing the other. */
    public static int recordLengthMax(int pageSize) {
        return (pageSize - PageLayout.HEADER_SIZE) / 2 - 64;
    }

    /** Longest value that may stand in a page; longer ones of documents lie in extents. */
    public static int inlineLengthMax(int pageSize) {
        return pageSize / RecordLayout.INLINE_FRACTION;
    }

    // ---- absolute form, from its parts

    /** Upper bound for {@link #writeDocument}, {@link #writeDocumentTombstone} and, with the pointers added, {@link #writeExtents}. */
    public static int documentLengthMax(RecordMeta meta, int bodyLength) {
        return NUMBERS_SIZE_MAX + meta.tagsLength + bodyLength;
    }

    /** Upper bound for {@link #writeKeyed}. */
    public static int keyedLengthMax(int keyLength, int valueLength) {
        return 1 + 2 * RecordLayout.VARINT_SIZE_MAX + keyLength + valueLength;
    }

    /** Writes a document with its body in place; returns the bytes written. */
    public static int writeDocument(MemorySegment target, long offset, RecordMeta meta, MemorySegment body,
            long bodyOffset, int bodyLength) {
        long at = writeMeta(target, offset, metaFlags(meta), meta);
        MemorySegment.copy(body, bodyOffset, target, at, bodyLength);
        return (int) (at + bodyLength - offset);
    }

    /** Writes the deletion of a document; {@code id} is a document that holds {@code _id} alone. Returns the bytes written. */
    public static int writeDocumentTombstone(MemorySegment target, long offset, long nowMillis, MemorySegment id,
            long idOffset, int idLength) {
        target.set(Bytes.BYTE, offset, (byte) FLAG_TOMBSTONE);
        long at = Varint.write(target, offset + 1, nowMillis);
        at = Varint.write(target, at, 0);
        at = Varint.write(target, at, 0);
        MemorySegment.copy(id, idOffset, target, at, idLength);
        return (int) (at + idLength - offset);
    }

    /**
     * Writes a document whose value lies in extents; returns the bytes written, at most {@link #documentLengthMax} of the id and
     * 2 varints and the pointers more.
     *
     * @param valueLength bytes of the value
     * @param pointers {@code count} pointers, one behind the other
     * @param id a document that holds {@code _id} alone
     */
    public static int writeExtents(MemorySegment target, long offset, RecordMeta meta, long valueLength,
            MemorySegment pointers, long pointersOffset, int count, MemorySegment id, long idOffset, int idLength) {
        long at = writeMeta(target, offset, metaFlags(meta) | FLAG_EXTENTS, meta);
        at = Varint.write(target, at, valueLength);
        at = Varint.write(target, at, count);
        MemorySegment.copy(pointers, pointersOffset, target, at, (long) count * POINTER_SIZE);
        at += (long) count * POINTER_SIZE;
        MemorySegment.copy(id, idOffset, target, at, idLength);
        return (int) (at + idLength - offset);
    }

    /** Writes a key with its value, or its deletion; returns the bytes written. */
    public static int writeKeyed(MemorySegment target, long offset, boolean tombstone, MemorySegment key,
            long keyOffset, int keyLength, MemorySegment value, long valueOffset, int valueLength) {
        target.set(Bytes.BYTE, offset, (byte) (tombstone ? FLAG_TOMBSTONE : 0));
        long at = Varint.write(target, offset + 1, keyLength);
        MemorySegment.copy(key, keyOffset, target, at, keyLength);
        at = Varint.write(target, at + keyLength, tombstone ? 0 : valueLength);
        if (!tombstone) {
            MemorySegment.copy(value, valueOffset, target, at, valueLength);
            at += valueLength;
        }
        return (int) (at - offset);
    }

    private static int metaFlags(RecordMeta meta) {
        return (meta.expiryMillis != RecordMeta.NO_EXPIRY ? FLAG_EXPIRY : 0) | (meta.tagsLength > 0 ? FLAG_TAGS : 0);
    }

    private static long writeMeta(MemorySegment target, long offset, int flags, RecordMeta meta) {
        target.set(Bytes.BYTE, offset, (byte) flags);
        long at = Varint.write(target, offset + 1, meta.updatedMillis);
        at = Varint.write(target, at, Varint.zigzag(meta.updatedMillis - meta.createdMillis));
        at = Varint.write(target, at, meta.documentVersion - 1);
        if ((flags & FLAG_EXPIRY) != 0) {
            at = Varint.write(target, at, Varint.zigzag(meta.expiryMillis));
        }
        if ((flags & FLAG_TAGS) != 0) {
            at = Varint.write(target, at, meta.tagsLength);
            MemorySegment.copy(meta.tagsMemory, meta.tagsOffset, target, at, meta.tagsLength);
            at += meta.tagsLength;
        }
        return at;
    }

    // ---- from one form to another

    /** Bytes of a parsed document record when packed. */
    static int packedDocumentSize(RecordParser record, long csn, long csnBase, long timeBase) {
        return Varint.size(csn - csnBase) + absoluteDocumentSize(record, timeBase);
    }

    private static int absoluteDocumentSize(RecordParser record, long timeBase) {
        int size = 1 + Varint.size(record.updatedMillis - timeBase)
                + Varint.size(Varint.zigzag(record.updatedMillis - record.createdMillis))
                + Varint.size(record.documentVersion - 1) + (int) (record.end - record.tailOffset);
        if ((record.flags & FLAG_EXPIRY) != 0) {
            size += Varint.size(Varint.zigzag(record.expiryMillis - timeBase));
        }
        return size;
    }

    static long writePackedDocument(RecordParser record, long csn, long csnBase, long timeBase, MemorySegment target,
            long offset) {
        target.set(Bytes.BYTE, offset, (byte) record.flags);
        long at = Varint.write(target, offset + 1, csn - csnBase);
        return writeDocumentRest(record, timeBase, target, at);
    }

    private static long writeDocumentRest(RecordParser record, long timeBase, MemorySegment target, long offset) {
        long at = Varint.write(target, offset, record.updatedMillis - timeBase);
        at = Varint.write(target, at, Varint.zigzag(record.updatedMillis - record.createdMillis));
        at = Varint.write(target, at, record.documentVersion - 1);
        if ((record.flags & FLAG_EXPIRY) != 0) {
            at = Varint.write(target, at, Varint.zigzag(record.expiryMillis - timeBase));
        }
        long tail = record.end - record.tailOffset;
        MemorySegment.copy(record.memory, record.tailOffset, target, at, tail);
        return at + tail;
    }

    /** Bytes of a keyed record with {@code keyLength} bytes of key, packed. */
    static int packedKeyedSize(RecordParser record, long csn, long csnBase, int keyLength) {
        return 1 + Varint.size(csn - csnBase) + Varint.size(keyLength) + keyLength + Varint.size(record.bodyLength)
                + record.bodyLength;
    }

    /** Writes a keyed record with the key bytes given, which lie anywhere. */
    static long writePackedKeyed(RecordParser record, long csn, long csnBase, MemorySegment key, long keyOffset,
            int keyLength, MemorySegment target, long offset) {
        target.set(Bytes.BYTE, offset, (byte) record.flags);
        long at = Varint.write(target, offset + 1, csn - csnBase);
        return writeKeyedRest(record, key, keyOffset, keyLength, target, at);
    }

    private static long writeKeyedRest(RecordParser record, MemorySegment key, long keyOffset, int keyLength,
            MemorySegment target, long offset) {
        long at = Varint.write(target, offset, keyLength);
        MemorySegment.copy(key, keyOffset, target, at, keyLength);
        at = Varint.write(target, at + keyLength, record.bodyLength);
        MemorySegment.copy(record.memory, record.bodyOffset, target, at, record.bodyLength);
        return at + record.bodyLength;
    }

    /** Bytes of a parsed record in absolute form; {@code keyLength} is that of the whole key and counts for keyed records. */
    static int absoluteSize(boolean document, RecordParser record, int keyLength) {
        return document
                ? absoluteDocumentSize(record, 0)
                : 1 + Varint.size(keyLength) + keyLength + Varint.size(record.bodyLength) + record.bodyLength;
    }

    /** Writes a parsed record in absolute form; the whole key is given for keyed records. Returns the offset behind it. */
    static long writeAbsolute(boolean document, RecordParser record, MemorySegment key, long keyOffset, int keyLength,
            MemorySegment target, long offset) {
        target.set(Bytes.BYTE, offset, (byte) record.flags);
        return document
                ? writeDocumentRest(record, 0, target, offset + 1)
                : writeKeyedRest(record, key, keyOffset, keyLength, target, offset + 1);
    }

    /**
     * Refuses a record that a tree cannot hold, before anything is changed.
     *
     * @throws KeyTooLongException if the key is too long
     * @throws InvalidDocumentException if the record is longer than {@link #recordLengthMax}
     * @throws IllegalArgumentException if the bytes are no record in absolute form
     */
    static void requireFitting(boolean document, RecordParser record, MemorySegment memory, long offset, int length,
            int keyLength, int pageSize) {
        if (keyLength > KeyTooLongException.KEY_LENGTH_MAX) {
            throw new KeyTooLongException(document ? "_id" : "key");
        }
        if (length > recordLengthMax(pageSize)) {
            throw new InvalidDocumentException("record of " + length + " bytes, expected at most " + recordLengthMax(
                    pageSize) + " beside its extents", 0, "");
        }
        try {
            record.parseAbsolute(document, memory, offset, length);
        } catch (MalformedRecordException e) {
            throw new IllegalArgumentException("Not a record in absolute form: " + e.getMessage(), e);
        }
    }
}
