package io.nexuslite.io;

/** The order of all changes on one disk. Guarded by the host's lock. */
final class Sequence {
    private long last;

    Sequence(long last) {
        this.last = last;
    }

    long next() {
        return ++last;
    }

    long last() {
        return last;
    }
}
