package io.nexuslite.memory;

/**
 * Cell sizes: multiples of 16 up to 128 bytes, then eight to a doubling, so that rounding up wastes at most 15 bytes or an eighth.
 */
final class SizeClasses {
    static final int GRANULE = 16;
    static final int LENGTH_MAX = 32 << 20;

    private static final int LINEAR_SHIFT = 7; // up to 128 bytes
    private static final int LINEAR_COUNT = (1 << LINEAR_SHIFT) / GRANULE;
    private static final int STEPS_SHIFT = 3; // eight to a doubling
    private static final int STEPS = 1 << STEPS_SHIFT;

    static final int COUNT = of(LENGTH_MAX) + 1;

    private SizeClasses() {
    }

    /** Smallest class whose cells hold {@code length} bytes, 1 to {@link #LENGTH_MAX}. */
    static int of(int length) {
        if (length <= 1 << LINEAR_SHIFT) {
            return (length - 1) / GRANULE;
        }
        int last = length - 1;
        int doubling = 31 - Integer.numberOfLeadingZeros(last); // last lies in [2^doubling, 2^(doubling + 1))
        int step = last >>> doubling - STEPS_SHIFT & STEPS - 1;
        return LINEAR_COUNT + (doubling - LINEAR_SHIFT << STEPS_SHIFT) + step;
    }

    static int cellSize(int sizeClass) {
        if (sizeClass < LINEAR_COUNT) {
            return (sizeClass + 1) * GRANULE;
        }
        int doubling = LINEAR_SHIFT + (sizeClass - LINEAR_COUNT >>> STEPS_SHIFT);
        int step = sizeClass - LINEAR_COUNT & STEPS - 1;
        return (STEPS + step + 1) << doubling - STEPS_SHIFT;
    }
}
