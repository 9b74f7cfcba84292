package io.nexuslite.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

/** The table of what RFC 4180 says: each text as a whole, and at every place where the input may break in two. */
class CsvConformanceTest {
    private static final ImportOptions TEXTS = ImportOptions.DEFAULT.withCsv(CsvOptions.DEFAULT.withHeader(false)
            .withInferring(false).withEmpty(CsvOptions.Empty.STRING));

    private record Case(String shown, byte[] text, List<String> records) {
    }

    @Test
    void readsWhatTheTableSays() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Case example : table()) {
            List<String> read = shown(ReadRows.of(new Chunks(example.text()), Format.CSV, TEXTS));
            if (!read.equals(example.records())) {
                wrong.add(example.shown() + " was read as " + read);
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void saysTheSameWhereverTheInputBreaks() throws IOException {
        for (Case example : table()) {
            List<String> whole = ReadRows.of(new Chunks(example.text()), Format.CSV, TEXTS);
            assertEquals(whole, ReadRows.of(new Chunks(example.text(), 1), Format.CSV, TEXTS), example.shown());
            for (int split = 1; split < example.text().length; split++) {
                assertEquals(whole,
                        ReadRows.of(new Chunks(example.text(), split, example.text().length), Format.CSV, TEXTS),
                        example.shown());
            }
        }
    }

    @Test
    void readsTabsTheSame() throws IOException {
        for (Case example : table()) {
            byte[] tabs = example.text().clone();
            for (int i = 0; i < tabs.length; i++) {
                tabs[i] = (byte) (tabs[i] == ',' ? '\t' : tabs[i] == '\t' ? ',' : tabs[i]);
            }
            List<String> read = shown(ReadRows.of(new Chunks(tabs), Format.TSV, TEXTS));
            assertEquals(example.records(), read.stream().map(row -> row.replace('\t', ',')).toList(), example.shown());
        }
    }

    /** Records in the notation of the table. */
    private static List<String> shown(List<String> rows) {
        return rows.stream().map(row -> row.startsWith("{")
                ? BsonDocument.parse(row).values().stream().map(value -> value.asString().getValue())
                        .collect(Collectors.joining(","))
                : "!").toList();
    }

    private static List<Case> table() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (InputStream in = CsvConformanceTest.class.getResourceAsStream("csv-conformance.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                if (!line.startsWith("#")) {
                    int bar = line.lastIndexOf('|');
                    List<String> records = new ArrayList<>();
                    if (bar < line.length() - 1) {
                        for (String record : line.substring(bar + 1).split(" ; ", -1)) {
                            records.add(new String(bytes(record), StandardCharsets.UTF_8));
                        }
                    }
                    cases.add(new Case(line, bytes(line.substring(0, bar)), records));
                }
            }
        }
        assertTrue(cases.size() > 50);
        return cases;
    }

    private static byte[] bytes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\x", i)) {
                out.write(Integer.parseInt(text, i + 2, i + 4, 16));
                i += 3;
            } else {
                out.write(text.charAt(i));
            }
        }
        return out.toByteArray();
    }
}
