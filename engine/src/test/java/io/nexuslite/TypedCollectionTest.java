package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import org.bson.BsonInt32;
import org.bson.Document;
import org.bson.codecs.configuration.CodecConfigurationException;
import org.bson.codecs.configuration.CodecRegistries;
import org.bson.codecs.pojo.PojoCodecProvider;
import org.bson.codecs.pojo.annotations.BsonId;
import org.bson.codecs.record.RecordCodecProvider;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;

/** Collections of records and of beans. */
class TypedCollectionTest {
    public record Person(@BsonId Integer id, String name, List<String> tags, Instant born) {
    }

    public record Nameless(String name) {
    }

    /** A bean, as the bean codec wants it. */
    public static final class Pet {
        private ObjectId id;
        private String name;

        public ObjectId getId() {
            return id;
        }

        public void setId(ObjectId id) {
            this.id = id;
        }

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }
    }

    private static final DatabaseOptions OPTIONS = DatabaseOptions.builder()
            .codecRegistry(CodecRegistries.fromRegistries(
                    CodecRegistries.fromProviders(new RecordCodecProvider()), DatabaseOptions.defaultCodecRegistry(),
                    CodecRegistries.fromProviders(PojoCodecProvider.builder().automatic(true).build())))
            .build();

    @Test
    void storesRecords() {
        try (TestDatabase test = new TestDatabase(OPTIONS)) {
            DocumentCollection<Person> people = test.database.collection("people", Person.class);
            Person ada = new Person(1, "Ada", List.of("x"), Instant.ofEpochMilli(-4_000_000_000_000L));
            assertEquals(new BsonInt32(1), people.insertOne(ada).insertedId());
            assertEquals(ada, people.find(new Document("tags", "x")).first());
            assertEquals(ada, people.findById(1).orElseThrow());
            Person other = new Person(1, "Ada Lovelace", List.of(), ada.born());
            people.replaceOne(new Document("name", "Ada"), other);
            assertEquals(List.of(other), people.find().toList());
        }
    }

    @Test
    void givesRecordsWithoutIdOne() {
        try (TestDatabase test = new TestDatabase(OPTIONS)) {
            DocumentCollection<Nameless> records = test.database.collection("records", Nameless.class);
            InsertOneResult result = records.insertOne(new Nameless("a"));
            assertEquals(new Nameless("a"), records.findById(result.insertedId()).orElseThrow());
        }
    }

    @Test
    void storesBeans() {
        try (TestDatabase test = new TestDatabase(OPTIONS)) {
            DocumentCollection<Pet> pets = test.database.collection("pets", Pet.class);
            Pet pet = new Pet();
            pet.setName("Rex");
            InsertOneResult result = pets.insertOne(pet);
            assertEquals(pet.getId(), result.insertedId().asObjectId().getValue());
            assertEquals("Rex", pets.findById(pet.getId()).orElseThrow().getName());
        }
    }

    @Test
    void refusesClassesWithoutCodec() {
        try (TestDatabase test = new TestDatabase()) {
            assertThrows(CodecConfigurationException.class, () -> test.database.collection("people", Thread.class));
        }
    }
}
