package io.nexuslite.wasp;

import static org.junit.jupiter.api.Assertions.fail;

import io.nexuslite.io.FaultyHost;
import io.nexuslite.io.Host;
import io.nexuslite.testing.Seed;
import io.nexuslite.wasp.log.LogLies;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A suite that stays green under a lie proves nothing: each rule switched off must be found. */
class PlantedLiesTest {
    private static final int SEEDS_MAX = 400;

    @RegisterExtension
    final Seed seed = new Seed();

    @AfterEach
    void tellTruth() {
        EngineLie.tell(EngineLie.NONE);
        LogLies.tellTruth();
    }

    private void isFound(String lie, CrashWorld.Liar liar) {
        for (int walk = 0; walk < SEEDS_MAX; walk++) {
            try {
                CrashWalk.run(seed.value() + walk * 0x9e37_79b9_7f4a_7c15L, 60, liar, true);
            } catch (Violation found) {
                System.out.println(
                        lie + " found by walk " + walk + ": " + found.getMessage().lines().findFirst().orElse(""));
                return;
            }
        }
        fail(lie + " is not found by " + SEEDS_MAX + " walks");
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

    @ParameterizedTest
    @EnumSource(LyingHost.Lie.class)
    void findsOrderOfCallsBroken(LyingHost.Lie lie) {
        isFound(lie.name(), new CrashWorld.Liar() {
            @Override
            public Host wrap(FaultyHost host) {
                return new LyingHost(host, lie);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(value = EngineLie.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void findsRuleOfEngineSwitchedOff(EngineLie lie) {
        EngineLie.tell(lie);
        isFound(lie.name(), CrashWorld.Liar.NONE);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {"RANGED_FLUSH", "REUSE_BEFORE_WITNESS",
            "ACKNOWLEDGE_BEFORE_FLUSH", "FORGET_FAILED_FLUSH", "IGNORE_WITNESS", "IGNORE_ANCHOR"})
    void findsRuleOfLogSwitchedOff(String lie) {
        LogLies.tell(lie);
        isFound(lie, CrashWorld.Liar.NONE);
    }

    @Test
    void findsIgnoredFlushesOfTheLog() {
        isFound("log", disk(host -> {
            host.ignoreSync(".wasp.new");
            host.ignoreDurableWrites(".wasp.new");
        }));
    }

    @Test
    void findsIgnoredFlushesOfTheDatabase() {
        isFound("nxl", disk(host -> host.ignoreSync(".nxl")));
    }

    @Test
    void findsIgnoredFlushesOfDirectories() {
        isFound("dir", disk(FaultyHost::ignoreSyncDirectory));
    }
}
