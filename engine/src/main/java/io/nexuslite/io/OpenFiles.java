package io.nexuslite.io;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that portable hosts of this process have open, by what identifies a file (inode, else real path).
 *
 * <p>POSIX record locks, which the JDK takes, have two faults that this table mends. They belong to the process, so two openings
 * in one process would both get the lock: here they exclude each other. And a process loses its lock when it closes
 * <em>any</em> descriptor of the file: so while the lock is held, a channel that is closed is parked, and really closed once the
 * lock is let go. Against other code in this process that opens and closes the file there is no help; native access has none of
 * this.
 *
 * <p>Invariants: I1, the lock of the system is held if and only if somebody holds the lock of the entry, in the strongest mode
 * held. I2, parked channels exist only while the lock is held. All under the class's monitor.
 */
final class OpenFiles {
    /** One byte far behind any data: on Windows a lock keeps the locked bytes themselves from being read and written. */
    private static final long LOCK_POSITION = 1L << 62;
    private static final long LOCK_LENGTH = 1;

    private static final Map<Object, Entry> ENTRIES = new HashMap<>();

    private OpenFiles() {
    }

    /** What the openings of one file share. */
    static final class Entry {
        private final Object key;
        private final LockState locks = new LockState();
        private final List<AsynchronousFileChannel> parked = new ArrayList<>();
        private int openings;
        private FileLock systemLock;

        private Entry(Object key) {
            this.key = key;
        }
    }

    static synchronized Entry enter(Object key) {
        Entry entry = ENTRIES.computeIfAbsent(key, Entry::new);
        entry.openings++;
        return entry;
    }

    /** @return false if another opening, here or in another process, is in the way */
    static synchronized boolean tryLock(Entry entry, Object holder, AsynchronousFileChannel channel, LockMode mode)
            throws IOException {
        LockMode before = entry.locks.modeOf(holder);
        if (!entry.locks.tryAcquire(holder, mode)) {
            return false;
        }
        if (lockInSystem(entry, channel, mode)) {
            return true;
        }
        if (before == null) {
            entry.locks.release(holder);
        } else {
            entry.locks.tryAcquire(holder, before);
        }
        return false;
    }

    private static boolean lockInSystem(Entry entry, AsynchronousFileChannel channel, LockMode mode)
            throws IOException {
        FileLock held = entry.systemLock;
        if (held != null && held.isShared() == (mode == LockMode.SHARED)) {
            return true; // I1: another opening's shared lock serves this one, too
        }
        if (held == null) {
            entry.systemLock = take(channel, mode);
            return entry.systemLock != null;
        }
        // A change of mode: the JDK has no such call, so the lock is free for a moment.
        held.release();
        FileLock changed = take(channel, mode);
        entry.systemLock = changed != null
                ? changed
                : take((AsynchronousFileChannel) held.acquiredBy(),
                        held.isShared() ? LockMode.SHARED : LockMode.EXCLUSIVE);
        return changed != null;
    }

    private static FileLock take(AsynchronousFileChannel channel, LockMode mode) throws IOException {
        try {
            return channel.tryLock(LOCK_POSITION, LOCK_LENGTH, mode == LockMode.SHARED);
        } catch (OverlappingFileLockException e) {
            return null; // other code of this process
        }
    }

    /** Closes the channel now, or when the lock on its file is let go. */
    static synchronized void leave(Entry entry, Object holder, AsynchronousFileChannel channel) throws IOException {
        entry.openings--;
        entry.locks.release(holder);
        entry.parked.add(channel);
        if (entry.locks.isFree()) {
            entry.systemLock = null; // goes with its channel
            closeParked(entry);
        }
        if (entry.openings == 0) {
            ENTRIES.remove(entry.key, entry);
        }
    }

    private static void closeParked(Entry entry) throws IOException {
        IOException failure = null;
        for (AsynchronousFileChannel channel : entry.parked) {
            try {
                channel.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        entry.parked.clear(); // I2
        if (failure != null) {
            throw failure;
        }
    }
}
