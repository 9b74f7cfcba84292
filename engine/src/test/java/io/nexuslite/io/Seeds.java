package io.nexuslite.io;

import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/** Seed and depth of this package's random tests. */
final class Seeds {
    private Seeds() {
    }

    /** From {@code -Dnexuslite.seed}, else fresh. */
    static long seed() {
        String given = System.getProperty("nexuslite.seed", "");
        if (given.isBlank()) {
            return ThreadLocalRandom.current().nextLong();
        }
        return given.startsWith("0x") ? Long.parseUnsignedLong(given.substring(2), 16) : Long.parseLong(given);
    }

    /** {@code -Dnexuslite.scale}, 1 unless told. */
    static int scale() {
        String given = System.getProperty("nexuslite.scale", "");
        return given.isBlank() ? 1 : Math.max(1, Integer.parseInt(given.strip()));
    }

    /** A generator for one actor of a run. */
    static SplittableRandom child(long seed, String actor) {
        return new SplittableRandom(seed ^ actor.hashCode() * 0x9e3779b97f4a7c15L);
    }

    /** Runs a random test and, when it fails, says how to repeat it. */
    static void run(Class<?> test, String method, long seed, Runnable body) {
        try {
            body.run();
        } catch (Throwable e) {
            throw new AssertionError("Reproduce: mvn -pl engine test -Dtest=" + test.getSimpleName() + "#" + method
                    + " -Dnexuslite.seed=0x" + Long.toHexString(seed), e);
        }
    }
}
