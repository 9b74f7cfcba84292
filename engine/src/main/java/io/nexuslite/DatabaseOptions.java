package io.nexuslite;

import io.nexuslite.bson.IdGenerator;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.bson.codecs.configuration.CodecRegistry;

/**
 * How a database is opened. Immutable; {@link #builder} makes one, {@link #defaults} is what {@link NexusLite#open} uses.
 *
 * <pre>{@code
 * DatabaseOptions options = DatabaseOptions.builder().durability(Durability.group(Duration.ofMillis(50))).build();
 * }</pre>
 */
public final class DatabaseOptions {
    private static final int KIBI = 1024;
    private static final long MEBI = 1024L * 1024;
    private static final DatabaseOptions DEFAULTS = builder().build();

    private final Builder values;

    private DatabaseOptions(Builder values) {
        this.values = values;
    }

    /** The options of {@link NexusLite#open} without any. */
    public static DatabaseOptions defaults() {
        return DEFAULTS;
    }

    /** The codecs that are built in: for Document, the values of {@code org.bson}, java.time, enums and collections. */
    public static CodecRegistry defaultCodecRegistry() {
        return Codecs.BUILT_IN;
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        return new Builder(values);
    }

    public Durability durability() {
        return values.durability;
    }

    /** Bytes of a page of a new file: 8192, 16384 or 32768. An existing file keeps its own. */
    public int pageSize() {
        return values.pageSize;
    }

    /** Most bytes of memory off-heap that the database reserves. */
    public long memoryBytesMax() {
        return values.memoryBytesMax;
    }

    /** Most bytes of the log file; writers slow down before it is reached. A transaction takes at most half of it. */
    public long logBytesMax() {
        return values.logBytesMax;
    }

    /** A checkpoint is made when this time has passed since the last one and something was written. */
    public Duration checkpointInterval() {
        return values.checkpointInterval;
    }

    /** A checkpoint is made when the log has grown by this many bytes. */
    public long checkpointLogBytes() {
        return values.checkpointLogBytes;
    }

    /** A checkpoint is made when this many bytes of pages are not in the database file. */
    public long checkpointDirtyBytes() {
        return values.checkpointDirtyBytes;
    }

    /** How often documents that have expired are removed; zero for never by itself. */
    public Duration sweepInterval() {
        return values.sweepInterval;
    }

    /** Most bytes that one query may hold to sort its result. */
    public int sortBytesMax() {
        return values.sortBytesMax;
    }

    /** Nothing is written: the files stay as they are, byte by byte. */
    public boolean readOnly() {
        return values.readOnly;
    }

    /** A file that does not exist is created. */
    public boolean createIfMissing() {
        return values.createIfMissing;
    }

    /** Source of wall time, or empty for the machine's. */
    public Optional<InstantSource> clock() {
        return Optional.ofNullable(values.clock);
    }

    /** What {@code _id} documents get that have none, unless there is an {@link #idGenerator}. */
    public GeneratedId generatedId() {
        return values.generatedId;
    }

    /** Makes the {@code _id} of documents that have none, or empty for what {@link #generatedId} says. */
    public Optional<IdGenerator> idGenerator() {
        return Optional.ofNullable(values.idGenerator);
    }

    /** Permissions of files that are created. */
    public Set<PosixFilePermission> filePermissions() {
        return values.filePermissions;
    }

    /** Codecs that are asked before those that are built in, or empty. */
    public Optional<CodecRegistry> codecRegistry() {
        return Optional.ofNullable(values.codecRegistry);
    }

    /** Collects options. One thread at a time. Each method checks its argument and returns the builder. */
    public static final class Builder {
        private Durability durability = Durability.SYNC;
        private int pageSize = 8 * KIBI;
        private long memoryBytesMax = 512 * MEBI;
        private long logBytesMax = 1024 * MEBI;
        private Duration checkpointInterval = Duration.ofSeconds(60);
        private long checkpointLogBytes = 256 * MEBI;
        private long checkpointDirtyBytes = 256 * MEBI;
        private Duration sweepInterval = Duration.ofSeconds(1);
        private int sortBytesMax = (int) (100 * MEBI);
        private boolean readOnly;
        private boolean createIfMissing = true;
        private InstantSource clock;
        private GeneratedId generatedId = GeneratedId.UUID_V4;
        private IdGenerator idGenerator;
        private Set<PosixFilePermission> filePermissions = PosixFilePermissions.fromString("rw-------");
        private CodecRegistry codecRegistry;

