package io.nexuslite.io;

/**
 * Sees the mutating calls of a {@link FaultyHost} before and after their effect, in the calling thread, with no lock held: it may
 * wait, and it may use the host (but for the file calls, which it would see again).
 */
public interface CallListener {
    /** May throw {@link CrashNow}, whose effect says what becomes of the call. */
    default void before(Call call) {
    }

    /** The call has succeeded. May throw {@link CrashNow}: the caller never learns. */
    default void after(Call call) {
    }
}
