package io.nexuslite.benchmark;

import io.nexuslite.Durability;
import io.nexuslite.io.Hosts;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the machine can do. Gets and scans read the packed documents where they lie, found by no index. A durable put
 * overwrites 4 KiB of a file that is allocated, written with zeros and flushed, and flushes; in GROUP it copies the document
 * into such a file and leaves it in the kernel; in NONE it copies it to a random place in memory. Loading is a sequential
 * write and a flush.
 */
final class LimitStore implements Store {
    private static final int BLOCK_BYTES = 4096;
    /** Each client has its own: as many log files have, and nobody waits for anybody. */
    private static final int CLIENT_BYTES = 1 << 20;
    private static final int CLIENTS_MAX = 64;
    private static final int WRITE_BYTES = 1 << 20;

    private final Path file;
    private final AtomicInteger clients = new AtomicInteger();
    private Dataset dataset;
    private Durability.Mode durability;
    private StoreFile target;
    private Arena arena;
    private MemorySegment memory;

    LimitStore(Path directory) {
        file = directory.resolve("limit.bin");
    }

    @Override
    public void load(Dataset loaded) {
        dataset = loaded;
        try (StoreFile created = Hosts.platform().files().open(file, OpenMode.CREATE_NEW)) {
            for (long position = 0; position < loaded.byteCount(); position += WRITE_BYTES) {
                created.write(position, loaded.memory(), position,
                        (int) Math.min(WRITE_BYTES, loaded.byteCount() - position));
            }
            created.sync();
        }
    }

    @Override
    public void open(Durability.Mode mode) {
        durability = mode;
        arena = Arena.ofShared();
        memory = durability == Durability.Mode.NONE ? arena.allocate(dataset.memory().byteSize()) : MemorySegment.NULL;
        target = Hosts.platform().files().open(file, OpenMode.READ_WRITE);
        clients.set(0);
    }

    @Override
    public Client client(Draws draws, Bodies bodies) {
        int client = clients.getAndIncrement();
        if (client >= CLIENTS_MAX) {
            throw new IllegalStateException("At most " + CLIENTS_MAX + " clients.");
        }
        return new LimitClient(draws, bodies, dataset.byteCount() + (long) client * CLIENT_BYTES);
    }

    @Override
    public void close() {
        if (target != null) {
            target.close();
            target = null;
            arena.close();
        }
    }

    private final class LimitClient extends Client {
        private final Arena own = Arena.ofShared();
        private final MemorySegment block = own.allocate(BLOCK_BYTES, BLOCK_BYTES);
        private final long filePosition;
        private int place;
        private int scanned;

        LimitClient(Draws draws, Bodies bodies, long from) {
            super(draws, bodies);
            filePosition = (from + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
            if (bodies != null && durability != Durability.Mode.NONE) {
                prepare();
            }
        }

        private void prepare() {
            target.allocate(filePosition, CLIENT_BYTES);
            for (int position = 0; position < CLIENT_BYTES; position += BLOCK_BYTES) {
                target.write(filePosition + position, block, 0, BLOCK_BYTES);
            }
            target.sync();
        }

        @Override
        long get(int draw) {
            return Checksum.of(dataset.memory(), draws.offset(draw), draws.length(draw));
        }

        @Override
        long scan(int count) {
            long sum = 0;
            for (int index = 0; index < count; index++) {
                if (scanned == dataset.documents()) {
                    scanned = 0;
                }
                sum += dataset.checksum(scanned);
                scanned++;
            }
            return sum;
        }

        @Override
        long range(int draw, int count) {
            throw new UnsupportedOperationException("No order of ids that come later.");
        }

        @Override
        void store(int draw, int length) {
            switch (durability) {
                case SYNC -> {
                    MemorySegment.copy(bodies.memory(), 0, block, 0, length);
                    target.write(filePosition + place, block, 0, BLOCK_BYTES);
                    target.sync();
                    place = (place + BLOCK_BYTES) & CLIENT_BYTES - 1;
                }
                case GROUP -> {
                    target.write(filePosition + place, bodies.memory(), 0, length);
                    place = place + 2 * Dataset.LENGTH_MAX <= CLIENT_BYTES ? place + length : 0;
                }
                case NONE -> MemorySegment.copy(bodies.memory(), 0, memory, draws.offset(draw), length);
            }
        }

        @Override
        void verifyLastPut() {
            // Nothing can be found by its id here.
        }

        @Override
        public void close() {
            own.close();
        }
    }
}
