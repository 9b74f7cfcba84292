package io.nexuslite.check;

import static io.nexuslite.format.PageLayout.HEADER_SIZE;
import static io.nexuslite.format.PageLayout.HEAP_START_OFFSET;
import static io.nexuslite.format.PageLayout.KEY_HEAD_SIZE;
import static io.nexuslite.format.PageLayout.KIND_DOCUMENT_LEAF;
import static io.nexuslite.format.PageLayout.KIND_INNER;
import static io.nexuslite.format.PageLayout.KIND_KEYED_LEAF;
import static io.nexuslite.format.PageLayout.KIND_OFFSET;
import static io.nexuslite.format.PageLayout.PREFIX_LENGTH_OFFSET;
import static io.nexuslite.format.PageLayout.SLOT_COUNT_OFFSET;
import static io.nexuslite.format.PageLayout.SLOT_SIZE;
import static io.nexuslite.format.PageLayout.TREE_ID_OFFSET;
import static io.nexuslite.format.PointerLayout.POINTER_SIZE;

import io.nexuslite.error.DatabaseLockedException;
import io.nexuslite.format.Crc32c;
import io.nexuslite.format.FileLayout;
import io.nexuslite.format.IdentityLayout;
import io.nexuslite.format.LogFileLayout;
import io.nexuslite.format.LogGroupLayout;
import io.nexuslite.format.ManifestLayout;
import io.nexuslite.format.OwnerLayout;
import io.nexuslite.format.PageLayout;
import io.nexuslite.format.Pointer;
import io.nexuslite.format.PointerLayout;
import io.nexuslite.format.TreeTableLayout;
import io.nexuslite.io.Host;
import io.nexuslite.io.LockMode;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import io.nexuslite.memory.NativeBuffer;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Shows one page, block or log group of a database, field by field, as the bytes are, damaged or not. Keys and values of documents are
 * shown only to those who ask for them.
 */
public final class PageDump {
    private final DumpLines lines;
    private final boolean contents;
    private final Crc32c crc = new Crc32c();

    private PageDump(Consumer<String> out, boolean contents) {
        lines = new DumpLines(out);
        this.contents = contents;
    }

    /**
     * Shows a part of a database, line by line. Holds its shared lock meanwhile.
     *
     * @param contents whether keys, names and values are shown as well; otherwise only lengths and numbers
     * @param out takes each line, in the calling thread
     * @throws DatabaseLockedException if it is open for writing
     * @throws io.nexuslite.error.IoFailedException if a file cannot be read, or is not there
     */
    public static void dump(Host host, Path database, DumpTarget target, boolean contents, Consumer<String> out) {
        PageDump dump = new PageDump(out, contents);
        try (StoreFile file = host.files().open(database, OpenMode.READ);
                NativeBuffer block = new NativeBuffer(FileLayout.BLOCK_SIZE)) {
            if (!file.tryLock(LockMode.SHARED)) {
                Owner owner = Owner.read(file, block.memory());
                throw new DatabaseLockedException(database.toString(), owner.processId(), owner.host(),
                        owner.startMillis());
            }
            switch (target.kind()) {
                case LOG, GROUP -> {
                    try (StoreFile log = host.files().open(FileCheck.logBeside(database), OpenMode.READ)) {
                        if (target.kind() == DumpTarget.Kind.LOG) {
                            dump.block(log, "log header", LogFileLayout.HEADER_POSITION, LogFileLayout.class,
                                    LogFileLayout.CHECKSUM_OFFSET);
                        } else {
                            dump.group(log, target.number());
                        }
                    }
                }
                case IDENTITY -> dump.block(file, "identity", FileLayout.IDENTITY_POSITION, IdentityLayout.class,
                        IdentityLayout.CHECKSUM_OFFSET);
                case SECOND_IDENTITY -> dump.block(file, "second identity", FileLayout.IDENTITY_COPY_POSITION,
                        IdentityLayout.class, IdentityLayout.CHECKSUM_OFFSET);
                case SLOT -> dump.block(file, "manifest slot " + target.number(),
                        FileLayout.manifestPosition(target.number()), ManifestLayout.class,
                        ManifestLayout.CHECKSUM_OFFSET);
                case OWNER -> dump.block(file, "owner sector", FileLayout.OWNER_POSITION, OwnerLayout.class,
                        OwnerLayout.CHECKSUM_OFFSET);
                case PAGE -> dump.page(file, target.number(), pageSize(file, block.memory()));
            }
        }
    }

    private void block(StoreFile file, String what, long position, Class<?> layout, int checksumOffset) {
        try (NativeBuffer buffer = new NativeBuffer(FileLayout.BLOCK_SIZE)) {
            MemorySegment memory = buffer.memory();
            title(what, position, file.read(position, memory, 0, FileLayout.BLOCK_SIZE), FileLayout.BLOCK_SIZE);
            lines.fields(layout, memory, 0, "CHECKSUM", checksum(Bytes.intAt(memory, checksumOffset),
                    crc.of(memory, 0, checksumOffset)));
        }
    }

