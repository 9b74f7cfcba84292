package io.nexuslite.io;

import java.nio.file.Path;

/**
 * One call on a {@link FaultyHost}.
 *
 * @param file absolute name; of a rename the source, of a directory's flush the directory
 * @param position byte position, or -1; of a truncation the new size
 * @param length bytes, or 0
 * @param ordinal number of this mutating call on this host, from 1 on; 0 for calls that change nothing
 */
public record Call(CallKind kind, Path file, long position, long length, long ordinal) {
    public boolean isMutating() {
        return ordinal != 0;
    }

    boolean overlaps(long start, long end) {
        return position < end && position + length > start;
    }
}
