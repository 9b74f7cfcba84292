package io.nexuslite.wasp.space;

import static io.nexuslite.wasp.space.Blocks.INT;
import static io.nexuslite.wasp.space.Blocks.LONG;

import io.nexuslite.format.FileLayout;
import io.nexuslite.format.ManifestLayout;
import io.nexuslite.format.Pointer;
import io.nexuslite.wasp.log.Anchor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.UUID;

/**
 * The one root of a database, as one slot holds it. The fields are those of {@link ManifestLayout}.
 *
 * @param clean true if the file alone is the whole database
 * @param log where replay of the log starts; without meaning if clean
 */
public record Manifest(long number, boolean clean, long incarnation, long checkpointCsn, Anchor log, int nextTreeId,
        long clockFloorMillis, long filePages, long reservePage, long reservePages, long freePages, long pendingPages,
        Pointer treeTable, Pointer catalog, Pointer freeMap, long catalogRecords) {

    private static final Anchor NO_LOG = new Anchor(0, 0, 0, 0);

    /** The manifest of an empty, closed database. */
    static Manifest initial(long number, int firstTreeId, long nowMillis, int pageSize) {
        return new Manifest(number, true, 0, 0, NO_LOG, firstTreeId, nowMillis,
                FileLayout.PAGES_POSITION / pageSize, 0, 0,
                0, 0, Pointer.NONE, Pointer.NONE, Pointer.NONE, 0);
    }

    /** The same roots and accounting under the next number, CLEAN or LOG. */
    public Manifest next(boolean nextClean) {
        return new Manifest(number + 1, nextClean, incarnation, checkpointCsn, log, nextTreeId, clockFloorMillis,
                filePages,
                reservePage, reservePages, freePages, pendingPages, treeTable, catalog, freeMap, catalogRecords);
    }

    /** The same for a new incarnation, whose log is anchored there. */
    public Manifest withIncarnation(long newIncarnation, Anchor newLog, long newReservePage, long newReservePages,
            long newFilePages) {
        return new Manifest(number, clean, newIncarnation, checkpointCsn, newLog, nextTreeId, clockFloorMillis,
                newFilePages,
                newReservePage, newReservePages, freePages, pendingPages, treeTable, catalog, freeMap, catalogRecords);
    }

    void encode(MemorySegment slot, UUID uuid) {
        slot.set(LONG, ManifestLayout.MAGIC_OFFSET, ManifestLayout.MAGIC);
        slot.set(INT, ManifestLayout.FORMAT_VERSION_OFFSET, FileLayout.FORMAT_VERSION);
        slot.set(ValueLayout.JAVA_BYTE, ManifestLayout.STATE_OFFSET,
                clean ? ManifestLayout.STATE_CLEAN : ManifestLayout.STATE_LOG);
        slot.set(LONG, ManifestLayout.UUID_HIGH_OFFSET, uuid.getMostSignificantBits());
        slot.set(LONG, ManifestLayout.UUID_LOW_OFFSET, uuid.getLeastSignificantBits());
        slot.set(LONG, ManifestLayout.MANIFEST_NUMBER_OFFSET, number);
        slot.set(LONG, ManifestLayout.INCARNATION_OFFSET, incarnation);
        slot.set(LONG, ManifestLayout.CHECKPOINT_CSN_OFFSET, checkpointCsn);
        slot.set(LONG, ManifestLayout.LOG_GENERATION_OFFSET, log.generation());
        slot.set(LONG, ManifestLayout.ANCHOR_POSITION_OFFSET, log.position());
        slot.set(LONG, ManifestLayout.ANCHOR_END_OFFSET, log.end());
        slot.set(INT, ManifestLayout.ANCHOR_CHECKSUM_OFFSET, log.checksum());
        slot.set(INT, ManifestLayout.NEXT_TREE_ID_OFFSET, nextTreeId);
        slot.set(LONG, ManifestLayout.CLOCK_FLOOR_MILLIS_OFFSET, clockFloorMillis);
        slot.set(LONG, ManifestLayout.FILE_PAGES_OFFSET, filePages);
        slot.set(LONG, ManifestLayout.RESERVE_PAGE_OFFSET, reservePage);
        slot.set(LONG, ManifestLayout.RESERVE_PAGES_OFFSET, reservePages);
        slot.set(LONG, ManifestLayout.FREE_PAGES_OFFSET, freePages);
        slot.set(LONG, ManifestLayout.PENDING_PAGES_OFFSET, pendingPages);
        treeTable.write(slot, ManifestLayout.TREE_TABLE_POINTER_OFFSET);
        catalog.write(slot, ManifestLayout.CATALOG_POINTER_OFFSET);
        freeMap.write(slot, ManifestLayout.FREE_MAP_POINTER_OFFSET);
        slot.set(LONG, ManifestLayout.CATALOG_RECORDS_OFFSET, catalogRecords);
    }

    /** The manifest in a slot whose checksum is right; {@code null} if it is not one of this database. */
    static Manifest decode(MemorySegment slot, UUID uuid) {
        byte state = slot.get(ValueLayout.JAVA_BYTE, ManifestLayout.STATE_OFFSET);
        if (slot.get(LONG, ManifestLayout.MAGIC_OFFSET) != ManifestLayout.MAGIC
                || slot.get(INT, ManifestLayout.FORMAT_VERSION_OFFSET) != FileLayout.FORMAT_VERSION
                || slot.get(LONG, ManifestLayout.UUID_HIGH_OFFSET) != uuid.getMostSignificantBits()
                || slot.get(LONG, ManifestLayout.UUID_LOW_OFFSET) != uuid.getLeastSignificantBits()
                || state != ManifestLayout.STATE_CLEAN && state != ManifestLayout.STATE_LOG) {
            return null;
        }
        Anchor log = new Anchor(slot.get(LONG, ManifestLayout.LOG_GENERATION_OFFSET),
                slot.get(LONG, ManifestLayout.ANCHOR_POSITION_OFFSET), slot.get(LONG, ManifestLayout.ANCHOR_END_OFFSET),
                slot.get(INT, ManifestLayout.ANCHOR_CHECKSUM_OFFSET));
        return new Manifest(slot.get(LONG, ManifestLayout.MANIFEST_NUMBER_OFFSET), state == ManifestLayout.STATE_CLEAN,
                slot.get(LONG, ManifestLayout.INCARNATION_OFFSET), slot.get(LONG, ManifestLayout.CHECKPOINT_CSN_OFFSET),
                log,
                slot.get(INT, ManifestLayout.NEXT_TREE_ID_OFFSET),
                slot.get(LONG, ManifestLayout.CLOCK_FLOOR_MILLIS_OFFSET),
                slot.get(LONG, ManifestLayout.FILE_PAGES_OFFSET), slot.get(LONG, ManifestLayout.RESERVE_PAGE_OFFSET),
                slot.get(LONG, ManifestLayout.RESERVE_PAGES_OFFSET), slot.get(LONG, ManifestLayout.FREE_PAGES_OFFSET),
                slot.get(LONG, ManifestLayout.PENDING_PAGES_OFFSET),
                Pointer.read(slot, ManifestLayout.TREE_TABLE_POINTER_OFFSET),
                Pointer.read(slot, ManifestLayout.CATALOG_POINTER_OFFSET),
                Pointer.read(slot, ManifestLayout.FREE_MAP_POINTER_OFFSET),
                slot.get(LONG, ManifestLayout.CATALOG_RECORDS_OFFSET));
    }
}
