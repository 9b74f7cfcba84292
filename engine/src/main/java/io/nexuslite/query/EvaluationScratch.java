package io.nexuslite.query;

import io.nexuslite.bson.BsonCursor;

/** What predicates need again and again while they are tested. One thread at a time. */
final class EvaluationScratch {
    final BsonComparator comparator = new BsonComparator();
    private final BsonCursor cursor = new BsonCursor();
    private EvaluationScratch nestedScratch;
    private Evaluator nestedEvaluator;

    /** A cursor for the predicate that was given this scratch; what it tests inside gets {@link #nested}. */
    BsonCursor cursor() {
        return cursor;
    }

    /** Scratch for predicates inside a predicate. */
    EvaluationScratch nested() {
        if (nestedScratch == null) {
            nestedScratch = new EvaluationScratch();
        }
        return nestedScratch;
    }

    /** For filters inside a predicate. */
    Evaluator evaluator() {
        if (nestedEvaluator == null) {
            nestedEvaluator = new Evaluator();
        }
        return nestedEvaluator;
    }
}
