package io.nexuslite.wasp.space;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which pages of the file are free, and which will be once no manifest and no reader needs them.
 *
 * <p>A run is in one of four states. <em>Free</em>: may be given away. <em>Pending</em>: the newest manifest does not name it, but
 * an older one that recovery may still choose does, or a reader does; it becomes free for manifest death + 2 (S1), once every
 * reader has a horizon at or above its guard. <em>Loose</em>: given to a value that no manifest names yet; for a manifest it is
 * free, for the running engine it is not. <em>Used</em>: everything else.
 *
 * <p>All methods take the map's own monitor; none does I/O.
 */
public final class SpaceMap {
    /** No run: there is no room below the limit. */
    public static final long NOT_FOUND = -1;

    /**
     * A run that no manifest from {@code death} on names.
     *
     * @param guardCsn readers below this commit number may still come by
     */
    private record Pending(long page, long pages, long birth, long death, long guardCsn) {
    }

    /**
     * One entry of the free map on disk.
     *
     * @param death 0 if the run is free
     */
    public record Entry(long page, long pages, long birth, long death) {
    }

    private final long alignmentPages;
    private final TreeMap<Long, Long> free = new TreeMap<>();
    private final TreeMap<Long, Long> loose = new TreeMap<>();
    private final List<Pending> pending = new ArrayList<>();
    private long filePages;

    /**
     * @param alignmentPages runs of at least this many pages start at a multiple of it
     * @param filePages pages that the newest manifest accounts for
     */
    public SpaceMap(long alignmentPages, long filePages) {
        this.alignmentPages = alignmentPages;
        this.filePages = filePages;
    }

    /** Takes over an entry of the free map that the newest manifest names. */
    public synchronized void load(Entry entry) {
        if (entry.death() == 0) {
            addFree(entry.page(), entry.pages());
        } else {
            pending.add(new Pending(entry.page(), entry.pages(), entry.birth(), entry.death(), 0));
        }
    }

    /** Pages from position 0 to the end of what is accounted for. */
    public synchronized long filePages() {
        return filePages;
    }

    /** Takes the pages behind the end as free, up to {@code newFilePages}. The file must be as long by now. */
    public synchronized void grow(long newFilePages) {
        if (newFilePages > filePages) {
            addFree(filePages, newFilePages - filePages);
            filePages = newFilePages;
        }
    }

    /** Takes a run of {@code pages} from the free ones, lowest first; {@link #NOT_FOUND} if there is none as long. */
    public synchronized long allocate(long pages) {
        long alignment = pages >= alignmentPages ? alignmentPages : 1;
        for (Map.Entry<Long, Long> run : free.entrySet()) {
            long start = (run.getKey() + alignment - 1) / alignment * alignment;
            if (start + pages <= run.getKey() + run.getValue()) {
                cut(run.getKey(), run.getValue(), start, pages);
                return start;
            }
        }
        return NOT_FOUND;
    }

    /** As {@link #allocate}, for a value that no manifest names yet. */
    public synchronized long allocateLoose(long pages) {
        long page = allocate(pages);
        if (page != NOT_FOUND) {
            loose.put(page, pages);
        }
        return page;
    }

    /** Takes pages out of the free ones that a frame of the log names; they count as loose. Those not free are left alone. */
    public synchronized void reserveLoose(long page, long pages) {
        Map.Entry<Long, Long> run = free.floorEntry(page);
        if (run != null && run.getKey() + run.getValue() >= page + pages) {
            cut(run.getKey(), run.getValue(), page, pages);
            loose.put(page, pages);
        }
    }

    private void cut(long runPage, long runPages, long page, long pages) {
        free.remove(runPage);
        if (page > runPage) {
            free.put(runPage, page - runPage);
        }
        long behind = runPage + runPages - page - pages;
        if (behind > 0) {
            free.put(page + pages, behind);
        }
    }

    /** A loose run is named by the manifest being built. False if it was not loose (an older manifest names it already). */
    public synchronized boolean adopt(long page) {
        return loose.remove(page) != null;
    }

    /** True if the run that starts at {@code page} is loose. */
    public synchronized boolean isLoose(long page) {
        return loose.containsKey(page);
    }

    /** Gives back a run that neither a manifest nor the log nor a reader has ever named. */
    public synchronized void giveBack(long page, long pages) {
        loose.remove(page);
        addFree(page, pages);
    }

    /**
     * A run is not named by the manifest being built.
     *
     * @param birth manifest that first named it
     * @param death the manifest being built
     * @param guardCsn readers below this commit number may still come by
     */
    public synchronized void retire(long page, long pages, long birth, long death, long guardCsn) {
        loose.remove(page);
        pending.add(new Pending(page, pages, birth, death, guardCsn));
    }

    /**
     * Makes free what manifest {@code building} may write again (S1): its two predecessors do not name it, and no reader is
     * below its guard.
     *
     * @param floorCsn every reader's horizon is at or above it
     */
    public synchronized void release(long building, long floorCsn) {
        for (Iterator<Pending> runs = pending.iterator(); runs.hasNext();) {
            Pending run = runs.next();
            if (run.death() + 2 <= building && run.guardCsn() <= floorCsn) {
                runs.remove();
                addFree(run.page(), run.pages());
            }
        }
    }

    private void addFree(long page, long pages) {
        long start = page;
        long end = page + pages;
        Map.Entry<Long, Long> before = free.floorEntry(page);
        if (before != null && before.getKey() + before.getValue() > page || free.ceilingKey(page) != null
                && free.ceilingKey(page) < end) {
            throw new IllegalStateException("pages " + page + " to " + (end - 1) + " are free already");
        }
        if (before != null && before.getKey() + before.getValue() == page) {
            start = before.getKey();
            free.remove(start);
        }
        Long behind = free.remove(end);
        free.put(start, (behind == null ? end : end + behind) - start);
    }

    /** Cuts the free run at the end of the file out of the accounting; returns the pages left. */
    public synchronized long cutTail() {
        Map.Entry<Long, Long> last = free.lastEntry();
        if (last != null && last.getKey() + last.getValue() == filePages) {
            free.remove(last.getKey());
            filePages = last.getKey();
        }
        return filePages;
    }

    /** What a manifest tells of free and pending runs, by page: the loose ones count as free. */
    public synchronized List<Entry> entries() {
        TreeMap<Long, Entry> entries = new TreeMap<>();
        SpaceMap freeForManifest = new SpaceMap(alignmentPages, filePages);
        free.forEach(freeForManifest::addFree);
        loose.forEach(freeForManifest::addFree);
        freeForManifest.free.forEach((page, pages) -> entries.put(page, new Entry(page, pages, 0, 0)));
        for (Pending run : pending) {
            entries.put(run.page(), new Entry(run.page(), run.pages(), run.birth(), run.death()));
        }
        return List.copyOf(entries.values());
    }

    /** Pages that are free now. */
    public synchronized long freePages() {
        return free.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Pages that are pending now. */
    public synchronized long pendingPages() {
        return pending.stream().mapToLong(Pending::pages).sum();
    }
}
