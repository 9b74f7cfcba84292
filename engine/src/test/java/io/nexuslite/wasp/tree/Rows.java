package io.nexuslite.wasp.tree;

import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.store.Key;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.TreeKind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Makes keys and records of a test, of both kinds of tree, and takes them apart. One thread at a time. */
final class Rows implements AutoCloseable {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private final TreeKind kind;
    private final PagesInMemory pages;
    private final GrowableBuffer keyBuffer = new GrowableBuffer(DocumentKey.SCRATCH_SIZE, DocumentKey.SCRATCH_SIZE);
    private final GrowableBuffer value = new GrowableBuffer(1 << 16, 1 << 24);
    private final GrowableBuffer id = new GrowableBuffer(1 << 12, 1 << 16);
    private final GrowableBuffer record = new GrowableBuffer(1 << 16, 1 << 24);
    private final BsonWriter writer = new BsonWriter();
    private final RecordMeta meta = new RecordMeta();
    final Key key = new Key();
    int recordLength;

    Rows(TreeKind kind, PagesInMemory pages) {
        this.kind = kind;
        this.pages = pages;
    }

    MemorySegment record() {
        return record.memory();
    }

    /** Points {@link #key} at a copy of the bytes. */
    Key key(byte[] bytes) {
        MemorySegment.copy(bytes, 0, keyBuffer.memory(), BYTE, 0, bytes.length);
        return key.wrap(keyBuffer.memory(), 0, bytes.length);
    }

    /** Key bytes of a name: for documents the key string of the text. */
    byte[] keyOf(String name) {
        if (kind == TreeKind.KEYED) {
            return name.getBytes(StandardCharsets.ISO_8859_1);
        }
        writeId(name);
        int length = DocumentKey.encode(id.memory(), 0, keyBuffer.memory(), 0);
        return Bytes.copyOf(keyBuffer.memory(), 0, length);
    }

    private void writeId(String name) {
        id.reset();
        writer.wrap(id).startDocument().name("_id").string(name).endDocument();
    }

    /** Writes a record in absolute form to {@link #record}; returns the value that a reader is to see. */
    byte[] put(String name, byte[] bytes, SplittableRandom random) {
        record.reset();
        value.reset();
        if (kind == TreeKind.KEYED) {
            value.append(bytes, 0, bytes.length);
            byte[] keyBytes = name.getBytes(StandardCharsets.ISO_8859_1);
            key(keyBytes);
            recordLength = RecordCodec.writeKeyed(record.memory(), 0, false, key.memory(), 0, keyBytes.length, value
                    .memory(), 0, bytes.length);
            return bytes;
        }
        writer.wrap(value).startDocument().name("_id").string(name).name("v").binary((byte) 0, bytes).endDocument();
        meta.reset(1_700_000_000_000L + random.nextInt(1 << 30));
        meta.createdMillis -= random.nextInt(1000);
        meta.documentVersion = 1 + random.nextInt(300);
        meta.expiryMillis = random.nextInt(4) == 0 ? random.nextLong(1, 1L << 41) : RecordMeta.NO_EXPIRY;
        byte[] body = value.toByteArray();
        if (body.length > RecordCodec.inlineLengthMax(pages.pageSize())) {
            putExtents(name, body, random);
        } else {
            recordLength = RecordCodec.writeDocument(record.memory(), 0, meta, value.memory(), 0, body.length);
        }
        return body;
    }

    private void putExtents(String name, byte[] body, SplittableRandom random) {
        writeId(name);
        GrowableBuffer pointers = new GrowableBuffer(64 * 24, 64 * 24);
        int count = 1 + random.nextInt(3);
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = i + 1 == count ? body.length : body.length * (i + 1) / count;
            byte[] part = Arrays.copyOfRange(body, from, to);
            pages.putExtent(part, record.memory()).store(pointers.memory(), i * 24L);
            from = to;
        }
        recordLength = RecordCodec.writeExtents(record.memory(), 0, meta, body.length, pointers.memory(), 0, count, id
                .memory(), 0, id.length());
        pointers.close();
    }

    /** Writes the deletion of a name to {@link #record}. */
    void delete(String name) {
        if (kind == TreeKind.KEYED) {
            byte[] keyBytes = name.getBytes(StandardCharsets.ISO_8859_1);
            key(keyBytes);
            recordLength = RecordCodec.writeKeyed(record.memory(), 0, true, key.memory(), 0, keyBytes.length, key
                    .memory(), 0, 0);
        } else {
            writeId(name);
            recordLength = RecordCodec.writeDocumentTombstone(record.memory(), 0, 1_700_000_000_000L, id.memory(), 0,
                    id.length());
        }
    }

    static byte[] valueOf(RecordView view) {
        return Bytes.copyOf(view.memory(), view.offset(), view.length());
    }

    static byte[] keyOf(RecordView view) {
        return Bytes.copyOf(view.key().memory(), view.key().offset(), view.key().length());
    }

    @Override
    public void close() {
        keyBuffer.close();
        value.close();
        id.close();
        record.close();
    }
}
