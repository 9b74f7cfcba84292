package io.nexuslite.store;

import java.lang.foreign.MemorySegment;

/** What is kept beside a document's body. A reusable carrier: borrows the tags' memory, one thread at a time. */
public final class RecordMeta {
    /** No expiry: the document is persistent. */
    public static final long NO_EXPIRY = 0;

    /** Milliseconds since 1970 UTC. */
    public long createdMillis;
    /** Milliseconds since 1970 UTC. */
    public long updatedMillis;
    /** 1 for a new document, one more with each update. */
    public long documentVersion = 1;
    /** Milliseconds since 1970 UTC at which the document becomes invisible, or {@link #NO_EXPIRY}. */
    public long expiryMillis = NO_EXPIRY;
    /** Memory of the encoded tags, or {@code null} where there are none. */
    public MemorySegment tagsMemory;
    public long tagsOffset;
    public int tagsLength;

    /** A new persistent document of this instant, without tags; returns this. */
    public RecordMeta reset(long nowMillis) {
        createdMillis = nowMillis;
        updatedMillis = nowMillis;
        documentVersion = 1;
        expiryMillis = NO_EXPIRY;
        tagsMemory = null;
        tagsOffset = 0;
        tagsLength = 0;
        return this;
    }
}
