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
 * <p><b>Limit.</b> {@link #endOldest} takes a number away from its owner when memory is needed. I4 holds for it no more: the owner is told after
 * its next read ({@link Registration}). What a pin covers stays.
 *
 * <p><b>Progress.</b> Registering and advancing take the monitor for the time of an array copy. Nobody waits for a reader.
 */
final class SnapshotRegistry implements HorizonSource, VersionRetention {
    private final Epochs epochs = new Epochs(this);
    private final LongSupplier readHorizon;
    private long[] registered = new long[8]; // guarded by this
    private Registration[] owners = new Registration[8]; // of each number, or null: not to be ended; guarded by this
    private long endedForMemory; // guarded by this
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

    /** Registers what is visible now, which {@link #endOldest} may end; every call is matched by one of {@link #end(Registration)}. */
    long register(Registration owner) {
        int pin = epochs.pinShared();
        try {
            long csn = readHorizon.getAsLong();
            add(csn, owner);
            return csn;
        } finally {
            epochs.unpinShared(pin);
        }
    }

    /**
     * Registers a commit number that the caller knows to be readable: at or above every horizon. Nobody but the caller ends it, by
     * {@link #end(long)}.
     */
    void registerAt(long csn) {
        add(csn, null);
    }

    private synchronized void add(long csn, Registration owner) {
        int index = Arrays.binarySearch(registered, 0, count, csn);
        index = index < 0 ? -index - 1 : index;
        if (count == registered.length) {
            registered = Arrays.copyOf(registered, count * 2);
            owners = Arrays.copyOf(owners, count * 2);
        }
        System.arraycopy(registered, index, registered, index + 1, count - index);
        System.arraycopy(owners, index, owners, index + 1, count - index);
        registered[index] = csn;
        owners[index] = owner;
        count++;
        if (owner != null) {
            owner.begin(csn);
        }
        published = Arrays.copyOf(registered, count);
    }

    /** Ends what {@link #registerAt} registered. */
    synchronized void end(long csn) {
        remove(find(csn, null));
    }

    /** Ends a registration; does nothing if it is ended. */
    synchronized void end(Registration owner) {
        if (owner.isRegistered()) {
            remove(find(owner.csn(), owner));
            owner.end(false);
        }
    }

    /**
     * Ends the oldest registration that may keep superseded records, because memory is needed.
     *
     * @param newest newest commit
     * @return false if there is none
     */
    synchronized boolean endOldest(long newest) {
        for (int index = 0; index < count && registered[index] < newest; index++) {
            if (owners[index] != null) {
                owners[index].end(true); // before it leaves the list
                remove(index);
                endedForMemory++;
                return true;
            }
        }
        return false;
    }

    private int find(long csn, Registration owner) {
        int index = Arrays.binarySearch(registered, 0, count, csn);
        while (index > 0 && registered[index - 1] == csn) {
            index--;
        }
        while (index >= 0 && index < count && registered[index] == csn && owners[index] != owner) {
            index++;
        }
        if (index < 0 || index == count || registered[index] != csn) {
            throw new IllegalStateException("commit " + csn + " is not registered");
        }
        return index;
    }

    private void remove(int index) {
        System.arraycopy(registered, index + 1, registered, index, count - index - 1);
        System.arraycopy(owners, index + 1, owners, index, count - index - 1);
        count--;
        owners[count] = null;
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

    /** Registrations that {@link #endOldest} has ended since the opening. */
    synchronized long endedForMemory() {
        return endedForMemory;
    }
}
