package io.nexuslite.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.bson.TestAllocation;
import io.nexuslite.error.InvalidDocumentException;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

class CsvTest {
    private static List<String> read(String text, CsvOptions csv) {
        return ReadRows.of(new Chunks(text.getBytes(StandardCharsets.UTF_8)), Format.CSV,
                ImportOptions.DEFAULT.withCsv(csv));
    }

    private static String only(String text, CsvOptions csv) {
        List<String> rows = read(text, csv);
        assertEquals(1, rows.size(), rows::toString);
        return rows.getFirst();
    }

    private static void expect(String json, String text, CsvOptions csv) {
        assertEquals(BsonDocument.parse(json).toJson(), BsonDocument.parse(only(text, csv)).toJson(), text);
    }

    private static void refuses(String words, String text, CsvOptions csv) {
        String row = only(text, csv);
        assertTrue(row.startsWith("Invalid row: ") && row.contains(words), row);
    }

    static String written(CsvOptions csv, String... documents) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GrowableBuffer buffer = new GrowableBuffer();
                DocumentSink sink = Formats.create(out, Format.CSV, ExportOptions.DEFAULT.withCsv(csv))) {
            for (String document : documents) {
                buffer.reset();
                BsonBridge.encode(BsonDocument.parse(document), buffer);
                sink.accept(new BsonView().wrap(buffer));
            }
            sink.commit();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void findsTypesOut() {
        expect("{i: 1, l: {$numberLong: '2147483648'}, d: 1.5, e: 100.0, b: true, c: false, s: 'x y', z: '007', n: '1.2.3',"
                + "t: {$date: '2026-01-02T03:04:05.678Z'}, u: {$date: '2026-01-02T03:04:00Z'}, day: '2026-01-02',"
                + "big: {$numberDecimal: '12345678901234567891'}, huge: '12345678901234567890123456789012345', m: -5}",
                "i,l,d,e,b,c,s,z,n,t,u,day,big,huge,m\n1,2147483648,1.5,1e2,true,FALSE,x y,007,1.2.3,"
                        + "2026-01-02T03:04:05.678Z,2026-01-02T05:04+02:00,2026-01-02,12345678901234567891,"
                        + "12345678901234567890123456789012345,-5\n",
                CsvOptions.DEFAULT);
    }

    @Test
    void readsQuotedCellsAsStringsUnlessTold() {
        expect("{a: '1', b: 'true', c: 2}", "a,b,c\n\"1\",\"true\",2", CsvOptions.DEFAULT);
        expect("{a: 1, b: true, c: 2}", "a,b,c\n\"1\",\"true\",2", CsvOptions.DEFAULT.withInferringQuoted(true));
        expect("{a: '1', b: 'true', c: '2'}", "a,b,c\n\"1\",true,2", CsvOptions.DEFAULT.withInferring(false));
    }

    @Test
    void treatsEmptyCellsAsTold() {
        expect("{b: ''}", "a,b,c\n,\"\",", CsvOptions.DEFAULT);
        expect("{a: null, b: '', c: null}", "a,b,c\n,\"\",", CsvOptions.DEFAULT.withEmpty(CsvOptions.Empty.NULL));
        expect("{a: '', b: ''}", "a,b,c\n,\"\",",
                CsvOptions.DEFAULT.withEmpty(CsvOptions.Empty.STRING).withTypes(Map.of("c", ColumnType.INT32)));
        expect("{a: null, b: 'NULL'}", "a,b,c\nNULL,\"NULL\",", CsvOptions.DEFAULT.withNullText("NULL"));
    }

    @Test
    void convertsTypedColumns() {
        CsvOptions typed = CsvOptions.DEFAULT.withTypedHeader(true);
        expect("{i: {$numberInt: '-7'}, l: {$numberLong: '7'}, d: 7.0, m: {$numberDecimal: '1.10'}, b: true, s: '007',"
                + "o: {$oid: '0123456789abcdef01234567'}, u: {$uuid: '550e8400-e29b-41d4-a716-446655440000'},"
                + "x: {$binary: {base64: 'AQID', subType: '00'}}, j: {a: [1, {$numberLong: '2'}]}}",
                "i:int32,l:int64,d:double,m:decimal,b:bool,s:string,o:objectid,u:uuid,x:binary,j:json\n"
                        + "-7,+7,7,1.10,YES,007,0123456789ABCDEF01234567,550e8400-e29b-41d4-a716-446655440000,AQID,"
                        + "\"{\"\"a\"\": [1, {\"\"$numberLong\"\": \"\"2\"\"}]}\"",
                typed);
        for (String date : List.of("2026-01-02T00:00:00Z", "2026-01-02", "2026-01-02 00:00", "2026-01-02T00:00",
                "2026-01-02 01:00:00.000+01:00", "1767312000000")) {
            expect("{t: {$date: '2026-01-02T00:00:00Z'}}", "t:date\n" + date, typed);
        }
        expect("{t: {$date: {$numberLong: '-9223372036854775808'}}}", "t:date\n-9223372036854775808", typed);
        expect("{a: 'b:c'}", "a\nb:c", typed);
    }

    @Test
    void refusesWhatIsNotOfTheColumnsType() {
        CsvOptions typed = CsvOptions.DEFAULT.withTypedHeader(true);
        refuses("32 bits, found a larger one [line=2, column=3, byte=12]", "s,i:int32\n1,2147483648", typed);
        for (String cell : List.of("int32:x", "int32:1.5", "int32:-", "int64:9223372036854775808", "double:1,5",
                "double:1e400",
                "double:.", "decimal:1.2.3", "bool:2", "bool:maybe", "date:yesterday", "date:2026-13-01", "date:-",
                "objectid:12",
                "objectid:0123456789abcdef0123456g", "uuid:550e8400-e29b-41d4-a716-44665544000g",
                "uuid:550e8400xe29b-41d4-a716-446655440000", "binary:a", "json:{", "json:1 2", "json:{\"\"a\"\":1")) {
            int colon = cell.indexOf(':');
            refuses("expected", "v:" + cell.substring(0, colon) + "\n\"" + cell.substring(colon + 1) + "\"", typed);
        }
        refuses("levels", "a.b:json\n" + "[".repeat(100) + "]".repeat(100), typed);
        assertEquals(1, read("a.b:json\n" + "[".repeat(99) + "]".repeat(99), typed).size());
    }

    @Test
    void nestsByDotsAndIndexes() {
        expect("{_id: 1, a: {b: 2, c: {d: 3}}, e: 4}", "_id,a.b,e,a.c.d\n1,2,4,3", CsvOptions.DEFAULT);
        expect("{t: [10, 20], u: {'1': 30, '0x': 1}}", "t.1,t.0,u.1,u.0x\n20,10,30,1", CsvOptions.DEFAULT);
        expect("{t: [null, 20]}", "t.0,t.1,t.2\n,20,", CsvOptions.DEFAULT);
        expect("{p: [{x: 1, y: 2}, {x: 3}]}", "p.0.x,p.0.y,p.1.x,p.1.y\n1,2,3,", CsvOptions.DEFAULT);
        expect("{z: 1}", "a.b,a.c,z\n,,1", CsvOptions.DEFAULT);
        expect("{'a.b': 1}", "a.b\n1", CsvOptions.DEFAULT.withNested(false));
        expect("{a: 1}", "a,a.b\n1,", CsvOptions.DEFAULT);
        expect("{a: {b: 2}}", "a,a.b\n,2", CsvOptions.DEFAULT);
        refuses("found both", "a,a.b\n1,2", CsvOptions.DEFAULT);
    }

    @Test
    void splitsListsOfACell() {
        expect("{t: ['a', 1, 2.5, true]}", "t[]\na|1|2.5|true", CsvOptions.DEFAULT);
        expect("{t: ['a', '', 'b']}", "t[]\na||b", CsvOptions.DEFAULT.withEmpty(CsvOptions.Empty.STRING));
        expect("{t: ['a', null], u: []}", "t[],u[]\na;,\"\"", CsvOptions.DEFAULT.withArraySeparator(';'));
        expect("{t: ['1', '2']}", "t[]\n1|2", CsvOptions.DEFAULT.withTypes(Map.of("t[]", ColumnType.STRING)));
        expect("{t: ['a,\"b']}", "t[]\n\"a,\"\"b\"", CsvOptions.DEFAULT);
    }

    @Test
    void takesNamesAsTold() {
        expect("{x: 1, y: 2}", "a,b\n1,2", CsvOptions.DEFAULT.withColumns(List.of("x", "y")));
        expect("{x: 1, y: 2}", "1,2", CsvOptions.DEFAULT.withHeader(false).withColumns(List.of("x", "y")));
        expect("{column1: 1, column2: 2}", "1,2", CsvOptions.DEFAULT.withHeader(false));
        expect("{column1: 0, a: 1}", ",a\n0,1", CsvOptions.DEFAULT);
        expect("{'a\"b': 1}", "\"a\"\"b\"\n1", CsvOptions.DEFAULT);
        refuses("twice", "a,b,a\n1,2,3", CsvOptions.DEFAULT);
        refuses("expected 3 cells, found 2", "a,b\n1,2", CsvOptions.DEFAULT.withColumns(List.of("x", "y", "z")));
        refuses("type of 'c'", "a,b\n1,2", CsvOptions.DEFAULT.withTypes(Map.of("c", ColumnType.INT32)));
        refuses("Unknown column type", "a:integer\n1", CsvOptions.DEFAULT.withTypedHeader(true));
        refuses("closing quote of the cell that begins here, found the end [line=1, column=3, byte=2]", "a,\"b\n1,2",
                CsvOptions.DEFAULT);
        refuses("steps", "a" + ".a".repeat(100) + "\n1", CsvOptions.DEFAULT);
    }

    @Test
    void takesOtherDelimitersAndQuotes() {
        expect("{a: 1, b: 'x;y'}", "a;b\n1;'x;y'", CsvOptions.DEFAULT.withDelimiter(';').withQuote('\''));
        expect("{a: '\"x', b: 'y\"'}", "a\tb\n\"x\ty\"", CsvOptions.DEFAULT.withDelimiter('\t').withoutQuote());
        for (char wrong : new char[]{'a', '1', '.', '-', '\n', '\u00e9', 0}) {
            assertThrows(IllegalArgumentException.class, () -> CsvOptions.DEFAULT.withDelimiter(wrong));
        }
        assertThrows(IllegalArgumentException.class, () -> CsvOptions.DEFAULT.withDelimiter('"'));
        assertThrows(IllegalArgumentException.class, () -> CsvOptions.DEFAULT.withDelimiter('|'));
    }

    @Test
    void tellsThePlaceAndGoesOn() {
        List<String> rows = read("a,b\n1,\"x\ny\"\n2\n3,4,5\r\n6,7\n", CsvOptions.DEFAULT);
        assertEquals(4, rows.size());
        assertTrue(rows.get(1).contains("expected 2 cells, found 1 [line=4, column=1, byte=12]"), rows.get(1));
        assertTrue(rows.get(2).contains("expected 2 cells, found 3 [line=5, column=5, byte=18]"), rows.get(2));
        assertEquals(BsonDocument.parse("{a: 6, b: 7}"), BsonDocument.parse(rows.get(3)));
        expect("{a: 1}", "a,b,c\n1", CsvOptions.DEFAULT.withRagged(true));
    }

    @Test
    void boundsRowsAndCells() {
        ImportOptions small = ImportOptions.DEFAULT.withRowBytesMax(1024);
        String text = "a\n" + "x".repeat(5000) + "\n2\n\"" + "y\n".repeat(3000) + "\"\n3\n";
        List<String> rows = ReadRows.of(new Chunks(text.getBytes(StandardCharsets.UTF_8), 700), Format.CSV, small);
        assertEquals(4, rows.size());
        assertTrue(rows.get(0).contains("expected at most 1024 bytes in a row, found more [line=2, column=1, byte=2]"),
                rows.get(0));
        assertTrue(rows.get(2).contains("closing quote") && rows.get(2).contains("line=4"), rows.get(2));
        assertEquals(BsonDocument.parse("{a: 3}"), BsonDocument.parse(rows.get(3)));
        List<String> wide = read("a\n" + ",".repeat(20_000) + "\n2\n", CsvOptions.DEFAULT);
        assertTrue(wide.get(0).contains("at most 16384 cells"), wide.get(0));
        assertEquals(2, wide.size());
    }

    @Test
    void writesWhatPeopleExpect() {
        assertEquals("_id,name,address.city,tags,born\r\n"
                + "1,\"Smith, J.\",Bern,\"[\"\"a\"\",1]\",1970-01-01T00:00:01.5Z\r\n"
                + "2,\"say \"\"hi\"\"\",,,-1\r\n3,\"7\",,,\r\n4,\"\",,,\r\n5,,,,\r\n",
                written(CsvOptions.DEFAULT,
                        "{_id: 1, name: 'Smith, J.', address: {city: 'Bern'}, tags: ['a', 1], born: {$date: {$numberLong: '1500'}}}",
                        "{_id: 2, name: 'say \"hi\"', born: {$date: {$numberLong: '-1'}}}", "{_id: 3, name: '7'}",
                        "{_id: 4, name: ''}", "{_id: 5, name: null}"));
    }

    @Test
    void writesColumnsAsTold() {
        CsvOptions lines = CsvOptions.DEFAULT.withCarriageReturns(false);
        assertEquals("b,a.x\n2,1\n,\n",
                written(lines.withColumns(List.of("b", "a.x")), "{a: {x: 1, y: 0}, b: 2, c: 3}", "{c: 1}"));
        assertEquals("t.0,t.1,t.2\n1,2,\n3,4,5\n",
                written(lines.withArrayColumns(true), "{t: [1, 2]}", "{t: [3, 4, 5]}"));
        assertEquals("1;2\n", written(lines.withHeader(false).withDelimiter(';'), "{a: 1, b: 2}"));
        assertEquals("a\n\"{\"\"b\"\":1}\"\n", written(lines.withNested(false), "{a: {b: 1}}"));
        assertEquals(
                "a:int32,b:json,c:uuid\n1,\"{\"\"$numberInt\"\":\"\"1\"\"}\",550e8400-e29b-41d4-a716-446655440000\n2,\"\"\"x\"\"\",\n",
                written(lines.withTypedHeader(true), "{a: 1, b: 1, c: {$uuid: '550e8400-e29b-41d4-a716-446655440000'}}",
                        "{a: 2, b: 'x'}"));
        assertEquals("", written(lines));
        assertEquals("a\nNA\n\"NA\"\n", written(lines.withNullText("NA"), "{a: null}", "{a: 'NA'}"));
        assertThrows(InvalidDocumentException.class, () -> written(lines.withoutQuote(), "{a: 'x,y'}"));
        assertEquals("a\nx\"y\n", written(lines.withoutQuote(), "{a: 'x\"y'}"));
    }

    /** The names once, then the same row for ever. */
    private static final class Endless extends InputStream {
        private final byte[] row = "1234,\"name \"\"of\"\" it\",0.125,2026-01-02T03:04:05Z,true\n"
                .getBytes(StandardCharsets.UTF_8);
        private byte[] now = "_id,name,score,when,flag\n".getBytes(StandardCharsets.UTF_8);
        private int at;

        @Override
        public int read() {
            if (at == now.length) {
                now = row;
                at = 0;
            }
            return now[at++];
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            for (int i = 0; i < length; i++) {
                target[offset + i] = (byte) read();
            }
            return length;
        }
    }

    @Test
    void allocatesNothingForEachRow() {
        BsonWriter writer = new BsonWriter();
        try (GrowableBuffer buffer = new GrowableBuffer();
                DocumentSource source = Formats.open(new Endless(), "x.csv", Format.CSV, ImportOptions.DEFAULT)) {
            TestAllocation.assertNone("rows of csv", call -> {
                buffer.reset();
                assertTrue(source.next(writer.wrap(buffer)));
                return buffer.length();
            });
        }
    }
}
