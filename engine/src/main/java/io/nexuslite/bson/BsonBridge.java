package io.nexuslite.bson;

import io.nexuslite.error.InvalidDocumentException;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.BsonBinaryWriterSettings;
import org.bson.BsonDocument;
import org.bson.BsonSerializationException;
import org.bson.BsonWriterSettings;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.Codec;
import org.bson.codecs.Decoder;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.Encoder;
import org.bson.codecs.EncoderContext;
import org.bson.codecs.configuration.CodecRegistry;
import org.bson.conversions.Bson;

/**
 * Between {@code org.bson} and bytes off-heap: encodes into a {@link GrowableBuffer}, decodes in place.
 *
 * <p>Stateless; any thread, while buffers and views belong to one. What a codec itself throws comes through as it is
 * ({@code CodecConfigurationException} for a class without codec, and the like).
 */
public final class BsonBridge {
    private static final BsonWriterSettings WRITER = new BsonWriterSettings(BsonType.DEPTH_MAX + 2);
    private static final BsonBinaryWriterSettings BINARY = new BsonBinaryWriterSettings(BsonType.DOCUMENT_SIZE_MAX);
    private static final EncoderContext ENCODER = EncoderContext.builder().build();
    private static final DecoderContext DECODER = DecoderContext.builder().build();
    private static final BsonDocumentCodec DOCUMENT = new BsonDocumentCodec();

    private BsonBridge() {
    }

    /**
     * Encodes a value as a document behind what {@code target} holds, and validates the bytes.
     *
     * @return bytes of the document
     * @throws InvalidDocumentException if it is too large, too deep or not valid; the buffer then holds what it held before
     */
    public static <T> int encode(T value, Encoder<T> encoder, GrowableBuffer target) {
        int start = target.length();
        boolean done = false;
        try (BsonBinaryWriter writer = new BsonBinaryWriter(WRITER, BINARY, new MemoryBsonOutput(target))) {
            encoder.encode(writer, value, ENCODER);
            int length = target.length() - start;
            // A raw document is copied without a look by its codec, and a codec may write anything.
            new BsonValidator().validate(target.memory(), start, length);
            done = true;
            return length;
        } catch (BsonSerializationException e) {
            InvalidDocumentException invalid = new InvalidDocumentException(
                    "expected a document that BSON can hold, found: "
                            + e.getMessage(),
                    target.length() - start, "");
            invalid.addSuppressed(e); // the place in the codec that wrote too much
            throw invalid;
        } finally {
            if (!done) {
                target.setLength(start);
            }
        }
    }

    /** Encodes a value by the codec that the registry has for its class; otherwise as {@link #encode(Object, Encoder, GrowableBuffer)}. */
    public static <T> int encode(T value, CodecRegistry registry, GrowableBuffer target) {
        @SuppressWarnings("unchecked") // a codec for the value's own class
        Codec<T> codec = (Codec<T>) registry.get(value.getClass());
        return encode(value, codec, target);
    }

    /** Encodes a document; otherwise as {@link #encode(Object, Encoder, GrowableBuffer)}. */
    public static int encode(BsonDocument document, GrowableBuffer target) {
        return encode(document, DOCUMENT, target);
    }

    /**
     * Encodes what a builder or any other {@code Bson} stands for: a filter, an update, a sort.
     *
     * @param documentClass class of the collection's documents, which some builders ask for
     */
    public static int encode(Bson value, Class<?> documentClass, CodecRegistry registry, GrowableBuffer target) {
        return encode(value.toBsonDocument(documentClass, registry), DOCUMENT, target);
    }

    /** What {@code decoder} makes of a validated document, read in place. */
    public static <T> T decode(BsonView document, Decoder<T> decoder) {
        MemoryBsonInput input = new MemoryBsonInput(document.memory(), document.offset(), document.length());
        try (BsonBinaryReader reader = new BsonBinaryReader(input)) {
            return decoder.decode(reader, DECODER);
        }
    }
}
