package io.nexuslite.wasp;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.io.CallKind;
import io.nexuslite.io.Fault;
import io.nexuslite.io.FaultyHost;
import io.nexuslite.io.Host;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import io.nexuslite.testing.Seed;
import io.nexuslite.wasp.log.LogLies;
import java.lang.foreign.Arena;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The trace refuses calls in a wrong order in a life in which nothing goes wrong, and no others. */
class TracedHostTest {
    @RegisterExtension
    final Seed seed = new Seed();

    @AfterEach
    void tellTruth() {
        EngineLie.tell(EngineLie.NONE);
        LogLies.tellTruth();
    }

    @Test
    void allowsTheScript() {
        try (CrashWorld world = new CrashWorld(seed.value(), CrashWorld.smallOptions(), CrashWorld.Liar.TRACED)) {
            world.points().beQuiet();
            new CrashScript(world).run();
        }
    }

    private static CrashWorld.Liar lying(LyingHost.Lie lie) {
        return new CrashWorld.Liar() {
            @Override
            public Host wrap(FaultyHost host) {
                return new LyingHost(new TracedHost(host), lie); // the trace sees what reaches the disk
            }
        };
    }

    private void isRefused(CrashWorld.Liar liar, Fault fault) {
        Throwable refused = assertThrows(Throwable.class, () -> {
            try (CrashWorld world = new CrashWorld(seed.value(), CrashWorld.smallOptions(), liar)) {
                world.points().beQuiet();
                if (fault != null) {
                    world.plan(fault);
                }
                new CrashScript(world).run();
            }
        });
        boolean traced = false;
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            traced |= cause instanceof Violation && cause.getMessage().startsWith("trace: ");
        }
        assertTrue(traced, refused::toString);
    }

    @TestFactory
    Stream<DynamicTest> refusesCallsOutOfOrder() {
        return Stream.of(LyingHost.Lie.NO_PAGE_FLUSH, LyingHost.Lie.CLEAN_IN_ONE_FLUSH,
                LyingHost.Lie.UNLINK_BEFORE_CLEAN_SLOT, LyingHost.Lie.NO_DIRECTORY_FLUSH, LyingHost.Lie.NO_TEMPORARY,
                LyingHost.Lie.LOG_SLOT_LATE)
                .map(lie -> DynamicTest.dynamicTest(lie.name(), () -> isRefused(lying(lie), null)));
    }

    @Test
    void refusesWritesAfterAFailedFlush() {
        isRefused(lying(LyingHost.Lie.RETRY_FLUSH), Fault.of(CallKind.SYNC).in(".nxl").nth(5));
    }

    @TestFactory
    Stream<DynamicTest> refusesRulesOfTheEngineSwitchedOff() {
        return Stream.of(EngineLie.RECYCLE_BEFORE_FLIP, EngineLie.SINGLE_CLEAN_SLOT, EngineLie.RESERVE_UNFLUSHED)
                .map(lie -> DynamicTest.dynamicTest(lie.name(), () -> {
                    EngineLie.tell(lie);
                    try {
                        isRefused(CrashWorld.Liar.TRACED, null);
                    } finally {
                        tellTruth();
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> refusesRulesOfTheLogSwitchedOff() {
        return Stream.of("RANGED_FLUSH", "REUSE_BEFORE_WITNESS", "FORGET_FAILED_FLUSH")
                .map(lie -> DynamicTest.dynamicTest(lie, () -> {
                    LogLies.tell(lie);
                    try {
                        isRefused(CrashWorld.Liar.TRACED, "FORGET_FAILED_FLUSH".equals(lie)
                                ? Fault.of(CallKind.SYNC).in(".wasp.new").nth(3)
                                : null);
                    } finally {
                        tellTruth();
                    }
                }));
    }

    @Test
    void refusesWritesToTheLogOfAnotherProcess() {
        try (CrashWorld world = new CrashWorld(seed.value(), CrashWorld.smallOptions());
                Arena arena = Arena.ofConfined()) {
            world.points().beQuiet();
            world.open(seed.random("open"));
            SceneSteps.puts(world, 3, 100);
            world.crash(seed.value(), null);
            TracedHost traced = new TracedHost(world.host());
            try (StoreFile log = traced.files().open(CrashWorld.LOG, OpenMode.READ_WRITE)) {
                assertThrows(Violation.class, () -> log.write(0, arena.allocate(512), 0, 512));
            }
        }
    }
}