        private Builder() {
        }

        private Builder(Builder other) {
            durability = other.durability;
            pageSize = other.pageSize;
            memoryBytesMax = other.memoryBytesMax;
            logBytesMax = other.logBytesMax;
            checkpointInterval = other.checkpointInterval;
            checkpointLogBytes = other.checkpointLogBytes;
            checkpointDirtyBytes = other.checkpointDirtyBytes;
            sweepInterval = other.sweepInterval;
            sortBytesMax = other.sortBytesMax;
            readOnly = other.readOnly;
            createIfMissing = other.createIfMissing;
            clock = other.clock;
            generatedId = other.generatedId;
            idGenerator = other.idGenerator;
            filePermissions = other.filePermissions;
            codecRegistry = other.codecRegistry;
        }

        public Builder durability(Durability value) {
            durability = Objects.requireNonNull(value, "durability");
            return this;
        }

        /** 8192, 16384 or 32768 bytes. */
        public Builder pageSize(int bytes) {
            if (bytes != 8 * KIBI && bytes != 16 * KIBI && bytes != 32 * KIBI) {
                throw new IllegalArgumentException("Page size must be 8192, 16384 or 32768, found " + bytes);
            }
            pageSize = bytes;
            return this;
        }

        /** At least 1 MiB. */
        public Builder memoryBytesMax(long bytes) {
            memoryBytesMax = atLeast("memoryBytesMax", bytes, MEBI);
            return this;
        }

        /** At least 64 MiB. */
        public Builder logBytesMax(long bytes) {
            logBytesMax = atLeast("logBytesMax", bytes, 64 * MEBI);
            return this;
        }

        public Builder checkpointInterval(Duration interval) {
            if (!interval.isPositive()) {
                throw new IllegalArgumentException("Checkpoint interval must be positive, found " + interval);
            }
            checkpointInterval = interval;
            return this;
        }

        /** At least 1 MiB. */
        public Builder checkpointLogBytes(long bytes) {
            checkpointLogBytes = atLeast("checkpointLogBytes", bytes, MEBI);
            return this;
        }

        /** At least 1 MiB. */
        public Builder checkpointDirtyBytes(long bytes) {
            checkpointDirtyBytes = atLeast("checkpointDirtyBytes", bytes, MEBI);
            return this;
        }

        /** Zero switches the background removal off. */
        public Builder sweepInterval(Duration interval) {
            if (interval.isNegative()) {
                throw new IllegalArgumentException("Sweep interval must not be negative, found " + interval);
            }
            sweepInterval = interval;
            return this;
        }

        /** From 64 KiB to 1 GiB. */
        public Builder sortBytesMax(int bytes) {
            sortBytesMax = (int) atLeast("sortBytesMax", bytes, 64 * KIBI);
            if (bytes > 1 << 30) {
                throw new IllegalArgumentException("sortBytesMax must be at most 1 GiB, found " + bytes);
            }
            return this;
        }

        public Builder readOnly(boolean value) {
            readOnly = value;
            return this;
        }

        public Builder createIfMissing(boolean value) {
            createIfMissing = value;
            return this;
        }

        public Builder clock(InstantSource value) {
            clock = Objects.requireNonNull(value, "clock");
            return this;
        }

        public Builder generatedId(GeneratedId value) {
            generatedId = Objects.requireNonNull(value, "generatedId");
            return this;
        }

        /** A generator of one's own, called by any thread. */
        public Builder idGenerator(IdGenerator value) {
            idGenerator = Objects.requireNonNull(value, "idGenerator");
            return this;
        }

        /** For files that are created; ignored where the file system has no such permissions. */
        public Builder filePermissions(Set<PosixFilePermission> value) {
            filePermissions = Set.copyOf(value);
            return this;
        }

        /**
         * Codecs of records, POJOs and the like, asked before those that are built in. A provider that takes every class, such
         * as that of automatic POJOs, is put behind {@link DatabaseOptions#defaultCodecRegistry}.
         */
        public Builder codecRegistry(CodecRegistry value) {
            codecRegistry = Objects.requireNonNull(value, "codecRegistry");
            return this;
        }

        /** The options so far. */
        public DatabaseOptions build() {
            return new DatabaseOptions(new Builder(this));
        }

        private static long atLeast(String name, long bytes, long least) {
            if (bytes < least) {
                throw new IllegalArgumentException(name + " must be at least " + least + " bytes, found " + bytes);
            }
            return bytes;
        }
    }
}
