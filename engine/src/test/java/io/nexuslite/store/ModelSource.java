package io.nexuslite.store;

import java.util.Map;

/** What a cursor of the model walks over. Called under the engine's monitor. */
interface ModelSource {
    /**
     * The nearest visible record as of a commit.
     *
     * @param from where to look, or null for the end that the direction comes from
     * @return key and record, or null
     */
    Map.Entry<byte[], ModelRecord> nearest(byte[] from, boolean inclusive, boolean forward, long csn);
}
