package io.nexuslite.io;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * A planned failure: the n-th matching call after {@link FaultyHost#plan}, alone or with all that follow it.
 * {@snippet :
 * Fault fault = host.plan(Fault.of(CallKind.SYNC).in(".wasp").nth(3).forever());
 * }
 */
public final class Fault {
    private final Set<CallKind> kinds;
    private String suffix = "";
    private long nth = 1;
    private boolean forever;
    private int errno = Errno.EIO;
    private long start;
    private long end = -1; // -1: anywhere
    private long matched;
    private long fired;

    private Fault(Set<CallKind> kinds) {
        this.kinds = kinds;
    }

    public static Fault of(CallKind first, CallKind... more) {
        return new Fault(EnumSet.of(first, more));
    }

    public static Fault of(Set<CallKind> kinds) {
        return new Fault(EnumSet.copyOf(kinds));
    }

    /** Only for files whose absolute name ends so. */
    public Fault in(String fileSuffix) {
        suffix = fileSuffix;
        return this;
    }

    /** From 1 on, counted among the matching calls. */
    public Fault nth(long number) {
        nth = number;
        return this;
    }

    /** The n-th and all after it. */
    public Fault forever() {
        forever = true;
        return this;
    }

    /** The disk is full, where the call needs room; a flush fails with that number. Otherwise the error is EIO. */
    public Fault full() {
        return errno(Errno.ENOSPC);
    }

    public Fault errno(int number) {
        errno = number;
        return this;
    }

    /** Only for transfers that touch these bytes of the file. */
    public Fault at(long position, long length) {
        start = position;
        end = position + length;
        return this;
    }

    /** How often it has struck: 0 means that the run under test makes fewer than n such calls. */
    public long fired() {
        return fired;
    }

    int errno() {
        return errno;
    }

    boolean strikes(Call call) {
        if (!kinds.contains(call.kind()) || !matches(call.file()) || end >= 0 && !call.overlaps(start, end)) {
            return false;
        }
        matched++;
        boolean strikes = matched == nth || forever && matched > nth;
        fired += strikes ? 1 : 0;
        return strikes;
    }

    private boolean matches(Path file) {
        return file.toString().endsWith(suffix);
    }

    @Override
    public String toString() {
        return "Fault[" + kinds + " in *" + suffix + ", call " + nth + (forever ? " and on" : "") + ", errno " + errno
                + "]";
    }
}
