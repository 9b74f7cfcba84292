package io.nexuslite.index;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.KeyString;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonUndefined;
import org.bson.BsonValue;

/** Keys of an index in slow, plain code over trees of values: what {@link IndexKeys} is held against. */
final class ReferenceKeys {
    /** A document that no index of these paths can hold. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** A path on its way: the value it stands on, {@code null} if it is lost, and the names that are left. */
    private record Walk(BsonValue value, List<String> rest, boolean ended) {
        private static final Walk LOST = new Walk(null, List.of(), true);
    }

    private final IndexDefinition definition;
    final List<List<BsonValue>> combinations = new ArrayList<>();
    private boolean[] arrays;

    private ReferenceKeys(IndexDefinition definition) {
        this.definition = definition;
    }

    static ReferenceKeys of(IndexDefinition definition, BsonDocument document) {
        ReferenceKeys reference = new ReferenceKeys(definition);
        reference.arrays = new boolean[definition.paths().size()];
        List<Walk> walks = new ArrayList<>();
        definition.paths().forEach(path -> walks.add(new Walk(document, List.of(path.path().split("\\.")), false)));
        reference.walk(walks);
        return reference;
    }

    long arrayPaths() {
        long bits = 0;
        for (int i = 0; i < arrays.length; i++) {
            bits |= arrays[i] ? 1L << i : 0;
        }
        return bits;
    }

    private void walk(List<Walk> walks) {
        BsonArray common = null;
        for (int i = 0; i < walks.size(); i++) {
            Walk walk = walks.get(i);
            while (!walk.ended && !walk.value.isArray()) {
                walk = step(walk);
            }
            // an array: a name of digits may lead into it
            while (!walk.ended && walk.value.isArray()) {
                Walk placed = atPlace(walk);
                if (placed == null) {
                    break;
                }
                arrays[i] = true;
                walk = placed;
                while (!walk.ended && !walk.value.isArray()) {
                    walk = step(walk);
                }
            }
            walks.set(i, walk);
            if (!walk.ended) {
                arrays[i] = true;
                if (common != null && common != walk.value) {
                    throw new Refused();
                }
                common = walk.value.asArray();
            }
        }
        if (common == null) {
            List<BsonValue> values = new ArrayList<>();
            walks.forEach(walk -> values.add(walk.value));
            if (!definition.sparse() || values.stream().anyMatch(value -> value != null)) {
                combinations.add(values);
            }
            return;
        }
        if (common.isEmpty()) {
            walk(inside(walks,
                    walk -> walk.rest.isEmpty() ? new Walk(new BsonUndefined(), List.of(), true) : Walk.LOST));
        }
        for (BsonValue element : common) {
            walk(inside(walks, walk -> walk.rest.isEmpty()
                    ? new Walk(element, List.of(), true)
                    : element.isDocument() ? new Walk(element, walk.rest, false) : Walk.LOST));
        }
    }

    private static List<Walk> inside(List<Walk> walks, java.util.function.UnaryOperator<Walk> enter) {
        List<Walk> next = new ArrayList<>();
        walks.forEach(walk -> next.add(walk.ended ? walk : enter.apply(walk)));
        return next;
    }

    private static Walk step(Walk walk) {
        if (walk.rest.isEmpty()) {
            return new Walk(walk.value, List.of(), true);
        }
        BsonValue child = walk.value.isDocument() ? walk.value.asDocument().get(walk.rest.getFirst()) : null;
        return child == null ? Walk.LOST : new Walk(child, walk.rest.subList(1, walk.rest.size()), false);
    }

    private static Walk atPlace(Walk walk) {
        String name = walk.rest.isEmpty() ? "" : walk.rest.getFirst();
        BsonArray array = walk.value.asArray();
        if (!name.matches("0|[1-9][0-9]{0,8}") || Integer.parseInt(name) >= array.size()) {
            return null;
        }
        if (array.stream().anyMatch(value -> value.isDocument() && value.asDocument().containsKey(name))) {
            throw new Refused();
        }
        return new Walk(array.get(Integer.parseInt(name)), walk.rest.subList(1, walk.rest.size()), false);
    }

    /** Keys with one of the values that gave them; the id's key string is behind them unless the index is unique. */
    TreeMap<byte[], List<BsonValue>> keys(BsonValue id) {
        TreeMap<byte[], List<BsonValue>> keys = new TreeMap<>(Arrays::compareUnsigned);
        for (List<BsonValue> values : combinations) {
            ByteArrayOutputStream key = new ByteArrayOutputStream();
            for (int i = 0; i < values.size(); i++) {
                BsonValue value = values.get(i) == null ? BsonNull.VALUE : values.get(i);
                key.writeBytes(keyString(value, definition.paths().get(i).descending()));
            }
            if (!definition.unique()) {
                key.writeBytes(keyString(id, false));
            }
            keys.put(key.toByteArray(), values);
        }
        return keys;
    }

    static byte[] keyString(BsonValue value, boolean descending) {
        BsonView view = RandomDocuments.view(new BsonDocument("v", value));
        BsonCursor cursor = new BsonCursor().wrap(view);
        cursor.next();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(1 << 16);
            int length = KeyString.encode(cursor, descending, target, 0, 1 << 16);
            return target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
