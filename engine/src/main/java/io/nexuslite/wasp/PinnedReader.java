package io.nexuslite.wasp;

import io.nexuslite.memory.Epochs;
import io.nexuslite.wasp.tree.ReadPin;
import io.nexuslite.wasp.tree.TreeReader;
import java.util.function.LongSupplier;

/**
 * One reader's epoch slot and scratch memory. A read is made inside {@link #begin} and {@link #end}; between them the slot is
 * pinned, save while a page is read from disk. One thread at a time.
 */
final class PinnedReader implements ReadPin, AutoCloseable {
    private final Epochs epochs;
    private final int slot;
    private final LongSupplier readHorizon;
    private final TreeReader reader = new TreeReader(this);
    private boolean pinned;
    private boolean registered;

    /** A reader whose plain reads see what {@code readHorizon} gives. */
    PinnedReader(Epochs epochs, LongSupplier readHorizon) {
        this.epochs = epochs;
        this.slot = epochs.openSession();
        this.readHorizon = readHorizon;
    }

    TreeReader reader() {
        return reader;
    }

    /** Ends the view of the last read, pins, and gives the newest horizon. */
    long begin() {
        end();
        registered = false;
        return pinOpen();
    }

    /** Ends the view of the last read and pins, for a read at a registered horizon. */
    void beginRegistered() {
        end();
        registered = true;
        pinOpen();
    }

    /** Pins; throws, and does not, if the engine is closed. */
    private long pinOpen() {
        pin();
        try {
            return readHorizon.getAsLong();
        } catch (RuntimeException closed) {
            unpin();
            throw closed;
        }
    }

    /** Ends the view of the last read, if there is one. */
    void end() {
        if (pinned) {
            unpin();
        }
    }

    @Override
    public void pin() {
        epochs.pin(slot);
        pinned = true;
    }

    @Override
    public void unpin() {
        pinned = false;
        epochs.unpin(slot);
    }

    @Override
    public long horizonAgain(long horizon) {
        return registered ? horizon : readHorizon.getAsLong();
    }

    @Override
    public void close() {
        pinned = false;
        epochs.closeSession(slot);
        reader.close();
    }
}
