package io.nexuslite.index;

import io.nexuslite.bson.KeyString;
import io.nexuslite.error.IncompatibleFormatException;
import io.nexuslite.error.InvalidIndexException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNumber;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * What an index is: its name, the paths of its key, and its options. Immutable; any thread.
 *
 * <p>Limits: {@value #PATHS_MAX} paths, {@value #INDEXES_MAX} indexes of one collection, {@value #NAME_BYTES_MAX} bytes of name,
 * {@value #DEFINITION_BYTES_MAX} bytes of the stored form, and {@value io.nexuslite.error.KeyTooLongException#KEY_LENGTH_MAX}
 * bytes of key string for one entry, the key string of the document's {@code _id} included.
 *
 * <p>The stored form is a BSON document. Fields that this build does not know are kept; a form or key strings of another version
 * are refused.
 */
public final class IndexDefinition {
    /** Most paths of one key. */
    public static final int PATHS_MAX = 32;
    /** Most indexes of one collection, that of {@code _id} not counted. */
    public static final int INDEXES_MAX = 64;
    /** Most bytes of a name in UTF-8. */
    public static final int NAME_BYTES_MAX = 127;
    /** Most bytes of the stored form. */
    public static final int DEFINITION_BYTES_MAX = 64 * 1024;
    /** No time to live. */
    public static final long NO_EXPIRY = -1;
    /** Name of the index that every collection has: its documents, ordered by {@code _id}. */
    public static final String ID_INDEX = "_id_";

    static final int FORMAT_VERSION = 1;

    private static final String VERSION = "v";
    private static final String KEY_VERSION = "keyStringVersion";
    private static final String NAME = "name";
    private static final String KEY = "key";
    private static final String UNIQUE = "unique";
    private static final String SPARSE = "sparse";
    private static final String PARTIAL = "partialFilterExpression";
    private static final String EXPIRY = "expireAfterSeconds";
    private static final String HIDDEN = "hidden";
    private static final Set<String> SPECIFIED = Set.of(VERSION, NAME, KEY, UNIQUE, SPARSE, PARTIAL, EXPIRY, HIDDEN);

    private final BsonDocument form;
    private final String name;
    private final List<IndexPath> paths;
    private final boolean unique;
    private final boolean sparse;
    private final BsonDocument partialFilter;
    private final long expireAfterSeconds;
    private final boolean hidden;

    private IndexDefinition(BsonDocument form) {
        this.form = form;
        BsonDocument key = document(form, KEY);
        this.name = form.containsKey(NAME) ? nameOf(form.get(NAME)) : defaultName(key);
        this.paths = pathsOf(key, name);
        this.unique = flag(form, UNIQUE);
        this.sparse = flag(form, SPARSE);
        this.partialFilter = form.containsKey(PARTIAL) ? document(form, PARTIAL) : null;
        this.expireAfterSeconds = form.containsKey(EXPIRY) ? seconds(form.get(EXPIRY), name) : NO_EXPIRY;
        this.hidden = flag(form, HIDDEN);
    }

    /**
     * A definition as users write it: {@code key}, and, as they like, {@code name}, {@code unique}, {@code sparse},
     * {@code partialFilterExpression}, {@code expireAfterSeconds}, {@code hidden}.
     *
     * @param specification copied
     * @throws InvalidIndexException if it holds anything else, or does not make an index
     */
    public static IndexDefinition of(BsonDocument specification) {
        for (String field : specification.keySet()) {
            if (!SPECIFIED.contains(field)) {
                throw new InvalidIndexException("unknown option", nameOrNothing(specification), field);
            }
        }
        IndexDefinition definition = new IndexDefinition(specification.clone());
        definition.check();
        return definition;
    }

    /** An ascending or descending key without options; 1 and -1 are the directions. */
    public static IndexDefinition ofKey(BsonDocument key) {
        return of(new BsonDocument(KEY, key));
    }

    /**
     * A definition from its stored form.
     *
     * @throws IncompatibleFormatException if a later build wrote it
     * @throws InvalidIndexException if it is none
     */
    static IndexDefinition fromStored(BsonDocument stored) {
        int version = stored.getInt32(VERSION, new BsonInt32(0)).getValue();
        int keyVersion = stored.getInt32(KEY_VERSION, new BsonInt32(0)).getValue();
        if (version != FORMAT_VERSION || keyVersion != KeyString.FORMAT_VERSION) {
            throw new IncompatibleFormatException("Index of another version: expected " + FORMAT_VERSION
                    + " and key strings of version " + KeyString.FORMAT_VERSION + ", found " + version + " and "
                    + keyVersion, "");
        }
        return new IndexDefinition(stored);
    }

    /** The stored form; not to be changed. */
    BsonDocument toStored() {
        BsonDocument stored = form.clone();
        stored.put(VERSION, new BsonInt32(FORMAT_VERSION));
        stored.put(KEY_VERSION, new BsonInt32(KeyString.FORMAT_VERSION));
        stored.put(NAME, new BsonString(name));
        return stored;
    }

    /** As users write it, with the name. A copy. */
    public BsonDocument toSpecification() {
        BsonDocument specification = new BsonDocument(KEY, form.get(KEY)).append(NAME, new BsonString(name));
        form.forEach((field, value) -> {
            if (SPECIFIED.contains(field) && !field.equals(VERSION)) {
                specification.put(field, value);
            }
        });
        return specification.clone();
    }

    /** The same, hidden from queries or not. */
    public IndexDefinition withHidden(boolean newHidden) {
        BsonDocument changed = form.clone();
        changed.put(NAME, new BsonString(name));
        changed.put(HIDDEN, BsonBoolean.valueOf(newHidden));
        return new IndexDefinition(changed);
    }

    /** The same with another time to live. */
    public IndexDefinition withExpireAfterSeconds(long seconds) {
        BsonDocument changed = form.clone();
        changed.put(NAME, new BsonString(name));
        changed.put(EXPIRY, new BsonInt64(seconds));
        IndexDefinition definition = new IndexDefinition(changed);
        definition.check();
        return definition;
    }

    public String name() {
        return name;
    }

    /** The paths of the key, most important first. */
    public List<IndexPath> paths() {
        return paths;
    }

    public boolean unique() {
        return unique;
    }

    /** Whether documents that have none of the paths are left out. */
    public boolean sparse() {
        return sparse;
    }

    /** What documents must match to be in the index, or {@code null}; not to be changed. */
    public BsonDocument partialFilterOrNull() {
        return partialFilter;
    }

    /** Seconds after the date of its path at which a document may go, or {@link #NO_EXPIRY}. */
    public long expireAfterSeconds() {
        return expireAfterSeconds;
    }

    /** Whether queries do without it. */
    public boolean hidden() {
        return hidden;
    }

    /** The key as users write it, for reports. A copy. */
    public BsonDocument key() {
        return form.getDocument(KEY).clone();
    }

    /** Whether two indexes have one key, filter and sparseness: one of them would be in vain. */
    boolean isSameAs(IndexDefinition other) {
        return paths.equals(other.paths) && sparse == other.sparse
                && Objects.equals(partialFilter, other.partialFilter);
    }

    /** What cannot be wrong in a stored form. */
    private void check() {
        if (name.equals(ID_INDEX) || paths.size() == 1 && paths.getFirst().path().equals("_id")) {
            throw new InvalidIndexException("every collection has the index of its _id", name, "_id");
        }
        if (sparse && partialFilter != null) {
            throw new InvalidIndexException("expected sparse or a partial filter, found both", name, PARTIAL);
        }
        if (expireAfterSeconds != NO_EXPIRY && (paths.size() != 1 || paths.getFirst().firstName().equals("_id"))) {
            throw new InvalidIndexException("expected a time to live on one path other than _id", name, EXPIRY);
        }
    }

    private static String nameOf(BsonValue value) {
        if (!value.isString()) {
            throw new InvalidIndexException("expected a name of type string, found " + value.getBsonType(), "", NAME);
        }
        String name = value.asString().getValue();
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > NAME_BYTES_MAX || name.indexOf('\0') >= 0) {
            throw new InvalidIndexException("expected a name of 1 to " + NAME_BYTES_MAX
                    + " bytes without NUL, found another of " + bytes + " bytes", "", NAME);
        }
        return name;
    }

    private static String defaultName(BsonDocument key) {
        StringBuilder name = new StringBuilder();
        for (Map.Entry<String, BsonValue> part : key.entrySet()) {
            name.append(name.isEmpty() ? "" : "_").append(part.getKey()).append('_')
                    .append(isDescending(part.getValue(), part.getKey(), "") ? -1 : 1);
        }
        return nameOf(new BsonString(name.toString()));
    }

    private static List<IndexPath> pathsOf(BsonDocument key, String index) {
        if (key.isEmpty() || key.size() > PATHS_MAX) {
            throw new InvalidIndexException("expected 1 to " + PATHS_MAX + " paths, found " + key.size(), index, KEY);
        }
        List<IndexPath> paths = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        key.forEach((path, direction) -> {
            paths.add(new IndexPath(path, isDescending(direction, path, index), index));
            if (!seen.add(path)) {
                throw new InvalidIndexException("expected each path once, found it twice", index, path);
            }
        });
        return List.copyOf(paths);
    }

    private static boolean isDescending(BsonValue direction, String path, String index) {
        double number = direction instanceof BsonNumber value ? value.doubleValue() : 0;
        if (number != 1 && number != -1) {
            throw new InvalidIndexException("expected the direction 1 or -1, found "
                    + (direction.isNumber() ? "another number" : direction.getBsonType()), index, path);
        }
        return number < 0;
    }

    private static boolean flag(BsonDocument form, String field) {
        BsonValue value = form.get(field);
        if (value != null && !value.isBoolean()) {
            throw new InvalidIndexException("expected a boolean, found " + value.getBsonType(), nameOrNothing(form),
                    field);
        }
        return value != null && value.asBoolean().getValue();
    }

    private static BsonDocument document(BsonDocument form, String field) {
        BsonValue value = form.get(field);
        if (value == null || !value.isDocument()) {
            throw new InvalidIndexException("expected a document, found "
                    + (value == null ? "nothing" : value.getBsonType()), nameOrNothing(form), field);
        }
        return value.asDocument();
    }

    private static long seconds(BsonValue value, String index) {
        double seconds = value instanceof BsonNumber number ? number.doubleValue() : -1;
        if (!(seconds >= 0 && seconds <= Integer.MAX_VALUE)) {
            throw new InvalidIndexException("expected 0 to " + Integer.MAX_VALUE + " seconds, found another value",
                    index, EXPIRY);
        }
        return (long) seconds;
    }

    private static String nameOrNothing(BsonDocument form) {
        BsonValue value = form.get(NAME);
        return value != null && value.isString() ? value.asString().getValue() : "";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IndexDefinition that && toStored().equals(that.toStored());
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return toSpecification().toString();
    }
}
