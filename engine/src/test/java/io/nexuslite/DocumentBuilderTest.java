package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexuslite.bson.FieldName;
import java.time.Instant;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

class DocumentBuilderTest {
    private static FieldName name(String name) {
        return FieldName.of(name);
    }

    @Test
    void buildsNestedDocuments() {
        try (DocumentBuilder builder = new DocumentBuilder()) {
            builder.begin().put(FieldName.ID, 1).put(name("l"), 2L).put(name("d"), 1.5).put(name("t"), true)
                    .put(name("s"), "text").putNull(name("n")).put(name("i"), Instant.ofEpochMilli(5))
                    .startDocument(name("o")).put(name("x"), 1).endDocument()
                    .startArray(name("a")).add(1).add("two").add(3.0).add(4L).add(false).addNull().startDocument()
                    .put(name("y"), 2).endDocument().startArray().add(5).endArray().endArray();
            assertEquals(BsonDocument.parse("""
                    {_id: 1, l: {$numberLong: '2'}, d: 1.5, t: true, s: 'text', n: null, i: {$date: {$numberLong: '5'}},
                     o: {x: 1}, a: [1, 'two', 3.0, {$numberLong: '4'}, false, null, {y: 2}, [5]]}"""),
                    builder.build().toBsonDocument());
            assertEquals(BsonDocument.parse("{}"), builder.begin().build().toBsonDocument());
        }
    }

    @Test
    void refusesStepsOutOfOrder() {
        try (DocumentBuilder builder = new DocumentBuilder()) {
            assertThrows(IllegalStateException.class, () -> builder.put(FieldName.ID, 1));
            builder.begin().startDocument(name("o"));
            assertThrows(IllegalStateException.class, builder::build);
            builder.begin();
            assertThrows(IllegalStateException.class, builder::endDocument);
            assertThrows(IllegalStateException.class, () -> builder.add(1));
        }
    }
}
