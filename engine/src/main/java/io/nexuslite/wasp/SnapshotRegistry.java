package io.nexuslite.wasp;

import io.nexuslite.memory.Epochs;
import io.nexuslite.memory.HorizonSource;
import io.nexuslite.wasp.tree.VersionRetention;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Which commit numbers somebody still reads at, and hence which superseded records may go.
 *
 * <p><b>State.</b> {@code registered}: the commit numbers of open snapshots, cursors and checkpoints, sorted, under the monitor;
 * {@code published}: a copy of it that never changes; {@code pinFloor}: no plain pin has a horizon below it; {@code trimFloor}:
 * the lower of {@code pinFloor} and the smallest registered number.
 *
 * <p><b>Invariants.</b> (I4) For every horizon that a pinned reader or a registered number holds, the newest record at or below it
 * of each key is reachable. All floors only grow.
 *
 * <p><b>Ordering.</b> Each change publishes the list, and only then can {@link #epochAdvanced} raise the floor (both volatile); {@link #isDead}
 * reads the floor before the list: a number registered later was loaded inside a pin that the floor already counts.
 * {@link #register} loads the horizon inside a pin for that reason.
 *
 * <p><b>Progress.</b> Registering and advancing take the monitor for the time of an array copy. Nobody waits for a reader.
 */
final class SnapshotRegistry implements HorizonSource, VersionRetention {
    private final Epochs epochs = new Epochs(this);
    private final LongSupplier readHorizon;
    private long[] registered = new long[8]; // guarded by this
    private int count; // guarded by this
    private volatile long[] published = {};
    private volatile long pinFloor;
    private volatile long trimFloor;

    /** Readers see the commits up to what {@code readHorizon} gives. */
    SnapshotRegistry(LongSupplier readHorizon) {
        this.readHorizon = readHorizon;
    }

    /** The epochs whose advances move the floors. */
    Epochs epochs() {
        return epochs;
    }

    /** Registers what is visible now; every call is matched by one of {@link #end}. */
    long register() {
        int pin = epochs.pinShared();
        try {
            long csn = readHorizon.getAsLong();
            registerAt(csn);
            return csn;
        } finally {
            epochs.unpinShared(pin);
        }
    }

    /** Registers a commit number that the caller knows to be readable: at or above every horizon. */
    synchronized void registerAt(long csn) {
        int index = Arrays.binarySearch(registered, 0, count, csn);
        index = index < 0 ? -index - 1 : index;
        if (count == registered.length) {
            registered = Arrays.copyOf(registered, count * 2);
        }
        System.arraycopy(registered, index, registered, index + 1, count - index);
        registered[index] = csn;
        count++;
        published = Arrays.copyOf(registered, count);
    }

    synchronized void end(long csn) {
        int index = Arrays.binarySearch(registered, 0, count, csn);
        if (index < 0) {
            throw new IllegalStateException("commit " + csn + " is not registered");
        }
        System.arraycopy(registered, index + 1, registered, index, count - index - 1);
        count--;
        published = Arrays.copyOf(registered, count);
    }

    @Override
    public long readHorizonAcquire() {
        return readHorizon.getAsLong();
    }

    @Override
    public synchronized void epochAdvanced(long epoch, long horizon) {
        pinFloor = Math.max(pinFloor, horizon);
        trimFloor = Math.max(trimFloor, count == 0 ? pinFloor : Math.min(pinFloor, registered[0]));
    }

    /** Moves the epoch on if no pin holds it back, and the floors with it; reclaims what is due. */
    void advance() {
        if (epochs.tryAdvance() != Epochs.NOT_ADVANCED) {
            epochs.reclaim();
        }
    }

    @Override
    public boolean tombstoneDead(long csn) {
        return csn <= trimFloor;
    }

    /** True if nobody can want a record of {@code olderCsn} whose successor is {@code newerCsn}. */
    @Override
    public boolean isDead(long olderCsn, long newerCsn) {
        if (newerCsn <= trimFloor) {
            return true;
        }
        if (newerCsn > pinFloor) { // before the list
            return false;
        }
        long[] list = published;
        int index = Arrays.binarySearch(list, olderCsn);
        index = index < 0 ? -index - 1 : index;
        return index == list.length || list[index] >= newerCsn;
    }

    /** Every reader, pinned or registered, has a horizon at or above this. */
    long trimFloor() {
        return trimFloor;
    }

    synchronized int count() {
        return count;
    }
}
