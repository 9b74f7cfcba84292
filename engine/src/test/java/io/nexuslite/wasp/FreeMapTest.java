package io.nexuslite.wasp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexuslite.io.FaultyHost;
import io.nexuslite.wasp.space.SpaceMap;
import org.junit.jupiter.api.Test;

class FreeMapTest {
    /**
     * Symptom: a database that a crash left is never opened again, "the free map does not settle". Cause: one free page alone needs a page for
     * the map, which takes it, and then the empty map needs none, which gives it back, and so on. Rule: what the map does
     * not need after all is pending, not free.
     */
    @Test
    void settlesWhenTheOnlyFreePageIsTheOneItNeeds() {
        FaultyHost host = new FaultyHost(1);
        EngineOptions options = CrashWorld.smallOptions();
        WaspEngine.create(host, CrashWorld.PATH, options);
        try (EngineState state = Opening.open(host, CrashWorld.PATH, options)) {
            state.loadSpace();
            SpaceMap map = state.space().map();
            long first = map.filePages();
            map.grow(first + 2);
            assertEquals(first, map.allocate(2));
            map.giveBack(first, 1);
            try (CheckpointBuild build = new CheckpointBuild(state.space(), state.manifests().newest().number() + 1)) {
                FreeMap.Written written = state.freeMap().write(build, 0, true);
                assertEquals(1, written.pendingPages());
                assertEquals(map.freePages(), written.freePages());
            }
            new Closing(state).release();
        }
    }
}
