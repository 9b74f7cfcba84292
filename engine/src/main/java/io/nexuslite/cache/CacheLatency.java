package io.nexuslite.cache;

/**
 * How long calls took since the cache was opened, in nanoseconds, from one call in {@value LatencySampler#ONE_IN}; each figure is at most an eighth too high.
 *
 * @param samples calls that were timed
 * @param p50 half of them took at most this
 * @param p90 nine in ten
 * @param p99 ninety-nine in a hundred
 * @param p999 999 in a thousand
 * @param max the longest
 */
public record CacheLatency(long samples, long p50, long p90, long p99, long p999, long max) {
}
