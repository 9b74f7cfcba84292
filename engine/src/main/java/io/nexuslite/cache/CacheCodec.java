package io.nexuslite.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Function;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.Codec;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;

/**
 * How a {@link CacheMap} turns keys or values into bytes and back. Two keys are one if their bytes are equal. Any thread.
 *
 * @param <T> of keys or values, never null
 */
public interface CacheCodec<T> {
    /** The bytes of a value; the array is not changed afterwards, by nobody. */
    byte[] encode(T value);

    /** The value of bytes that {@link #encode} gave; the array is the codec's to keep. */
    T decode(byte[] bytes);

    /** Bytes as they are. */
    static CacheCodec<byte[]> bytes() {
        return of(value -> value, bytes -> bytes);
    }

    /** Text as UTF-8. */
    static CacheCodec<String> text() {
        return of(value -> value.getBytes(StandardCharsets.UTF_8), bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** Documents by a codec of {@code org.bson}. */
    static <T> CacheCodec<T> bson(Codec<T> codec) {
        Objects.requireNonNull(codec, "codec");
        return of(value -> {
            BasicOutputBuffer buffer = new BasicOutputBuffer();
            try (BsonBinaryWriter writer = new BsonBinaryWriter(buffer)) {
                codec.encode(writer, value, EncoderContext.builder().build());
                return buffer.toByteArray();
            }
        }, bytes -> {
            try (BsonBinaryReader reader = new BsonBinaryReader(ByteBuffer.wrap(bytes))) {
                return codec.decode(reader, DecoderContext.builder().build());
            }
        });
    }

    /** Single BSON values, such as ids; values of different types are different. */
    static CacheCodec<BsonValue> bsonValue() {
        CacheCodec<BsonDocument> documents = bson(new BsonDocumentCodec());
        return of(value -> documents.encode(new BsonDocument("", value)), bytes -> documents.decode(bytes).get(""));
    }

    /** Of two functions. */
    static <T> CacheCodec<T> of(Function<? super T, byte[]> encode,
            Function<byte[], ? extends T> decode) {
        Objects.requireNonNull(encode, "encode");
        Objects.requireNonNull(decode, "decode");
        return new CacheCodec<>() {
            @Override
            public byte[] encode(T value) {
                return encode.apply(Objects.requireNonNull(value, "value"));
            }

            @Override
            public T decode(byte[] bytes) {
                return decode.apply(bytes);
            }
        };
    }
}
