package io.nexuslite.wasp;

import io.nexuslite.error.IoFailedException;
import io.nexuslite.format.FileLayout;
import io.nexuslite.format.ManifestLayout;
import io.nexuslite.io.FileSystem;
import io.nexuslite.io.ForwardingHost;
import io.nexuslite.io.Host;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Set;

/**
 * A machine on which the engine's own calls come out in another order, or not at all: each mutation of the protocol that can be told by the
 * calls alone. The disk beneath stays honest.
 */
final class LyingHost extends ForwardingHost {
    /** What is not as the rules want it. */
    enum Lie {
        /** The flush between the pages of a checkpoint and its slot does nothing. */
        NO_PAGE_FLUSH,
        /** The first CLEAN slot is not flushed before the second is written. */
        CLEAN_IN_ONE_FLUSH,
        /** CLEAN slots are not flushed before the log is unlinked. */
        UNLINK_BEFORE_CLEAN_SLOT,
        /** Directories are not flushed, once there is a log. */
        NO_DIRECTORY_FLUSH,
        /** A new log is not flushed before it gets its name. */
        NO_TEMPORARY,
        /** The slot that says LOG is not flushed before the first commit is acknowledged. */
        LOG_SLOT_LATE,
        /** A failed flush is tried again, and believed. */
        RETRY_FLUSH,
        /** Every log has the same generation. */
        SAME_GENERATION,
        /** A slot takes the place of the one two before it. */
        TWO_SLOTS
    }

    private static final MemorySegment ZEROS = Arena.global().allocate(FileLayout.BLOCK_SIZE);

    private final Set<Lie> lies;
    private boolean hasLog;

    LyingHost(Host host, Lie... lies) {
        super(host);
        this.lies = Set.of(lies);
    }

    private boolean tells(Lie lie) {
        return lies.contains(lie);
    }

    private static boolean isLog(Path file) {
        return file.toString().contains(FileLayout.LOG_SUFFIX);
    }

    @Override
    public FileSystem files() {
        return new Files(next()) {
            @Override
            public StoreFile open(Path file, OpenMode mode) {
                hasLog |= isLog(file);
                return new LyingFile(super.open(file, mode), file.toString());
            }

            @Override
            public void syncDirectory(Path directory) {
                if (!tells(Lie.NO_DIRECTORY_FLUSH) || !hasLog) {
                    super.syncDirectory(directory);
                }
            }
        };
    }

    @Override
    public void entropy(MemorySegment target, long offset, int length) {
        super.entropy(target, offset, length);
        if (tells(Lie.SAME_GENERATION) && length == Long.BYTES) {
            target.asSlice(offset, length).fill((byte) 0x55);
        }
    }

    /** Holds a flush back until the next call shows whether the lie leaves it out. */
    private final class LyingFile extends File {
        private final boolean isDatabase;
        private final boolean isLog;
        private boolean held; // a flush of pages, about which the next call decides
        private byte slotState; // of the slot written since the last flush, or 0
        private int logSlots;
        private int cleanSlots;
        private boolean flushedOnce;

        LyingFile(StoreFile file, String name) {
            super(file);
            this.isDatabase = name.endsWith(FileLayout.DATABASE_SUFFIX);
            this.isLog = name.contains(FileLayout.LOG_SUFFIX);
        }

        private void settle() {
            if (held) {
                held = false;
                honestSync();
            }
        }

        private void honestSync() {
            try {
                super.sync();
            } catch (IoFailedException failed) {
                if (!tells(Lie.RETRY_FLUSH)) {
                    throw failed;
                }
                super.sync();
            }
        }

        @Override
        public void write(long position, MemorySegment source, long offset, int length) {
            boolean slot = isDatabase && position >= FileLayout.MANIFEST_POSITION
                    && position < FileLayout.OWNER_POSITION;
            if (slot) {
                held = false; // the flush before it never happens
                slotState = source.get(ValueLayout.JAVA_BYTE, offset + ManifestLayout.STATE_OFFSET);
            } else {
                settle();
            }
            super.write(position, source, offset, length);
            if (slot && tells(Lie.TWO_SLOTS)) {
                long slotIndex = (position - FileLayout.MANIFEST_POSITION) / FileLayout.MANIFEST_STRIDE;
                super.write(FileLayout.manifestPosition(slotIndex + FileLayout.MANIFEST_SLOTS - 2), ZEROS, 0, length);
            }
        }

        @Override
        public void writeDurable(long position, MemorySegment source, long offset, int length) {
            try {
                super.writeDurable(position, source, offset, length);
            } catch (IoFailedException failed) {
                if (!tells(Lie.RETRY_FLUSH)) {
                    throw failed;
                }
                super.sync();
            }
        }

        @Override
        public void sync() {
            boolean first = !flushedOnce;
            flushedOnce = true;
            if (isLog && first && tells(Lie.NO_TEMPORARY)) {
                return;
            }
            if (!isDatabase) {
                honestSync();
                return;
            }
            byte state = slotState;
            slotState = 0;
            if (state == 0 && tells(Lie.NO_PAGE_FLUSH)) {
                held = true;
                return;
            }
            if (state == ManifestLayout.STATE_LOG && ++logSlots == 1 && tells(Lie.LOG_SLOT_LATE)) {
                return;
            }
            if (state == ManifestLayout.STATE_CLEAN) {
                cleanSlots++;
                if (tells(Lie.UNLINK_BEFORE_CLEAN_SLOT) || cleanSlots == 1 && tells(Lie.CLEAN_IN_ONE_FLUSH)) {
                    return;
                }
            }
            honestSync();
        }

        @Override
        public void allocate(long position, long length) {
            settle();
            super.allocate(position, length);
        }

        @Override
        public void truncate(long size) {
            settle();
            super.truncate(size);
        }

        @Override
        public void punch(long position, long length) {
            settle();
            super.punch(position, length);
        }
    }
}
