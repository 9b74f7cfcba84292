package io.nexuslite.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One version of a key in the model, on the heap. A body of {@code null} is a deletion. */
record ModelRecord(byte[] body, long csn, long createdMillis, long updatedMillis, long documentVersion,
        long expiryMillis,
        byte[] tags) {
    static ModelRecord tombstone() {
        return new ModelRecord(null, 0, 0, 0, 0, 0, null);
    }

    static ModelRecord ofValue(byte[] value) {
        return new ModelRecord(value, 0, 0, 0, 0, 0, null);
    }

    static ModelRecord ofDocument(byte[] body, RecordMeta meta) {
        byte[] tags = meta.tagsMemory == null ? null : bytes(meta.tagsMemory, meta.tagsOffset, meta.tagsLength);
        return new ModelRecord(body, 0, meta.createdMillis, meta.updatedMillis, meta.documentVersion, meta.expiryMillis,
                tags);
    }

    ModelRecord at(long commit) {
        return new ModelRecord(body, commit, createdMillis, updatedMillis, documentVersion, expiryMillis, tags);
    }

    boolean isTombstone() {
        return body == null;
    }

    static byte[] bytes(MemorySegment memory, long offset, int length) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("native memory only");
        }
        byte[] bytes = new byte[length];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
        return bytes;
    }

    static byte[] bytes(Key key) {
        return bytes(key.memory(), key.offset(), key.length());
    }
}
