package io.nexuslite.benchmark;

import io.nexuslite.Durability;

/** A store under measurement, in a directory of its own. One thread opens and closes it; clients belong to theirs. */
interface Store extends AutoCloseable {
    /** Fills the empty directory with all documents in their load order, settles everything, and closes. */
    void load(Dataset dataset);

    /** Opens what was loaded, with this promise for writes. */
    void open(Durability.Mode durability);

    Client client(Draws draws, Bodies bodies);

    /** Closes what {@link #open} opened; does nothing otherwise. All clients are closed before. */
    @Override
    void close();
}
