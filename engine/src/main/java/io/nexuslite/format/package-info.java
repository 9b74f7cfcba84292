/**
 * The layouts of everything on disk, declared once: constants, the pointer, the checksum, and nothing else.
 *
 * <p>Read {@link io.nexuslite.format.FileLayout} first. Offsets stand here and nowhere else; their meaning is told in
 * {@code docs/file-format.md}, and a test compares the two. All integers are little-endian; key heads and key strings are
 * big-endian, since their byte order is their order. Every {@code RESERVED} byte is written as zero and checked as zero.
 *
 * <p>May use {@code io.nexuslite.error} and the JDK.
 */
package io.nexuslite.format;
