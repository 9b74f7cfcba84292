package io.nexuslite.benchmark;

import io.nexuslite.Durability;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A store that is written without waiting for the disk. */
public class PutState extends StoreState {
    /** Who is measured. */
    @Param({"NEXUSLITE", "NEXUSLITE_ENGINE", "ROCKSDB", "ROCKSDB_LZ4", "LMDB", "MVSTORE", "SQLITE", "MAPDB", "XODUS",
            "LIMIT"})
    public Contender contender;

    /** What a put has survived when it returns. */
    @Param({"GROUP", "NONE"})
    public Durability.Mode durability;

    /** Loads, reopens and verifies. */
    @Setup(Level.Trial)
    public void setUp() {
        prepare(contender, durability);
    }

    /** Closes and removes everything. */
    @TearDown(Level.Trial)
    public void tearDown() {
        end();
    }
}
