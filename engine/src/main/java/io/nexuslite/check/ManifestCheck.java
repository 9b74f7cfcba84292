package io.nexuslite.check;

import static io.nexuslite.format.ManifestLayout.CHECKSUM_OFFSET;
import static io.nexuslite.format.ManifestLayout.CLOCK_FLOOR_MILLIS_OFFSET;
import static io.nexuslite.format.ManifestLayout.FORMAT_VERSION_OFFSET;
import static io.nexuslite.format.ManifestLayout.MAGIC_OFFSET;
import static io.nexuslite.format.ManifestLayout.MANIFEST_NUMBER_OFFSET;
import static io.nexuslite.format.ManifestLayout.RESERVED_OFFSET;
import static io.nexuslite.format.ManifestLayout.RESERVED_SIZE;
import static io.nexuslite.format.ManifestLayout.RESERVED_STATE_OFFSET;
import static io.nexuslite.format.ManifestLayout.RESERVED_STATE_SIZE;
import static io.nexuslite.format.ManifestLayout.SECURITY_POINTER_OFFSET;
import static io.nexuslite.format.ManifestLayout.SECURITY_POINTER_SIZE;
import static io.nexuslite.format.ManifestLayout.STATE_OFFSET;
import static io.nexuslite.format.ManifestLayout.UUID_HIGH_OFFSET;
import static io.nexuslite.format.ManifestLayout.UUID_LOW_OFFSET;

import io.nexuslite.format.Crc32c;
import io.nexuslite.format.FileLayout;
import io.nexuslite.format.ManifestLayout;
import io.nexuslite.format.TreeTableLayout;
import java.lang.foreign.MemorySegment;

/**
 * Reads the manifest slots, finds the one that counts and judges the others by the state the database is in: a slot that was being
 * written in a crash is torn and nobody's fault; in a closed database both CLEAN slots must be whole. Borrows the memory it was given. One thread.
 */
final class ManifestCheck {
    private final CheckedFile file;
    private final IdentityCheck.Facts identity;
    private final MemorySegment memory;
    private final Crc32c crc = new Crc32c();
    private final Manifest[] slots = new Manifest[FileLayout.MANIFEST_SLOTS];
    /** Why a slot that is not zero cannot be used. */
    private final String[] unusable = new String[FileLayout.MANIFEST_SLOTS];
    private Manifest newest;

    /** @param memory at least one slot */
    ManifestCheck(CheckedFile file, IdentityCheck.Facts identity, MemorySegment memory) {
        this.file = file;
        this.identity = identity;
        this.memory = memory;
    }

    /** Whether a block starts as a manifest does. */
    static boolean hasMagic(MemorySegment block) {
        return Bytes.longAt(block, MAGIC_OFFSET) == ManifestLayout.MAGIC;
    }

    /** The manifest that counts, or {@code null} if no slot is readable. */
    Manifest check(boolean logPresent) {
        for (int slot = 0; slot < slots.length; slot++) {
            readSlot(slot);
            if (slots[slot] != null && (newest == null || slots[slot].number() > newest.number())) {
                newest = slots[slot];
            }
        }
        if (newest == null) {
            for (int slot = 0; slot < slots.length; slot++) {
                if (unusable[slot] != null) {
                    file.damage(position(slot), object(slot), unusable[slot]);
                }
            }
            file.damage(FileLayout.MANIFEST_POSITION, "manifest", "expected a readable slot, found none");
            return null;
        }
        boolean closed = newest.isClean() && !logPresent;
        judgeUnusable(closed);
        if (closed) {
            checkSecondClean();
        } else if (!newest.isClean() && !logPresent) {
            file.damage(newest.position(), newest.object(),
                    "expected the log beside the database, since the manifest says that it holds more; found none");
        }
        checkNewest();
        return newest;
    }

    private void readSlot(int slot) {
        unusable[slot] = file.readOrWhy(position(slot), memory, 0, FileLayout.BLOCK_SIZE);
        if (unusable[slot] != null) {
            return;
        }
        if (Bytes.firstNonZero(memory, 0, FileLayout.BLOCK_SIZE) < 0) {
            return; // never written
        }
        unusable[slot] = whyUnusable(slot);
        if (unusable[slot] == null) {
            slots[slot] = Manifest.read(memory, 0);
        }
    }

    private String whyUnusable(int slot) {
        int expected = Bytes.intAt(memory, CHECKSUM_OFFSET);
        int found = crc.of(memory, 0, CHECKSUM_OFFSET);
        if (expected != found) {
            return "expected checksum " + Bytes.hex(expected) + ", bytes give " + Bytes.hex(found);
        }
        if (Bytes.longAt(memory, MAGIC_OFFSET) != ManifestLayout.MAGIC) {
            return "expected the magic of a manifest, found another one";
        }
        if (Bytes.intAt(memory, FORMAT_VERSION_OFFSET) != FileLayout.FORMAT_VERSION) {
            return "expected format version " + FileLayout.FORMAT_VERSION + ", found "
                    + Bytes.intAt(memory, FORMAT_VERSION_OFFSET);
        }
        if (Bytes.longAt(memory, UUID_HIGH_OFFSET) != identity.uuidHigh()
                || Bytes.longAt(memory, UUID_LOW_OFFSET) != identity.uuidLow()) {
            return "expected this database's UUID, found another one";
        }
        long number = Bytes.longAt(memory, MANIFEST_NUMBER_OFFSET);
        if (number < 1 || number % FileLayout.MANIFEST_SLOTS != slot) {
            return "expected a manifest number of this slot, found " + number;
        }
        int state = Bytes.unsignedByte(memory, STATE_OFFSET);
        if (state != ManifestLayout.STATE_CLEAN && state != ManifestLayout.STATE_LOG) {
            return "expected state 1 or 2, found " + state;
        }
        if (Bytes.firstNonZero(memory, RESERVED_STATE_OFFSET, RESERVED_STATE_SIZE) >= 0
                || Bytes.firstNonZero(memory, RESERVED_OFFSET, RESERVED_SIZE) >= 0
                || Bytes.firstNonZero(memory, SECURITY_POINTER_OFFSET, SECURITY_POINTER_SIZE) >= 0) {
            return "expected reserved bytes of zero, found others";
        }
        if (Bytes.longAt(memory, CLOCK_FLOOR_MILLIS_OFFSET) < 0) {
            return "expected a clock from 1970 on, found " + Bytes.longAt(memory, CLOCK_FLOOR_MILLIS_OFFSET);
        }
        return null;
    }

