package io.nexuslite.wasp.tree;

import static io.nexuslite.format.PointerLayout.BIRTH_MANIFEST_OFFSET;
import static io.nexuslite.format.PointerLayout.CHECKSUM_OFFSET;
import static io.nexuslite.format.PointerLayout.CODEC_NONE;
import static io.nexuslite.format.PointerLayout.CODEC_SHIFT;
import static io.nexuslite.format.PointerLayout.KIND_SHIFT;
import static io.nexuslite.format.PointerLayout.PAGE_AND_KIND_OFFSET;
import static io.nexuslite.format.PointerLayout.PAGE_NUMBER_MASK;

import java.lang.foreign.MemorySegment;

/** Names a page or a value extent on disk, with its checksum. A reusable carrier; one thread at a time. */
public final class PagePointer {
    long pageAndKind;
    long birthManifest;
    long checksumAndLength; // as the two fields lie in memory: checksum low, length high

    /** Points to nothing until it is set. */
    public PagePointer() {
    }

    /** A copy of another. */
    public PagePointer(PagePointer other) {
        set(other);
    }

    /** Becomes equal to another; returns this. */
    public PagePointer set(PagePointer other) {
        pageAndKind = other.pageAndKind;
        birthManifest = other.birthManifest;
        checksumAndLength = other.checksumAndLength;
        return this;
    }

    /**
     * Names a page or extent; returns this.
     *
     * @param kind one of the kinds of {@link io.nexuslite.format.PageLayout}
     * @param pageNumber first page, at least 1
     * @param length bytes, at least 1
     */
    public PagePointer set(byte kind, long pageNumber, long birthManifest, int checksum, int length) {
        assert pageNumber > 0 && pageNumber <= PAGE_NUMBER_MASK : pageNumber;
        this.pageAndKind = (long) kind << KIND_SHIFT | (long) CODEC_NONE << CODEC_SHIFT | pageNumber;
        this.birthManifest = birthManifest;
        this.checksumAndLength = (long) length << Integer.SIZE | checksum & 0xFFFF_FFFFL;
        return this;
    }

    PagePointer set(long pageAndKind, long birthManifest, long checksumAndLength) {
        this.pageAndKind = pageAndKind;
        this.birthManifest = birthManifest;
        this.checksumAndLength = checksumAndLength;
        return this;
    }

    /** Points to nothing; returns this. */
    public PagePointer setNone() {
        return set(0, 0, 0);
    }

    /** Becomes the pointer stored at {@code offset}, whatever its bytes say; returns this. */
    public PagePointer load(MemorySegment memory, long offset) {
        pageAndKind = memory.get(Bytes.LONG, offset + PAGE_AND_KIND_OFFSET);
        birthManifest = memory.get(Bytes.LONG, offset + BIRTH_MANIFEST_OFFSET);
        checksumAndLength = memory.get(Bytes.LONG, offset + CHECKSUM_OFFSET);
        return this;
    }

    /** Stores itself, {@link io.nexuslite.format.PointerLayout#POINTER_SIZE} bytes. */
    public void store(MemorySegment memory, long offset) {
        memory.set(Bytes.LONG, offset + PAGE_AND_KIND_OFFSET, pageAndKind);
        memory.set(Bytes.LONG, offset + BIRTH_MANIFEST_OFFSET, birthManifest);
        memory.set(Bytes.LONG, offset + CHECKSUM_OFFSET, checksumAndLength);
    }

    public boolean isNone() {
        return pageAndKind == 0;
    }

    /** Page × page size is the position in the file. */
    public long pageNumber() {
        return pageAndKind & PAGE_NUMBER_MASK;
    }

    public byte codec() {
        return (byte) (pageAndKind >>> CODEC_SHIFT);
    }

    public byte kind() {
        return (byte) (pageAndKind >>> KIND_SHIFT);
    }

    public long birthManifest() {
        return birthManifest;
    }

    public int checksum() {
        return (int) checksumAndLength;
    }

    /** Bytes of the target. */
    public int length() {
        return (int) (checksumAndLength >>> Integer.SIZE);
    }

    /** Whether both name the same target with the same content. */
    public boolean isSame(PagePointer other) {
        return pageAndKind == other.pageAndKind && birthManifest == other.birthManifest
                && checksumAndLength == other.checksumAndLength;
    }

    @Override
    public String toString() {
        return isNone() ? "none" : "page " + pageNumber() + " (kind " + kind() + ", birth " + birthManifest + ")";
    }
}
