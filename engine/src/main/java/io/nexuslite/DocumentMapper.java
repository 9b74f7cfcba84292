package io.nexuslite;

import io.nexuslite.bson.BsonBridge;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.FieldName;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.codecs.Codec;
import org.bson.codecs.DecoderContext;

/** Between a class of documents and bytes. Any thread. */
final class DocumentMapper<T> {
    private final Class<T> type;
    private final Codec<T> codec;
    private final CollectibleEncoder<T> encoder;
    private final DatabaseCore core;

    /** Throws CodecConfigurationException if there is no codec for the class. */
    DocumentMapper(DatabaseCore core, Class<T> type) {
        this.core = core;
        this.type = type;
        this.codec = core.registry().get(type);
        this.encoder = new CollectibleEncoder<>(codec);
    }

    Class<T> type() {
        return type;
    }

    T decode(BsonView document) {
        return document.decode(codec);
    }

    /**
     * Encodes a document that is to be inserted into the context, its {@code _id} first; one that was generated is set in
     * the document where that can be done.
     *
     * @return the {@code _id}
     */
    BsonValue encodeNew(T document, OperationContext context) {
        context.encode(document, encoder, core.idGenerator());
        BsonValue id = context.documentId();
        writeBack(document, id);
        return id;
    }

    private void writeBack(T document, BsonValue id) {
        String name = FieldName.ID.name();
        if (document instanceof Document plain && !plain.containsKey(name)) {
            plain.put(name, plainValue(id));
        } else if (document instanceof BsonDocument bson && !(document instanceof RawBsonDocument)
                && !bson.containsKey(name)) {
            bson.put(name, id);
        }
    }

    private Object plainValue(BsonValue id) {
        BsonDocument holder = new BsonDocument(FieldName.ID.name(), id);
        return core.registry().get(Document.class)
                .decode(holder.asBsonReader(), DecoderContext.builder().build())
                .get(FieldName.ID.name());
    }

    /** Encodes a document that is to replace another into the context's staging buffer, with or without an {@code _id}. */
    void encodeReplacement(T document, OperationContext context) {
        context.staging.reset();
        BsonBridge.encode(document, codec, context.staging);
    }
}
