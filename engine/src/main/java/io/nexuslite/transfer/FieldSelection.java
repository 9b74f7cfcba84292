package io.nexuslite.transfer;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.InvalidDocumentException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which fields of a document to keep, and their names. Fields in documents cannot be named apart. Immutable.
 *
 * @param kept names of those to keep; empty for all
 * @param dropped names of those to leave out
 * @param renamed new names by old ones; a field that has the new name already is an error
 */
public record FieldSelection(Set<String> kept, Set<String> dropped, Map<String, String> renamed) {
    /** All as they are. */
    public static final FieldSelection ALL = new FieldSelection(Set.of(), Set.of(), Map.of());

    public FieldSelection {
        kept = Set.copyOf(kept);
        dropped = Set.copyOf(dropped);
        renamed = Map.copyOf(renamed);
        if (new HashSet<>(renamed.values()).size() < renamed.size()) {
            throw new IllegalArgumentException("Expected each new name once, found one twice");
        }
    }

    boolean isAll() {
        return equals(ALL);
    }

    Selector selector() {
        return new Selector(this);
    }

    /** Applies a selection. To be reused; one thread at a time; owns memory. */
    static final class Selector implements AutoCloseable {
        private final List<FieldName> kept = new ArrayList<>();
        private final List<FieldName> dropped = new ArrayList<>();
        private final List<FieldName> oldNames = new ArrayList<>();
        private final List<FieldName> newNames = new ArrayList<>();
        private final GrowableBuffer buffer = new GrowableBuffer();
        private final BsonWriter writer = new BsonWriter();
        private final BsonCursor cursor = new BsonCursor();
        private final BsonView selected = new BsonView();

        private Selector(FieldSelection selection) {
            selection.kept.forEach(name -> kept.add(FieldName.of(name)));
            selection.dropped.forEach(name -> dropped.add(FieldName.of(name)));
            selection.renamed.forEach((old, name) -> {
                oldNames.add(FieldName.of(old));
                newNames.add(FieldName.of(name));
            });
        }

        /** Valid until the next call. */
        BsonView select(BsonView document) {
            buffer.reset();
            writer.wrap(buffer).startDocument();
            cursor.wrap(document);
            while (cursor.next()) {
                if (!kept.isEmpty() && index(kept) < 0 || index(dropped) >= 0) {
                    continue;
                }
                int renamed = index(oldNames);
                if (renamed >= 0) {
                    writer.name(newNames.get(renamed)).value(cursor);
                } else {
                    int taken = index(newNames);
                    if (taken >= 0 && document.find(oldNames.get(taken), new BsonCursor())) {
                        throw new InvalidDocumentException("expected no field of the new name, found one", -1,
                                cursor.name());
                    }
                    writer.element(cursor);
                }
            }
            writer.endDocument();
            return selected.wrap(buffer);
        }

        private int index(List<FieldName> names) {
            for (int i = 0; i < names.size(); i++) {
                if (cursor.nameEquals(names.get(i))) {
                    return i;
                }
            }
            return -1;
        }

        @Override
        public void close() {
            buffer.close();
        }
    }
}
