package io.nexuslite.wasp.tree;

/** Tells which records nobody can see any more. Any thread; must not wait; called under latches. */
public interface VersionRetention {
    /**
     * Whether no reader, snapshot or running checkpoint, now or later, can have a horizon in {@code [olderCsn, newerCsn)}.
     *
     * @param newerCsn the record that follows; {@link HotTree#PENDING} is never dead
     */
    boolean isDead(long olderCsn, long newerCsn);

    /** Whether no reader, snapshot, running checkpoint or transaction to be validated has a horizon below {@code csn}. */
    boolean tombstoneDead(long csn);
}
