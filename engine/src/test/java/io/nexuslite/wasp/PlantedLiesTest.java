package io.nexuslite.wasp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.nexuslite.error.NexusLiteException;
import io.nexuslite.io.FaultyHost;
import io.nexuslite.io.Host;
import io.nexuslite.testing.Seed;
import io.nexuslite.wasp.log.LogLies;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A suite that stays green under a lie proves nothing: each rule switched off must be found by the lives or scenes that hold it. */
class PlantedLiesTest {
    private static final int RUNS_MAX = 40;

    private static final Map<LyingHost.Lie, List<ProtocolScenes.Scene>> ORDERS = new EnumMap<>(Map.of(
            LyingHost.Lie.NO_PAGE_FLUSH, List.of(ProtocolScenes::slotBeforePages),
            LyingHost.Lie.CLEAN_IN_ONE_FLUSH, List.of(ProtocolScenes::failedFlushesOfCleanSlots),
            LyingHost.Lie.UNLINK_BEFORE_CLEAN_SLOT, List.of(ProtocolScenes::cleanClose, PlantedLiesTest::storm),
            LyingHost.Lie.NO_DIRECTORY_FLUSH, List.of(ProtocolScenes::firstWrite, PlantedLiesTest::storm),
            LyingHost.Lie.NO_TEMPORARY, List.of(ProtocolScenes::firstWrite, PlantedLiesTest::storm),
            LyingHost.Lie.LOG_SLOT_LATE, List.of(ProtocolScenes::firstWrite, PlantedLiesTest::storm),
            LyingHost.Lie.RETRY_FLUSH, List.of(ProtocolScenes::failedFlush),
            LyingHost.Lie.SAME_GENERATION, List.of(ProtocolScenes::sameGeneration),
            LyingHost.Lie.TWO_SLOTS, List.of(ProtocolScenes::failedFlushesOfCleanSlots)));

    private static final Map<EngineLie, List<ProtocolScenes.Scene>> RULES = new EnumMap<>(Map.of(
            EngineLie.REUSE_ONE_MANIFEST_EARLY, List.of(ProtocolScenes::reuseEarly),
            EngineLie.RECYCLE_BEFORE_FLIP, List.of(ProtocolScenes::recycleBeforeFlip),
            EngineLie.SINGLE_CLEAN_SLOT, List.of(ProtocolScenes::cleanClose, PlantedLiesTest::storm),
            EngineLie.IGNORE_MANIFEST_WITNESS, List.of(ProtocolScenes::rottenSlot),
            EngineLie.ANCHOR_AT_FLIP, List.of(CheckpointScenes::straddle),
            EngineLie.SERVE_BEFORE_FLIP, List.of(RecoveryScenes::servedStays, RecoveryScenes::firstWriteAfterRecovery),
            EngineLie.SERVE_CLEAN_AT_ONCE, List.of(RecoveryScenes::cleanSlotInTheCache),
            EngineLie.IGNORE_LOGGED_EXTENTS, List.of(RecoveryScenes::loggedExtents),
            EngineLie.REUSE_LOGGED_EXTENT, List.of(CheckpointScenes::loggedExtent),
            EngineLie.RESERVE_UNFLUSHED, List.of(CheckpointScenes::reserveBeforeSlot)));

    private static final Map<String, List<ProtocolScenes.Scene>> LOG_RULES = Map.of(
            "RANGED_FLUSH", List.of(ProtocolScenes::severalGroups),
            "REUSE_BEFORE_WITNESS", List.of(ProtocolScenes::gate),
            "ACKNOWLEDGE_BEFORE_FLUSH", List.of(ProtocolScenes::horizon),
            "FORGET_FAILED_FLUSH", List.of(ProtocolScenes::failedFlush),
            "IGNORE_WITNESS", List.of(ProtocolScenes::window),
            "IGNORE_ANCHOR", List.of(ProtocolScenes::olderLog),
            "CHECKPOINT_ABOVE_HORIZON", List.of(CheckpointScenes::straddle),
            "NO_RESERVE", List.of(CheckpointScenes::fullLog));

    @RegisterExtension
    final Seed seed = new Seed();

    @AfterEach
    void tellTruth() {
        EngineLie.tell(EngineLie.NONE);
        LogLies.tellTruth();
    }

