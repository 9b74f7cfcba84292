/**
 * NexusLite, an embedded document database: the door. Read {@link io.nexuslite.NexusLite} first.
 *
 * <p>What callers see: databases, collections, queries, transactions, snapshots, options and reports. Nothing here knows how a
 * record lies in memory or on disk. Inside, read {@code DatabaseCore}, then {@code CollectionAccess}: the same collection works
 * from outside, in a snapshot and in a transaction, and differs only in the {@code ReadScope} it reads through and in who runs
 * its writes. {@code EngineFactory} is the one place that knows which engine there is.
 *
 * <p>Invariants:
 * <ol>
 * <li>A document with an expiry has exactly one entry in the tree of ephemeral documents, written in the same transaction; one
 * without has none ({@code RecordWriter}).</li>
 * <li>A document that is expired at the operation's instant is seen on no path ({@code MatchScan}, and each get).</li>
 * <li>An {@code OperationContext} is used by one operation or one session at a time, and goes back to its pool once.</li>
 * <li>What is remembered of the catalog is used only while the catalog's word has not changed ({@code CollectionHandle}).</li>
 * </ol>
 *
 * <p>Imports and exports join here: {@code CollectionTarget} is the end of a collection that {@code .transfer} fills,
 * {@code QuerySource} the one that it empties.
 *
 * <p>May use everything below: {@code .transfer}, {@code .query}, {@code .catalog}, {@code .store}, {@code .bson}, {@code .io}, {@code .format} (names
 * of files), {@code .error}.
 */
package io.nexuslite;
