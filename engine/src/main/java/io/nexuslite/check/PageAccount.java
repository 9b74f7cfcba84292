package io.nexuslite.check;

import io.nexuslite.memory.NativeBuffer;
import java.lang.foreign.MemorySegment;

/**
 * Which pages of one window of the file have been claimed: a bit each. Files with more pages than fit are accounted for in several
 * windows, one walk each. Claims outside the open window do nothing. One thread.
 */
final class PageAccount implements AutoCloseable {
    static final long NOT_FOUND = -1;

    private final long first;
    private final long end;
    private final long windowPages;
    private final NativeBuffer buffer;
    private final MemorySegment bits;
    private long from;
    private long to;

    /** An account of pages {@code first} to {@code end}, with at most {@code bytesMax} bytes. */
    PageAccount(long first, long end, int bytesMax) {
        this.first = first;
        this.end = Math.max(first, end);
        long words = Math.min(bytesMax / Long.BYTES, (this.end - first + Long.SIZE - 1) / Long.SIZE);
        windowPages = Math.max(1, words) * Long.SIZE;
        buffer = new NativeBuffer(Math.max(1, words) * Long.BYTES);
        bits = buffer.memory();
        open(0);
    }

    long windows() {
        return Math.max(1, (end - first + windowPages - 1) / windowPages);
    }

    /** Starts a window with nothing claimed. */
    void open(long window) {
        from = first + window * windowPages;
        to = Math.min(end, from + windowPages);
        bits.fill((byte) 0);
    }

    long from() {
        return from;
    }

    long to() {
        return to;
    }

    /** Claims a run; returns its first page that was claimed before, or {@link #NOT_FOUND}. All of it is claimed afterwards. */
    long claim(long page, long pages) {
        long start = Math.max(page, from);
        long stop = Math.min(page + pages, to);
        if (start >= stop) {
            return NOT_FOUND;
        }
        long before = next(start, stop, true);
        set(start, stop);
        return before < stop ? before : NOT_FOUND;
    }

    /** First page of a run that was claimed, or {@link #NOT_FOUND}. */
    long firstClaimed(long page, long pages) {
        long start = Math.max(page, from);
        long stop = Math.min(page + pages, to);
        long found = start < stop ? next(start, stop, true) : stop;
        return start < stop && found < stop ? found : NOT_FOUND;
    }

    /** First page from {@code page} on within the window that is claimed (or is not); the window's end if there is none. */
    long next(long page, boolean claimed) {
        return next(page, to, claimed);
    }

    private long next(long start, long stop, boolean claimed) {
        long at = start;
        while (at < stop) {
            long bit = at - from;
            long word = Bytes.longAt(bits, (bit >>> 6) * Long.BYTES);
            long rest = (claimed ? word : ~word) >>> bit;
            if (rest != 0) {
                return Math.min(stop, at + Long.numberOfTrailingZeros(rest));
            }
            at += Long.SIZE - (bit & 63);
        }
        return stop;
    }

    private void set(long start, long stop) {
        long at = start;
        while (at < stop) {
            long bit = at - from;
            long count = Math.min(stop - at, Long.SIZE - (bit & 63));
            long mask = (count == Long.SIZE ? -1L : (1L << count) - 1) << bit;
            long offset = (bit >>> 6) * Long.BYTES;
            Bytes.putLong(bits, offset, Bytes.longAt(bits, offset) | mask);
            at += count;
        }
    }

    @Override
    public void close() {
        buffer.close();
    }
}
