package io.nexuslite.check;

import static io.nexuslite.error.KeyTooLongException.KEY_LENGTH_MAX;
import static io.nexuslite.format.PageLayout.CSN_BASE_OFFSET;
import static io.nexuslite.format.PageLayout.HEADER_SIZE;
import static io.nexuslite.format.PageLayout.HEAP_START_OFFSET;
import static io.nexuslite.format.PageLayout.KEY_HEAD_SIZE;
import static io.nexuslite.format.PageLayout.PREFIX_LENGTH_OFFSET;
import static io.nexuslite.format.PageLayout.RESERVED_OFFSET;
import static io.nexuslite.format.PageLayout.RESERVED_SIZE;
import static io.nexuslite.format.PageLayout.SLOT_COUNT_OFFSET;
import static io.nexuslite.format.PageLayout.SLOT_SIZE;
import static io.nexuslite.format.PageLayout.TIME_BASE_OFFSET;

import io.nexuslite.format.FileLayout;
import io.nexuslite.memory.NativeBuffer;
import java.lang.foreign.MemorySegment;

/**
 * Checks the structure of leaves whose checksum and identity are right, and hands their records on. A record that is wrong is a
 * finding, and the ones behind it are looked at all the same. To be reused; one thread.
 */
final class LeafPage implements AutoCloseable {
    /** A prefix and the rest of a key, or a key string. */
    private static final int KEY_BYTES_MAX = 2 * FileLayout.PAGE_SIZE_MAX;

    private final CheckScope scope;
    private final DocumentBody body;
    private final HeapPacking packing = new HeapPacking();
    private final LeafRecord leafRecord = new LeafRecord();
    private final NativeBuffer keys = new NativeBuffer(2L * KEY_BYTES_MAX);
    private final MemorySegment keyMemory = keys.memory();

    private MemorySegment page;
    private long pageNumber;
    private int treeId;
    private boolean documents;
    private boolean quiet;
    private long heapStart;
    private int prefixLength;
    private long headsOffset;
    private long slotsOffset;
    private long csnBase;
    private long timeBase;
    private boolean sound;

    LeafPage(CheckScope scope, DocumentBody body) {
        this.scope = scope;
        this.body = body;
    }

    /**
     * Checks a leaf and shows its sound records to {@code visitor}.
     *
     * @param quiet make no findings about the page: it was checked before
     * @param visitor may be {@code null}
     * @return records that the page says it has; 0 if its structure cannot be followed
     */
    int check(MemorySegment page, long pageNumber, int treeId, boolean documents, long birth, Fence low, Fence high,
            boolean quiet, RecordVisitor visitor) {
        this.page = page;
        this.pageNumber = pageNumber;
        this.treeId = treeId;
        this.documents = documents;
        this.quiet = quiet;
        sound = true;
        int count = Bytes.unsignedShort(page, SLOT_COUNT_OFFSET);
        String wrong = wrongHeader(count);
        if (wrong != null) {
            damage(wrong);
            sound = false;
            return 0;
        }
        if (count == 0 && !quiet) {
            scope.file.warning(scope.position(pageNumber), TreePages.object(pageNumber, treeId),
                    "expected at least one record, found none: space that is not given back");
        }
        packing.start();
        long csnDeltaMin = Long.MAX_VALUE;
        long updatedDeltaMin = Long.MAX_VALUE;
        int previousLength = -1;
        int keyAt = 0;
        for (int i = 0; i < count; i++) {
            if (!parse(i, keyAt)) {
                previousLength = -1; // the next key has none to be compared with
                continue;
            }
            csnDeltaMin = Math.min(csnDeltaMin, leafRecord.csnDelta);
            updatedDeltaMin = Math.min(updatedDeltaMin, leafRecord.updatedDelta);
            checkKey(i, keyAt, previousLength, low, high);
            previousLength = leafRecord.keyLength;
            checkValue(birth);
            if (visitor != null) {
                visitor.visit(leafRecord);
            }
            keyAt = KEY_BYTES_MAX - keyAt; // the other half keeps the previous key
        }
        checkWhole(csnDeltaMin, updatedDeltaMin);
        return count;
    }

