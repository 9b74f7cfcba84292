/**
 * What a storage engine is: sessions, transactions, snapshots and trees over key-string bytes.
 *
 * <p>Read {@link io.nexuslite.store.StorageEngine} first. Nothing here knows about files, pages or logs, and nothing about
 * queries. Carriers ({@link io.nexuslite.store.Key}, {@link io.nexuslite.store.RecordView},
 * {@link io.nexuslite.store.RecordMeta}) are reused and borrow their memory.
 *
 * <p>May use {@code .bson}, {@code .memory}, {@code .io} and {@code .error}.
 */
package io.nexuslite.store;
