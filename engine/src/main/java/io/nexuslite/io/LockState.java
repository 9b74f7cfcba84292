package io.nexuslite.io;

import java.util.IdentityHashMap;
import java.util.Map;

/** Who holds the lock on one file, within this process. Not thread-safe: the owner guards it. */
final class LockState {
    private final Map<Object, LockMode> holders = new IdentityHashMap<>();

    /** Takes the lock, or changes the mode in which {@code holder} has it; false, and nothing changed, if another is in the way. */
    boolean tryAcquire(Object holder, LockMode mode) {
        if (!isCompatible(holder, mode)) {
            return false;
        }
        holders.put(holder, mode);
        return true;
    }

    private boolean isCompatible(Object holder, LockMode mode) {
        for (Map.Entry<Object, LockMode> other : holders.entrySet()) {
            if (other.getKey() != holder && (mode == LockMode.EXCLUSIVE || other.getValue() == LockMode.EXCLUSIVE)) {
                return false;
            }
        }
        return true;
    }

    /** Mode in which {@code holder} has the lock, or {@code null}. */
    LockMode modeOf(Object holder) {
        return holders.get(holder);
    }

    void release(Object holder) {
        holders.remove(holder);
    }

    boolean isFree() {
        return holders.isEmpty();
    }
}
