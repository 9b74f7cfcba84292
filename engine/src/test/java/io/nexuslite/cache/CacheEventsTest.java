package io.nexuslite.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheEventsTest {
    @Test
    void flightRecorderSeesEvictionsSweepsAndSlowLoads(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("cache.jfr");
        try (Recording recording = new Recording();
                OffHeapCache cache = OffHeapCache.open(CacheOptions.ofCapacity(1 << 20))) {
            recording.enable(CacheEvents.Eviction.class).withoutThreshold();
            recording.enable(CacheEvents.Sweep.class).withoutThreshold();
            recording.enable(CacheEvents.SlowLoad.class).withoutThreshold();
            recording.start();
            for (int i = 0; i < 1_000; i++) {
                cache.put(Entries.key(i), new byte[8]);
            }
            cache.setCapacityEntries(100);
            cache.sweep();
            cache.core().loaded(cache.core().nanoTime() - CacheEvents.SLOW_LOAD_NANOS, true);
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        int evicted = events.stream().filter(event -> event.getEventType().getName().equals("nexuslite.CacheEviction"))
                .mapToInt(event -> event.getInt("entries")).sum();
        assertTrue(evicted > 0 && evicted <= 900, "evicted " + evicted);
        assertEquals(1, count(events, "nexuslite.CacheSweep"));
        assertEquals(1, count(events, "nexuslite.CacheSlowLoad"));
    }

    private static long count(List<RecordedEvent> events, String name) {
        return events.stream().filter(event -> event.getEventType().getName().equals(name)).count();
    }
}
