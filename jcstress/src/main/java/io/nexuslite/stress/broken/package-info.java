/**
 * Twins of the engine's classes with one rule taken out each, and the tests that turn red for them. Not part of a full run.
 *
 * <p>Seen red on x86-64 with two cores, {@code -m quick}: {@code NoFenceInPin} in every configuration that is compiled,
 * {@code NoSecondRead} in about one of a million samples, {@code OneEpochEarly} in one of a thousand;
 * those of {@code CacheIndexBrokenStress} in nearly every configuration
 * ({@code WholeDepth} and {@code NoDepthInStamp} already with {@code -m sanity}). The {@code Whole…} tests, which
 * leave nothing out, stay green. Run them with {@code java -jar target/jcstress.jar -t broken -m quick}.
 */
package io.nexuslite.stress.broken;
