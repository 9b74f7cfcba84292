package io.nexuslite.check;

import static io.nexuslite.format.PageLayout.KIND_VALUE_EXTENT;

import io.nexuslite.format.Pointer;
import io.nexuslite.format.PointerLayout;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Checks the extents of the database file that frames of the log name: they are whole, and nothing else uses them. One thread. */
final class LogExtentCheck implements AutoCloseable {
    private final CheckScope scope;
    private final int accountBytesMax;
    private final MemorySegment memory;
    private final ByteBuffer view;
    private final CRC32C crc = new CRC32C();
    private final long filePagesEnd;
    private PageAccount own;
    private PageAccount inUse;
    private long window;
    private boolean reading;
    private boolean any;

    /** @param memory for a slice of an extent */
    LogExtentCheck(CheckScope scope, int accountBytesMax, MemorySegment memory) {
        this.scope = scope;
        this.accountBytesMax = accountBytesMax;
        this.memory = memory;
        view = memory.asByteBuffer();
        filePagesEnd = scope.file.size() / scope.pageSize + (scope.file.size() % scope.pageSize == 0 ? 0 : 1);
    }

    /** Starts a window of the account. */
    void start(PageAccount account, long index) {
        inUse = account;
        window = index;
        reading = index == 0;
        if (own != null) {
            own.open(index);
        }
    }

    /** Whether frames name extents at all, so that further windows need to look. */
    boolean any() {
        return any;
    }

    void check(LeafRecord leafRecord, String object) {
        any = true;
        long sum = 0;
        for (int i = 0; i < leafRecord.extentCount; i++) {
            Pointer pointer = Pointer.read(leafRecord.memory,
                    leafRecord.extentsOffset + (long) i * PointerLayout.POINTER_SIZE);
            long position = scope.position(pointer.pageNumber());
            String name = "extent " + i + " of " + object;
            String wrong = wrongPointer(pointer);
            if (wrong == null) {
                sum += pointer.length();
                wrong = wrongOwner(pointer);
            }
            if (wrong == null && reading) {
                wrong = wrongBytes(pointer, position);
            } else if (wrong != null && !reading && wrongPointer(pointer) != null) {
                wrong = null; // told in the first window
            }
            if (wrong != null) {
                scope.file.damage(position, name, wrong);
                return;
            }
        }
        if (reading && sum != leafRecord.extentsTotal) {
            scope.file.damage(0, "value of " + object,
                    "expected extents of " + leafRecord.extentsTotal + " bytes together, found " + sum);
        }
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }

    private String wrongPointer(Pointer pointer) {
        if (pointer.kind() != KIND_VALUE_EXTENT || pointer.codec() != PointerLayout.CODEC_NONE
                || pointer.length() <= 0) {
            return "expected a pointer to a value extent, found kind " + (pointer.kind() & 0xFF) + " and length "
                    + Integer.toUnsignedLong(pointer.length());
        }
        if (pointer.pageNumber() < scope.firstPage
                || pointer.pageNumber() + pointer.pages(scope.pageSize) > filePagesEnd) {
            return "expected pages " + scope.firstPage + " to " + (filePagesEnd - 1) + ", found "
                    + pointer.pages(scope.pageSize) + " from page " + pointer.pageNumber();
        }
        long birthMax = scope.manifest.number() + 1;
        return pointer.birthManifest() < 1 || pointer.birthManifest() > birthMax
                ? "expected a birth from 1 to " + birthMax + ", found " + pointer.birthManifest()
                : null;
    }

    private String wrongOwner(Pointer pointer) {
        long pages = pointer.pages(scope.pageSize);
        long used = inUse.firstClaimed(pointer.pageNumber(), pages);
        if (used != PageAccount.NOT_FOUND) {
            return "expected pages that no tree uses, found page " + used + " in use";
        }
        if (own == null) {
            own = new PageAccount(scope.firstPage, scope.endPage, accountBytesMax);
            own.open(window);
        }
        long twice = own.claim(pointer.pageNumber(), pages);
        return twice != PageAccount.NOT_FOUND
                ? "expected pages of its own, found page " + twice + " named by another frame as well"
                : null;
    }

    private String wrongBytes(Pointer pointer, long position) {
        crc.reset();
        for (int done = 0; done < pointer.length();) {
            int slice = (int) Math.min(memory.byteSize(), pointer.length() - done);
            String wrong = scope.file.readOrWhy(position + done, memory, 0, slice);
            if (wrong != null) {
                return wrong;
            }
            crc.update(view.limit(slice).position(0));
            done += slice;
        }
        int found = (int) crc.getValue();
        return found != pointer.checksum()
                ? "expected checksum " + Bytes.hex(pointer.checksum()) + " as its frame says, bytes give "
                        + Bytes.hex(found)
                : null;
    }
}
