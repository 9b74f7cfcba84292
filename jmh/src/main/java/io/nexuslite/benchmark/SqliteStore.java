package io.nexuslite.benchmark;

import io.nexuslite.Durability;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * SQLite over JDBC: a table without row ids, write-ahead log, the file mapped, a connection with prepared statements for each client.
 * SYNC is {@code synchronous=FULL}; GROUP is NORMAL, which leaves a commit in the kernel; NONE is OFF.
 */
final class SqliteStore implements Store {
    private static final int LOAD_BATCH = 10_000;
    private static final String SETTINGS = """
            pragma busy_timeout=60000;
            pragma journal_mode=wal;
            pragma synchronous=%s;
            pragma mmap_size=8589934592;
            pragma cache_size=-65536;
            """;

    private final String url;
    private Durability.Mode durability;
    private Connection keeper; // as long as it is open, the log lives

    SqliteStore(Path directory) {
        url = "jdbc:sqlite:" + directory.resolve("benchmark.sqlite");
    }

    private static IllegalStateException failed(SQLException e) {
        return new IllegalStateException(e);
    }

    private Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        String level = switch (durability) {
            case SYNC -> "full";
            case GROUP -> "normal";
            case NONE -> "off";
        };
        try (Statement statement = connection.createStatement()) {
            for (String setting : SETTINGS.formatted(level).split(";\\s*")) {
                statement.execute(setting);
            }
        }
        return connection;
    }

    @Override
    public void load(Dataset dataset) {
        open(Durability.Mode.NONE);
        try (Statement statement = keeper.createStatement()) {
            statement.execute("create table documents (id blob primary key, body blob not null) without rowid");
            keeper.setAutoCommit(false);
            try (PreparedStatement insert = keeper.prepareStatement("insert into documents values (?, ?)")) {
                int inserted = 0;
                for (int index : dataset.loadOrder()) {
                    insert.setBytes(1, HeapClient.key(dataset.idHigh(index), dataset.idLow(index)));
                    insert.setBytes(2, HeapClient.value(dataset.memory(), dataset.offset(index),
                            dataset.length(index)));
                    insert.executeUpdate();
                    if (++inserted % LOAD_BATCH == 0) {
                        keeper.commit();
                    }
                }
            }
            keeper.commit();
            keeper.setAutoCommit(true);
            statement.execute("pragma wal_checkpoint(truncate)");
            statement.execute("vacuum");
        } catch (SQLException e) {
            throw failed(e);
        }
        close();
    }

    @Override
    public void open(Durability.Mode mode) {
        durability = mode;
        try {
            keeper = connect();
            try (Statement statement = keeper.createStatement();
                    ResultSet count = statement.executeQuery("select count(*) from sqlite_master")) {
                count.next(); // reads the file's header: opening alone does not
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public Client client(Draws draws, Bodies bodies) {
        try {
            return new SqliteClient(connect(), draws, bodies);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        if (keeper != null) {
            try {
                keeper.close();
            } catch (SQLException e) {
                throw failed(e);
            }
            keeper = null;
        }
    }

    private static final class SqliteClient extends HeapClient {
        private final Connection connection;
        private final PreparedStatement select;
        private final PreparedStatement replace;
        private final PreparedStatement all;
        private final PreparedStatement from;
        private ResultSet scanned;

        SqliteClient(Connection connection, Draws draws, Bodies bodies) throws SQLException {
            super(draws, bodies);
            this.connection = connection;
            select = connection.prepareStatement("select body from documents where id = ?");
            replace = connection.prepareStatement("replace into documents values (?, ?)");
            from = connection.prepareStatement("select body from documents where id >= ? order by id limit ?");
            all = connection.prepareStatement("select body from documents order by id");
        }

        @Override
        byte[] find(byte[] key) {
            try {
                select.setBytes(1, key);
                try (ResultSet found = select.executeQuery()) {
                    return found.next() ? found.getBytes(1) : null;
                }
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        @Override
        byte[] next() {
            try {
                if (scanned == null || !scanned.next()) {
                    closeScan();
                    scanned = all.executeQuery();
                    if (!scanned.next()) {
                        throw new IllegalStateException("No documents.");
                    }
                }
                return scanned.getBytes(1);
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        private void closeScan() throws SQLException {
            if (scanned != null) {
                scanned.close();
            }
        }

        @Override
        long range(byte[] key, int count) {
            try {
                from.setBytes(1, key);
                from.setInt(2, count);
                try (ResultSet found = from.executeQuery()) {
                    long sum = 0;
                    while (found.next()) {
                        sum += Checksum.of(found.getBytes(1));
                    }
                    return sum;
                }
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        @Override
        void replace(byte[] key, byte[] value) {
            try {
                replace.setBytes(1, key);
                replace.setBytes(2, value);
                replace.executeUpdate();
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        @Override
        public void close() {
            try {
                closeScan();
                connection.close();
            } catch (SQLException e) {
                throw failed(e);
            }
        }
    }
}
