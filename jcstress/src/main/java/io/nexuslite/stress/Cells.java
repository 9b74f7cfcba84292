package io.nexuslite.stress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Two cells and a pointer to one of them, as a reader of the store meets them. The pointer is to cell {@link #OLD} at first; a reader
 * that found it there must find {@link #INTACT} in it as long as he is pinned.
 */
public final class Cells {
    public static final int OLD = 0;
    public static final int NEW = 1;
    public static final int INTACT = 1;
    public static final int REUSED = 2;

    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class).withInvokeExactBehavior();
    private static final int INTS_APART = 32;
    private static final int POINTER = 0;
    private static final int CONTENT = INTS_APART;
    private static final int NOISE = CONTENT + 2 * INTS_APART;
    private static final int NOISE_LINES = 8;
    private static final int LOOKS = 64;

    private final int[] words = new int[NOISE + NOISE_LINES * INTS_APART];

    public Cells() {
        words[CONTENT + OLD * INTS_APART] = INTACT;
        words[CONTENT + NEW * INTS_APART] = INTACT;
    }

    /** Fills the store buffer with stores that miss the cache, so that one that follows stays in it for long. */
    public void fillStoreBuffer() {
        for (int line = 0; line < NOISE_LINES; line++) {
            words[NOISE + line * INTS_APART] = line;
        }
    }

    public int pointerAcquire() {
        return (int) INTS.getAcquire(words, POINTER);
    }

    /** Makes {@link #OLD} unreachable. */
    public void replacePointer() {
        INTS.setRelease(words, POINTER, NEW);
    }

    /** Content of a cell, looked at many times; {@link #REUSED} if it ever was. */
    public int watch(int cell) {
        int seen = 0;
        for (int look = 0; look < LOOKS; look++) {
            seen = Math.max(seen, (int) INTS.getOpaque(words, CONTENT + cell * INTS_APART));
        }
        return seen;
    }

    public void reuse(long cell) {
        INTS.setOpaque(words, CONTENT + (int) cell * INTS_APART, REUSED);
    }
}
