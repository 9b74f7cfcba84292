package io.nexuslite.index;

import static io.nexuslite.format.IndexEntryLayout.KIND_MISSING;
import static io.nexuslite.format.IndexEntryLayout.KIND_RAW;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.FieldName;
import io.nexuslite.bson.KeyStringReader;
import io.nexuslite.bson.RawValue;
import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.store.Key;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Gives back the values that an entry was made from. One thread at a time; owns a little memory. */
final class CoveredValues implements AutoCloseable {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final int KIND_MASK = 0x7F;

    private final KeyStringReader reader = new KeyStringReader();
    private final Key id = new Key();

    /** Writes a document of the {@code _id} and of the paths that are names of top fields. */
    void write(IndexDefinition definition, IndexEntry entry, BsonWriter into) {
        try {
            into.startDocument();
            into.name(FieldName.ID);
            long kind = entry.kindsOffset();
            for (int i = 0; i < definition.paths().size(); i++) {
                kind = behind(entry, kind);
            }
            entry.id(id);
            writeValue(entry, kind, id.memory(), id.offset(), id.length(), false, into);
            writePaths(definition.paths(), entry, into);
            into.endDocument();
        } catch (InvalidDocumentException e) {
            throw CorruptionException.of("Index entry: expected values that its kinds tell, found others", "", -1,
                    "index " + definition.name(), e);
        }
    }

    /** Writes a document of the index's paths, dotted as they are, with what the entry has there; null for a missing value. */
    void writeKey(IndexDefinition definition, IndexEntry entry, BsonWriter into) {
        into.startDocument();
        long kind = entry.kindsOffset();
        long key = entry.keyOffset();
        long end = key + entry.keyLength();
        for (IndexPath path : definition.paths()) {
            int length = reader.length(entry.keyMemory(), key, (int) (end - key), path.descending());
            into.name(path.path());
            if (kindAt(entry, kind) == KIND_MISSING) {
                into.nullValue();
            } else {
                writeValue(entry, kind, entry.keyMemory(), key, length, path.descending(), into);
            }
            kind = behind(entry, kind);
            key += length;
        }
        into.endDocument();
    }

    private void writePaths(List<IndexPath> paths, IndexEntry entry, BsonWriter into) {
        long kind = entry.kindsOffset();
        long key = entry.keyOffset();
        long end = key + entry.keyLength();
        for (int i = 0; i < paths.size(); i++) {
            IndexPath path = paths.get(i);
            int length = reader.length(entry.keyMemory(), key, (int) (end - key), path.descending());
            if (path.length() == 1 && kindAt(entry, kind) != KIND_MISSING) {
                into.name(path.name(0));
                writeValue(entry, kind, entry.keyMemory(), key, length, path.descending(), into);
            }
            kind = behind(entry, kind);
            key += length;
        }
    }

    private void writeValue(IndexEntry entry, long kindOffset, MemorySegment key, long offset, int length,
            boolean descending, BsonWriter into) {
        byte kind = kindAt(entry, kindOffset);
        if (isRaw(kind)) {
            byte type = (byte) (kind & KIND_MASK);
            int bytes = RawValue.length(type, entry.kindsMemory(), kindOffset + 1, entry.kindsEnd());
            into.value(type, entry.kindsMemory(), kindOffset + 1, bytes);
        } else {
            reader.write(key, offset, length, descending, kind, into);
        }
    }

    private static long behind(IndexEntry entry, long kindOffset) {
        byte kind = kindAt(entry, kindOffset);
        return kindOffset + 1 + (isRaw(kind)
                ? RawValue.length((byte) (kind & KIND_MASK), entry.kindsMemory(), kindOffset + 1, entry.kindsEnd())
                : 0);
    }

    private static boolean isRaw(byte kind) {
        return (kind & KIND_RAW) != 0 && kind != BsonType.MIN_KEY;
    }

    private static byte kindAt(IndexEntry entry, long offset) {
        if (offset >= entry.kindsEnd()) {
            throw new InvalidDocumentException("expected a kind for each path, found fewer", -1, "");
        }
        return entry.kindsMemory().get(BYTE, offset);
    }

    @Override
    public void close() {
        reader.close();
    }
}
