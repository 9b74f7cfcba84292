package io.nexuslite.benchmark;

/**
 * The core workloads of the Yahoo! Cloud Serving Benchmark (Cooper et al., SoCC 2010), in shares of a hundred. Documents are drawn by
 * Zipf's law; those of D by how recently they were inserted.
 */
public enum Workload {
    /** Updates as often as reads. */
    A(50, 50, 0, 0, 0),
    /** Mostly reads. */
    B(95, 5, 0, 0, 0),
    /** Nothing but reads. */
    C(100, 0, 0, 0, 0),
    /** Reads of what came last. */
    D(95, 0, 5, 0, 0),
    /** Short scans, of 1 to 100 documents. */
    E(0, 0, 5, 95, 0),
    /** Reads, and updates of what was just read. */
    F(50, 0, 0, 0, 50);

    static final int SCAN_MAX = 100;

    private final int reads;
    private final int updates;
    private final int inserts;
    private final int scans;

    Workload(int reads, int updates, int inserts, int scans, int readsWithUpdate) {
        assert reads + updates + inserts + scans + readsWithUpdate == 100;
        this.reads = reads;
        this.updates = updates;
        this.inserts = inserts;
        this.scans = scans;
    }

    /** What a number from 0 to 99 stands for. */
    Mix.Operation operation(int percent) {
        if (percent < reads) {
            return Mix.Operation.READ;
        }
        if (percent < reads + updates) {
            return Mix.Operation.UPDATE;
        }
        if (percent < reads + updates + inserts) {
            return Mix.Operation.INSERT;
        }
        return percent < reads + updates + inserts + scans ? Mix.Operation.SCAN : Mix.Operation.READ_AND_UPDATE;
    }
}
