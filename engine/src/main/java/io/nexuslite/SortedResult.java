package io.nexuslite;

import io.nexuslite.query.Sort;
import io.nexuslite.query.SortBuffer;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.RecordView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** All matches of a query, sorted at the first step and then read. Meta data goes along behind each document. */
final class SortedResult {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int CREATED_OFFSET = 0;
    private static final int UPDATED_OFFSET = CREATED_OFFSET + Long.BYTES;
    private static final int VERSION_OFFSET = UPDATED_OFFSET + Long.BYTES;
    private static final int EXPIRY_OFFSET = VERSION_OFFSET + Long.BYTES;
    private static final int TAGS_OFFSET = EXPIRY_OFFSET + Long.BYTES;

    private final SortBuffer buffer;
    private final RecordMeta meta = new RecordMeta();
    private boolean isFilled;
    private int rank;

    SortedResult(SortBuffer buffer) {
        this.buffer = buffer;
    }

    boolean next(DocumentCursorImpl<?> matches, Sort sort, DocumentView into) {
        if (!isFilled) {
            isFilled = true;
            fill(matches, sort);
            rank = (int) Math.min(matches.skip(), buffer.count());
        }
        if (rank >= buffer.count()) {
            return false;
        }
        show(rank++, into);
        return true;
    }

    private void fill(DocumentCursorImpl<?> matches, Sort sort) {
        buffer.begin(sort, matches.wanted(), matches.guard());
        while (matches.findMatch()) {
            RecordView match = matches.match();
            RecordMeta from = match.meta();
            int tagsLength = from.tagsMemory == null ? 0 : from.tagsLength;
            long at = buffer.add(match.memory(), match.offset(), match.length(), TAGS_OFFSET + tagsLength);
            if (at == SortBuffer.NOT_WANTED) {
                continue;
            }
            MemorySegment memory = buffer.memory();
            memory.set(LONG, at + CREATED_OFFSET, from.createdMillis);
            memory.set(LONG, at + UPDATED_OFFSET, from.updatedMillis);
            memory.set(LONG, at + VERSION_OFFSET, from.documentVersion);
            memory.set(LONG, at + EXPIRY_OFFSET, from.expiryMillis);
            if (tagsLength > 0) {
                MemorySegment.copy(from.tagsMemory, from.tagsOffset, memory, at + TAGS_OFFSET, tagsLength);
            }
        }
        buffer.finish();
    }

    private void show(int index, DocumentView into) {
        MemorySegment memory = buffer.memory();
        long at = buffer.extraOffset(index);
        meta.reset(memory.get(LONG, at + CREATED_OFFSET));
        meta.updatedMillis = memory.get(LONG, at + UPDATED_OFFSET);
        meta.documentVersion = memory.get(LONG, at + VERSION_OFFSET);
        meta.expiryMillis = memory.get(LONG, at + EXPIRY_OFFSET);
        meta.tagsLength = buffer.extraLength(index) - TAGS_OFFSET;
        meta.tagsMemory = meta.tagsLength == 0 ? null : memory;
        meta.tagsOffset = at + TAGS_OFFSET;
        into.show(memory, buffer.bodyOffset(index), buffer.bodyLength(index), meta);
    }
}
