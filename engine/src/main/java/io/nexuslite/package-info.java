/**
 * NexusLite, an embedded document database: the door. Read {@link io.nexuslite.NexusLite} first.
 *
 * <p>What callers see: databases, collections, queries, transactions, snapshots, options and reports. Nothing here knows how a
 * record lies in memory or on disk.
 */
package io.nexuslite;
