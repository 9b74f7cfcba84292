package io.nexuslite;

import io.nexuslite.error.DeadlineExceededException;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.error.MemoryBudgetExceededException;
import io.nexuslite.transfer.DocumentSource;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bson.conversions.Bson;

/**
 * A query that is described step by step and run by its last call. Each run sees one snapshot of its own.
 *
 * <p>Not for several threads at once. The methods that describe return the query itself; those that take a {@code Bson} throw
 * {@link InvalidQueryException} when the query is run. {@code null} takes a filter, sort or projection away.
 *
 * @param <T> what documents are decoded to
 */
public interface FindQuery<T> extends Iterable<T> {
    FindQuery<T> filter(Bson filter);

    /** By which fields, 1 upwards or -1 downwards; equal documents stay in the order of their {@code _id}. */
    FindQuery<T> sort(Bson sort);

    /**
     * Fields to keep, or to leave out; of arrays also parts, by {@code $slice}, {@code $elemMatch}, or the element that the filter
     * met ({@code {"grades.$": 1}}).
     */
    FindQuery<T> projection(Bson projection);

    /** Most documents, from 1 on; 0 for all. */
    FindQuery<T> limit(int limit);

    /** Documents to leave out at the beginning, from 0 on. */
    FindQuery<T> skip(int skip);

    /** How long a run may take; {@link DeadlineExceededException} after that. */
    FindQuery<T> maxTime(Duration maxTime);

    /** Lets another thread end each run; {@link DeadlineExceededException} then. {@code null} for nobody. */
    FindQuery<T> cancellation(Cancellation cancellation);

    /** The first document, or {@code null} if there is none. */
    T first();

    /**
     * Runs the query. Close the cursor; it closes itself at its end.
     *
     * @throws MemoryBudgetExceededException if the sort needs more than {@link DatabaseOptions#sortBytesMax}
     */
    @Override
    DocumentCursor<T> iterator();

    /** Runs the query and hands each document over; closes the cursor in any case. */
    @Override
    void forEach(Consumer<? super T> action);

    /** Runs the query and adds all documents. */
    <C extends Collection<? super T>> C into(C target);

    /** Runs the query and collects all documents. */
    List<T> toList();

    /**
     * Runs the query, to carry its documents elsewhere without decoding them, as in
     * {@code Transfer.export(query.source(), Formats.create(file, Format.NDJSON, ExportOptions.DEFAULT), ProgressListener.NONE)},
     * or into the {@link DocumentCollection#sink} of another collection. No garbage for each document.
     *
     * @return a source for one thread at a time; the caller closes it
     * @throws MemoryBudgetExceededException at its first step, as with {@link #iterator}
     */
    DocumentSource source();

    /** The same query with each document changed by a function as it is read. */
    <U> Iterable<U> map(Function<? super T, ? extends U> function);
}
