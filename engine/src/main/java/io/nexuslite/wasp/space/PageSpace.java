package io.nexuslite.wasp.space;

import io.nexuslite.error.StorageFullException;

/**
 * Gives out pages and lets the file grow for them; keeps a reserve back for the day the disk is full.
 *
 * <p>The reserve is a run of its own, outside the free ones, from the first write of an opening to its clean close. A checkpoint may
 * eat it; {@link #isShort} then tells that only deletes should go on, until {@link #refillReserve} has got it back.
 */
public final class PageSpace {
    private static final long GROWTH_BYTES_MIN = 1024 * 1024;
    private static final long GROWTH_BYTES_MAX = 64 * 1024 * 1024;
    private static final int GROWTH_FRACTION = 8; // of the file

    private final DatabaseFile file;
    private final SpaceMap map;
    private final long reservePagesWanted;
    private long reservePage; // guarded by this
    private long reservePages; // guarded by this
    private volatile boolean isShort;

    /**
     * @param reserveBytes what to keep back; 0 keeps nothing
     */
    public PageSpace(DatabaseFile file, SpaceMap map, long reserveBytes) {
        this.file = file;
        this.map = map;
        this.reservePagesWanted = (reserveBytes + file.pageSize() - 1) / file.pageSize();
    }

    public SpaceMap map() {
        return map;
    }

    public DatabaseFile file() {
        return file;
    }

    /** True while the reserve is not whole: the disk was full. */
    public boolean isShort() {
        return isShort;
    }

    public synchronized long reservePage() {
        return reservePage;
    }

    public synchronized long reservePages() {
        return reservePages;
    }

    /**
     * Allocates a run.
     *
     * @param mayUseReserve a checkpoint that must go on when the disk is full
     * @throws StorageFullException if there is no room
     */
    public long allocate(long pages, boolean mayUseReserve) {
        return find(pages, mayUseReserve, false);
    }

    /** Allocates a run for a value that no manifest names yet; never from the reserve. */
    public long allocateLoose(long pages) {
        return find(pages, false, true);
    }

    /**
     * Takes the extent of a frame of the log out of the free pages; it may lie behind what the newest manifest accounts for.
     *
     * @throws IllegalArgumentException if it lies outside the file
     */
    public synchronized void reserveLogged(long page, long pages, long csn) {
        if (page <= 0 || pages <= 0 || page > file.size() / file.pageSize() - pages) {
            throw new IllegalArgumentException(
                    "extent of " + pages + " pages at page " + page + " lies outside the file");
        }
        map.grow(page + pages);
        map.reserveLoose(page, pages, csn);
    }

    private synchronized long find(long pages, boolean mayUseReserve, boolean loose) {
        long page = take(pages, loose);
        if (page != SpaceMap.NOT_FOUND) {
            return page;
        }
        try {
            grow(pages);
        } catch (StorageFullException full) {
            if (!mayUseReserve || reservePages == 0) {
                throw full;
            }
            isShort = true;
            map.giveBack(reservePage, reservePages);
            reservePage = 0;
            reservePages = 0;
            page = take(pages, loose);
            if (page == SpaceMap.NOT_FOUND) {
                throw full;
            }
            return page;
        }
        return take(pages, loose);
    }

    private long take(long pages, boolean loose) {
        return loose ? map.allocateLoose(pages) : map.allocate(pages);
    }

    /** Lets the file grow so that a run of {@code pages} fits, and by more if the disk has it. */
    private void grow(long pages) {
        long from = map.filePages();
        long alignment = map.alignmentPages();
        long least = from + pages + (pages >= alignment ? alignment : 0);
        long step = Math.clamp(from * file.pageSize() / GROWTH_FRACTION, GROWTH_BYTES_MIN, GROWTH_BYTES_MAX)
                / file.pageSize();
        long wanted = Math.max(least, from + step);
        try {
            file.extend(from, wanted);
        } catch (StorageFullException full) {
            if (wanted == least) {
                throw full;
            }
            file.extend(from, least);
            wanted = least;
        }
        map.grow(wanted);
    }

    /**
     * Takes the reserve from the disk if it is not there.
     *
     * @return whether it is there now
     */
    public synchronized boolean refillReserve() {
        if (reservePages < reservePagesWanted) {
            long from = map.filePages();
            try {
                file.extend(from, from + reservePagesWanted);
            } catch (StorageFullException full) {
                isShort = true; // what the caller learns from the return value
                return false;
            }
            releaseReserve(); // an older, smaller one
            map.skip(reservePagesWanted);
            reservePage = from;
            reservePages = reservePagesWanted;
        }
        isShort = false;
        return true;
    }

    /** Makes the reserve free, for a clean close. */
    public synchronized void releaseReserve() {
        if (reservePages > 0) {
            map.giveBack(reservePage, reservePages);
            reservePage = 0;
            reservePages = 0;
        }
    }

    /** Takes over the reserve that the newest manifest tells of; a new opening has not to keep it. */
    public synchronized void adoptReserve(long page, long pages) {
        reservePage = page;
        reservePages = pages;
    }
}
