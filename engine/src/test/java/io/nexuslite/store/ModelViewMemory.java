package io.nexuslite.store;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Native memory of the one view that a session, transaction or cursor has out. Overwritten when the view ends. */
final class ModelViewMemory {
    private static final byte GARBAGE = (byte) 0xDB;

    private MemorySegment memory = Arena.ofAuto().allocate(1024);
    private long used;

    /** Ends the view: whoever still looks at it sees garbage. */
    void invalidate() {
        memory.asSlice(0, used).fill(GARBAGE);
        used = 0;
    }

    /** Copies the record and shows it. */
    void show(byte[] key, ModelRecord record, TreeKind kind, RecordView into) {
        invalidate();
        int tagsLength = record.tags() == null ? 0 : record.tags().length;
        reserve((long) key.length + record.body().length + tagsLength);
        long keyOffset = append(key);
        long bodyOffset = append(record.body());
        into.set(memory, bodyOffset, record.body().length, record.csn());
        if (kind == TreeKind.KEYED) {
            into.key().wrap(memory, keyOffset, key.length);
            return;
        }
        RecordMeta meta = into.meta().reset(record.createdMillis());
        meta.updatedMillis = record.updatedMillis();
        meta.documentVersion = record.documentVersion();
        meta.expiryMillis = record.expiryMillis();
        if (record.tags() != null) {
            meta.tagsOffset = append(record.tags());
            meta.tagsMemory = memory;
            meta.tagsLength = tagsLength;
        }
    }

    private void reserve(long length) {
        if (length > memory.byteSize()) {
            memory = Arena.ofAuto().allocate(length * 2);
        }
    }

    private long append(byte[] bytes) {
        long offset = used;
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, offset, bytes.length);
        used += bytes.length;
        return offset;
    }
}
