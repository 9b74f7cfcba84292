package io.nexuslite.wasp.tree;

import static io.nexuslite.format.PageLayout.BIRTH_MANIFEST_OFFSET;
import static io.nexuslite.format.PageLayout.KIND_OFFSET;
import static io.nexuslite.format.PageLayout.PAGE_NUMBER_OFFSET;
import static io.nexuslite.format.PageLayout.TREE_ID_OFFSET;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.format.Crc32c;
import io.nexuslite.format.PageLayout;
import java.lang.foreign.MemorySegment;

/** Checks what a {@link PageReader} has read against the pointer it followed. */
public final class PageCheck {
    private PageCheck() {
    }

    /**
     * Refuses a pointer that cannot name a page of a tree, before it is followed.
     *
     * @throws CorruptionException if kind, codec or length are not those of a page
     */
    public static void requirePagePointer(PagePointer pointer, int treeId, int pageSize, String fileName) {
        boolean isPage = pointer.kind() >= PageLayout.KIND_DOCUMENT_LEAF && pointer.kind() <= PageLayout.KIND_INNER;
        if (!isPage || pointer.codec() != 0 || pointer.length() != pageSize || pointer.pageNumber() == 0) {
            throw CorruptionException.of("Pointer names no page: expected a page of " + pageSize
                    + " bytes, found kind " + pointer.kind() + ", codec " + pointer.codec() + ", " + pointer.length()
                    + " bytes", fileName, pointer.pageNumber() * pageSize, object(pointer, treeId));
        }
    }

    /**
     * Refuses a page whose bytes are not those its parent has seen.
     *
     * @throws CorruptionException if the checksum, or the identity that the page repeats, differs
     */
    public static void requirePage(PagePointer pointer, int treeId, MemorySegment memory, long offset, int pageSize,
            Crc32c crc, String fileName) {
        requirePagePointer(pointer, treeId, pageSize, fileName);
        long position = pointer.pageNumber() * pageSize;
        int found = crc.of(memory, offset, pageSize);
        if (found != pointer.checksum()) {
            throw CorruptionException.ofChecksum(fileName, position, object(pointer, treeId), pointer.checksum(),
                    found);
        }
        if (memory.get(Bytes.BYTE, offset + KIND_OFFSET) != pointer.kind()
                || memory.get(Bytes.INT, offset + TREE_ID_OFFSET) != treeId
                || memory.get(Bytes.LONG, offset + PAGE_NUMBER_OFFSET) != pointer.pageNumber()
                || memory.get(Bytes.LONG, offset + BIRTH_MANIFEST_OFFSET) != pointer.birthManifest()) {
            throw CorruptionException.of("Page is another one: expected kind " + pointer.kind() + ", birth "
                    + pointer.birthManifest() + ", found kind " + memory.get(Bytes.BYTE, offset + KIND_OFFSET)
                    + ", page " + memory.get(Bytes.LONG, offset + PAGE_NUMBER_OFFSET) + " of tree "
                    + memory.get(Bytes.INT, offset + TREE_ID_OFFSET) + ", birth "
                    + memory.get(Bytes.LONG, offset + BIRTH_MANIFEST_OFFSET), fileName, position,
                    object(pointer,
                            treeId));
        }
    }

    /**
     * Refuses an extent whose bytes are not those its record has seen.
     *
     * @throws CorruptionException if kind or checksum differ
     */
    public static void requireExtent(PagePointer pointer, MemorySegment memory, long offset, int pageSize, Crc32c crc,
            String fileName) {
        if (pointer.kind() != PageLayout.KIND_VALUE_EXTENT || pointer.codec() != 0 || pointer.pageNumber() == 0) {
            throw CorruptionException.of("Pointer names no value extent: found kind " + pointer.kind() + ", codec "
                    + pointer.codec(), fileName, pointer.pageNumber() * pageSize, "extent");
        }
        int found = crc.of(memory, offset, pointer.length());
        if (found != pointer.checksum()) {
            throw CorruptionException.ofChecksum(fileName, pointer.pageNumber() * pageSize, "extent at page "
                    + pointer.pageNumber(), pointer.checksum(), found);
        }
    }

    static String object(PagePointer pointer, int treeId) {
        return "page " + pointer.pageNumber() + " of tree " + treeId;
    }

    static CorruptionException malformed(String what, PagePointer pointer, int treeId, PageReader pages) {
        return CorruptionException.of(what, pages.fileName(), pointer.pageNumber() * pages.pageSize(), object(pointer,
                treeId));
    }
}
