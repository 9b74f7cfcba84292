package io.nexuslite.check;

import static io.nexuslite.format.ManifestLayout.ANCHOR_CHECKSUM_OFFSET;
import static io.nexuslite.format.ManifestLayout.ANCHOR_END_OFFSET;
import static io.nexuslite.format.ManifestLayout.ANCHOR_POSITION_OFFSET;
import static io.nexuslite.format.ManifestLayout.CATALOG_POINTER_OFFSET;
import static io.nexuslite.format.ManifestLayout.CATALOG_RECORDS_OFFSET;
import static io.nexuslite.format.ManifestLayout.CHECKPOINT_CSN_OFFSET;
import static io.nexuslite.format.ManifestLayout.FILE_PAGES_OFFSET;
import static io.nexuslite.format.ManifestLayout.FREE_MAP_POINTER_OFFSET;
import static io.nexuslite.format.ManifestLayout.FREE_PAGES_OFFSET;
import static io.nexuslite.format.ManifestLayout.INCARNATION_OFFSET;
import static io.nexuslite.format.ManifestLayout.LOG_GENERATION_OFFSET;
import static io.nexuslite.format.ManifestLayout.MANIFEST_NUMBER_OFFSET;
import static io.nexuslite.format.ManifestLayout.NEXT_TREE_ID_OFFSET;
import static io.nexuslite.format.ManifestLayout.PENDING_PAGES_OFFSET;
import static io.nexuslite.format.ManifestLayout.RESERVE_PAGES_OFFSET;
import static io.nexuslite.format.ManifestLayout.RESERVE_PAGE_OFFSET;
import static io.nexuslite.format.ManifestLayout.STATE_OFFSET;
import static io.nexuslite.format.ManifestLayout.TREE_TABLE_POINTER_OFFSET;

import io.nexuslite.format.FileLayout;
import io.nexuslite.format.ManifestLayout;
import io.nexuslite.format.Pointer;
import io.nexuslite.format.TreeTableLayout;
import java.lang.foreign.MemorySegment;

/** A manifest slot as numbers; the fields are told in docs/file-format.md, "Manifest". */
record Manifest(long number, byte state, long incarnation, long checkpointCsn, long logGeneration, long anchorPosition,
        long anchorEnd, int anchorChecksum, int nextTreeId, long filePages, long reservePage, long reservePages,
        long freePages, long pendingPages, Pointer treeTable, Pointer catalog, Pointer freeMap, long catalogRecords) {

    static Manifest read(MemorySegment memory, long slot) {
        return new Manifest(Bytes.longAt(memory, slot + MANIFEST_NUMBER_OFFSET),
                (byte) Bytes.unsignedByte(memory, slot + STATE_OFFSET),
                Bytes.longAt(memory, slot + INCARNATION_OFFSET), Bytes.longAt(memory, slot + CHECKPOINT_CSN_OFFSET),
                Bytes.longAt(memory, slot + LOG_GENERATION_OFFSET),
                Bytes.longAt(memory, slot + ANCHOR_POSITION_OFFSET), Bytes.longAt(memory, slot + ANCHOR_END_OFFSET),
                Bytes.intAt(memory, slot + ANCHOR_CHECKSUM_OFFSET), Bytes.intAt(memory, slot + NEXT_TREE_ID_OFFSET),
                Bytes.longAt(memory, slot + FILE_PAGES_OFFSET), Bytes.longAt(memory, slot + RESERVE_PAGE_OFFSET),
                Bytes.longAt(memory, slot + RESERVE_PAGES_OFFSET), Bytes.longAt(memory, slot + FREE_PAGES_OFFSET),
                Bytes.longAt(memory, slot + PENDING_PAGES_OFFSET),
                Pointer.read(memory, slot + TREE_TABLE_POINTER_OFFSET),
                Pointer.read(memory, slot + CATALOG_POINTER_OFFSET),
                Pointer.read(memory, slot + FREE_MAP_POINTER_OFFSET),
                Bytes.longAt(memory, slot + CATALOG_RECORDS_OFFSET));
    }

    boolean isClean() {
        return state == ManifestLayout.STATE_CLEAN;
    }

    long position() {
        return FileLayout.manifestPosition(number);
    }

    /** Whether both name the same roots, and so the same content. */
    boolean sameRoots(Manifest other) {
        return checkpointCsn == other.checkpointCsn && nextTreeId == other.nextTreeId && filePages == other.filePages
                && reservePage == other.reservePage && reservePages == other.reservePages
                && freePages == other.freePages && pendingPages == other.pendingPages
                && treeTable.equals(other.treeTable) && catalog.equals(other.catalog) && freeMap.equals(other.freeMap)
                && catalogRecords == other.catalogRecords;
    }

    /** Whether a collection's or an index's tree can have that id. */
    boolean mayHaveGiven(int treeId) {
        return treeId >= TreeTableLayout.FIRST_USER_TREE_ID && treeId < nextTreeId;
    }

    String object() {
        return "manifest " + number;
    }
}
