package io.nexuslite.index;

import java.lang.foreign.MemorySegment;

/** What a partial index asks of documents. One thread at a time; allocates nothing in the steady state. */
@FunctionalInterface
public interface DocumentFilter {
    /** Whether the validated document of {@code length} bytes at {@code offset}, borrowed for the call, matches. */
    boolean matches(MemorySegment memory, long offset, int length);
}
