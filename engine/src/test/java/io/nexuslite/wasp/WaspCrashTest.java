package io.nexuslite.wasp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.testing.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever ends a database, and wherever, what it has promised is there when it is opened again. */
class WaspCrashTest {
    @RegisterExtension
    final Seed seed = new Seed();

    /** The first walk has the seed that is printed, so that a failed one is repeated alone. */
    @Test
    void keepsItsPromisesThroughRandomLives() {
        int walks = Seed.scaled(300);
        int crashes = 0;
        for (int walk = 0; walk < walks; walk++) {
            crashes += CrashWalk.run(seed.value() + walk * 0x9e37_79b9_7f4a_7c15L, 60, CrashWorld.Liar.NONE, false);
        }
        assertTrue(crashes > walks / 2, "only " + crashes + " crashes");
    }
}
