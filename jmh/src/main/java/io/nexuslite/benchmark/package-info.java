/**
 * Benchmarks of NexusLite, of its peers, and of what the machine itself can do, all in one run.
 *
 * <p>Read {@link io.nexuslite.benchmark.Contender} first: one store for each line of the result. {@link
 * io.nexuslite.benchmark.Dataset} is what all of them hold, {@link io.nexuslite.benchmark.StoreState} loads a store with it,
 * closes and reopens it, and verifies every document before anything is measured.
 *
 * <p>I1: every contender answers with the checksum over every byte of the document, in the order of the bytes, so each has
 * read the whole value. I2: a run in which an answer is wrong fails; it has no figures. I3: each contender runs in a JVM of its
 * own, so that no call site sees the classes of two of them.
 */
package io.nexuslite.benchmark;
