package io.nexuslite.benchmark;

import java.util.SplittableRandom;

/** Zipf's law over ranks from 0 on, by the inverse of the distribution itself, not by an approximation. Immutable. */
final class Ranks {
    private final double[] cumulated;

    Ranks(int count, double exponent) {
        cumulated = new double[count];
        double sum = 0;
        for (int rank = 0; rank < count; rank++) {
            sum += Math.pow(rank + 1, -exponent);
            cumulated[rank] = sum;
        }
    }

    int next(SplittableRandom random) {
        double value = random.nextDouble() * cumulated[cumulated.length - 1];
        int low = 0;
        int high = cumulated.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cumulated[middle] > value) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
