package io.nexuslite.wasp;

import io.nexuslite.testing.Seed;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each rule of the protocol in a scene of its own. */
class ProtocolTest {
    /** By the name of the mutation that each shows to be one. */
    static final Map<String, ProtocolScenes.Scene> SCENES = new TreeMap<>(Map.ofEntries(
            Map.entry("same-generation", ProtocolScenes::sameGeneration),
            Map.entry("reuse-page-of-n-1", ProtocolScenes::reuseEarly),
            Map.entry("recycle-before-flip", ProtocolScenes::recycleBeforeFlip),
            Map.entry("no-gate", ProtocolScenes::gate),
            Map.entry("clean-in-one-flush, two-slots", ProtocolScenes::failedFlushesOfCleanSlots),
            Map.entry("unlink-before-clean-slot, single-clean-slot", ProtocolScenes::cleanClose),
            Map.entry("no-manifest-witness", ProtocolScenes::rottenSlot),
            Map.entry("no-page-flush", ProtocolScenes::slotBeforePages),
            Map.entry("ack-before-flush", ProtocolScenes::horizon),
            Map.entry("delete-stale-at-open", ProtocolScenes::staleLog),
            Map.entry("no-witness", ProtocolScenes::window),
            Map.entry("foreign-log", ProtocolScenes::wrongLogs),
            Map.entry("log-slot-late, no-temp, no-dir-flush", ProtocolScenes::firstWrite),
            Map.entry("retry-flush", ProtocolScenes::failedFlush),
            Map.entry("no-anchor", ProtocolScenes::olderLog),
            Map.entry("anchor-at-flip, checkpoint-above-h", CheckpointScenes::straddle),
            Map.entry("no-log-reserve", CheckpointScenes::fullLog),
            Map.entry("reserve-unflushed", CheckpointScenes::reserveBeforeSlot),
            Map.entry("reuse-logged-extent", CheckpointScenes::loggedExtent),
            Map.entry("serve-before-flip", RecoveryScenes::servedStays),
            Map.entry("no-recovery-checkpoint", RecoveryScenes::firstWriteAfterRecovery),
            Map.entry("serve-clean-at-once", RecoveryScenes::cleanSlotInTheCache),
            Map.entry("tail-rewrite-in-place", RecoveryScenes::logIsOnlyRead),
            Map.entry("ignore-logged-extents", RecoveryScenes::loggedExtents),
            Map.entry("ranged-flush", ProtocolScenes::severalGroups)));

    @RegisterExtension
    final Seed seed = new Seed();

    @TestFactory
    Stream<DynamicTest> keepsItsPromisesInTheSceneOf() {
        return SCENES.entrySet().stream().map(scene -> DynamicTest.dynamicTest(scene.getKey(),
                () -> scene.getValue().play(seed.value(), CrashWorld.Liar.NONE)));
    }
}
