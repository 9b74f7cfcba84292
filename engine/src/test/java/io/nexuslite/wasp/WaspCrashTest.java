package io.nexuslite.wasp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.PoisonedException;
import io.nexuslite.io.Call;
import io.nexuslite.io.CallListener;
import io.nexuslite.io.CrashNow;
import io.nexuslite.io.CrashPolicy;
import io.nexuslite.testing.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever ends a database, and wherever, what it has promised is there when it is opened again. */
class WaspCrashTest {
    /** Places where the order of the protocol is all that protects; each is hit at least once by the script's run. */
    private static final List<String> POINTS = List.of(
            // first write: temporary file, name, directory, LOG slot, first commit
            "RUN TEMP_WRITE>TEMP_SYNC", "RUN TEMP_SYNC>RENAME", "RUN RENAME>DIRECTORY_SYNC",
            "RUN DIRECTORY_SYNC>SLOT_WRITE",
            "RUN SLOT_WRITE>NXL_SYNC", "RUN NXL_SYNC>LOG_WRITE_DURABLE",
            // groups, growth of the log
            "RUN LOG_WRITE_DURABLE>LOG_WRITE_DURABLE", "RUN LOG_WRITE>LOG_SYNC", "RUN LOG_GROW>LOG_WRITE",
            // checkpoint: pages, flush, slot, flush, witness
            "RUN PAGE_WRITE>NXL_SYNC", "RUN NXL_SYNC>SLOT_WRITE", "RUN PAGE_WRITE>PAGE_WRITE",
            "RUN NXL_GROW>PAGE_WRITE",
            // clean close
            "CLOSE PAGE_WRITE>NXL_SYNC", "CLOSE NXL_SYNC>SLOT_WRITE", "CLOSE SLOT_WRITE>NXL_SYNC",
            "CLOSE NXL_SYNC>SLOT_WRITE_AGAIN", "CLOSE SLOT_WRITE_AGAIN>NXL_SYNC", "CLOSE NXL_CUT>UNLINK",
            "CLOSE UNLINK>DIRECTORY_SYNC", "CLOSE DIRECTORY_SYNC>OWNER_WRITE",
            // the same in recovery
            "OPEN BEGIN>PAGE_WRITE", "OPEN PAGE_WRITE>NXL_SYNC", "OPEN NXL_SYNC>SLOT_WRITE", "OPEN SLOT_WRITE>NXL_SYNC",
            "OPEN NXL_SYNC>SLOT_WRITE_AGAIN", "OPEN SLOT_WRITE_AGAIN>NXL_SYNC", "OPEN NXL_SYNC>UNLINK",
            "OPEN NXL_CUT>UNLINK", "OPEN UNLINK>DIRECTORY_SYNC", "OPEN BEGIN>NXL_SYNC");

    @RegisterExtension
    final Seed seed = new Seed();

    /** The first walk has the seed that is printed, so that a failed one is repeated alone. */
    @Test
    void keepsItsPromisesThroughRandomLives() {
        int walks = Seed.scaled(300);
        int crashes = 0;
        for (int walk = 0; walk < walks; walk++) {
            crashes += CrashWalk.run(seed.value() + walk * 0x9e37_79b9_7f4a_7c15L, CrashWalk.Profile.MIXED, 60,
                    CrashWorld.Liar.TRACED, false);
        }
        assertTrue(crashes > walks / 2, "only " + crashes + " crashes");
    }

    /** As above, with an end, a failure or damage after every few calls. */
    @Test
    void keepsItsPromisesThroughStorms() {
        int walks = Seed.scaled(150);
        for (int walk = 0; walk < walks; walk++) {
            CrashWalk.run(seed.value() + walk * 0x9e37_79b9_7f4a_7c15L, CrashWalk.Profile.STORM, 100,
                    CrashWorld.Liar.TRACED,
                    false);
        }
    }

