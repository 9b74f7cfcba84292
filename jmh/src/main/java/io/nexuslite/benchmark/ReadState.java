package io.nexuslite.benchmark;

import io.nexuslite.Durability;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A store that is only read, opened as it would be by default. */
public class ReadState extends StoreState {
    /** Who is measured. */
    @Param
    public Contender contender;

    /** Loads, reopens and verifies. */
    @Setup(Level.Trial)
    public void setUp() {
        prepare(contender, Durability.Mode.SYNC);
    }

    /** Closes and removes everything. */
    @TearDown(Level.Trial)
    public void tearDown() {
        end();
    }
}
