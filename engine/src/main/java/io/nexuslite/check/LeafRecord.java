package io.nexuslite.check;

import static io.nexuslite.format.RecordLayout.EXTENTS_MAX;
import static io.nexuslite.format.RecordLayout.FLAGS_KNOWN;
import static io.nexuslite.format.RecordLayout.FLAG_EXPIRY;
import static io.nexuslite.format.RecordLayout.FLAG_EXTENTS;
import static io.nexuslite.format.RecordLayout.FLAG_TAGS;
import static io.nexuslite.format.RecordLayout.FLAG_TOMBSTONE;

import io.nexuslite.bson.BsonType;
import io.nexuslite.format.PointerLayout;
import java.lang.foreign.MemorySegment;

/** One record, parsed in place. A carrier to be reused; borrows the memory; one thread. */
final class LeafRecord {
    private static final String UNKNOWN_FLAGS = "expected known flags, found ";

    MemorySegment memory;
    long pageNumber;
    int slotIndex;
    int treeId;
    int flags;
    /** Differences to the page's bases, as stored. */
    long csnDelta;
    long updatedDelta;
    long csn;
    long updatedMillis;
    long expiryMillis;
    /** The whole key; set by the leaf's check, in a memory of its own. */
    MemorySegment keyMemory;
    long keyOffset;
    int keyLength;
    /** Keyed leaf: the key's bytes behind the prefix. */
    long suffixOffset;
    int suffixLength;
    /** The value, or what stands for it in the page: a document with {@code _id} alone. */
    long valueOffset;
    int valueLength;
    /** With extents: bytes of the value, and where the pointers stand. */
    long extentsTotal;
    int extentCount;
    long extentsOffset;
    /** Offset behind the record. */
    long end;

    private final Varint varint = new Varint();

    String object() {
        return "record " + slotIndex + " of " + TreePages.object(pageNumber, treeId);
    }

    boolean hasExpiry() {
        return (flags & FLAG_EXPIRY) != 0;
    }

    boolean hasExtents() {
        return (flags & FLAG_EXTENTS) != 0;
    }

    boolean isTombstone() {
        return (flags & FLAG_TOMBSTONE) != 0;
    }

    /**
     * Parses the record at {@code offset}, which ends before {@code limit}.
     *
     * @return what is wrong with it, or {@code null}
     */
    String parse(MemorySegment memory, long offset, long limit, boolean document, long csnBase, long timeBase) {
        this.memory = memory;
        flags = Bytes.unsignedByte(memory, offset);
        if ((flags & ~FLAGS_KNOWN) != 0) {
            return UNKNOWN_FLAGS + flags;
        }
        if (!varint.read(memory, offset + 1, limit)) {
            return "expected the difference of its commit, found no number";
        }
        csnDelta = varint.value;
        csn = csnBase + csnDelta;
        if (csnDelta < 0 || csn < csnBase) {
            return "expected a commit number that can be, found more";
        }
        return document ? parseDocument(varint.next, limit, timeBase) : parseKeyed(varint.next, limit);
    }

    /** As {@link #parse}, for a record in a log frame: without a commit, since the frame has it, and with absolute times. */
    String parseLogged(MemorySegment memory, long offset, long limit, boolean document) {
        this.memory = memory;
        flags = Bytes.unsignedByte(memory, offset);
        if ((flags & ~FLAGS_KNOWN) != 0) {
            return UNKNOWN_FLAGS + flags;
        }
        return document ? parseDocument(offset + 1, limit, 0) : parseKeyed(offset + 1, limit);
    }

    private String parseKeyed(long offset, long limit) {
        if ((flags & ~FLAG_TOMBSTONE) != 0) {
            return "expected no flags of documents in a keyed leaf, found " + flags;
        }
        if (!length(offset, limit)) {
            return "expected a key that fits the page, found another length";
        }
        suffixOffset = varint.next;
        suffixLength = (int) varint.value;
        if (!length(suffixOffset + suffixLength, limit)) {
            return "expected a value that fits the page, found another length";
        }
        valueOffset = varint.next;
        valueLength = (int) varint.value;
        end = valueOffset + valueLength;
        return null;
    }

    private String parseDocument(long offset, long limit, long timeBase) {
        if (!varint.read(memory, offset, limit)) {
            return "expected the difference of its time of update, found no number";
        }
        updatedDelta = varint.value;
        updatedMillis = timeBase + updatedDelta;
        if (updatedDelta < 0 || updatedMillis < timeBase) {
            return "expected a time of update that can be, found another";
        }
        if (!varint.read(memory, varint.next, limit)) {
            return "expected its time of creation, found no number";
        }
        if (varint.value != 0 && subtractOverflows(updatedMillis, varint.signed())) {
            return "expected a time of creation that can be, found another";
        }
        if (!varint.read(memory, varint.next, limit) || varint.value < 0 || varint.value == Long.MAX_VALUE) {
            return "expected its version, found no number";
        }
        if (hasExpiry()) {
            if (!varint.read(memory, varint.next, limit)) {
                return "expected its expiry, found no number";
            }
            expiryMillis = timeBase + varint.signed();
            if (((timeBase ^ expiryMillis) & (varint.signed() ^ expiryMillis)) < 0) {
                return "expected an expiry that can be, found another";
            }
        }
        long next = varint.next;
        if ((flags & FLAG_TAGS) != 0) {
            if (!length(next, limit) || varint.value == 0) {
                return "expected tags that fit the page, found another length";
            }
            next = varint.next + varint.value;
            String wrong = Tags.wrong(memory, varint.next, next);
            if (wrong != null) {
                return wrong;
            }
        }
        if (hasExtents()) {
            String wrong = parseExtents(next, limit);
            if (wrong != null) {
                return wrong;
            }
            next = extentsOffset + (long) extentCount * PointerLayout.POINTER_SIZE;
        }
        return parseBody(next, limit);
    }

    private String parseExtents(long offset, long limit) {
        if (!varint.read(memory, offset, limit) || varint.value < BsonType.DOCUMENT_SIZE_MIN
                || varint.value > BsonType.DOCUMENT_SIZE_MAX) {
            return "expected the length of a document, found another";
        }
        extentsTotal = varint.value;
        if (!varint.read(memory, varint.next, limit) || varint.value < 1 || varint.value > EXTENTS_MAX) {
            return "expected 1 to " + EXTENTS_MAX + " extents, found another count";
        }
        extentCount = (int) varint.value;
        extentsOffset = varint.next;
        return (long) extentCount * PointerLayout.POINTER_SIZE > limit - extentsOffset
                ? "expected pointers that fit the page, found " + extentCount
                : null;
    }

    private String parseBody(long offset, long limit) {
        long length = limit - offset < Integer.BYTES ? -1 : Bytes.intAt(memory, offset);
        if (length < BsonType.DOCUMENT_SIZE_MIN || length > limit - offset) {
            return "expected a document that fits the page, found length " + length;
        }
        valueOffset = offset;
        valueLength = (int) length;
        end = offset + length;
        return null;
    }

    private boolean length(long offset, long limit) {
        return varint.read(memory, offset, limit) && varint.value >= 0 && varint.value <= limit - varint.next;
    }

    private static boolean subtractOverflows(long a, long b) {
        long difference = a - b;
        return ((a ^ b) & (a ^ difference)) < 0;
    }
}
