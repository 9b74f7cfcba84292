/**
 * Secondary indexes: what they are, which keys a document gives them, how they are kept, built and read.
 *
 * <p>Read {@link io.nexuslite.index.IndexDefinition} first, then {@link io.nexuslite.index.IndexKeys} and
 * {@link io.nexuslite.index.IndexMaintenance}. An index is a keyed tree of the storage engine; an entry is a record of that tree,
 * so that every snapshot sees the entries that belong to its documents. What the bytes of an entry mean: docs/file-format.md,
 * "Index trees".
 *
 * <p>Invariants:
 * <ol>
 * <li>From the commit that makes an index on, at every commit each entry of its tree is an entry of a document as of that commit,
 * with the same bytes that {@link io.nexuslite.index.IndexKeys} makes of it.</li>
 * <li>From the commit on that declares the index ready, all entries of all documents are there.</li>
 * <li>The tree of a unique index has each key once, since the key is all of the tree's key.</li>
 * <li>The paths that the index's own mark calls multikey are at least those on which a document that it has entries of has
 * an array.</li>
 * <li>Generators, maintenance and cursors belong to one thread at a time; definitions and sets of indexes are immutable.</li>
 * </ol>
 *
 * <p>Who changes documents under an index reads the old one through the same transaction, so that the transaction's rules for
 * conflicts cover the entries too; a unique key is read before it is written, and so belongs to the read set.
 *
 * <p>May use {@code .catalog}, {@code .store}, {@code .bson}, {@code .format} and {@code .error}.
 */
package io.nexuslite.index;
