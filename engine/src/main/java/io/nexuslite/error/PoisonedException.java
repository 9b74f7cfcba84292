package io.nexuslite.error;

/**
 * Writes are refused because an earlier flush or log write failed. Reads are answered as of the durable horizon. Close the
 * database and open it again; the cause says what failed.
 */
public final class PoisonedException extends NexusLiteException {
    private static final long serialVersionUID = 1L;

    private final long durableHorizon;

    /**
     * @param durableHorizon newest commit number that is known to be on disk
     * @param cause what failed first
     */
    public PoisonedException(long durableHorizon, Throwable cause) {
        super("Writes are refused since an earlier failure: durable horizon is commit " + durableHorizon + " ("
                + cause.getMessage() + "). Close the database and open it again.", cause);
        this.durableHorizon = durableHorizon;
    }

    public long durableHorizon() {
        return durableHorizon;
    }
}
