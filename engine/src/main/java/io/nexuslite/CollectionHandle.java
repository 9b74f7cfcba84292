package io.nexuslite;

import io.nexuslite.catalog.Catalog;
import io.nexuslite.catalog.CollectionEntry;

/** A collection's name with the catalog's answer to it, remembered for as long as the catalog does not change. Any thread. */
final class CollectionHandle {
    private record Remembered(CollectionEntry entry, long word) {
    }

    private final String name;
    private final Catalog catalog;
    private volatile Remembered remembered;

    CollectionHandle(String name, Catalog catalog) {
        this.name = name;
        this.catalog = catalog;
    }

    String name() {
        return name;
    }

    /** The newest entry, or {@code null} if there is no such collection. May end the view of the context's session. */
    CollectionEntry newest(OperationContext context) {
        Remembered last = remembered;
        long word = catalog.changeWord();
        if (last != null && last.word == word && Catalog.isStable(word)) {
            return last.entry;
        }
        CollectionEntry entry = catalog.get(context.session, name, context.catalog);
        remember(entry, word);
        return entry;
    }

    /** Whether {@link #remembered()} is what the catalog says while its word is {@code word}. */
    boolean isRemembered(long word) {
        Remembered last = remembered;
        return last != null && last.word == word && Catalog.isStable(word);
    }

    CollectionEntry remembered() {
        return remembered.entry;
    }

    /** Remembers an entry that was read under {@code word}, if nothing has changed since. */
    void remember(CollectionEntry entry, long word) {
        if (Catalog.isStable(word) && catalog.changeWord() == word) {
            remembered = new Remembered(entry, word);
        }
    }
}
