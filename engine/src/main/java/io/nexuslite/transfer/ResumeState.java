package io.nexuslite.transfer;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.RowException;
import io.nexuslite.io.Host;
import io.nexuslite.io.Hosts;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bson.BsonDocument;

/** How far an import has come, in a file that is replaced as a whole after each batch. One thread at a time. */
final class ResumeState {
    private static final int BYTES_MAX = 64 * 1024;

    /** Counts of an import so far. */
    record Counts(long rows, long inserted, long replaced, long skipped, long errors) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0);
    }

    private final Host host;
    private final Path file;
    private final String key;

    private ResumeState(Host host, Path file, String key) {
        this.host = host;
        this.file = file;
        this.key = key;
    }

    /** {@code null} if the options do not ask for it. */
    static ResumeState open(Host host, ImportOptions options) {
        return options.resumeFile() == null || options.dryRun()
                ? null
                : new ResumeState(host, options.resumeFile(), options.resumeKey());
    }

    /** Whether an import that ended before its time has left its state. */
    static boolean isThere(ImportOptions options) {
        return options.resumeFile() != null && Hosts.platform().files().exists(options.resumeFile());
    }

    /** @throws RowException if it is of another input, or nothing that an import has written */
    Counts load() {
        if (!host.files().exists(file)) {
            return Counts.NONE;
        }
        try (StoreFile opened = host.files().open(file, OpenMode.READ);
                GrowableBuffer text = new GrowableBuffer(BYTES_MAX, BYTES_MAX);
                GrowableBuffer document = new GrowableBuffer();
                JsonReader reader = new JsonReader()) {
            text.setLength(opened.read(0, text.memory(), 0, BYTES_MAX));
            reader.parse(text.toByteArray(), 0, text.length(), new BsonWriter().wrap(document));
            BsonDocument state = new BsonView().wrap(document).toBsonDocument();
            if (!state.isString("input") || !state.getString("input").getValue().equals(key)) {
                throw refused("is of another input");
            }
            return new Counts(number(state, "rows"), number(state, "inserted"), number(state, "replaced"),
                    number(state, "skipped"), number(state, "errors"));
        }
    }

    private long number(BsonDocument state, String name) {
        if (!state.isNumber(name) || state.getNumber(name).longValue() < 0) {
            throw refused("is none of an import");
        }
        return state.getNumber(name).longValue();
    }

    private RowException refused(String what) {
        return new RowException("expected the state of this import in " + file + ", which " + what + ", found another",
                1, 1,
                0, null);
    }

    void save(Counts counts) {
        try (AtomicFile target = new AtomicFile(host, file, true); GrowableBuffer buffer = new GrowableBuffer()) {
            BsonWriter writer = new BsonWriter().wrap(buffer).startDocument();
            writer.name("input").string(key);
            writer.name("rows").int64(counts.rows()).name("inserted").int64(counts.inserted());
            writer.name("replaced").int64(counts.replaced()).name("skipped").int64(counts.skipped());
            writer.name("errors").int64(counts.errors()).endDocument();
            JsonWriter json = new JsonWriter(JsonStyle.RELAXED);
            json.append(new BsonView().wrap(buffer));
            byte[] utf8 = (json + "\n").getBytes(StandardCharsets.UTF_8);
            target.write(utf8, 0, utf8.length);
            target.commit();
        }
    }

    void remove() {
        if (host.files().exists(file)) {
            host.files().unlink(file);
        }
    }
}
