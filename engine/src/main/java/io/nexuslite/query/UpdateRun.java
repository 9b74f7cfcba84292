package io.nexuslite.query;

import io.nexuslite.bson.BsonView;

/** One application of an update: what its operations may look at beside the value they change. One thread at a time. */
final class UpdateRun {
    final EvaluationScratch scratch = new EvaluationScratch();
    final BsonView document = new BsonView();
    boolean isInsert;
    long nowMillis;
    /** The element of an array that the filter met, or {@link ArrayPosition#NONE}. */
    int position = ArrayPosition.NONE;
}
