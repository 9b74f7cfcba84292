/**
 * The only door to the operating system: files, directories, locks, clocks and entropy.
 *
 * <p>Read {@link io.nexuslite.io.Host} first, then {@link io.nexuslite.io.StoreFile}. The implementations turn every refusal of
 * the system into an {@link io.nexuslite.error.IoFailedException} (or its subclass for a full disk) with the call, the error
 * number, the file and the position. Everything above takes a {@code Host}, so that a test can hand in one whose calls fail,
 * whose unsynced writes are lost, torn or reordered, and whose clock it moves.
 *
 * <p>May use {@code io.nexuslite.error} and the JDK.
 */
package io.nexuslite.io;
