package io.nexuslite.io;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Counts what the current thread allocates on the heap, for tests that promise nothing. By method handle, since the engine's
 * module does not read the management modules, and its tests are compiled as a part of it. The call itself allocates nothing.
 */
public final class AllocatedBytes {
    private static final MethodHandle OF_THIS_THREAD = find();

    private AllocatedBytes() {
    }

    /** Bytes that this thread has allocated since it started. */
    public static long ofThisThread() {
        try {
            return (long) OF_THIS_THREAD.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MethodHandle find() {
        try {
            Class<?> beanClass = Class.forName("com.sun.management.ThreadMXBean");
            Object bean = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean")
                    .invoke(null);
            return MethodHandles.publicLookup()
                    .findVirtual(beanClass, "getCurrentThreadAllocatedBytes", MethodType.methodType(long.class))
                    .bindTo(bean);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
