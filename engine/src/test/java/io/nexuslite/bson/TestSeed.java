package io.nexuslite.bson;

import java.util.SplittableRandom;

/** Seed and depth of a random test: {@code -Dnexuslite.seed} (empty is a fresh one) and {@code -Dnexuslite.scale}. */
public final class TestSeed {
    /** A test that draws from a seed. */
    @FunctionalInterface
    public interface Body {
        void run(long seed) throws Exception;
    }

    private TestSeed() {
    }

    /** Runs {@code body}; where it fails, the failure tells how to see it again. */
    public static void run(Class<?> test, String method, Body body) {
        String given = System.getProperty("nexuslite.seed", "");
        long seed = given.isEmpty()
                ? new SplittableRandom().nextLong()
                : Long.parseUnsignedLong(
                        given.startsWith("0x") ? given.substring(2) : given, 16);
        try {
            body.run(seed);
        } catch (Throwable e) {
            throw new AssertionError("Reproduce: mvn -pl engine test -Dtest=" + test.getSimpleName() + "#" + method
                    + " -Dnexuslite.seed=0x" + Long.toHexString(seed), e);
        }
    }

    /** {@code base} rounds, times the scale. */
    public static int rounds(int base) {
        return (int) Math.max(1, base * Double.parseDouble(System.getProperty("nexuslite.scale", "1")));
    }
}
