package io.nexuslite.io;

import java.util.EnumSet;
import java.util.Set;

/** The calls of a {@link FaultyHost} that are counted, can fail, and, if they change anything, can be the last one. */
public enum CallKind {
    /** Mutating only with {@link OpenMode#CREATE_NEW}. */
    OPEN("open"), READ("pread"), WRITE("pwrite"), WRITE_DURABLE("pwrite(O_DSYNC)"), SYNC("fdatasync"), ALLOCATE(
            "fallocate"), TRUNCATE("ftruncate"), PUNCH(
                    "fallocate(PUNCH_HOLE)"), UNLINK("unlink"), RENAME("rename"), SYNC_DIRECTORY("fsync");

    private final String operation;

    CallKind(String operation) {
        this.operation = operation;
    }

    /** Name of the call in exceptions. */
    public String operation() {
        return operation;
    }

    /** Whether a failure of this call leaves nobody knowing what is durable. */
    public boolean isFlush() {
        return this == SYNC || this == SYNC_DIRECTORY || this == WRITE_DURABLE;
    }

    /** All kinds but {@link #READ}. */
    public static Set<CallKind> mutating() {
        return EnumSet.complementOf(EnumSet.of(READ));
    }
}
