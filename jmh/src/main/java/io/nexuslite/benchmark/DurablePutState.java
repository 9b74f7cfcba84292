package io.nexuslite.benchmark;

import io.nexuslite.Durability;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A store in which a put returns once it is on disk. */
public class DurablePutState extends StoreState {
    /** Who is measured. */
    @Param({"NEXUSLITE", "NEXUSLITE_ENGINE", "ROCKSDB", "LMDB", "MVSTORE", "SQLITE", "MAPDB", "XODUS", "LIMIT"})
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
