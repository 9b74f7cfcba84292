/**
 * The check of a database's files: written from {@code docs/file-format.md} and the constants of {@code io.nexuslite.format}, by another
 * hand than the storage engine's, so that neither repeats the other's mistakes.
 *
 * <p>Read {@link io.nexuslite.check.FileCheck} first, which tells the order of the work; then {@code TreeCheck}, which walks one tree,
 * and {@code LogCheck}. {@link io.nexuslite.check.PageDump} shows one page, slot or group.
 *
 * <p>Invariants:
 * <ol>
 * <li>Nothing is written, ever. The database is held by a shared lock while it is read, so nobody writes to it.</li>
 * <li>Bytes are believed only after their checksum; lengths and numbers from them are bounded by what contains them even then. A page
 * whose checksum is wrong is reported and not looked into.</li>
 * <li>Memory does not grow with the files: at most {@link io.nexuslite.check.CheckOptions#MEMORY_BYTES_MAX} bytes outside the heap, and on
 * the heap the findings, whose count is bounded.</li>
 * <li>Reading does not grow with what the files claim: {@code ReadBudget} ends the check when more was read than a sound pair of files can
 * need.</li>
 * <li>Damage is a finding, never an exception.</li>
 * </ol>
 *
 * <p>May use {@code io.nexuslite.format}, {@code .io}, {@code .bson}, {@code .memory}, {@code .error}, Agrona's collections and the JDK. Never
 * {@code io.nexuslite.wasp}.
 */
package io.nexuslite.check;
