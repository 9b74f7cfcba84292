package io.nexuslite;

import org.bson.UuidRepresentation;
import org.bson.codecs.BsonCodecProvider;
import org.bson.codecs.BsonValueCodecProvider;
import org.bson.codecs.CollectionCodecProvider;
import org.bson.codecs.DocumentCodecProvider;
import org.bson.codecs.EnumCodecProvider;
import org.bson.codecs.IterableCodecProvider;
import org.bson.codecs.JsonObjectCodecProvider;
import org.bson.codecs.MapCodecProvider;
import org.bson.codecs.ValueCodecProvider;
import org.bson.codecs.configuration.CodecRegistries;
import org.bson.codecs.configuration.CodecRegistry;
import org.bson.codecs.jsr310.Jsr310CodecProvider;

/** Codecs that are built in. UUIDs are binaries of subtype 4, in the byte order of RFC 9562. */
final class Codecs {
    static final CodecRegistry BUILT_IN = CodecRegistries.withUuidRepresentation(
            CodecRegistries.fromProviders(new ValueCodecProvider(), new BsonValueCodecProvider(),
                    new DocumentCodecProvider(), new CollectionCodecProvider(), new IterableCodecProvider(),
                    new MapCodecProvider(), new Jsr310CodecProvider(), new JsonObjectCodecProvider(),
                    new BsonCodecProvider(), new EnumCodecProvider()),
            UuidRepresentation.STANDARD);

    private Codecs() {
    }

    static CodecRegistry registry(DatabaseOptions options) {
        return options.codecRegistry()
                .map(own -> CodecRegistries.withUuidRepresentation(CodecRegistries.fromRegistries(own, BUILT_IN),
                        UuidRepresentation.STANDARD))
                .orElse(BUILT_IN);
    }
}
