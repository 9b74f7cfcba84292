package io.nexuslite;

import io.nexuslite.io.Host;
import io.nexuslite.io.Hosts;
import io.nexuslite.io.MemoryHost;
import io.nexuslite.store.StorageEngine;
import io.nexuslite.wasp.EngineOptions;
import io.nexuslite.wasp.WaspEngine;
import io.nexuslite.wasp.log.LogDurability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The one place where the door meets a storage engine and the machine: translates options and opens. */
final class EngineFactory {
    private static final Path MEMORY_FILE = Path.of("memory.nxl");
    private static final int MEMORY_LOG_EXTENT_BYTES = 1024 * 1024;
    private static final long MEMORY_LOG_BYTES_MAX = 32L * 1024 * 1024;
    private static final int MEMORY_LOG_RING_BYTES = 1024 * 1024;

    private EngineFactory() {
    }

    /** Opens the engine of a database file, which ends in {@code .nxl}. */
    static StorageEngine open(Path file, DatabaseOptions options) {
        Host host = clocked(Hosts.platform(), options);
        EngineOptions engine = translate(options);
        if (!options.readOnly() && options.createIfMissing() && !host.files().exists(file)) {
            WaspEngine.create(host, file, engine);
            setPermissions(file, options);
        }
        return WaspEngine.open(host, file, engine);
    }

    private static void setPermissions(Path file, DatabaseOptions options) {
        if (options.filePermissions().equals(PosixFilePermissions.fromString("rw-------"))
                || !FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return; // as it was created
        }
        try {
            Files.setPosixFilePermissions(file, options.filePermissions());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens an engine that leaves nothing behind. */
    static StorageEngine openInMemory(DatabaseOptions options) {
        MemoryHost memory = Hosts.inMemory();
        Host host = clocked(memory, options);
        EngineOptions engine = translate(options)
                .withLog(MEMORY_LOG_EXTENT_BYTES, MEMORY_LOG_BYTES_MAX, MEMORY_LOG_RING_BYTES)
                .withReserve(0);
        WaspEngine.create(host, MEMORY_FILE, engine);
        return WaspEngine.openOwning(host, MEMORY_FILE, engine, memory);
    }

    private static EngineOptions translate(DatabaseOptions options) {
        LogDurability durability = switch (options.durability().mode()) {
            case SYNC -> LogDurability.SYNC;
            case GROUP -> LogDurability.GROUP;
            case NONE -> LogDurability.NONE;
        };
        EngineOptions defaults = EngineOptions.defaults();
        long interval = options.durability().interval().isZero()
                ? defaults.groupIntervalNanos()
                : options.durability().interval().toNanos();
        return new EngineOptions(options.readOnly(), durability, interval, options.pageSize(), options.memoryBytesMax(),
                defaults.logExtentBytes(), options.logBytesMax(), defaults.logRingBytes(),
                options.checkpointInterval().toNanos(), options.checkpointLogBytes(), options.checkpointDirtyBytes(),
                defaults.reserveBytesMin(), true);
    }

    private static Host clocked(Host host, DatabaseOptions options) {
        return options.clock().<Host>map(clock -> new ClockedHost(host, clock)).orElse(host);
    }

    /** The machine: its files, clocks and entropy. */
    static Host host() {
        return Hosts.platform();
    }
}
