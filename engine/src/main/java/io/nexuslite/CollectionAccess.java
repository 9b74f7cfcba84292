package io.nexuslite;

/** How a collection reaches its records: from outside, in a snapshot, or in a transaction. */
interface CollectionAccess {
    DatabaseCore core();

    /** What an operation on one record sees; the caller closes it. */
    ReadScope point(OperationContext context);

    /** What an operation on several records sees; the caller closes it. {@code owner} stands in reports. */
    ReadScope scan(OperationContext context, String owner);

    /** Runs a write: as a transaction of its own, or in the one that is open. */
    <P, R> R write(TransactionRunner.Preparation<P> preparation, TransactionRunner.PreparedBody<P, R> body);

    /** Runs a write that needs no preparation. */
    default <R> R write(TransactionRunner.Body<R> body) {
        return write(context -> null, (scope, context, nothing) -> body.run(scope, context));
    }

    /** Told of a query that stays open after its call, to end it in time. */
    void opened(AutoCloseable query);

    /** Told that such a query was closed. */
    void closed(AutoCloseable query);
}
