package io.nexuslite.check;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names, offsets and sizes of a layout's fields, taken from its constants, so that a dump cannot drift from the format. */
final class LayoutFields {
    private static final String OFFSET = "_OFFSET";
    private static final String SIZE = "_SIZE";

    /** One field. */
    record Entry(String name, int offset, int size) {
    }

    private LayoutFields() {
    }

    /** Fields of one of the layouts of {@code io.nexuslite.format}, in order. */
    static List<Entry> of(Class<?> layout) {
        Map<String, Integer> numbers = new HashMap<>();
        for (Field field : layout.getDeclaredFields()) {
            if (field.getType() == int.class && Modifier.isStatic(field.getModifiers())
                    && Modifier.isPublic(field.getModifiers())) {
                numbers.put(field.getName(), valueOf(field));
            }
        }
        List<Entry> entries = new ArrayList<>();
        numbers.forEach((constant, offset) -> {
            String name = constant.endsWith(OFFSET) ? constant.substring(0, constant.length() - OFFSET.length()) : null;
            if (name != null && numbers.containsKey(name + SIZE)) {
                entries.add(new Entry(name, offset, numbers.get(name + SIZE)));
            }
        });
        entries.sort(Comparator.comparingInt(Entry::offset));
        return entries;
    }

    private static int valueOf(Field field) {
        try {
            return field.getInt(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("A layout's constants are public", e);
        }
    }
}
