package io.nexuslite.bson;

import static io.nexuslite.bson.BsonBytes.BYTE;

import io.nexuslite.error.InvalidDocumentException;
import java.util.BitSet;

/**
 * Writes a document as it is stored: with an {@code _id}, and that first.
 *
 * <p>To be reused; one thread at a time; allocates nothing in the steady state.
 */
public final class IdNormalizer {
    /** Where the type byte of the {@code _id} stands in a normalized document. */
    public static final int ID_TYPE_OFFSET = Integer.BYTES;
    /** Where the value of the {@code _id} starts in a normalized document: behind type, name and NUL. */
    public static final int ID_VALUE_OFFSET = ID_TYPE_OFFSET + 1 + 3 + 1;

    private static final FieldName REF = FieldName.of("$ref");
    private static final FieldName REF_ID = FieldName.of("$id");
    private static final FieldName REF_DATABASE = FieldName.of("$db");

    private final BsonCursor cursor = new BsonCursor();
    private final BsonCursor inner = new BsonCursor();
    /** By depth: whether the document there is a DBRef, which begins with {@code $ref}. */
    private final BitSet references = new BitSet(BsonType.DEPTH_MAX + 1);

    /** A normalizer. */
    public IdNormalizer() {
    }

    /**
     * Writes {@code source} into {@code target}, which has been wrapped and stands before its root: the {@code _id} first, then
     * the other fields in their order.
     *
     * @param source a validated document
     * @param generator makes the {@code _id} if there is none
     * @return whether the {@code _id} was generated
     * @throws InvalidDocumentException if there are two, or the {@code _id} is an array, a regular expression, undefined, or a
     *         document with names that start with {@code $} (those of a DBRef excepted), as MongoDB refuses them; or if the
     *         document grows beyond the limit
     */
    public boolean normalize(BsonView source, IdGenerator generator, BsonWriter target) {
        cursor.wrap(source);
        if (!cursor.find(FieldName.ID)) {
            generate(source, generator, target);
            return true;
        }
        long start = cursor.nameOffset() - 1;
        long end = cursor.valueOffset() + cursor.valueLength();
        byte type = cursor.type();
        checkId(type, start - source.offset());
        if (type == BsonType.DOCUMENT) {
            checkNames(start - source.offset());
        }
        while (cursor.next()) {
            if (cursor.nameEquals(FieldName.ID)) {
                throw refused("one _id, found two", cursor.nameOffset() - 1 - source.offset());
            }
        }
        long first = source.offset() + Integer.BYTES;
        if (start == first) {
            target.rawDocument(source);
        } else {
            target.startDocument();
            target.rawElements(source.memory(), start, (int) (end - start));
            target.rawElements(source.memory(), first, (int) (start - first));
            target.rawElements(source.memory(), end, (int) (source.offset() + source.length() - 1 - end));
            target.endDocument();
        }
        return false;
    }

    private static void generate(BsonView source, IdGenerator generator, BsonWriter target) {
        target.startDocument();
        target.name(FieldName.ID);
        int before = target.length();
        generator.generate(target);
        if (!target.expectsName() || target.depth() != 0 || before != ID_VALUE_OFFSET) {
            throw new IllegalStateException("Expected the id generator to write one value, found another number");
        }
        checkId(target.byteAt(ID_TYPE_OFFSET), ID_TYPE_OFFSET);
        target.rawElements(source.memory(), source.offset() + Integer.BYTES,
                source.length() - BsonType.DOCUMENT_SIZE_MIN);
        target.endDocument();
    }

    private static void checkId(byte type, long offset) {
        if (type == BsonType.ARRAY || type == BsonType.REGEX || type == BsonType.UNDEFINED) {
            throw refused("an _id that is no array, regex or undefined, found " + BsonType.alias(type), offset);
        }
    }

    private void checkNames(long offset) {
        inner.wrap(cursor.memory(), cursor.valueOffset(), cursor.valueLength());
        boolean first = true;
        while (true) {
            if (!inner.next()) {
                if (inner.depth() == 0) {
                    return;
                }
                inner.leave();
                first = false;
                continue;
            }
            if (first) {
                references.set(inner.depth(), inner.nameEquals(REF) && inner.type() == BsonType.STRING);
            }
            if (inner.nameLength() > 0 && inner.memory().get(BYTE, inner.nameOffset()) == '$'
                    && !isOfReference(first)) {
                throw refused("an _id without names that start with $, found one", offset);
            }
            first = inner.type() == BsonType.DOCUMENT || inner.type() == BsonType.ARRAY;
            if (first) {
                inner.enter();
            }
        }
    }

    private boolean isOfReference(boolean first) {
        return references.get(inner.depth()) && (first || inner.nameEquals(REF_ID) || inner.nameEquals(REF_DATABASE));
    }

    private static InvalidDocumentException refused(String what, long offset) {
        return new InvalidDocumentException("expected " + what, (int) offset, "_id");
    }
}
