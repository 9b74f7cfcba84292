package io.nexuslite.testing;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * The one source of randomness of a test: registered as an extension, it prints the line that repeats a failed run.
 *
 * <p>The seed comes from {@code -Dnexuslite.seed}, or is fresh where that is empty; the depth from {@code -Dnexuslite.scale}. Every
 * thread, file and actor asks for a generator by its own name, so that none shifts the numbers of another.
 */
public final class Seed implements TestWatcher {
    private final long value = chosen();

    /** A generator for one actor of the test. */
    public SplittableRandom random(String name) {
        long mixed = value;
        for (int i = 0; i < name.length(); i++) {
            mixed = (mixed ^ name.charAt(i)) * 0x9e37_79b9_7f4a_7c15L;
        }
        return new SplittableRandom(mixed);
    }

    /** {@code count} times the depth of the run, at least 1. */
    public static int scaled(int count) {
        String scale = System.getProperty("nexuslite.scale", "1");
        return (int) Math.clamp(count * Double.parseDouble(scale.isEmpty() ? "1" : scale), 1, Integer.MAX_VALUE);
    }

    public long value() {
        return value;
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        System.err
                .println("Reproduce: mvn -pl engine test -Dtest=" + context.getRequiredTestClass().getSimpleName() + "#"
                        + context.getRequiredTestMethod().getName() + " -Dnexuslite.seed=0x" + Long.toHexString(value));
    }

    private static long chosen() {
        String given = System.getProperty("nexuslite.seed", "");
        if (given.isEmpty()) {
            return new SecureRandom().nextLong();
        }
        return given.startsWith("0x") ? Long.parseUnsignedLong(given.substring(2), 16) : Long.parseLong(given);
    }
}
