package io.nexuslite.check;

import io.nexuslite.error.IoFailedException;
import io.nexuslite.format.Crc32c;
import io.nexuslite.format.FileLayout;
import io.nexuslite.format.OwnerLayout;
import io.nexuslite.io.StoreFile;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Who the owner sector says has the database open: for a message, and never trusted. */
record Owner(long processId, String host, long startMillis) {
    private static final Owner UNKNOWN = new Owner(-1, "", -1);
    /** Last millisecond that a date with a year of four digits shows. */
    private static final long MILLIS_MAX = 253_402_300_799_999L;

    static Owner read(StoreFile file, MemorySegment memory) {
        try {
            int found = file.read(FileLayout.OWNER_POSITION, memory, 0, OwnerLayout.BLOCK_SIZE);
            if (found < OwnerLayout.BLOCK_SIZE) {
                return UNKNOWN;
            }
        } catch (IoFailedException e) {
            return UNKNOWN; // the lock is what matters
        }
        int hostLength = Bytes.intAt(memory, OwnerLayout.HOST_LENGTH_OFFSET);
        long processId = Bytes.longAt(memory, OwnerLayout.PROCESS_ID_OFFSET);
        long start = Bytes.longAt(memory, OwnerLayout.START_MILLIS_OFFSET);
        boolean readable = Bytes.longAt(memory, OwnerLayout.MAGIC_OFFSET) == OwnerLayout.MAGIC
                && Bytes.intAt(memory, OwnerLayout.CHECKSUM_OFFSET) == new Crc32c().of(memory, 0,
                        OwnerLayout.CHECKSUM_OFFSET)
                && hostLength >= 0 && hostLength <= OwnerLayout.HOST_LENGTH_MAX && processId >= 0 && start >= 0
                && start <= MILLIS_MAX;
        if (!readable) {
            return UNKNOWN;
        }
        byte[] host = new byte[hostLength];
        MemorySegment.copy(memory, OwnerLayout.HOST_OFFSET, MemorySegment.ofArray(host), 0, hostLength);
        return new Owner(processId, new String(host, StandardCharsets.UTF_8), start);
    }
}
