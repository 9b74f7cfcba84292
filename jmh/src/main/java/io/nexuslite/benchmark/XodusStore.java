package io.nexuslite.benchmark;

import io.nexuslite.Durability;
import java.nio.file.Path;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;

/**
 * Xodus with a log cache that holds everything; a get is a read-only transaction, a put an exclusive one. SYNC is its durable write; GROUP
 * and NONE both leave a commit in the kernel.
 */
final class XodusStore implements Store {
    /** Its cache lies on the heap. */
    private static final long CACHE_BYTES = Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 2);
    private static final int LOAD_BATCH = 10_000;
    private static final String NAME = "documents";

    private final Path directory;
    private Environment environment;
    private jetbrains.exodus.env.Store documents;

    XodusStore(Path directory) {
        this.directory = directory;
    }

    @Override
    public void load(Dataset dataset) {
        open(Durability.Mode.NONE);
        int[] order = dataset.loadOrder();
        for (int start = 0; start < order.length; start += LOAD_BATCH) {
            int from = start;
            environment.executeInExclusiveTransaction(transaction -> {
                for (int place = from; place < Math.min(from + LOAD_BATCH, order.length); place++) {
                    int index = order[place];
                    documents.put(transaction,
                            new ArrayByteIterable(HeapClient.key(dataset.idHigh(index), dataset.idLow(index))),
                            new ArrayByteIterable(HeapClient.value(dataset.memory(), dataset.offset(index),
                                    dataset.length(index))));
                }
            });
        }
        close();
    }

    @Override
    public void open(Durability.Mode durability) {
        environment = Environments.newInstance(directory.toFile(), new EnvironmentConfig().setMemoryUsage(CACHE_BYTES)
                .setLogDurableWrite(durability == Durability.Mode.SYNC).setManagementEnabled(false));
        documents = environment.computeInExclusiveTransaction(
                transaction -> environment.openStore(NAME, StoreConfig.WITHOUT_DUPLICATES, transaction));
    }

    @Override
    public Client client(Draws draws, Bodies bodies) {
        return new XodusClient(draws, bodies);
    }

    @Override
    public void close() {
        if (environment != null) {
            environment.close();
            environment = null;
        }
    }

    private static byte[] bytes(ByteIterable iterable) {
        int length = iterable.getLength();
        byte[] bytes = iterable.getBytesUnsafe();
        if (bytes.length == length) {
            return bytes;
        }
        byte[] exact = new byte[length];
        System.arraycopy(bytes, 0, exact, 0, length);
        return exact;
    }

    private final class XodusClient extends HeapClient {
        private Transaction scanReader;
        private Cursor cursor;

        XodusClient(Draws draws, Bodies bodies) {
            super(draws, bodies);
        }

        @Override
        byte[] find(byte[] key) {
            Transaction transaction = environment.beginReadonlyTransaction();
            try {
                ByteIterable found = documents.get(transaction, new ArrayByteIterable(key));
                return found == null ? null : bytes(found);
            } finally {
                transaction.abort();
            }
        }

        @Override
        byte[] next() {
            if (cursor == null || !cursor.getNext()) {
                closeCursor();
                scanReader = environment.beginReadonlyTransaction();
                cursor = documents.openCursor(scanReader);
                if (!cursor.getNext()) {
                    throw new IllegalStateException("No documents.");
                }
            }
            return bytes(cursor.getValue());
        }

        private void closeCursor() {
            if (cursor != null) {
                cursor.close();
                scanReader.abort();
            }
        }

        @Override
        long range(byte[] key, int count) {
            Transaction transaction = environment.beginReadonlyTransaction();
            try (Cursor from = documents.openCursor(transaction)) {
                long sum = 0;
                boolean found = from.getSearchKeyRange(new ArrayByteIterable(key)) != null;
                for (int index = 0; index < count && found; index++) {
                    sum += Checksum.of(bytes(from.getValue()));
                    found = from.getNext();
                }
                return sum;
            } finally {
                transaction.abort();
            }
        }

        @Override
        void replace(byte[] key, byte[] value) {
            environment.executeInExclusiveTransaction(transaction -> documents.put(transaction,
                    new ArrayByteIterable(key), new ArrayByteIterable(value)));
        }

        @Override
        public void close() {
            closeCursor();
        }
    }
}
