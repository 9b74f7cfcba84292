package io.nexuslite;

import io.nexuslite.error.DeadlineExceededException;
import java.time.Duration;
import java.util.function.Function;

/**
 * An open database. Any thread may call any method.
 *
 * <pre>{@code
 * try (Database database = NexusLite.open(Path.of("shop.nxl"))) {
 *     DocumentCollection<Document> orders = database.collection("orders");
 *     orders.insertOne(new Document("item", "tea").append("count", 3));
 *     orders.find(new Document("count", new Document("$gt", 2))).sort(new Document("item", 1)).forEach(System.out::println);
 * }
 * }</pre>
 */
public interface Database extends Transactional, AutoCloseable {
    /** How long {@link #transact(Function)} tries. */
    Duration TRANSACTION_DEADLINE = Duration.ofSeconds(30);

    /** As {@link #transact(Function, Duration)} with {@link #TRANSACTION_DEADLINE}. */
    <R> R transact(Function<Transactional, R> body);

    /**
     * Runs a body whose reads and writes happen together or not at all, and as if nothing else ran meanwhile. What it throws
     * undoes it. On a conflict with another transaction the body is run again, so it must do nothing else that cannot be
     * repeated; after three conflicts it keeps other writers out. It uses the collections of its argument; a write past them
     * on the same thread is refused with {@link IllegalStateException}.
     *
     * @param deadline time after which it is not run again
     * @return what the body returns
     * @throws DeadlineExceededException if it still met conflicts then
     */
    <R> R transact(Function<Transactional, R> body, Duration deadline);

    /** A handle for work without garbage; the caller closes it. */
    Session openSession();

    /** Keeps the newest state readable; the caller closes it. {@code owner} stands in reports. */
    Snapshot snapshot(String owner);

    /**
     * Removes documents that have expired, the oldest first.
     *
     * @param documentsMax most documents to remove
     * @return documents removed
     */
    long sweepExpired(long documentsMax);

    /** Writes all that is committed into the database file, and returns the number of the newest commit in it. */
    long checkpoint();

    DatabaseStatistics statistics();

    /** Ends running queries, writes everything into the database file and lets go of it. Idempotent. */
    @Override
    void close();
}
