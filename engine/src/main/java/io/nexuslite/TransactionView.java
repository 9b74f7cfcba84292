package io.nexuslite;

import io.nexuslite.catalog.CollectionEntry;
import io.nexuslite.catalog.CollectionNames;
import java.util.List;
import java.util.Objects;
import org.bson.Document;

/** What the body of a transaction works with. Its thread only, until it returns. */
final class TransactionView implements Transactional {
    private final DatabaseCore core;
    private final TransactionScope scope;
    private final TransactionAccess access;

    TransactionView(DatabaseCore core, TransactionScope scope) {
        this.core = core;
        this.scope = scope;
        this.access = new TransactionAccess(core, scope, Thread.currentThread());
    }

    @Override
    public DocumentCollection<Document> collection(String name) {
        return collection(name, Document.class);
    }

    @Override
    public <T> DocumentCollection<T> collection(String name, Class<T> type) {
        access.check();
        return new DocumentCollectionImpl<>(access, name, type);
    }

    @Override
    public void createCollection(String name, CollectionOptions options) {
        Objects.requireNonNull(options, "options");
        access.check();
        scope.create(name, StoredOptions.encode(options));
    }

    @Override
    public boolean dropCollection(String name) {
        CollectionNames.checkCreatable(name);
        access.check();
        return scope.drop(name);
    }

    @Override
    public void renameCollection(String name, String newName) {
        CollectionNames.checkCreatable(name);
        access.check();
        scope.rename(name, newName);
    }

    @Override
    public List<String> collectionNames() {
        access.check();
        return scope.list().stream().map(CollectionEntry::name).toList();
    }
}
