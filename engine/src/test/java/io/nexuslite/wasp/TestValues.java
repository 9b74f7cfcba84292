package io.nexuslite.wasp;

import io.nexuslite.store.Key;
import io.nexuslite.store.RecordMeta;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.Transaction;
import io.nexuslite.store.Tree;
import io.nexuslite.store.TreeKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * Turns the oracle's plain numbers into keys, values and documents, and checks that what a store gives back is exactly that: every
 * byte of a value follows from its tree, key and stamp. One thread at a time.
 */
final class TestValues implements AutoCloseable {
    private static final ValueLayout.OfLong KEY_LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final byte TYPE_BINARY = 0x05;
    private static final byte TYPE_INT64 = 0x12;
    /** Bytes of a document around the binary value in it. */
    static final int DOCUMENT_OVERHEAD = 4 + 13 + 3 + 5 + 1;
    private static final int ID_VALUE = 4 + 1 + 4;
    private static final int BINARY_AT = 4 + 13;
    private static final int KEY_SUFFIX_MAX = 40;

    private final Arena arena = Arena.ofShared();
    private MemorySegment memory = arena.allocate(64 * 1024);
    private final MemorySegment keyMemory = arena.allocate(2048);
    private final KeyDeriver deriver = new KeyDeriver();
    private final Key key = new Key();
    private final RecordMeta meta = new RecordMeta();

    /** Key bytes of a number; as many orders alike as numbers. Valid until the next call. */
    Key key(TreeKind kind, long number) {
        if (kind == TreeKind.DOCUMENT) {
            keyMemory.set(INT, 0, 4 + 13 + 1);
            keyMemory.set(ValueLayout.JAVA_BYTE, 4, TYPE_INT64);
            MemorySegment.copy(new byte[]{'_', 'i', 'd', 0}, 0, keyMemory, ValueLayout.JAVA_BYTE, 5, 4);
            keyMemory.set(LONG, ID_VALUE, number);
            return deriver.ofDocument(keyMemory, 0, key);
        }
        keyMemory.set(KEY_LONG, 0, number);
        int suffix = (int) (number * 31 % KEY_SUFFIX_MAX);
        for (int index = 0; index < suffix; index++) {
            keyMemory.set(ValueLayout.JAVA_BYTE, Long.BYTES + index, (byte) (number + index));
        }
        return key.wrap(keyMemory, 0, Long.BYTES + suffix);
    }

    /** Stores the value of a stamp under a key. */
    void put(Transaction transaction, Tree tree, long number, CommitHistory.Value value) {
        if (tree.kind() == TreeKind.KEYED) {
            fill(0, tree.treeId(), number, value);
            transaction.put(tree, key(tree.kind(), number), memory, 0, value.length());
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
        transaction.putDocument(tree, key(tree.kind(), number), memory, 0, length, meta(value));
    }

    private RecordMeta meta(CommitHistory.Value value) {
        meta.reset(1_700_000_000_000L + value.stamp());
        meta.documentVersion = 1 + value.stamp() % 1000;
        return meta;
    }

    /** Checks every byte of a record. */
    void check(TreeKind kind, int treeId, long number, CommitHistory.Value value, RecordView view) {
        long offset = view.offset();
        long length = view.length();
        if (kind == TreeKind.DOCUMENT) {
            MemorySegment document = view.memory();
            if (length != value.length() + DOCUMENT_OVERHEAD || document.get(INT, offset) != length
                    || document.get(LONG, offset + ID_VALUE) != number) {
                throw wrong(treeId, number, value, "document of " + length + " bytes");
            }
            if (view.meta().documentVersion != 1 + value.stamp() % 1000
                    || view.meta().createdMillis != 1_700_000_000_000L + value.stamp()) {
                throw wrong(treeId, number, value, "other times or version beside the document");
            }
            offset += BINARY_AT + 8;
            length -= DOCUMENT_OVERHEAD;
        }
        if (length != value.length()) {
            throw wrong(treeId, number, value, "value of " + length + " bytes");
        }
        fill(0, treeId, number, value);
        long at = MemorySegment.mismatch(memory, 0, length, view.memory(), offset, offset + length);
        if (at >= 0) {
            throw wrong(treeId, number, value, "other byte at " + at);
        }
    }

    /** The number that a record's key stands for. */
    long number(TreeKind kind, RecordView view) {
        return kind == TreeKind.DOCUMENT
                ? view.memory().get(LONG, view.offset() + ID_VALUE)
                : view.key().memory().get(KEY_LONG, view.key().offset());
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
