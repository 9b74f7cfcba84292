package io.nexuslite;

import org.bson.BsonWriter;
import org.bson.codecs.Codec;
import org.bson.codecs.Encoder;
import org.bson.codecs.EncoderContext;

/** Encodes documents that are to be inserted: their codec is told so, whereupon that of beans generates their ids. */
record CollectibleEncoder<T>(Codec<T> codec) implements Encoder<T> {
    private static final EncoderContext CONTEXT = EncoderContext.builder().isEncodingCollectibleDocument(true).build();

    @Override
    public void encode(BsonWriter writer, T value, EncoderContext ignored) {
        codec.encode(writer, value, CONTEXT);
    }

    @Override
    public Class<T> getEncoderClass() {
        return codec.getEncoderClass();
    }
}
