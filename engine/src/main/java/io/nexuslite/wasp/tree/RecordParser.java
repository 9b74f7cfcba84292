package io.nexuslite.wasp.tree;

import static io.nexuslite.format.PointerLayout.POINTER_SIZE;
import static io.nexuslite.format.RecordLayout.EXTENTS_MAX;
import static io.nexuslite.format.RecordLayout.FLAGS_KNOWN;
import static io.nexuslite.format.RecordLayout.FLAG_EXPIRY;
import static io.nexuslite.format.RecordLayout.FLAG_EXTENTS;
import static io.nexuslite.format.RecordLayout.FLAG_TAGS;
import static io.nexuslite.format.RecordLayout.FLAG_TOMBSTONE;

import io.nexuslite.store.RecordMeta;
import java.lang.foreign.MemorySegment;

/**
 * Where the parts of a record lie, found by walking its bytes once. A reusable carrier; borrows the memory; one thread at a time.
 *
 * <p>Every length is held against the limit before it is followed; bytes that cannot be a record give a
 * {@link MalformedRecordException}.
 */
final class RecordParser {
    private static final int DOCUMENT_SIZE_MIN = 5;

    MemorySegment memory;
    int flags;
    long csn; // packed records only
    long updatedMillis;
    long createdMillis;
    long documentVersion;
    long expiryMillis;
    long tailOffset; // what follows the numbers and is the same in every form: tags, extents, document
    long tagsOffset;
    int tagsLength;
    long keyOffset; // keyed: packed, the bytes behind the page's prefix; absolute, the whole key
    int keyLength;
    long bodyOffset; // value or document; with extents the document of the id alone
    int bodyLength;
    long valueLength; // with extents: bytes of the whole value
    long extentsOffset;
    int extentCount;
    long end;

    private long position;
    private long limit;

    boolean isTombstone() {
        return (flags & FLAG_TOMBSTONE) != 0;
    }

    boolean hasExtents() {
        return (flags & FLAG_EXTENTS) != 0;
    }

    /** Parses a record in absolute form that fills {@code [offset, offset + length)}. */
    void parseAbsolute(boolean document, MemorySegment source, long offset, int length) {
        parse(document, source, offset, offset + length, false, 0, 0);
        if (end != offset + length) {
            throw new MalformedRecordException("record ends after " + (end - offset) + " of " + length + " bytes");
        }
    }

    /** Parses a record as it lies in a page, somewhere before {@code limit}. */
    void parsePacked(boolean document, MemorySegment source, long offset, long pageEnd, long csnBase, long timeBase) {
        parse(document, source, offset, pageEnd, true, csnBase, timeBase);
    }

    private void parse(boolean document, MemorySegment source, long offset, long sourceLimit, boolean packed,
            long csnBase, long timeBase) {
        memory = source;
        position = offset;
        limit = sourceLimit;
        if (offset >= sourceLimit) {
            throw new MalformedRecordException("record behind its limit");
        }
        flags = source.get(Bytes.BYTE, position++) & 0xFF;
        if ((flags & ~FLAGS_KNOWN) != 0) {
            throw new MalformedRecordException("unknown record flags " + flags);
        }
        csn = packed ? csnBase + varint() : 0;
        if (document) {
            parseDocument(timeBase);
        } else {
            parseKeyed();
        }
        end = position;
    }

    private void parseDocument(long timeBase) {
        updatedMillis = timeBase + varint();
        createdMillis = updatedMillis - Varint.unzigzag(varint());
        documentVersion = varint() + 1;
        expiryMillis = (flags & FLAG_EXPIRY) != 0 ? timeBase + Varint.unzigzag(varint()) : RecordMeta.NO_EXPIRY;
        tailOffset = position;
        tagsLength = 0;
        if ((flags & FLAG_TAGS) != 0) {
            tagsLength = length(varint());
            tagsOffset = position;
            position += tagsLength;
        }
        if ((flags & FLAG_EXTENTS) != 0) {
            parseExtents();
        }
        if (limit - position < DOCUMENT_SIZE_MIN) {
            throw new MalformedRecordException("document is cut off");
        }
        bodyOffset = position;
        bodyLength = memory.get(Bytes.INT, position);
        if (bodyLength < DOCUMENT_SIZE_MIN || bodyLength > limit - position) {
            throw new MalformedRecordException("document of " + bodyLength + " bytes");
        }
        position += bodyLength;
    }

    private void parseExtents() {
        valueLength = varint();
        long count = varint();
        if (count < 1 || count > EXTENTS_MAX || valueLength < 1 || valueLength > Integer.MAX_VALUE) {
            throw new MalformedRecordException(count + " extents of " + valueLength + " bytes");
        }
        extentCount = (int) count;
        extentsOffset = position;
        position += length(count * POINTER_SIZE);
    }

    private void parseKeyed() {
        if ((flags & ~FLAG_TOMBSTONE) != 0) {
            throw new MalformedRecordException("record flags " + flags + " in a keyed tree");
        }
        tailOffset = position;
        keyLength = length(varint());
        keyOffset = position;
        position += keyLength;
        bodyLength = length(varint());
        bodyOffset = position;
        position += bodyLength;
    }

    private int length(long value) {
        if (value < 0 || value > limit - position) {
            throw new MalformedRecordException("length of " + value + " bytes");
        }
        return (int) value;
    }

    private long varint() {
        long at = position;
        if (at < limit) {
            byte first = memory.get(Bytes.BYTE, at);
            if (first >= 0) {
                position = at + 1;
                return first;
            }
        }
        return varintSlow();
    }

    private long varintSlow() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position >= limit) {
                break;
            }
            byte part = memory.get(Bytes.BYTE, position++);
            value |= (part & 0x7FL) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new MalformedRecordException("number without end");
    }
}
