package io.nexuslite.memory;

/**
 * A thread's shortcut: a few free cells of each size class, and the counts of what went through here. All methods are called under
 * the stripe's lock.
 */
final class SlabStripe {
    private static final int CELLS_MAX = 32;
    private static final int BYTES_MAX = 16 * 1024; // of one class: what a stripe may keep from the others

    private final long[][] magazines = new long[SizeClasses.COUNT][]; // made at first use of a class
    private final int[] lengths = new int[SizeClasses.COUNT];
    final long[] cells = new long[SizeClasses.COUNT]; // given out minus given back: of one stripe it may be negative
    final long[] usedBytes = new long[SizeClasses.COUNT];

    /** Most cells that are kept of a class; 0 for those too large to keep. */
    static int capacity(int sizeClass) {
        return Math.min(CELLS_MAX, BYTES_MAX / SizeClasses.cellSize(sizeClass));
    }

    int length(int sizeClass) {
        return lengths[sizeClass];
    }

    /** Whether {@link #push} would refuse. */
    boolean isFull(int sizeClass) {
        return lengths[sizeClass] == capacity(sizeClass);
    }

    long pop(int sizeClass) {
        int length = lengths[sizeClass];
        if (length == 0) {
            return SlabAllocator.NOT_FOUND;
        }
        lengths[sizeClass] = length - 1;
        return magazines[sizeClass][length - 1];
    }

    /** False if the magazine is full, or the class has none. */
    boolean push(int sizeClass, long handle) {
        long[] magazine = magazines[sizeClass];
        if (magazine == null) {
            int capacity = capacity(sizeClass);
            if (capacity == 0) {
                return false;
            }
            magazine = new long[capacity];
            magazines[sizeClass] = magazine;
        }
        int length = lengths[sizeClass];
        if (length == magazine.length) {
            return false;
        }
        magazine[length] = handle;
        lengths[sizeClass] = length + 1;
        return true;
    }
}
