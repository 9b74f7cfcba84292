package io.nexuslite.benchmark;

import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/**
 * A sequence of documents to ask for, drawn before anything is measured. Ids and places lie in the order of the draws, so that
 * asking for the next one costs no miss in memory that would be counted as the store's. Any thread may read it.
 */
final class Draws {
    static final double ZIPF_EXPONENT = 0.99;
    private static final long SEED = 0x6472_6177L;

    private final int[] documents;
    private final long[] ids;
    private final long[] offsets;
    private final int[] lengths;

    private Draws(Dataset dataset, int count, IntUnaryOperator draw) {
        documents = new int[count];
        ids = new long[2 * count];
        offsets = new long[count];
        lengths = new int[count];
        for (int index = 0; index < count; index++) {
            int document = draw.applyAsInt(index);
            documents[index] = document;
            ids[2 * index] = dataset.idHigh(document);
            ids[2 * index + 1] = dataset.idLow(document);
            offsets[index] = dataset.offset(document);
            lengths[index] = dataset.length(document);
        }
    }

    /**
     * Every document as likely as any other.
     *
     * @param count a power of two
     */
    static Draws uniform(Dataset dataset, int count, int thread) {
        SplittableRandom random = new SplittableRandom(SEED + thread);
        return new Draws(dataset, count, index -> random.nextInt(dataset.documents()));
    }

    /**
     * The same among the documents that are a thread's own, so that writers side by side know what is in their documents.
     *
     * @param count a power of two
     */
    static Draws own(Dataset dataset, int count, int threads, int thread) {
        int choices = (dataset.documents() - thread + threads - 1) / threads;
        if (choices <= 0) {
            throw new IllegalArgumentException("Fewer documents than threads: " + dataset.documents());
        }
        SplittableRandom random = new SplittableRandom(SEED + thread);
        return new Draws(dataset, count, index -> random.nextInt(choices) * threads + thread);
    }

    /**
     * The n-th most popular document as likely as n to the power of −{@value #ZIPF_EXPONENT}; popular ones lie anywhere. By the
     * inverse of the distribution itself, not by an approximation.
     *
     * @param count a power of two
     */
    static Draws zipf(Dataset dataset, int count, int thread) {
        int[] byRank = dataset.loadOrder();
        Ranks ranks = new Ranks(dataset.documents(), ZIPF_EXPONENT);
        SplittableRandom random = new SplittableRandom(SEED + thread);
        return new Draws(dataset, count, index -> byRank[ranks.next(random)]);
    }

    /** Asks for a document that the dataset does not have, or for another one, from now on. By the only thread that reads them. */
    void replaceId(int draw, long high, long low) {
        ids[2 * draw] = high;
        ids[2 * draw + 1] = low;
    }

    /** A power of two. */
    int count() {
        return documents.length;
    }

    /** The document's index in the dataset. */
    int document(int draw) {
        return documents[draw];
    }

    long idHigh(int draw) {
        return ids[2 * draw];
    }

    long idLow(int draw) {
        return ids[2 * draw + 1];
    }

    /** Where the document lies in the dataset's memory. */
    long offset(int draw) {
        return offsets[draw];
    }

    int length(int draw) {
        return lengths[draw];
    }
}
