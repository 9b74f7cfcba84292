package io.nexuslite;

import io.nexuslite.bson.BsonView;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.RecordView;
import java.lang.foreign.MemorySegment;
import java.time.Instant;

/**
 * A document where it lies, with what is stored beside it. A carrier to be reused; one thread at a time.
 *
 * <p>Borrows: what it shows is dead at the next call on the session or cursor that filled it.
 */
public final class DocumentView {
    private final BsonView document = new BsonView();
    private long createdMillis;
    private long updatedMillis;
    private long documentVersion;
    private long expiryMillis;
    private MemorySegment tagsMemory;
    private long tagsOffset;
    private int tagsLength;

    /** A view of nothing. */
    public DocumentView() {
    }

    /** The document, its {@code _id} first unless a projection left it out. Valid as long as this view is. */
    public BsonView document() {
        return document;
    }

    /** When it was inserted, milliseconds since 1970 UTC. */
    public long createdMillis() {
        return createdMillis;
    }

    /** When it was last written, milliseconds since 1970 UTC. */
    public long updatedMillis() {
        return updatedMillis;
    }

    /** 1 for a document that was inserted, one more with each update. */
    public long documentVersion() {
        return documentVersion;
    }

    /** When it expires, milliseconds since 1970 UTC, or 0 for never. */
    public long expiryMillis() {
        return expiryMillis;
    }

    /** What is stored beside the document, as a copy. Allocates. */
    public DocumentMetadata metadata() {
        return new DocumentMetadata(Instant.ofEpochMilli(createdMillis), Instant.ofEpochMilli(updatedMillis),
                documentVersion, DocumentTags.decode(tagsMemory, tagsOffset, tagsLength),
                expiryMillis == Expiry.NONE ? null : Instant.ofEpochMilli(expiryMillis));
    }

    void show(RecordView record) {
        document.wrap(record.memory(), record.offset(), record.length());
        show(record.meta());
    }

    void show(MemorySegment memory, long offset, int length, RecordMeta meta) {
        document.wrap(memory, offset, length);
        show(meta);
    }

    private void show(RecordMeta meta) {
        createdMillis = meta.createdMillis;
        updatedMillis = meta.updatedMillis;
        documentVersion = meta.documentVersion;
        expiryMillis = meta.expiryMillis;
        tagsMemory = meta.tagsMemory;
        tagsOffset = meta.tagsOffset;
        tagsLength = meta.tagsLength;
    }
}
