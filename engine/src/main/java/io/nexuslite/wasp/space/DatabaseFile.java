package io.nexuslite.wasp.space;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.DatabaseLockedException;
import io.nexuslite.error.StorageFullException;
import io.nexuslite.format.FileLayout;
import io.nexuslite.io.Host;
import io.nexuslite.io.LockMode;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import io.nexuslite.memory.NativeBuffer;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The {@code .nxl} file of one opening: lock, identity, manifests, and pages by pointer.
 *
 * <p>Pages and extents may be read and written by any thread. Identity, manifests and owner sector belong to the thread that opens,
 * checkpoints or closes, one at a time.
 */
public final class DatabaseFile implements AutoCloseable {
    private final Host host;
    private final Path path;
    private final StoreFile file;
    private final Blocks blocks;
    private final Identity identity;
    private final ManifestStore manifests;

    private final Map<Long, NativeBuffer> unwritten; // read-only: pages that a replayed log wants written; else null

    private DatabaseFile(Host host, Path path, StoreFile file, Blocks blocks, Identity identity,
            ManifestStore manifests, boolean readOnly) {
        this.host = host;
        this.path = path;
        this.file = file;
        this.blocks = blocks;
        this.identity = identity;
        this.manifests = manifests;
        this.unwritten = readOnly ? new ConcurrentHashMap<>() : null;
    }

    /**
     * Creates an empty, closed database: under a temporary name, flushed, then named, so that a crash leaves either nothing or a
     * whole database.
     */
    public static void create(Host host, Path path, int pageSize, int firstTreeId) {
        Path temporary = path.resolveSibling(path.getFileName() + ".new");
        if (host.files().exists(temporary)) {
            host.files().unlink(temporary); // of a creation that a crash cut off: nothing has ever been promised in it
        }
        try (Blocks blocks = new Blocks(); StoreFile file = host.files().open(temporary, OpenMode.CREATE_NEW)) {
            Identity identity = new Identity(randomUuid(host), pageSize, false);
            file.allocate(0, FileLayout.PAGES_POSITION); // no slot may find the disk full when it is first written
            long now = host.wallMillis();
            Identity.create(file, blocks, identity, now);
            ManifestStore.create(file, blocks, identity, firstTreeId, now);
            file.sync();
        }
        host.files().rename(temporary, path);
        host.files().syncDirectory(path.toAbsolutePath().getParent());
    }

    private static UUID randomUuid(Host host) {
        try (NativeBuffer bytes = new NativeBuffer(2 * Long.BYTES)) {
            host.entropy(bytes.memory(), 0, 2 * Long.BYTES);
            long high = bytes.memory().get(Blocks.LONG, 0);
            long low = bytes.memory().get(Blocks.LONG, Long.BYTES);
            return new UUID(high & 0xFFFF_FFFF_FFFF_0FFFL | 0x4000L,
                    low & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L);
        }
    }

    /**
     * Opens and locks a database file.
     *
     * @throws DatabaseLockedException if it is open for writing elsewhere, or, for writing, open at all
     */
    public static DatabaseFile open(Host host, Path path, boolean readOnly) {
        StoreFile file = host.files().open(path, readOnly ? OpenMode.READ : OpenMode.READ_WRITE);
        Blocks blocks = new Blocks();
        try {
            if (!file.tryLock(readOnly ? LockMode.SHARED : LockMode.EXCLUSIVE)) {
                throw OwnerSector.locked(file, blocks, path.toString());
            }
            Identity identity = Identity.read(file, blocks, path.toString());
            ManifestStore manifests = ManifestStore.open(file, blocks, identity, path.toString());
            return new DatabaseFile(host, path, file, blocks, identity, manifests, readOnly);
        } catch (Throwable failure) {
            closeAfter(failure, file, blocks);
            throw failure;
        }
    }

    private static void closeAfter(Throwable failure, AutoCloseable... things) {
        for (AutoCloseable thing : things) {
            try {
                thing.close();
            } catch (Exception suppressed) {
                failure.addSuppressed(suppressed);
            }
        }
    }

    public Identity identity() {
        return identity;
    }

    public ManifestStore manifests() {
        return manifests;
    }

    public Path path() {
        return path;
    }

    public int pageSize() {
        return identity.pageSize();
    }

    /** Bytes of the file now. */
    public long size() {
        return file.size();
    }

    /** Names this process in the owner sector, unflushed. */
    public void writeOwner() {
        OwnerSector.write(file, blocks, host);
    }

    /** Zeroes the owner sector, unflushed. */
    public void eraseOwner() {
        OwnerSector.erase(file, blocks);
    }

    /** Flushes everything written to the file. A failure must poison: nobody knows what is durable. */
    public void sync() {
        file.sync();
    }

    /**
     * Makes the file at least {@code pages} long, with disk space for {@code [fromPage, pages)}.
     *
     * @throws StorageFullException if there is no room; the file may be longer than before
     */
    public void extend(long fromPage, long pages) {
        if (unwritten != null) {
            return;
        }
        file.allocate(fromPage * pageSize(), (pages - fromPage) * pageSize());
    }

    /** Cuts the file behind {@code pages}, unless it is shorter already. */
    public void cut(long pages) {
        if (file.size() > pages * pageSize()) {
            file.truncate(pages * pageSize());
        }
    }

    /**
     * Reads exactly {@code length} bytes from the start of a page on.
     *
     * @throws CorruptionException if the file ends before
     */
    public void read(long pageNumber, MemorySegment target, long offset, int length) {
        long position = pageNumber * pageSize();
        NativeBuffer kept = unwritten == null ? null : unwritten.get(pageNumber);
        if (kept != null && kept.memory().byteSize() >= length) {
            MemorySegment.copy(kept.memory(), 0, target, offset, length);
            return;
        }
        int found = file.read(position, target, offset, length);
        if (found != length) {
            throw CorruptionException.of("File ends inside: expected " + length + " bytes, found " + found,
                    path.toString(),
                    position, "page " + pageNumber);
        }
    }

    /**
     * Writes bytes from the start of a page on; durable after {@link #sync}. Opened read-only, they are kept in memory instead, for
     * {@link #read} from the same page.
     */
    public void write(long pageNumber, MemorySegment source, long offset, int length) {
        if (unwritten != null) {
            NativeBuffer kept = new NativeBuffer(length);
            MemorySegment.copy(source, offset, kept.memory(), 0, length);
            unwritten.put(pageNumber, kept);
            return;
        }
        file.write(pageNumber * pageSize(), source, offset, length);
    }

    /** Lets go of the lock and the file. */
    @Override
    public void close() {
        try (blocks) {
            file.close();
        } finally {
            if (unwritten != null) {
                unwritten.values().forEach(NativeBuffer::close);
                unwritten.clear();
            }
        }
    }
}
