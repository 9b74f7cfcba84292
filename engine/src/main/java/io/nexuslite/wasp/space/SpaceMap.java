package io.nexuslite.wasp.space;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private static final long UNCOMMITTED = Long.MAX_VALUE;

    /**
     * A run that no manifest from {@code death} on names.
     *
     * @param guardCsn readers below this commit number may still come by
     */
    private record Pending(long page, long pages, long birth, long death, long guardCsn) {
    }

    /**
     * A run that a value has and no manifest names yet.
     *
     * @param csn commit that names it, or {@link #UNCOMMITTED}
     */
    private record Loose(long pages, long csn) {
    }

    /**
     * A run that the manifest being built does not name, and one before it did.
     *
     * @param birth manifest that first named it
     */
    public record Retired(long page, long pages, long birth) {
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
    private final TreeMap<Long, Loose> loose = new TreeMap<>();
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

    /** Counts {@code pages} more behind the end that are neither free nor pending: the reserve. */
    synchronized void skip(long pages) {
        filePages += pages;
    }

    long alignmentPages() {
        return alignmentPages;
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
            loose.put(page, new Loose(pages, UNCOMMITTED));
        }
        return page;
    }

    /** The value that has a loose run was committed. */
    public synchronized void commitLoose(long page, long csn) {
        loose.computeIfPresent(page, (start, run) -> new Loose(run.pages(), csn));
    }

    /**
     * Takes a run out of the free and pending ones that a frame of the log names; it counts as loose. It may be pending for the manifest
     * and have been given away all the same: by the process that wrote the frame, which was building the next manifest.
     *
     * @return false if a page of it is neither: the manifest, or an earlier frame, names it already
     */
    public synchronized boolean reserveLoose(long page, long pages, long csn) {
        long end = page + pages;
        long unused = 0;
        Map.Entry<Long, Long> below = free.lowerEntry(page);
        long from = below == null ? page : below.getKey();
        for (Map.Entry<Long, Long> run : free.subMap(from, end).entrySet()) {
            unused += Math.max(0, Math.min(end, run.getKey() + run.getValue()) - Math.max(page, run.getKey()));
        }
        for (Pending run : pending) {
            unused += Math.max(0, Math.min(end, run.page() + run.pages()) - Math.max(page, run.page()));
        }
        if (unused < pages) {
            return false;
        }
        for (Map.Entry<Long, Long> run : new TreeMap<>(free.subMap(from, end)).entrySet()) {
            long start = Math.max(page, run.getKey());
            long overlap = Math.min(end, run.getKey() + run.getValue()) - start;
            if (overlap > 0) {
                cut(run.getKey(), run.getValue(), start, overlap);
            }
        }
        for (Pending run : List.copyOf(pending)) {
            if (run.page() < end && run.page() + run.pages() > page) {
                pending.remove(run);
                keepPending(run, run.page(), page);
                keepPending(run, end, run.page() + run.pages());
            }
        }
        loose.put(page, new Loose(pages, csn));
        return true;
    }

    private void keepPending(Pending run, long from, long to) {
        if (to > from) {
            pending.add(new Pending(from, to - from, run.birth(), run.death(), run.guardCsn()));
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

    /** Gives back a run that neither a manifest nor the log nor a reader has ever named. */
    public synchronized void giveBack(long page, long pages) {
        loose.remove(page);
        addFree(page, pages);
    }

    /**
     * A manifest is durable: what it does not name is pending, what it names of the loose runs is used.
     *
     * @param death the manifest
     * @param csn it holds the commits up to this one
     * @param retired what it does not name and one before it did
     * @param adopted first pages of the values that it names
     */
    public synchronized void flipped(long death, long csn, List<Retired> retired, Set<Long> adopted) {
        for (Retired run : retired) {
            pending.add(new Pending(run.page(), run.pages(), run.birth(), death, csn));
        }
        loose.keySet().removeAll(adopted);
        for (Iterator<Map.Entry<Long, Loose>> runs = loose.entrySet().iterator(); runs.hasNext();) {
            Map.Entry<Long, Loose> run = runs.next();
            if (run.getValue().csn() <= csn) { // superseded before any manifest could name it
                pending.add(new Pending(run.getKey(), run.getValue().pages(), death, death, csn));
                runs.remove(); // last: a tree map's entry may be its neighbour afterwards
            }
        }
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

    /**
     * What a manifest tells of the file's pages.
     *
     * @param entries free and pending runs, by page
     * @param filePages pages from position 0 to the end of what is told
     */
    public record Account(List<Entry> entries, long filePages) {
    }

    /**
     * What a manifest tells if it is written now; see {@link #flipped} for the parameters. Loose
     * runs that it does not name count as free, or as pending if its commits cover them.
     */
    public synchronized Account account(long death, long csn, List<Retired> retired, Set<Long> adopted) {
        SpaceMap told = new SpaceMap(alignmentPages, filePages);
        free.forEach(told::addFree);
        TreeMap<Long, Entry> entries = new TreeMap<>();
        loose.forEach((page, run) -> {
            if (run.csn() > csn) {
                told.addFree(page, run.pages());
            } else if (!adopted.contains(page)) {
                entries.put(page, new Entry(page, run.pages(), death, death));
            }
        });
        told.free.forEach((page, pages) -> entries.put(page, new Entry(page, pages, 0, 0)));
        for (Pending run : pending) {
            entries.put(run.page(), new Entry(run.page(), run.pages(), run.birth(), run.death()));
        }
        for (Retired run : retired) {
            entries.put(run.page(), new Entry(run.page(), run.pages(), run.birth(), death));
        }
        return new Account(List.copyOf(entries.values()), filePages);
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