    /** Page size as the first readable identity says; the usual one if none is. */
    private static int pageSize(StoreFile file, MemorySegment memory) {
        Crc32c crc = new Crc32c();
        for (long position : new long[]{FileLayout.IDENTITY_POSITION, FileLayout.IDENTITY_COPY_POSITION}) {
            int found = file.read(position, memory, 0, FileLayout.BLOCK_SIZE);
            int pageSize = Bytes.intAt(memory, IdentityLayout.PAGE_SIZE_OFFSET);
            if (found == FileLayout.BLOCK_SIZE && FileLayout.isPageSize(pageSize) && Bytes.intAt(memory,
                    IdentityLayout.CHECKSUM_OFFSET) == crc.of(memory, 0, IdentityLayout.CHECKSUM_OFFSET)) {
                return pageSize;
            }
        }
        return FileLayout.PAGE_SIZE_DEFAULT;
    }

    // ---- pages ----

    private void page(StoreFile file, long number, int pageSize) {
        try (NativeBuffer buffer = new NativeBuffer(pageSize)) {
            MemorySegment page = buffer.memory();
            long position = Math.multiplyExact(number, (long) pageSize);
            title("page " + number, position, file.read(position, page, 0, pageSize), pageSize);
            lines.line("        checksum of these bytes: " + Bytes.hex(crc.of(page, 0, pageSize)));
            int kind = Bytes.unsignedByte(page, KIND_OFFSET);
            lines.fields(PageLayout.class, page, 0, "KIND", kind + " " + TreePages.kindName((byte) kind));
            switch (kind) {
                case KIND_INNER -> inner(page, pageSize);
                case KIND_DOCUMENT_LEAF, KIND_KEYED_LEAF -> leaf(page, pageSize, kind == KIND_DOCUMENT_LEAF);
                default -> rest(page, HEADER_SIZE, pageSize);
            }
        }
    }

    private void inner(MemorySegment page, int pageSize) {
        int count = Bytes.unsignedShort(page, SLOT_COUNT_OFFSET);
        boolean open = mayShowKeys(page);
        for (int i = 0; i < count && HEADER_SIZE + (long) count * (POINTER_SIZE + SLOT_SIZE) <= pageSize; i++) {
            long pointer = HEADER_SIZE + (long) i * POINTER_SIZE;
            int slot = Bytes.unsignedShort(page, HEADER_SIZE + (long) count * POINTER_SIZE + (long) i * SLOT_SIZE);
            int length = slot <= pageSize - Short.BYTES ? Bytes.unsignedShort(page, slot) : -1;
            boolean fits = length >= 0 && length <= pageSize - slot - Short.BYTES;
            lines.line(String.format("%6d  child %d: %s", pointer, i, DumpLines.pointer(Pointer.read(page, pointer))));
            lines.line(String.format("%6d  separator %d: %s", slot, i, !fits
                    ? "does not fit the page"
                    : length + " bytes" + (open ? " " + DumpLines.hex(page, slot + 2L, length) : "")));
        }
        gapAndRest(page, HEADER_SIZE + (long) count * (POINTER_SIZE + SLOT_SIZE), pageSize);
    }

    private void leaf(MemorySegment page, int pageSize, boolean documents) {
        int count = Bytes.unsignedShort(page, SLOT_COUNT_OFFSET);
        int prefix = Bytes.unsignedShort(page, PREFIX_LENGTH_OFFSET);
        long heads = HEADER_SIZE + (prefix + KEY_HEAD_SIZE - 1L) / KEY_HEAD_SIZE * KEY_HEAD_SIZE;
        long slots = heads + (long) count * KEY_HEAD_SIZE;
        long gap = slots + (long) count * SLOT_SIZE;
        if (gap > pageSize) {
            lines.line("        " + count + " records and a prefix of " + prefix + " bytes do not fit the page");
            rest(page, HEADER_SIZE, pageSize);
            return;
        }
        boolean open = mayShowKeys(page);
        lines.line(String.format("%6d  prefix of %d bytes%s", HEADER_SIZE, prefix,
                open ? " " + DumpLines.hex(page, HEADER_SIZE, prefix) : ""));
        LeafRecord leafRecord = new LeafRecord();
        leafRecord.treeId = Bytes.intAt(page, TREE_ID_OFFSET);
        for (int i = 0; i < count; i++) {
            int slot = Bytes.unsignedShort(page, slots + (long) i * SLOT_SIZE);
            String wrong = slot < gap || slot >= pageSize
                    ? "expected an offset behind the slots, found " + slot
                    : leafRecord.parse(page, slot, pageSize, documents,
                            Bytes.longAt(page, PageLayout.CSN_BASE_OFFSET),
                            Bytes.longAt(page, PageLayout.TIME_BASE_OFFSET));
            String head = open ? " head " + DumpLines.hex(page, heads + (long) i * KEY_HEAD_SIZE, KEY_HEAD_SIZE) : "";
            lines.line(String.format("%6d  record %d:%s %s", slot, i, head,
                    wrong == null ? describe(leafRecord, documents) : wrong));
            if (wrong == null) {
                detail(leafRecord, documents, open);
            }
        }
        gapAndRest(page, gap, pageSize);
    }

