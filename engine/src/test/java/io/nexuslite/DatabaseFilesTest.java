package io.nexuslite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.DatabaseLockedException;
import io.nexuslite.io.FileSystem;
import io.nexuslite.io.Hosts;
import io.nexuslite.io.LockMode;
import io.nexuslite.io.MemoryHost;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import io.nexuslite.wasp.EngineFiles;
import io.nexuslite.wasp.log.WaspLog;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DatabaseFilesTest {
    private static final Path SHOP = Path.of("/data/shop.nxl");

    @Test
    void namesFiles() {
        assertEquals(SHOP, DatabaseFiles.databaseFile(Path.of("/data/shop")));
        assertEquals(SHOP, DatabaseFiles.databaseFile(SHOP));
        assertEquals(Path.of("a.b.nxl"), DatabaseFiles.databaseFile(Path.of("a.b")));
        assertEquals(Path.of("/data/shop.wasp"), EngineFiles.log(SHOP));
        assertThrows(IllegalArgumentException.class, () -> DatabaseFiles.databaseFile(Path.of("/")));
        assertThrows(IllegalArgumentException.class, () -> DatabaseFiles.databaseFile(Path.of(".nxl")));
    }

    @Test
    void deletesDatabaseAndLog() {
        try (MemoryHost host = Hosts.inMemory()) {
            FileSystem files = host.files();
            assertFalse(DatabaseFiles.delete(files, SHOP));
            files.open(SHOP, OpenMode.CREATE_NEW).close();
            files.open(EngineFiles.log(SHOP), OpenMode.CREATE_NEW).close();
            Path unfinished = WaspLog.temporary(EngineFiles.log(SHOP));
            files.open(unfinished, OpenMode.CREATE_NEW).close();
            try (StoreFile held = files.open(SHOP, OpenMode.READ_WRITE)) {
                assertTrue(held.tryLock(LockMode.EXCLUSIVE));
                assertThrows(DatabaseLockedException.class, () -> DatabaseFiles.delete(files, SHOP));
            }
            assertTrue(files.exists(EngineFiles.log(SHOP)));
            assertTrue(DatabaseFiles.delete(files, SHOP));
            assertFalse(files.exists(SHOP));
            assertFalse(files.exists(EngineFiles.log(SHOP)));
            assertFalse(files.exists(unfinished));
        }
    }
}
