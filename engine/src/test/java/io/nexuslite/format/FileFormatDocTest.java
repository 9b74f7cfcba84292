package io.nexuslite.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/file-format.md and the layout classes tell the same, field by field, without gap or overlap. */
class FileFormatDocTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "file-format.md");
    private static final Path LAYOUTS = Path.of("src", "main", "java", "io", "nexuslite", "format");
    private static final Pattern HEADING = Pattern.compile("^#+ .*\\(`(\\w+Layout)`\\)\\s*$");
    private static final Pattern ROW = Pattern.compile("^\\| `(\\w+)` \\| (\\d+) \\| (\\d+) \\|.*$");

    private record Entry(String name, int offset, int size) {
    }

    @Test
    void documentAgreesWithEveryLayout() throws Exception {
        Map<String, List<Entry>> documented = readDocument(Files.readAllLines(DOCUMENT));
        List<String> declared = layoutClasses();
        assertFalse(declared.isEmpty());
        for (String name : declared) {
            List<Entry> fields = declaredFields(Class.forName("io.nexuslite.format." + name));
            if (!fields.isEmpty()) {
                assertEquals(fields, documented.remove(name), name);
            }
        }
        assertTrue(documented.isEmpty(), "tables without a layout: " + documented.keySet());
    }

    @Test
    void fieldsOfEveryLayoutFollowWithoutGapOrOverlap() throws Exception {
        for (String name : layoutClasses()) {
            int end = 0;
            for (Entry field : declaredFields(Class.forName("io.nexuslite.format." + name))) {
                assertEquals(end, field.offset(), name + "." + field.name());
                assertTrue(field.size() > 0, name + "." + field.name());
                end += field.size();
            }
        }
    }

    @Test
    void seesADifference() {
        String table = "# X (`XLayout`)\n| `A` | 0 | 8 | |\n| `B` | 8 | 4 | |";
        assertEquals(List.of(new Entry("A", 0, 8), new Entry("B", 8, 4)),
                readDocument(table.lines().toList()).get("XLayout"));
    }

    private static Map<String, List<Entry>> readDocument(List<String> lines) {
        Map<String, List<Entry>> tables = new LinkedHashMap<>();
        List<Entry> current = null;
        for (String line : lines) {
            Matcher heading = HEADING.matcher(line);
            Matcher row = ROW.matcher(line);
            if (heading.matches()) {
                current = new ArrayList<>();
                tables.put(heading.group(1), current);
            } else if (line.startsWith("#")) {
                current = null;
            } else if (current != null && row.matches()) {
                current.add(new Entry(row.group(1), Integer.parseInt(row.group(2)), Integer.parseInt(row.group(3))));
            }
        }
        return tables;
    }

    private static List<String> layoutClasses() throws IOException {
        try (var files = Files.list(LAYOUTS)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith("Layout.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length())).sorted().toList();
        }
    }

    private static List<Entry> declaredFields(Class<?> layout) throws IllegalAccessException {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        Map<String, Integer> offsets = new LinkedHashMap<>();
        for (Field field : layout.getDeclaredFields()) {
            if (field.getType() == int.class && Modifier.isStatic(field.getModifiers())) {
                if (field.getName().endsWith("_OFFSET")) {
                    offsets.put(field.getName().substring(0, field.getName().length() - 7), field.getInt(null));
                } else if (field.getName().endsWith("_SIZE")) {
                    sizes.put(field.getName().substring(0, field.getName().length() - 5), field.getInt(null));
                }
            }
        }
        List<Entry> entries = new ArrayList<>();
        offsets.forEach((name, offset) -> entries.add(new Entry(name, offset, sizes.get(name))));
        return entries;
    }
}