    private void detail(LeafRecord leafRecord, boolean documents, boolean open) {
        if (open && !documents) {
            lines.line("        key …" + DumpLines.hex(leafRecord.memory, leafRecord.suffixOffset,
                    leafRecord.suffixLength));
        }
        for (int i = 0; leafRecord.hasExtents() && i < leafRecord.extentCount; i++) {
            lines.line("        extent " + i + ": " + DumpLines.pointer(Pointer.read(leafRecord.memory,
                    leafRecord.extentsOffset + (long) i * PointerLayout.POINTER_SIZE)));
        }
        if (leafRecord.treeId == TreeTableLayout.TREE_TABLE_TREE_ID
                && leafRecord.valueLength == TreeTableLayout.ENTRY_SIZE) {
            lines.fields(TreeTableLayout.class, leafRecord.memory, leafRecord.valueOffset);
        } else if (contents) {
            lines.bytes(leafRecord.memory, leafRecord.valueOffset, leafRecord.valueOffset + leafRecord.valueLength);
        }
    }

    private static String describe(LeafRecord leafRecord, boolean documents) {
        StringBuilder text = new StringBuilder("flags ").append(leafRecord.flags).append(", csn ")
                .append(leafRecord.csn);
        if (documents) {
            text.append(", updated ").append(leafRecord.updatedMillis);
            if (leafRecord.hasExpiry()) {
                text.append(", expiry ").append(leafRecord.expiryMillis);
            }
        } else {
            text.append(", key of ").append(leafRecord.suffixLength).append(" bytes behind the prefix");
        }
        if (leafRecord.hasExtents()) {
            text.append(", ").append(leafRecord.extentsTotal).append(" bytes in ").append(leafRecord.extentCount)
                    .append(" extents");
        } else {
            text.append(", value of ").append(leafRecord.valueLength).append(" bytes");
        }
        return text.toString();
    }

    /** Keys of collections and indexes are contents; those of catalog, tree table and free map are not. */
    private boolean mayShowKeys(MemorySegment page) {
        int treeId = Bytes.intAt(page, TREE_ID_OFFSET);
        return contents || treeId >= TreeTableLayout.CATALOG_TREE_ID && treeId <= TreeTableLayout.FREE_MAP_TREE_ID;
    }

    private void gapAndRest(MemorySegment page, long gap, int pageSize) {
        long heap = Math.clamp(Integer.toUnsignedLong(Bytes.intAt(page, HEAP_START_OFFSET)), 0, pageSize);
        if (gap <= heap) {
            long wrong = Bytes.firstNonZero(page, gap, heap - gap);
            lines.line(String.format("%6d  gap of %d bytes%s", gap, heap - gap,
                    wrong < 0 ? "" : ", not zero at offset " + wrong));
        }
    }

    private void rest(MemorySegment memory, long from, long to) {
        if (contents) {
            lines.bytes(memory, from, to);
        } else {
            lines.line(String.format("%6d  %d bytes more", from, to - from));
        }
    }

    // ---- the log ----

    private void group(StoreFile log, long position) {
        try (NativeBuffer head = new NativeBuffer(LogGroupLayout.HEADER_SIZE)) {
            MemorySegment memory = head.memory();
            title("log group", position, log.read(position, memory, 0, LogGroupLayout.HEADER_SIZE),
                    LogGroupLayout.HEADER_SIZE);
            LogGroupHeader header = new LogGroupHeader();
            boolean readable = header.read(memory, 0, position);
            lines.fields(LogGroupLayout.class, memory, 0, "HEADER_CHECKSUM",
                    checksum(Bytes.intAt(memory, LogGroupLayout.HEADER_CHECKSUM_OFFSET),
                            crc.of(memory, 0, LogGroupLayout.HEADER_CHECKSUM_OFFSET)));
            String wrong = readable
                    ? header.wrong(memory, 0, LogGroupLayout.LENGTH_MAX)
                    : "no group header of this place";
            if (wrong != null) {
                lines.line("        " + wrong);
                return;
            }
            try (NativeBuffer body = new NativeBuffer(header.length)) {
                int found = log.read(position, body.memory(), 0, header.length);
                lines.line("        body: " + checksum(header.bodyChecksum, crc.of(body.memory(),
                        LogGroupLayout.HEADER_SIZE, header.length - LogGroupLayout.HEADER_SIZE))
                        + (found < header.length
                                ? ", the file ends after " + found + " bytes"
                                : ""));
                new FrameDump(lines, contents).dump(body.memory(), header);
            }
        }
    }

    private void title(String what, long position, int found, int length) {
        lines.line(what + ", position " + position + ", " + length + " bytes"
                + (found < length ? ", of which the file holds " + found : ""));
    }

    private static String checksum(int expected, int found) {
        return Bytes.hex(expected) + (expected == found ? ", right" : ", wrong: bytes give " + Bytes.hex(found));
    }
}
