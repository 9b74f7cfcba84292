package io.nexuslite.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Memory that one system call needs besides its arguments: where the linker leaves the error number, and room for a small
 * struct. Lent for the duration of a call out of a fixed pool, so that calls allocate nothing; a {@code ThreadLocal} would cost
 * virtual threads one each.
 *
 * <p>State: {@code busy} of each entry, 0 = free. Invariant I1: at most one caller holds an entry. Ordering: taken by
 * compare-and-set, given back by release, so the next holder sees the memory as the last one left it. Progress: nobody waits;
 * when all entries are lent, a caller gets one of its own, left to the garbage collector.
 */
final class CallState {
    private static final int POOL_SIZE = 64; // power of two
    private static final long ENTRY_SIZE = 128; // own cache lines
    private static final long STRUCT_OFFSET = 64;
    private static final long STRUCT_SIZE = ENTRY_SIZE - STRUCT_OFFSET;

    private static final VarHandle BUSY = busyHandle();
    private static final VarHandle ERRNO = errnoHandle();
    private static final CallState[] POOL = pool();

    /** For the linker: the captured state. */
    final MemorySegment capture;
    /** At least 64 bytes, aligned to 8, for a struct argument. */
    final MemorySegment struct;
    private int busy;

    private CallState(MemorySegment memory) {
        capture = memory.asSlice(0, STRUCT_OFFSET);
        struct = memory.asSlice(STRUCT_OFFSET, STRUCT_SIZE);
    }

    static CallState acquire() {
        int start = (int) Thread.currentThread().threadId();
        for (int i = 0; i < POOL_SIZE; i++) {
            CallState state = POOL[start + i & POOL_SIZE - 1];
            if ((int) BUSY.getOpaque(state) == 0 && BUSY.compareAndSet(state, 0, 1)) { // I1
                return state;
            }
        }
        return new CallState(Arena.ofAuto().allocate(ENTRY_SIZE, ENTRY_SIZE));
    }

    void release() {
        BUSY.setRelease(this, 0);
    }

    /** Error number of the last failed call made with this state. */
    int errno() {
        return (int) ERRNO.get(capture, 0L);
    }

    private static CallState[] pool() {
        MemorySegment memory = Arena.global().allocate(POOL_SIZE * ENTRY_SIZE, ENTRY_SIZE);
        CallState[] pool = new CallState[POOL_SIZE];
        for (int i = 0; i < POOL_SIZE; i++) {
            pool[i] = new CallState(memory.asSlice(i * ENTRY_SIZE, ENTRY_SIZE));
        }
        return pool;
    }

    private static VarHandle busyHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(CallState.class, "busy", int.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static VarHandle errnoHandle() {
        StructLayout layout = java.lang.foreign.Linker.Option.captureStateLayout();
        return layout.varHandle(MemoryLayout.PathElement.groupElement("errno")).withInvokeExactBehavior();
    }
}
