package io.nexuslite.wasp;

import io.nexuslite.store.Key;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Turns the oracle's plain numbers into keys, values and documents, and checks that what a store gives back is exactly that: every
 * byte of a value follows from its tree, key and stamp. One thread at a time.
 */
final class TestValues implements AutoCloseable {
    private static final ValueLayout.OfLong KEY_LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt KEY_INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final byte TYPE_BINARY = 0x05;
    private static final byte TYPE_INT32 = 0x10;
    private static final byte TYPE_INT64 = 0x12;
    /** Bytes of a document around the binary value in it. */
    static final int DOCUMENT_OVERHEAD = 4 + 13 + 3 + 5 + 1;
    private static final int ID_VALUE = 4 + 1 + 4;
    private static final int BINARY_AT = 4 + 13;
    private static final int KEY_SUFFIX_MAX = 40;
    private static final int TEMP_KEY_AT = 1024; // in the keys' memory, behind a document's key
    private static final int COLLECTION_LENGTH = 17;

    private final Arena arena = Arena.ofShared();
    private MemorySegment memory = arena.allocate(64 * 1024);
    private final MemorySegment keyMemory = arena.allocate(2048);
    private final KeyDeriver deriver = new KeyDeriver();
    private final Key key = new Key();
    private final RecordMeta meta = new RecordMeta();

    /** Key bytes of a number, in the order of the numbers. Valid until the next call. */
    Key key(Tree tree, long number) {
        if (tree.treeId() == StorageEngine.CATALOG_TREE_ID) {
            return collectionName(number);
        }
        if (tree.treeId() == StorageEngine.TEMP_DOCUMENTS_TREE_ID) {
            return tempEntry(number);
        }
        if (tree.kind() == TreeKind.DOCUMENT) {
            return documentKey(number);
        }
        keyMemory.set(KEY_LONG, 0, number);
        int suffix = (int) (number * 31 % KEY_SUFFIX_MAX);
        for (int index = 0; index < suffix; index++) {
            keyMemory.set(ValueLayout.JAVA_BYTE, Long.BYTES + index, (byte) (number + index));
        }
        return key.wrap(keyMemory, 0, Long.BYTES + suffix);
    }

    private Key documentKey(long number) {
        keyMemory.set(INT, 0, 4 + 13 + 1);
        keyMemory.set(ValueLayout.JAVA_BYTE, 4, TYPE_INT64);
        MemorySegment.copy(new byte[]{'_', 'i', 'd', 0}, 0, keyMemory, ValueLayout.JAVA_BYTE, 5, 4);
        keyMemory.set(LONG, ID_VALUE, number);
        return deriver.ofDocument(keyMemory, 0, key);
    }

    private Key collectionName(long number) {
        byte[] name = String.format("\u0001collection %06d", number).getBytes(StandardCharsets.UTF_8);
        MemorySegment.copy(name, 0, keyMemory, ValueLayout.JAVA_BYTE, 0, name.length);
        return key.wrap(keyMemory, 0, name.length);
    }

    private Key tempEntry(long number) {
        Key document = documentKey(TempEntries.document(number));
        int at = TEMP_KEY_AT + Long.BYTES + Integer.BYTES;
        keyMemory.set(KEY_LONG, TEMP_KEY_AT, TempEntries.expiryMillis(TempEntries.slot(number)) ^ Long.MIN_VALUE);
        keyMemory.set(KEY_INT, TEMP_KEY_AT + Long.BYTES, TempEntries.treeId(number));
        MemorySegment.copy(document.memory(), document.offset(), keyMemory, at, document.length());
        return key.wrap(keyMemory, TEMP_KEY_AT, at + document.length() - TEMP_KEY_AT);
    }

    /** Whether a record is that of a number. */
    boolean isKey(Tree tree, long number, RecordView view) {
        if (tree.kind() == TreeKind.DOCUMENT) {
            return view.memory().get(LONG, view.offset() + ID_VALUE) == number;
        }
        Key expected = key(tree, number);
        Key found = view.key();
        return MemorySegment.mismatch(expected.memory(), expected.offset(), expected.offset() + expected.length(),
                found.memory(), found.offset(), found.offset() + found.length()) < 0;
    }

    /** The catalog's record of the collection in a tree: the stamp is the tree's id. */
    private int collection(CommitHistory.Value value) {
        memory.set(INT, 0, COLLECTION_LENGTH);
        memory.set(ValueLayout.JAVA_BYTE, 4, TYPE_INT32);
        MemorySegment.copy("treeId\0".getBytes(StandardCharsets.UTF_8), 0, memory, ValueLayout.JAVA_BYTE, 5, 7);
        memory.set(INT, 12, (int) value.stamp());
        memory.set(ValueLayout.JAVA_BYTE, 16, (byte) 0);
        return COLLECTION_LENGTH;
    }

