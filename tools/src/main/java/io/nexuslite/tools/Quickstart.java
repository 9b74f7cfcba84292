package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.NexusLite;
import io.nexuslite.ReadableCollection;
import io.nexuslite.check.CheckProgress;
import io.nexuslite.check.CheckReport;
import io.nexuslite.transfer.DocumentSource;
import io.nexuslite.transfer.ImportOptions;
import io.nexuslite.transfer.ImportReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.Character.UnicodeScript;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * The whole life of a database in a few seconds: documents are made, imported, queried; a process that writes is killed and
 * its promises are counted; documents are exported, compared, and the file is checked. Each step states what it did and at which rate, and
 * fails with {@link RefusedException} where it found anything else than what the JDK itself says about its characters.
 */
final class Quickstart {
    static final String COLLECTION = "characters";
    private static final int RANGE_LOW = 1_000;
    private static final int RANGE_HIGH = 100_000;
    private static final int SHOWN = 5;

    private final Console console;
    private final QuickstartFolder folder;
    private final int[] characters;
    private final long seed;
    private final boolean quiet;
    private final List<Step> steps = new ArrayList<>();

    /**
     * @param name what was done
     * @param nanos how long it took
     * @param perSecond things a second while it worked on them
     * @param count how many things of
     * @param unit this kind
     * @param detail what is worth knowing beside it
     */
    record Step(String name, long nanos, long count, String unit, double perSecond, String detail) {
    }

    /**
     * What a step did, before its time is known.
     *
     * @param workNanos how long it worked on what it counts; 0 for all its time
     */
    private record Done(long count, String unit, String detail, long workNanos) {
        Done(long count, String unit, String detail) {
            this(count, unit, detail, 0);
        }
    }

    /**
     * @param characterLimit how many characters, from the first; 0 for all
     * @param seed of the crash
     * @param quiet whether to keep the steps for the caller alone
     */
    Quickstart(Console console, QuickstartFolder folder, int characterLimit, long seed, boolean quiet) {
        this.console = console;
        this.folder = folder;
        characters = UnicodeCharacters.assigned().limit(characterLimit == 0 ? Integer.MAX_VALUE : characterLimit)
                .toArray();
        this.seed = seed;
        this.quiet = quiet;
    }

    /** Takes all steps in order; returns what each did. */
    List<Step> run() {
        step("generate", this::generate);
        step("import", this::importAll);
        try (Database database = NexusLite.open(folder.database())) {
            ReadableCollection<RawBsonDocument> documents = DatabaseFlags.raw(database, COLLECTION);
            step("query by id", () -> byId(documents));
            step("query by script and category", () -> byScript(documents));
            step("query by range, sorted", () -> byRange(documents));
        }
        step("write, be killed, recover", this::crash);
        step("export and compare", this::export);
        step("fsck", this::check);
        return steps;
    }

    private void step(String name, Supplier<Done> action) {
        long start = System.nanoTime();
        Done done = action.get();
        long nanos = System.nanoTime() - start;
        double perSecond = done.count() * 1e9 / Math.max(done.workNanos() == 0 ? nanos : done.workNanos(), 1);
        Step step = new Step(name, nanos, done.count(), done.unit(), perSecond, done.detail());
        steps.add(step);
        if (!quiet) {
            console.out().printf(Locale.ROOT, "%-30s %8.1f ms  %,9d %-10s %,11.0f/s  %s%n", step.name(),
                    step.nanos() / 1e6,
                    step.count(), step.unit(), step.perSecond(), step.detail());
        }
    }

    private Done generate() {
        OutputFlags flags = new OutputFlags();
        flags.output = folder.source();
        try (DocumentSource source = new MadeSource(characters.length,
                i -> UnicodeCharacters.document(characters[i]))) {
            Exporter.export(source, console, flags, "generate", characters.length);
        }
        return new Done(characters.length, "documents", bytes(folder.source()) + " of NDJSON: " + folder.source());
    }

    private Done importAll() {
        try (Importer importer = Importer.fromFile(folder.source(), null, ImportOptions.DEFAULT, console);
                Database database = NexusLite.open(folder.database())) {
            ImportReport report = importer.into(database, COLLECTION);
            require(report.rows(), "rows read", (long) characters.length);
            require(report.inserted(), "documents inserted", (long) characters.length);
        }
        require(Files.exists(folder.log()), "a log beside the file after a clean close", false);
        return new Done(characters.length, "documents",
                bytes(folder.database()) + " in one file: " + folder.database());
    }

