package io.nexuslite.io;

import java.lang.foreign.MemorySegment;

/** What the engine needs of the machine it runs on. All methods may be called by any thread at any time. */
public interface Host {
    FileSystem files();

    /** Wall clock in milliseconds since 1970 UTC. May jump in either direction; who must not go back guards himself. */
    long wallMillis();

    /** Monotonic clock in nanoseconds, with an arbitrary origin. */
    long nanoTime();

    /** Fills {@code length} bytes of {@code target} from {@code offset} on with random bits fit for identifiers. */
    void entropy(MemorySegment target, long offset, int length);

    /** Identifier of this process, as the owner sector shows it. */
    long processId();

    /** Name of this host, as the owner sector shows it; never {@code null}. */
    String hostName();
}
