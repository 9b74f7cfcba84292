package io.nexuslite.check;

import io.nexuslite.format.FileLayout;
import java.util.Arrays;

/** Whether the records of a page, or its separators, lie one behind the other from the heap's start to the page's end. To be reused. */
final class HeapPacking {
    private final long[] pieces = new long[FileLayout.PAGE_SIZE_MAX / Short.BYTES];
    private int count;

    void start() {
        count = 0;
    }

    void add(long start, long end) {
        pieces[count++] = start << Integer.SIZE | end;
    }

    /** What is wrong, or {@code null}. */
    String wrong(long heapStart, long pageSize) {
        Arrays.sort(pieces, 0, count);
        long at = heapStart;
        for (int i = 0; i < count; i++) {
            long start = pieces[i] >>> Integer.SIZE;
            if (start != at) {
                return start < at
                        ? "expected records that do not overlap, found two at offset " + start
                        : "expected a record at offset " + at + ", found the next at " + start;
            }
            at = pieces[i] & 0xFFFF_FFFFL;
        }
        return at == pageSize ? null : "expected records up to the end of the page, found the last to end at " + at;
    }
}
