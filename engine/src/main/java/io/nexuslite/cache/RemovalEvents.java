package io.nexuslite.cache;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on their way from where an entry leaves, which may be inside a pin, to the listener, which is foreign code: they are queued, and delivered when the
 * call that made them ends. Each call delivers until the queue is empty, so the queue stays short. A listener that uses the cache
 * delivers nothing itself: its events follow when it is done.
 */
final class RemovalEvents {
    private record Event(byte[] key, byte[] value, RemovalCause cause) {
    }

    private final ConcurrentLinkedQueue<Event> queue = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Boolean> delivering = new ThreadLocal<>();
    private volatile CacheListener listener;

    boolean isWanted() {
        return listener != null;
    }

    void setListener(CacheListener newListener) {
        listener = newListener;
        if (newListener == null) {
            queue.clear();
        }
    }

    void add(byte[] key, byte[] value, RemovalCause cause) {
        queue.add(new Event(key, value, cause));
    }

    /** Begins a part of the caller's thread in which nothing is delivered, since it has a lock; true if {@link #release} is to end it. */
    boolean hold() {
        if (listener == null || delivering.get() != null) {
            return false;
        }
        delivering.set(Boolean.TRUE);
        return true;
    }

    /** Ends what {@link #hold} began, and delivers. */
    void release() {
        delivering.remove();
        deliver();
    }

    /** Called with no pin and no lock. */
    void deliver() {
        if (listener == null || queue.isEmpty() || delivering.get() != null) {
            return;
        }
        delivering.set(Boolean.TRUE);
        try {
            Event event;
            while ((event = queue.poll()) != null) {
                CacheListener told = listener;
                if (told != null) {
                    tell(told, event);
                }
            }
        } finally {
            delivering.remove();
        }
    }

    private static void tell(CacheListener told, Event event) {
        try {
            told.removed(event.key, event.value, event.cause);
        } catch (RuntimeException failure) {
            Log.LOGGER.error("cache listener failed", failure);
        }
    }

    private static final class Log {
        static final Logger LOGGER = LoggerFactory.getLogger(OffHeapCache.class);
    }
}