    private static void storm(long seed, CrashWorld.Liar liar) {
        CrashWalk.run(seed, CrashWalk.Profile.STORM, 100, liar, true);
    }

    private void isFound(String lie, CrashWorld.Liar liar, ProtocolScenes.Scene scene) {
        for (int run = 0; run < RUNS_MAX; run++) {
            try {
                scene.play(seed.value() + run * 0x9e37_79b9_7f4a_7c15L, liar);
            } catch (Violation | NexusLiteException found) {
                System.out.println(lie + " run " + run + ": " + found.getMessage().lines().findFirst().orElse(""));
                return;
            }
        }
        fail(lie + " is not found in " + RUNS_MAX + " runs");
    }

    private DynamicTest found(String lie, Runnable tell, CrashWorld.Liar liar, List<ProtocolScenes.Scene> scenes) {
        return DynamicTest.dynamicTest(lie, () -> {
            tell.run();
            try {
                scenes.forEach(scene -> isFound(lie, liar, scene));
            } finally {
                tellTruth();
            }
        });
    }

    private static CrashWorld.Liar disk(Consumer<FaultyHost> lie) {
        return new CrashWorld.Liar() {
            @Override
            public Host wrap(FaultyHost host) {
                lie.accept(host);
                return host;
            }
        };
    }

    @TestFactory
    Stream<DynamicTest> findsCallsOutOfOrder() {
        return ORDERS.entrySet().stream().map(order -> found(order.getKey().name(), () -> {
        }, new CrashWorld.Liar() {
            @Override
            public Host wrap(FaultyHost host) {
                return new LyingHost(host, order.getKey());
            }
        }, order.getValue()));
    }

    @TestFactory
    Stream<DynamicTest> findsRulesOfTheEngineSwitchedOff() {
        return RULES.entrySet().stream().map(rule -> found(rule.getKey().name(), () -> EngineLie.tell(rule.getKey()),
                CrashWorld.Liar.NONE, rule.getValue()));
    }

    @TestFactory
    Stream<DynamicTest> findsRulesOfTheLogSwitchedOff() {
        return LOG_RULES.entrySet().stream().map(rule -> found(rule.getKey(), () -> LogLies.tell(rule.getKey()),
                CrashWorld.Liar.NONE, rule.getValue()));
    }

    @TestFactory
    Stream<DynamicTest> findsDisksThatIgnoreFlushes() {
        Runnable nothing = () -> {
        };
        return Stream.of(
                found("of the log", nothing, disk(host -> {
                    host.ignoreSync(".wasp.new");
                    host.ignoreDurableWrites(".wasp.new");
                }), List.of(PlantedLiesTest::storm)),
                found("of the database", nothing, disk(host -> host.ignoreSync(".nxl")),
                        List.of(PlantedLiesTest::storm)),
                found("of directories", nothing, disk(FaultyHost::ignoreSyncDirectory),
                        List.of(PlantedLiesTest::storm)));
    }

    /** A dead incarnation's log is deleted though the CLEAN slot is not known to be durable. */
    @TestFactory
    Stream<DynamicTest> findsStaleLogDeleted() {
        return Stream.of(found("delete-stale-at-open", () -> {
        }, new CrashWorld.Liar() {
            @Override
            public void beforeOpening(FaultyHost host) {
                if (host.fileNames().contains(CrashWorld.LOG)
                        && ManifestSlots.newest(host.copy(CrashWorld.PATH)).clean()) {
                    host.remove(CrashWorld.LOG);
                }
            }
        }, List.of(ProtocolScenes::staleLog)));
    }

    /** The end of a dead incarnation's log is written again in place. */
    @TestFactory
    Stream<DynamicTest> findsLogWrittenByRecovery() {
        return Stream.of(found("tail-rewrite-in-place", () -> {
        }, new RecoveryScenes.TailRewriter(), List.of(RecoveryScenes::logIsOnlyRead)));
    }

    @Test
    void knowsEveryLie() {
        assertEquals(EnumSet.allOf(LyingHost.Lie.class), ORDERS.keySet());
        assertEquals(EnumSet.complementOf(EnumSet.of(EngineLie.NONE)), RULES.keySet());
        assertEquals(LogLies.names(), LOG_RULES.keySet());
    }
}
