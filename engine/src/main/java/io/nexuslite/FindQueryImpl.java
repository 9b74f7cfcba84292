package io.nexuslite;

import io.nexuslite.transfer.DocumentSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bson.conversions.Bson;

/** Collects what a query asks, and opens a cursor for each run. */
final class FindQueryImpl<T> implements FindQuery<T> {
    private final CollectionAccess access;
    private final DocumentMapper<T> mapper;
    private final CollectionHandle collection;
    private final QueryDescription description = new QueryDescription();

    FindQueryImpl(CollectionAccess access, DocumentMapper<T> mapper, CollectionHandle collection, Bson filter) {
        this.access = access;
        this.mapper = mapper;
        this.collection = collection;
        description.filter = filter;
    }

    @Override
    public FindQuery<T> filter(Bson filter) {
        description.filter = filter;
        return this;
    }

    @Override
    public FindQuery<T> sort(Bson sort) {
        description.sort = sort;
        return this;
    }

    @Override
    public FindQuery<T> projection(Bson projection) {
        description.projection = projection;
        return this;
    }

    @Override
    public FindQuery<T> limit(int limit) {
        description.limit = notNegative("limit", limit);
        return this;
    }

    @Override
    public FindQuery<T> skip(int skip) {
        description.skip = notNegative("skip", skip);
        return this;
    }

    private static int notNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, found " + value);
        }
        return value;
    }

    @Override
    public FindQuery<T> maxTime(Duration maxTime) {
        description.maxTime = Guard.checked(maxTime);
        return this;
    }

    @Override
    public FindQuery<T> cancellation(Cancellation cancellation) {
        description.cancellation = cancellation;
        return this;
    }

    @Override
    public T first() {
        QueryDescription one = description.copy();
        one.limit = 1;
        try (DocumentCursor<T> cursor = DocumentCursorImpl.open(access, mapper, collection, one)) {
            return cursor.hasNext() ? cursor.next() : null;
        }
    }

    @Override
    public DocumentCursor<T> iterator() {
        return DocumentCursorImpl.open(access, mapper, collection, description.copy());
    }

    @Override
    public void forEach(Consumer<? super T> action) {
        try (DocumentCursor<T> cursor = iterator()) {
            while (cursor.hasNext()) {
                action.accept(cursor.next());
            }
        }
    }

    @Override
    public <C extends Collection<? super T>> C into(C target) {
        forEach(target::add);
        return target;
    }

    @Override
    public List<T> toList() {
        return into(new ArrayList<>());
    }

    @Override
    public DocumentSource source() {
        return new QuerySource(iterator());
    }

    @Override
    public <U> Iterable<U> map(Function<? super T, ? extends U> function) {
        return () -> {
            DocumentCursor<T> cursor = iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return cursor.hasNext();
                }

                @Override
                public U next() {
                    return function.apply(cursor.next());
                }
            };
        };
    }
}
