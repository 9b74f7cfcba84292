package io.nexuslite.wasp;

import static io.nexuslite.wasp.LogTrace.require;

import io.nexuslite.error.NexusLiteException;
import io.nexuslite.format.FileLayout;
import io.nexuslite.format.ManifestLayout;
import io.nexuslite.io.CrashNow;
import io.nexuslite.io.FileSystem;
import io.nexuslite.io.ForwardingHost;
import io.nexuslite.io.Host;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * A machine that watches the order of the calls that change anything, and refuses what the rules forbid, whether it would do harm this time or
 * not. It knows what it has seen since the database file was opened, and nothing else. One thread at a time.
 */
final class TracedHost extends ForwardingHost {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A manifest slot as it was written. */
    private record Slot(long number, boolean clean, long csn, long generation, long anchorPosition, long anchorEnd) {
    }

    private LogTrace log; // created by this process; or null
    private boolean logNamed;
    private boolean directoryFlushed;
    private boolean pagesUnflushed;
    private Slot slotUnflushed;
    private Slot newest; // durable
    private Slot beforeNewest;
    private String failedFlush; // nothing may be written any more
    private Violation violation;

    TracedHost(Host host) {
        super(host);
    }

    /** Throws the first thing that was refused, which the store may have swallowed. */
    void requireNone() {
        if (violation != null) {
            throw new Violation(violation.getMessage(), violation);
        }
    }

    private void watch(Runnable check) {
        try {
            check.run();
        } catch (Violation refused) {
            violation = violation == null ? refused : violation;
            throw refused;
        }
    }

    private void change(String what) {
        watch(() -> require(failedFlush == null, what + " after a failed " + failedFlush));
    }

    /** Calls something that flushes; a failure ends all writing. */
    private void flush(String what, Runnable call) {
        change(what);
        try {
            call.run();
        } catch (NexusLiteException | CrashNow failure) {
            failedFlush = what;
            throw failure;
        }
    }

    private void opened() {
        log = null;
        logNamed = false;
        directoryFlushed = false;
        pagesUnflushed = false;
        slotUnflushed = null;
        newest = null;
        beforeNewest = null;
        failedFlush = null;
    }

    private static boolean isLog(Path file) {
        return file.getFileName().toString().contains(FileLayout.LOG_SUFFIX);
    }

    @Override
    public FileSystem files() {
        return new Files(next()) {
            @Override
            public StoreFile open(Path file, OpenMode mode) {
                StoreFile opened = super.open(file, mode);
                if (isLog(file)) {
                    log = mode == OpenMode.CREATE_NEW ? new LogTrace() : log;
                    return new LogFile(opened, mode == OpenMode.CREATE_NEW ? log : null);
                }
                if (mode == OpenMode.READ_WRITE) {
                    opened();
                }
                return mode == OpenMode.READ_WRITE ? new DatabaseFile(opened) : opened;
            }

            @Override
            public void unlink(Path file) {
                if (!file.toString().endsWith(".new")) {
                    change("unlink");
                }
                if (file.toString().endsWith(FileLayout.LOG_SUFFIX)) {
                    watch(() -> require(
                            newest != null && newest.clean() && slotUnflushed == null && beforeNewest != null
                                    && beforeNewest.clean() && beforeNewest.number() + 1 == newest.number(),
                            "the log is unlinked before two CLEAN slots are durable"));
                }
                super.unlink(file);
            }

            @Override
            public void rename(Path source, Path target) {
                change("rename");
                if (isLog(source)) {
                    watch(() -> require(log != null && !log.hasUnflushed(),
                            "a log gets its name before it is flushed"));
                    logNamed = true;
                }
                super.rename(source, target);
            }

            @Override
            public void syncDirectory(Path directory) {
                flush("directory flush", () -> super.syncDirectory(directory));
                directoryFlushed |= logNamed;
            }
        };
    }

    private void wroteSlot(MemorySegment source, long offset) {
        Slot slot = new Slot(source.get(LONG, offset + ManifestLayout.MANIFEST_NUMBER_OFFSET),
                source.get(ValueLayout.JAVA_BYTE, offset + ManifestLayout.STATE_OFFSET) == ManifestLayout.STATE_CLEAN,
                source.get(LONG, offset + ManifestLayout.CHECKPOINT_CSN_OFFSET),
                source.get(LONG, offset + ManifestLayout.LOG_GENERATION_OFFSET),
                source.get(LONG, offset + ManifestLayout.ANCHOR_POSITION_OFFSET),
                source.get(LONG, offset + ManifestLayout.ANCHOR_END_OFFSET));
        require(!pagesUnflushed, "a slot is written before the pages are flushed");
        require(slotUnflushed == null, "a slot is written before the one before it is flushed");
        require(newest == null || slot.number() == newest.number() + 1 && slot.csn() >= newest.csn(),
                "manifest " + slot + " does not follow " + newest);
        if (log != null) {
            require(slot.csn() <= log.durableCsn(), "a slot holds commits up to " + slot.csn()
                    + ", the log is durable up to " + log.durableCsn());
        }
        if (!slot.clean()) {
            require(log != null && directoryFlushed && slot.generation() == log.generation(),
                    "a slot says LOG before there is that log, with its name durable");
            require(log.holdsAnchor(slot.anchorPosition(), slot.anchorEnd()),
                    "a slot names an anchor that is no durable group: " + slot);
        }
        slotUnflushed = slot;
    }

    private void databaseSynced() {
        pagesUnflushed = false;
        if (slotUnflushed != null) {
            beforeNewest = newest;
            newest = slotUnflushed;
            slotUnflushed = null;
            if (!newest.clean()) {
                log.slotDurable(newest.number(), newest.anchorPosition());
            }
        }
    }

    private final class DatabaseFile extends File {
        DatabaseFile(StoreFile file) {
            super(file);
        }

        @Override
        public void write(long position, MemorySegment source, long offset, int length) {
            change("write");
            if (position >= FileLayout.MANIFEST_POSITION && position < FileLayout.OWNER_POSITION) {
                watch(() -> wroteSlot(source, offset));
            } else if (position >= FileLayout.PAGES_POSITION) {
                pagesUnflushed = true;
            }
            super.write(position, source, offset, length);
        }

        @Override
        public void allocate(long position, long length) {
            change("allocation");
            super.allocate(position, length);
            pagesUnflushed = true; // the size that a slot is going to tell
        }

        @Override
        public void truncate(long size) {
            change("truncation");
            super.truncate(size);
        }

        @Override
        public void sync() {
            flush("flush of the database", super::sync);
            databaseSynced();
        }
    }

    private final class LogFile extends File {
        private final LogTrace trace; // null: somebody else's

        LogFile(StoreFile file, LogTrace trace) {
            super(file);
            this.trace = trace;
        }

        private void write(long position, MemorySegment source, long offset, int length, String what) {
            change(what);
            watch(() -> {
                require(trace != null, "the log of another process is written");
                trace.wrote(position, source, offset, length);
            });
        }

        @Override
        public void write(long position, MemorySegment source, long offset, int length) {
            write(position, source, offset, length, "write");
            super.write(position, source, offset, length);
        }

        @Override
        public void writeDurable(long position, MemorySegment source, long offset, int length) {
            write(position, source, offset, length, "durable write");
            flush("durable write", () -> super.writeDurable(position, source, offset, length));
            trace.syncedLast();
        }

        @Override
        public void sync() {
            flush("flush of the log", super::sync);
            watch(() -> require(trace != null, "the log of another process is flushed"));
            trace.synced();
        }
    }
}
