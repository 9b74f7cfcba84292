package io.nexuslite.check;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.KeyString;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;

/** A record to be put into an image, written as docs/file-format.md tells, section "Record". */
final class ImageRecord {
    /** In place of a base: the record stands in a log frame, which has the commit. */
    static final long WITHOUT_CSN = -1;

    final byte[] key;
    final boolean document;
    long csn = 1;
    long updated = 1_700_000_000_000L;
    long created = 1_700_000_000_000L;
    long version = 1;
    Long expiry;
    byte[] tags;
    /** Document: its BSON; keyed: the value. */
    final byte[] value;
    /** Document: BSON of its _id alone. */
    final byte[] idAlone;

    private ImageRecord(byte[] key, boolean document, byte[] value, byte[] idAlone) {
        this.key = key;
        this.document = document;
        this.value = value;
        this.idAlone = idAlone;
    }

    static ImageRecord keyed(byte[] key, byte[] value) {
        return new ImageRecord(key, false, value, null);
    }

    static ImageRecord document(BsonDocument document) {
        byte[] bytes = bson(document);
        return new ImageRecord(keyString(bytes), true, bytes, bson(new BsonDocument("_id", document.get("_id"))));
    }

    ImageRecord csn(long commit) {
        csn = commit;
        return this;
    }

    ImageRecord times(long createdMillis, long updatedMillis, long documentVersion) {
        created = createdMillis;
        updated = updatedMillis;
        version = documentVersion;
        return this;
    }

    ImageRecord expiry(long millis) {
        expiry = millis;
        return this;
    }

    ImageRecord tags(String... names) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String name : names) {
            byte[] utf8 = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            varint(out, utf8.length);
            out.writeBytes(utf8);
        }
        tags = out.toByteArray();
        return this;
    }

    /** Entry that lists this ephemeral document. */
    ImageRecord ephemeralEntry(int treeId) {
        ByteBuffer entry = ByteBuffer.allocate(12 + key.length);
        entry.putLong(expiry ^ Long.MIN_VALUE).putInt(treeId).put(key);
        return keyed(entry.array(), new byte[0]).csn(csn);
    }

    /** The record's bytes up to its value; with extents, up to the pointers, which the caller appends, then {@link #idAlone}. */
    byte[] encodeHead(long csnBase, long timeBase, int prefixLength, int extentCount, boolean tombstone) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write((tombstone ? 1 : 0) | (expiry != null ? 2 : 0) | (tags != null ? 4 : 0) | (extentCount > 0 ? 8 : 0));
        if (csnBase != WITHOUT_CSN) {
            varint(out, csn - csnBase);
        }
        if (!document) {
            varint(out, key.length - prefixLength);
            out.write(key, prefixLength, key.length - prefixLength);
            varint(out, value.length);
            return out.toByteArray();
        }
        varint(out, updated - timeBase);
        signed(out, updated - created);
        varint(out, version - 1);
        if (expiry != null) {
            signed(out, expiry - timeBase);
        }
        if (tags != null) {
            varint(out, tags.length);
            out.writeBytes(tags);
        }
        if (extentCount > 0) {
            varint(out, value.length);
            varint(out, extentCount);
        }
        return out.toByteArray();
    }

    static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static void signed(ByteArrayOutputStream out, long value) {
        varint(out, value << 1 ^ value >> 63);
    }

    static byte[] bson(BsonDocument document) {
        BasicOutputBuffer buffer = new BasicOutputBuffer();
        try (BsonBinaryWriter writer = new BsonBinaryWriter(buffer)) {
            new BsonDocumentCodec().encode(writer, document, EncoderContext.builder().build());
        }
        return buffer.toByteArray();
    }

    private static byte[] keyString(byte[] bson) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(bson.length);
            MemorySegment.copy(bson, 0, memory, ValueLayout.JAVA_BYTE, 0, bson.length);
            BsonCursor cursor = new BsonCursor().wrap(memory, 0, bson.length);
            cursor.next();
            MemorySegment target = arena.allocate(2048);
            int length = KeyString.encode(cursor, false, target, 0, 1024);
            byte[] key = new byte[length];
            MemorySegment.copy(target, ValueLayout.JAVA_BYTE, 0, key, 0, length);
            return key;
        }
    }
}