    /** Whether every record of the last page could be read, so that all that it names is known. */
    boolean isSound() {
        return sound;
    }

    @Override
    public void close() {
        keys.close();
    }

    private String wrongHeader(int count) {
        heapStart = Integer.toUnsignedLong(Bytes.intAt(page, HEAP_START_OFFSET));
        prefixLength = Bytes.unsignedShort(page, PREFIX_LENGTH_OFFSET);
        headsOffset = HEADER_SIZE + (prefixLength + KEY_HEAD_SIZE - 1L) / KEY_HEAD_SIZE * KEY_HEAD_SIZE;
        slotsOffset = headsOffset + (long) count * KEY_HEAD_SIZE;
        long gap = slotsOffset + (long) count * SLOT_SIZE;
        csnBase = Bytes.longAt(page, CSN_BASE_OFFSET);
        timeBase = Bytes.longAt(page, TIME_BASE_OFFSET);
        if (gap > heapStart || heapStart > scope.pageSize) {
            return "expected records between offsets " + gap + " and " + scope.pageSize + ", found heap start "
                    + heapStart;
        }
        if (csnBase < 0 || csnBase > scope.manifest.checkpointCsn()) {
            return "expected a commit up to the checkpoint's, " + scope.manifest.checkpointCsn() + ", found base "
                    + csnBase;
        }
        if (!documents && timeBase != 0) {
            return "expected a time base of 0 in a keyed leaf, found " + timeBase;
        }
        if (Bytes.firstNonZero(page, RESERVED_OFFSET, RESERVED_SIZE) >= 0) {
            return "expected reserved bytes of zero, found others";
        }
        if (Bytes.firstNonZero(page, HEADER_SIZE + prefixLength, headsOffset - HEADER_SIZE - prefixLength) >= 0) {
            return "expected zeros behind the prefix, found others";
        }
        return Bytes.firstNonZero(page, gap, heapStart - gap) >= 0
                ? "expected a gap of zeros, found another byte at offset "
                        + Bytes.firstNonZero(page, gap, heapStart - gap)
                : null;
    }

    /** Parses record {@code index} and makes its key; false, with a finding, if that cannot be. */
    private boolean parse(int index, int keyAt) {
        long offset = Bytes.unsignedShort(page, slotsOffset + (long) index * SLOT_SIZE);
        leafRecord.pageNumber = pageNumber;
        leafRecord.slotIndex = index;
        leafRecord.treeId = treeId;
        leafRecord.updatedDelta = 0;
        String wrong = offset < heapStart || offset >= scope.pageSize
                ? "expected an offset from " + heapStart + " to " + (scope.pageSize - 1) + ", found " + offset
                : leafRecord.parse(page, offset, scope.pageSize, documents, csnBase, timeBase);
        if (wrong == null) {
            packing.add(offset, leafRecord.end);
            wrong = documents ? documentKey(keyAt) : keyedKey(keyAt);
        } else {
            sound = false;
        }
        if (wrong != null) {
            damage(index, wrong);
            sound &= !(documents && leafRecord.hasExtents());
        }
        return wrong == null;
    }

    private String keyedKey(int keyAt) {
        MemorySegment.copy(page, HEADER_SIZE, keyMemory, keyAt, prefixLength);
        MemorySegment.copy(page, leafRecord.suffixOffset, keyMemory, keyAt + prefixLength, leafRecord.suffixLength);
        setKey(keyAt, prefixLength + leafRecord.suffixLength);
        return leafRecord.keyLength > KEY_LENGTH_MAX
                ? "expected a key of at most " + KEY_LENGTH_MAX + " bytes, found " + leafRecord.keyLength
                : null;
    }