    /** Stores the value of a stamp under a key. */
    void put(Transaction transaction, Tree tree, long number, CommitHistory.Value value) {
        if (tree.kind() == TreeKind.KEYED) {
            int length = keyed(tree, number, value);
            transaction.put(tree, key(tree, number), memory, 0, length);
            return;
        }
        int length = value.length() + DOCUMENT_OVERHEAD;
        ensure(length);
        memory.set(INT, 0, length);
        memory.set(ValueLayout.JAVA_BYTE, 4, TYPE_INT64);
        MemorySegment.copy(new byte[]{'_', 'i', 'd', 0}, 0, memory, ValueLayout.JAVA_BYTE, 5, 4);
        memory.set(LONG, ID_VALUE, number);
        memory.set(ValueLayout.JAVA_BYTE, BINARY_AT, TYPE_BINARY);
        memory.set(ValueLayout.JAVA_BYTE, BINARY_AT + 1, (byte) 'v');
        memory.set(ValueLayout.JAVA_BYTE, BINARY_AT + 2, (byte) 0);
        memory.set(INT, BINARY_AT + 3, value.length());
        memory.set(ValueLayout.JAVA_BYTE, BINARY_AT + 7, (byte) 0);
        fill(BINARY_AT + 8, tree.treeId(), number, value);
        memory.set(ValueLayout.JAVA_BYTE, length - 1, (byte) 0);
        transaction.putDocument(tree, key(tree, number), memory, 0, length, meta(value));
    }

    private RecordMeta meta(CommitHistory.Value value) {
        meta.reset(1_700_000_000_000L + value.stamp());
        meta.documentVersion = 1 + value.stamp() % 1000;
        meta.expiryMillis = expiry(value);
        return meta;
    }

    private static long expiry(CommitHistory.Value value) {
        return value.expirySlot() == 0 ? RecordMeta.NO_EXPIRY : TempEntries.expiryMillis(value.expirySlot());
    }

    /** Puts a keyed tree's value into the memory; returns its length. */
    private int keyed(Tree tree, long number, CommitHistory.Value value) {
        if (tree.treeId() == StorageEngine.CATALOG_TREE_ID) {
            return collection(value);
        }
        fill(0, tree.treeId(), number, value);
        return value.length();
    }

    /** Checks every byte of a record. */
    void check(Tree tree, long number, CommitHistory.Value value, RecordView view) {
        int treeId = tree.treeId();
        long offset = view.offset();
        long length = view.length();
        if (tree.kind() == TreeKind.KEYED) {
            compare(treeId, number, value, view, offset, length, keyed(tree, number, value));
            return;
        }
        MemorySegment document = view.memory();
        if (length != value.length() + DOCUMENT_OVERHEAD || document.get(INT, offset) != length
                || document.get(LONG, offset + ID_VALUE) != number) {
            throw wrong(treeId, number, value, "document of " + length + " bytes");
        }
        if (view.meta().documentVersion != 1 + value.stamp() % 1000
                || view.meta().createdMillis != 1_700_000_000_000L + value.stamp()
                || view.meta().expiryMillis != expiry(value)) {
            throw wrong(treeId, number, value, "other times or version beside the document");
        }
        fill(0, treeId, number, value);
        compare(treeId, number, value, view, offset + BINARY_AT + 8, length - DOCUMENT_OVERHEAD, value.length());
    }

    private void compare(int treeId, long number, CommitHistory.Value value, RecordView view, long offset, long length,
            int expectedLength) {
        if (length != expectedLength) {
            throw wrong(treeId, number, value, "value of " + length + " bytes");
        }
        long at = MemorySegment.mismatch(memory, 0, length, view.memory(), offset, offset + length);
        if (at >= 0) {
            throw wrong(treeId, number, value, "other byte at " + at);
        }
    }

    private static Violation wrong(int treeId, long number, CommitHistory.Value value, String found) {
        return new Violation(
                "wrong data: tree " + treeId + ", key " + number + ", expected " + value + ", found " + found);
    }

    private void ensure(int length) {
        if (memory.byteSize() < length + Long.BYTES) {
            memory = arena.allocate(Math.max(2 * memory.byteSize(), length + Long.BYTES));
        }
    }

    private void fill(int offset, int treeId, long number, CommitHistory.Value value) {
        ensure(offset + value.length());
        SplittableRandom bytes = new SplittableRandom(value.stamp() * 0x9e37_79b9_7f4a_7c15L ^ number << 20 ^ treeId);
        for (int at = 0; at < value.length(); at += Long.BYTES) {
            memory.set(LONG, offset + at, bytes.nextLong()); // may run up to 7 bytes over, which ensure() has room for
        }
    }

    @Override
    public void close() {
        deriver.close();
        arena.close();
    }
}