    private Done byId(ReadableCollection<RawBsonDocument> documents) {
        int[] sample = new Random(seed).ints(1_000, 0, characters.length).map(i -> characters[i]).toArray();
        for (int codePoint : sample) {
            require(documents.findById(codePoint).map(BsonDocument.class::cast), "document of character " + codePoint,
                    Optional.of(UnicodeCharacters.document(codePoint)));
        }
        int shown = sample[0];
        return new Done(sample.length, "documents", "{_id: " + shown + "} is "
                + documents.findById(shown).orElseThrow().getString("name").getValue());
    }

    private Done byScript(ReadableCollection<RawBsonDocument> documents) {
        Bson filter = new BsonDocument("script", new BsonString("GREEK")).append("category", new BsonString("Lu"));
        List<Integer> expected = IntStream.of(characters)
                .filter(c -> UnicodeScript.of(c) == UnicodeScript.GREEK
                        && Character.getType(c) == Character.UPPERCASE_LETTER)
                .boxed()
                .toList();
        List<RawBsonDocument> found = documents.find(filter).toList();
        require(idsOf(found), "Greek capital letters", expected);
        return new Done(characters.length, "looked at", filter + " finds " + found.size() + ": " + textsOf(found));
    }

    private Done byRange(ReadableCollection<RawBsonDocument> documents) {
        Bson filter = new BsonDocument("numericValue",
                new BsonDocument("$gte", new BsonInt32(RANGE_LOW)).append("$lt", new BsonInt32(RANGE_HIGH)));
        Bson sort = new BsonDocument("numericValue", new BsonInt32(-1)).append("_id", new BsonInt32(1));
        List<Integer> expected = IntStream.of(characters).boxed()
                .filter(c -> Character.getNumericValue(c) >= RANGE_LOW && Character.getNumericValue(c) < RANGE_HIGH)
                .sorted(Comparator.<Integer>comparingInt(c -> -Character.getNumericValue(c)).thenComparingInt(c -> c))
                .limit(SHOWN).toList();
        List<RawBsonDocument> found = documents.find(filter).sort(sort).limit(SHOWN).toList();
        require(idsOf(found), "characters by numeric value", expected);
        return new Done(characters.length, "looked at",
                filter + " sorted by " + sort + ", first " + SHOWN + ": " + textsOf(found));
    }

    private Done crash() {
        CrashTrial.Result result = new CrashTrial(folder.database(), seed).run();
        return new Done(result.acknowledged(), "durable", String.format(Locale.ROOT,
                "killed after %.0f ms of load; reopened in %.1f ms: all %,d acknowledged documents are there, %d was on its way, none invented",
                result.loadNanos() / 1e6, result.openNanos() / 1e6, result.acknowledged(),
                result.found() - result.acknowledged()), result.loadNanos());
    }

    private Done export() {
        OutputFlags flags = new OutputFlags();
        flags.output = folder.export();
        try (Database database = NexusLite.open(folder.database());
                DocumentSource source = DatabaseFlags.raw(database, COLLECTION).find().source()) {
            long count = Exporter.export(source, console, flags, "export", characters.length).rows();
            require(count, "exported documents", (long) characters.length);
            long mismatch = Files.mismatch(folder.source(), folder.export());
            require(mismatch, "first byte where the export differs from the import", -1L);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Done(characters.length, "documents", "byte for byte what was imported: " + folder.export());
    }

    private Done check() {
        long start = System.nanoTime();
        CheckReport report = FsckCommand.check(folder.database(), SHOWN, CheckProgress.NONE);
        if (report.failure() != null) {
            throw report.failure();
        }
        require(report.findings(), "findings of fsck", List.of());
        return new Done(report.counts().filePages(), "pages", FsckCommand.summary(report, System.nanoTime() - start));
    }

    private static void require(Object found, String what, Object expected) {
        if (!Objects.equals(found, expected)) {
            throw new RefusedException(what + ": expected " + expected + ", found " + found);
        }
    }

    private static List<Integer> idsOf(List<RawBsonDocument> documents) {
        return documents.stream().map(document -> document.getInt32("_id").getValue()).toList();
    }

    private static String textsOf(List<RawBsonDocument> documents) {
        return documents.stream().limit(SHOWN).map(document -> document.getString("text").getValue())
                .collect(Collectors.joining(" "));
    }

    private static String bytes(Path file) {
        try {
            return String.format(Locale.ROOT, "%.1f MB", Files.size(file) / 1e6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
