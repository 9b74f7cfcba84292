/**
 * The only door to the operating system: files, directories, locks, clocks and entropy.
 *
 * <p>Read {@link io.nexuslite.io.Host} first, then {@link io.nexuslite.io.StoreFile}. The implementations turn every refusal of
 * the system into an {@link io.nexuslite.error.IoFailedException} (or its subclass for a full disk) with the call, the error
 * number, the file and the position. Everything above takes a {@code Host}, so that a test can hand in one whose calls fail,
 * whose unsynced writes are lost, torn or reordered, and whose clock it moves.
 *
 * <p>{@link io.nexuslite.io.Hosts} knows the implementations: native calls (Linux, macOS), the JDK alone (Windows, and JVMs that
 * deny native access), files in memory. One contract test holds for all of them and for the simulated disk of the tests.
 *
 * <p>Invariants: 1, a failed flush is never retried and never told as a full disk. 2, an interrupt neither closes a file nor loses
 * a lock nor hides another failure. 3, two openings of one file exclude each other by {@link io.nexuslite.io.StoreFile#tryLock}
 * also within one process. 4, memory handed in is borrowed for the call; a mapping handed out is read-only and dead after
 * {@code close}.
 *
 * <p>May use {@code io.nexuslite.error} and the JDK.
 */
package io.nexuslite.io;
