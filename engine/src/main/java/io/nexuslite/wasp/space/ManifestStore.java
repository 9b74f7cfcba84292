package io.nexuslite.wasp.space;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.format.FileLayout;
import io.nexuslite.io.StoreFile;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/**
 * The eight manifest slots: manifest n lies in slot n mod 8, and the readable one with the highest number is the root.
 * One thread at a time.
 */
public final class ManifestStore {
    private final StoreFile file;
    private final UUID uuid;
    private final Blocks blocks;
    private Manifest newest;

    private ManifestStore(StoreFile file, UUID uuid, Blocks blocks) {
        this.file = file;
        this.uuid = uuid;
        this.blocks = blocks;
    }

    /** For a new database: manifests 1 and 2, both CLEAN and empty. The caller flushes. */
    static ManifestStore create(StoreFile file, Blocks blocks, Identity identity, int firstTreeId, long nowMillis) {
        ManifestStore store = new ManifestStore(file, identity.uuid(), blocks);
        Manifest first = Manifest.initial(1, firstTreeId, nowMillis, identity.pageSize());
        store.write(first);
        store.write(first.next(true));
        return store;
    }

    /**
     * Finds the root.
     *
     * @throws CorruptionException if no slot is readable
     */
    static ManifestStore open(StoreFile file, Blocks blocks, Identity identity, String name) {
        ManifestStore store = new ManifestStore(file, identity.uuid(), blocks);
        for (int slot = 0; slot < FileLayout.MANIFEST_SLOTS; slot++) {
            Manifest manifest = store.readSlot(slot);
            if (manifest != null && (store.newest == null || manifest.number() > store.newest.number())) {
                store.newest = manifest;
            }
        }
        if (store.newest == null) {
            throw CorruptionException.of("No manifest slot is readable", name, FileLayout.MANIFEST_POSITION,
                    "manifest");
        }
        return store;
    }

    private Manifest readSlot(int slot) {
        MemorySegment block = blocks.read(file, FileLayout.manifestPosition(slot));
        Manifest manifest = block == null ? null : Manifest.decode(block, uuid);
        return manifest == null || manifest.number() % FileLayout.MANIFEST_SLOTS != slot ? null : manifest;
    }

    /** The root: the newest manifest read or written. */
    public Manifest newest() {
        return newest;
    }

    /** Writes the slot of a manifest newer than all before; durable once the caller has flushed the file. */
    public void write(Manifest manifest) {
        if (newest != null && manifest.number() != newest.number() + 1) {
            throw new IllegalArgumentException("manifest " + manifest.number() + " does not follow " + newest.number());
        }
        manifest.encode(blocks.clear(), uuid);
        blocks.write(file, FileLayout.manifestPosition(manifest.number()));
        newest = manifest;
    }
}