    /**
     * A slot that cannot be read held a manifest older than the newest, or the next one, whose write a crash or a failed flush may have cut. It is
     * damage only if the database is closed and has not both of its CLEAN slots: then the lost one was one of these.
     */
    private void judgeUnusable(boolean closed) {
        int next = slotOf(newest.number() + 1);
        for (int slot = 0; slot < slots.length; slot++) {
            if (unusable[slot] == null || closed && slot == slotOf(newest.number() - 1)) {
                continue; // the second CLEAN slot has a check of its own
            }
            if (slot != next) {
                file.information(position(slot), object(slot), unusable[slot] + "; not in use, since manifest "
                        + newest.number() + " is newer");
            } else if (!closed) {
                file.information(position(slot), object(slot), unusable[slot] + "; written in a crash, or damaged");
            } else if (wrongSecondClean() == null) {
                file.warning(position(slot), object(slot), unusable[slot] + "; written in a crash, or damaged: it may "
                        + "have been newer than manifest " + newest.number() + ", whose two slots are whole");
            } else {
                file.damage(position(slot), object(slot), unusable[slot]
                        + "; it may have been newer than manifest " + newest.number());
            }
        }
    }

    private void checkSecondClean() {
        String wrong = wrongSecondClean();
        if (wrong != null) {
            int slot = slotOf(newest.number() - 1);
            file.damage(position(slot), object(slot), wrong);
        }
    }

    /** What is wrong with the other CLEAN slot of a closed database; {@code null} if it says the same as the newest. */
    private String wrongSecondClean() {
        long number = newest.number() - 1;
        int slot = slotOf(number);
        Manifest second = slots[slot];
        if (second == null) {
            return unusable[slot] == null
                    ? "expected the second CLEAN manifest of a closed database, found zeros"
                    : unusable[slot];
        }
        if (second.number() != number || !second.isClean()) {
            return "expected manifest " + number + " in state CLEAN, found manifest " + second.number() + " in state "
                    + (second.isClean() ? "CLEAN" : "LOG");
        }
        return second.sameRoots(newest) ? null : "expected the roots of manifest " + newest.number() + ", found others";
    }

    private void checkNewest() {
        Manifest manifest = newest;
        long firstPage = FileLayout.PAGES_POSITION / identity.pageSize();
        expect(manifest.incarnation() >= 0 && manifest.checkpointCsn() >= 0,
                "expected counts from 0 on, found incarnation " + manifest.incarnation() + " and commit "
                        + manifest.checkpointCsn());
        expect(Integer.compareUnsigned(manifest.nextTreeId(), TreeTableLayout.FIRST_USER_TREE_ID) >= 0
                && manifest.nextTreeId() > 0,
                "expected a next tree id of at least " + TreeTableLayout.FIRST_USER_TREE_ID + ", found "
                        + manifest.nextTreeId());
        expect(manifest.filePages() >= firstPage && manifest.filePages() <= file.size() / identity.pageSize(),
                "expected " + firstPage + " to " + file.size() / identity.pageSize() + " pages in the file, found "
                        + manifest.filePages());
        boolean noReserve = manifest.reservePage() == 0 && manifest.reservePages() == 0;
        expect(noReserve || manifest.reservePage() >= firstPage && manifest.reservePages() > 0
                && manifest.reservePages() <= manifest.filePages() - manifest.reservePage(),
                "expected a reserve within the file, found " + manifest.reservePages() + " pages from page "
                        + manifest.reservePage());
        expect(manifest.catalogRecords() >= 0 && manifest.freePages() >= 0 && manifest.pendingPages() >= 0,
                "expected counts from 0 on, found others");
        if (!manifest.isClean()) {
            expect(manifest.anchorPosition() >= 0 && manifest.anchorEnd() > manifest.anchorPosition(),
                    "expected an anchor of some length, found " + manifest.anchorPosition() + " to "
                            + manifest.anchorEnd());
        }
    }

    private void expect(boolean holds, String what) {
        if (!holds) {
            file.damage(newest.position(), newest.object(), what);
        }
    }

    private static int slotOf(long number) {
        return (int) Math.floorMod(number, (long) FileLayout.MANIFEST_SLOTS);
    }

    private static long position(int slot) {
        return FileLayout.MANIFEST_POSITION + slot * FileLayout.MANIFEST_STRIDE;
    }

    private static String object(int slot) {
        return "manifest slot " + slot;
    }
}