    /** The power fails, or the process is killed, before each call of a script, with what each policy leaves. */
    @Test
    void keepsItsPromisesAtEveryCallOfAScript() {
        SplittableRandom random = seed.random("images");
        List<CrashPolicy> policies = new ArrayList<>(List.of(CrashPolicy.LOSE_UNSYNCED, CrashPolicy.KEEP_EVERYTHING,
                CrashPolicy.IN_ORDER, CrashPolicy.SECTORS, CrashPolicy.BLOCKS, CrashPolicy.GARBAGE));
        policies.add(null); // a kill
        for (int more = 1; more < Seed.scaled(1); more++) {
            policies.add(CrashPolicy.any(random.nextLong()));
        }
        long[] images = {0};
        Set<String> seen = new HashSet<>();
        try (CrashWorld world = new CrashWorld(seed.value(), CrashWorld.smallOptions())) {
            world.points().watch(new CallListener() {
                @Override
                public void before(Call call) {
                    String point = world.points().gap(call);
                    for (CrashPolicy policy : policies) {
                        images[0]++;
                        world.points().hit(point);
                        boolean deep = seen.add(point + policy) && random.nextInt(4) == 0 || random.nextInt(40) == 0;
                        recover(world, point + " at " + call, random.nextLong(), policy, deep);
                    }
                }
            });
            new CrashScript(world).run();
        }
        assertTrue(images[0] > 500, "only " + images[0] + " images");
        assertEquals(List.of(), POINTS.stream().filter(point -> !CrashPoints.hits().containsKey(point)).toList(),
                () -> "points never hit; hit were " + CrashPoints.hits());
    }

    /** As above, but in the middle of each call. */
    @Test
    void keepsItsPromisesInTheMiddleOfEachFlush() {
        SplittableRandom random = seed.random("flushes");
        List<Long> ordinals = new ArrayList<>();
        try (CrashWorld world = new CrashWorld(seed.value(), CrashWorld.smallOptions())) {
            world.points().watch(new CallListener() {
                @Override
                public void before(Call call) {
                    if (call.kind().isFlush()) {
                        ordinals.add(call.ordinal());
                    }
                }
            });
            new CrashScript(world).run();
        }
        for (long ordinal : ordinals) {
            try (CrashWorld world = new CrashWorld(seed.value(), CrashWorld.smallOptions())) {
                world.points().arm(ordinal - 1 - world.host().mutatingCalls(), CrashNow.Effect.IN_FLIGHT);
                assertThrows(CrashNow.class, () -> {
                    try {
                        new CrashScript(world).run();
                    } catch (PoisonedException poisoned) {
                        throw poisoned.getCause();
                    }
                });
                for (CrashPolicy policy : List.of(CrashPolicy.IN_ORDER, CrashPolicy.SECTORS, CrashPolicy.GARBAGE)) {
                    recover(world, "in flush " + ordinal, random.nextLong(), policy, false);
                }
            }
        }
        assertTrue(ordinals.size() > 30, "only " + ordinals.size() + " flushes");
    }

    /** Opens what a crash of {@code world} would leave; {@code deep}: with another crash at every call of the recovery. */
    private static void recover(CrashWorld world, String point, long imageSeed, CrashPolicy policy, boolean deep) {
        SplittableRandom random = new SplittableRandom(imageSeed);
        try (CrashWorld image = world.image(imageSeed, policy)) {
            if (deep) {
                image.points().watch(new CallListener() {
                    @Override
                    public void before(Call call) {
                        if (!image.isOpen()) {
                            String again = image.points().gap(call);
                            image.points().hit(again);
                            recover(image, again + " at " + call, random.nextLong(), CrashPolicy.any(random.nextLong()),
                                    false);
                        }
                    }
                });
            }
            image.liveOn(random);
        } catch (Violation violation) {
            throw new Violation(
                    "crash at " + point + ", " + (policy == null ? "kill" : policy) + ", image seed " + imageSeed
                            + ": " + violation.getMessage(),
                    violation);
        }
    }
}
