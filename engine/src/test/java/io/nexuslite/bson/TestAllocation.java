package io.nexuslite.bson;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Holds code to allocating nothing in the steady state, by the JVM's own count for the thread. */
public final class TestAllocation {
    private static final int ROUNDS = 60;
    private static final int CALLS = 2_000;

    private static final MethodHandle ALLOCATED_BYTES = allocatedBytes();

    /** Work that is measured; what it returns keeps it from being optimized away. */
    @FunctionalInterface
    public interface Work {
        long run(int call);
    }

    private TestAllocation() {
    }

    /** Fails unless, once warm, some {@value #CALLS} calls in a row allocate nothing. */
    public static void assertNone(String what, Work work) {
        long least = Long.MAX_VALUE;
        long sum = 0;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            long before = bytes();
            for (int call = 0; call < CALLS; call++) {
                sum += work.run(call);
            }
            least = Math.min(least, bytes() - before);
        }
        assertEquals(0, least, what + " (" + sum + ")");
    }

    private static long bytes() {
        try {
            return (long) ALLOCATED_BYTES.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** By reflection: the module under test does not read java.management, and needs not. */
    private static MethodHandle allocatedBytes() {
        try {
            Object threads = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean")
                    .invoke(
                            null);
            Class<?> type = Class.forName("com.sun.management.ThreadMXBean");
            return MethodHandles.publicLookup().findVirtual(type, "getCurrentThreadAllocatedBytes",
                    MethodType.methodType(long.class)).bindTo(threads);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
