package io.nexuslite.wasp;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.format.Crc32c;
import io.nexuslite.format.PageLayout;
import io.nexuslite.format.PointerLayout;
import io.nexuslite.wasp.space.PageSpace;
import io.nexuslite.wasp.tree.PagePointer;
import java.lang.foreign.MemorySegment;

/**
 * Writes large values into extents of their own, in pieces, before the transaction that names them commits. One thread at a time.
 *
 * <p>Nothing names the extents until then, so a crash leaves only free pages; {@link #giveBack} does the same for an abort.
 */
final class ExtentWriter {
    /** A piece is written and checksummed in one go, so it stays short enough not to hold up a safepoint. */
    private static final int PIECE_SIZE = 1024 * 1024;

    private final PageSpace space;
    private final Crc32c crc = new Crc32c();
    private final PagePointer pointer = new PagePointer();
    private long pageBefore; // under a lie
    private long pagesBefore;

    ExtentWriter(PageSpace space) {
        this.space = space;
    }

    static int pieces(int length) {
        return (length + PIECE_SIZE - 1) / PIECE_SIZE;
    }

    /**
     * Writes a value and appends the pointers to its pieces, {@link #pieces} of them, to {@code pointers}.
     *
     * @param birth manifest that will name them at the earliest
     * @throws io.nexuslite.error.StorageFullException if there is no room; nothing stays allocated
     */
    void write(MemorySegment value, long offset, int length, long birth, GrowableBuffer pointers) {
        int start = pointers.length();
        try {
            for (int done = 0; done < length; done += PIECE_SIZE) {
                int piece = Math.min(PIECE_SIZE, length - done);
                long page = space.allocateLoose(pages(piece));
                int at = pointers.reserve(PointerLayout.POINTER_SIZE);
                pointer.set(PageLayout.KIND_VALUE_EXTENT, page, birth, crc.of(value, offset + done, piece), piece);
                pointer.store(pointers.memory(), at);
                pointers.setLength(at + PointerLayout.POINTER_SIZE);
                space.file().write(page, value, offset + done, piece);
            }
        } catch (Throwable failure) {
            giveBack(pointers.memory(), start, (pointers.length() - start) / PointerLayout.POINTER_SIZE);
            pointers.setLength(start);
            throw failure;
        }
    }

    /** Frees the extents of {@code count} pointers that nothing has named. */
    void giveBack(MemorySegment pointers, long offset, int count) {
        for (int index = 0; index < count; index++) {
            pointer.load(pointers, offset + (long) index * PointerLayout.POINTER_SIZE);
            space.map().giveBack(pointer.pageNumber(), pages(pointer.length()));
        }
    }

    /** The transaction that names the extents of {@code count} pointers has this commit number. */
    void committed(MemorySegment pointers, long offset, int count, long csn) {
        if (EngineLie.REUSE_LOGGED_EXTENT.isTold() && count > 0) {
            reuseEarly(pointers, offset);
        }
        for (int index = 0; index < count; index++) {
            pointer.load(pointers, offset + (long) index * PointerLayout.POINTER_SIZE);
            space.map().commitLoose(pointer.pageNumber(), csn);
        }
    }

    /** Gives back the extent of the value before, or nothing, for a test. */
    private void reuseEarly(MemorySegment pointers, long offset) {
        if (pageBefore != 0) {
            space.map().giveBack(pageBefore, pagesBefore);
        }
        pointer.load(pointers, offset);
        pageBefore = pointer.pageNumber();
        pagesBefore = pages(pointer.length());
    }

    private long pages(int length) {
        int pageSize = space.file().pageSize();
        return (length + pageSize - 1) / pageSize;
    }
}
