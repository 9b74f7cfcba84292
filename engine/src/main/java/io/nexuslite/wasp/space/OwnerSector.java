package io.nexuslite.wasp.space;

import static io.nexuslite.wasp.space.Blocks.INT;
import static io.nexuslite.wasp.space.Blocks.LONG;

import io.nexuslite.error.DatabaseLockedException;
import io.nexuslite.format.FileLayout;
import io.nexuslite.format.OwnerLayout;
import io.nexuslite.io.Host;
import io.nexuslite.io.StoreFile;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Who has the database open for writing, so that the one who is locked out learns it. Never flushed, never trusted. */
final class OwnerSector {
    private OwnerSector() {
    }

    static void write(StoreFile file, Blocks blocks, Host host) {
        byte[] name = host.hostName().getBytes(StandardCharsets.UTF_8);
        byte[] fitting = Arrays.copyOf(name, Math.min(name.length, OwnerLayout.HOST_LENGTH_MAX));
        MemorySegment block = blocks.clear();
        block.set(LONG, OwnerLayout.MAGIC_OFFSET, OwnerLayout.MAGIC);
        block.set(LONG, OwnerLayout.PROCESS_ID_OFFSET, host.processId());
        block.set(LONG, OwnerLayout.START_MILLIS_OFFSET, host.wallMillis());
        block.set(INT, OwnerLayout.HOST_LENGTH_OFFSET, fitting.length);
        MemorySegment.copy(MemorySegment.ofArray(fitting), 0, block, OwnerLayout.HOST_OFFSET, fitting.length);
        blocks.write(file, FileLayout.OWNER_POSITION);
    }

    static void erase(StoreFile file, Blocks blocks) {
        blocks.erase(file, FileLayout.OWNER_POSITION);
    }

    /** The exception for one who found the file locked, naming the owner as far as the sector tells. */
    static DatabaseLockedException locked(StoreFile file, Blocks blocks, String name) {
        MemorySegment block = blocks.read(file, FileLayout.OWNER_POSITION);
        if (block == null || block.get(LONG, OwnerLayout.MAGIC_OFFSET) != OwnerLayout.MAGIC) {
            return new DatabaseLockedException(name, -1, "", -1);
        }
        int length = Math.clamp(block.get(INT, OwnerLayout.HOST_LENGTH_OFFSET), 0, OwnerLayout.HOST_LENGTH_MAX);
        byte[] host = new byte[length];
        MemorySegment.copy(block, OwnerLayout.HOST_OFFSET, MemorySegment.ofArray(host), 0, length);
        return new DatabaseLockedException(name, block.get(LONG, OwnerLayout.PROCESS_ID_OFFSET),
                new String(host, StandardCharsets.UTF_8), block.get(LONG, OwnerLayout.START_MILLIS_OFFSET));
    }
}