    private String documentKey(int keyAt) {
        String wrong = body.check(page, leafRecord.valueOffset, leafRecord.valueLength, leafRecord.hasExtents(),
                keyMemory,
                keyAt);
        if (wrong != null) {
            return wrong;
        }
        setKey(keyAt, body.keyLength());
        boolean prefixed = leafRecord.keyLength >= prefixLength
                && MemorySegment.mismatch(page, HEADER_SIZE, HEADER_SIZE + (long) prefixLength, keyMemory, keyAt,
                        (long) keyAt + prefixLength) < 0;
        return prefixed ? null : "expected a key that starts with the page's prefix, found another";
    }

    private void setKey(int keyAt, int length) {
        leafRecord.keyMemory = keyMemory;
        leafRecord.keyOffset = keyAt;
        leafRecord.keyLength = length;
    }

    private void checkKey(int index, int keyAt, int previousLength, Fence low, Fence high) {
        int length = leafRecord.keyLength;
        int head = 0;
        for (int i = prefixLength; i < prefixLength + KEY_HEAD_SIZE; i++) {
            head = head << Byte.SIZE | (i < length ? Bytes.unsignedByte(keyMemory, keyAt + (long) i) : 0);
        }
        int stored = Bytes.bigEndianInt(page, headsOffset + (long) index * KEY_HEAD_SIZE);
        if (stored != head) {
            damage(index, "expected head " + Bytes.hex(head) + ", found " + Bytes.hex(stored));
        }
        if (previousLength >= 0
                && Bytes.compare(keyMemory, KEY_BYTES_MAX - keyAt, previousLength, keyMemory, keyAt, length) >= 0) {
            damage(index, "expected keys that ascend, found that this one does not");
        }
        if (low.isSet() && low.compareKey(keyMemory, keyAt, length) < 0
                || high.isSet() && high.compareKey(keyMemory, keyAt, length) >= 0) {
            damage(index, "expected a key within the bounds its parents give, found it outside");
        }
    }

    private void checkValue(long birth) {
        if (leafRecord.csn > scope.manifest.checkpointCsn()) {
            damage(leafRecord.slotIndex, "expected a commit up to the checkpoint's, " + scope.manifest.checkpointCsn()
                    + ", found " + leafRecord.csn);
        }
        if (leafRecord.isTombstone()) {
            damage(leafRecord.slotIndex, "expected no tombstones in a tree without segments, found one");
        }
        if (documents) {
            if (leafRecord.hasExtents()) {
                body.checkExtents(leafRecord, birth, object(leafRecord.slotIndex), quiet);
            } else if (leafRecord.valueLength > body.inlineMax()) {
                damage(leafRecord.slotIndex, "expected a document of at most " + body.inlineMax()
                        + " bytes outside extents, found " + leafRecord.valueLength);
            }
        }
    }

    private void checkWhole(long csnDeltaMin, long updatedDeltaMin) {
        if (!sound) {
            return; // a record that cannot be parsed is told already
        }
        String wrong = packing.wrong(heapStart, scope.pageSize);
        if (wrong != null) {
            damage(wrong);
        }
        if (csnDeltaMin != 0 && csnDeltaMin != Long.MAX_VALUE) {
            damage("expected the smallest commit of its records as base, found one that is " + csnDeltaMin + " less");
        }
        if (documents && updatedDeltaMin != 0 && updatedDeltaMin != Long.MAX_VALUE) {
            damage("expected the smallest time of update as base, found one that is " + updatedDeltaMin + " ms less");
        }
    }

    private void damage(String what) {
        if (!quiet) {
            scope.file.damage(scope.position(pageNumber), TreePages.object(pageNumber, treeId), what);
        }
    }

    private void damage(int index, String what) {
        if (!quiet) {
            scope.file.damage(scope.position(pageNumber), object(index), what);
        }
    }

    private String object(int index) {
        return "record " + index + " of " + TreePages.object(pageNumber, treeId);
    }
}
