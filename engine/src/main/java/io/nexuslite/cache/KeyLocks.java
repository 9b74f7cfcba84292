package io.nexuslite.cache;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for each key that somebody works on: loads and computations run under it, and keys do not wait for one another. Locks are made when
 * wanted and dropped by the last who wanted them.
 */
final class KeyLocks {
    private final ConcurrentHashMap<Key, Lock> locks = new ConcurrentHashMap<>();

    /** @throws IllegalStateException if the thread has the key's lock: a loader that asks for what it is to load would wait for itself */
    Lock lock(byte[] bytes) {
        Key key = new Key(bytes);
        Lock lock = locks.compute(key, (same, found) -> {
            Lock used = found == null ? new Lock(key) : found;
            used.users++;
            return used;
        });
        if (lock.mutex.isHeldByCurrentThread()) {
            drop(lock);
            throw new IllegalStateException("The load or computation of a key of " + bytes.length
                    + " bytes uses the same key again; it would wait for itself.");
        }
        lock.mutex.lock();
        return lock;
    }

    void unlock(Lock lock) {
        lock.mutex.unlock();
        drop(lock);
    }

    /** Keys that somebody works on. */
    int size() {
        return locks.size();
    }

    private void drop(Lock lock) {
        locks.compute(lock.key, (same, found) -> --lock.users == 0 ? null : found);
    }

    static final class Lock {
        private final Key key;
        private final ReentrantLock mutex = new ReentrantLock();
        private int users; // guarded by the map's own lock of the key

        private Lock(Key key) {
            this.key = key;
        }
    }

    /** Bytes that are equal by their content. */
    record Key(byte[] bytes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }
}
