package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Corner cases as data: rows of cells between tabs, the last of which says where the case was seen. Their heads tell what the
 * cells mean.
 */
final class CaseTable {
    /** What one row must do; throws or gives a complaint where it does not, and an empty text where it does. */
    @FunctionalInterface
    interface Case {
        String complaint(String[] cells);
    }

    private CaseTable() {
    }

    static List<String[]> rows(String name, int cellCount) {
        List<String[]> rows = new ArrayList<>();
        try (InputStream stream = CaseTable.class.getResourceAsStream(name)) {
            new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
                        String[] cells = line.split("\t");
                        assertEquals(cellCount, cells.length, line);
                        assertFalse(cells[cellCount - 1].isBlank(), line);
                        rows.add(cells);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    /** Runs every row and tells of all that fail. */
    static void check(String name, int cellCount, int rowsMin, Case each) {
        List<String> wrong = new ArrayList<>();
        List<String[]> rows = rows(name, cellCount);
        for (String[] cells : rows) {
            String complaint;
            try {
                complaint = each.complaint(cells);
            } catch (RuntimeException | AssertionError e) {
                complaint = e.toString();
            }
            if (!complaint.isEmpty()) {
                wrong.add(complaint + ": " + String.join(" | ", cells));
            }
        }
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
        assertTrue(rows.size() >= rowsMin, () -> "Only " + rows.size() + " rows");
    }
}
