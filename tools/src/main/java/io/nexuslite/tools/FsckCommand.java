package io.nexuslite.tools;

import io.nexuslite.check.CheckCounts;
import io.nexuslite.check.CheckFinding;
import io.nexuslite.check.CheckOptions;
import io.nexuslite.check.CheckProgress;
import io.nexuslite.check.CheckReport;
import io.nexuslite.check.DumpTarget;
import io.nexuslite.check.FileCheck;
import io.nexuslite.check.PageDump;
import io.nexuslite.io.Hosts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks the files of a database. */
@Command(name = "fsck", sortOptions = false, description = "Check every byte in use, and the accounts of space; writes nothing. Exit code 4 if there is damage.")
final class FsckCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "Database file; the same as --db.")
    private Path file;
    @Option(names = {"-d",
            "--db"}, paramLabel = "FILE", defaultValue = "${env:NEXUSLITE_DB}", description = "Database file, such as shop.nxl. Default: environment variable NEXUSLITE_DB.")
    private Path database;
    @Option(names = "--findings-max", paramLabel = "N", defaultValue = "1000", description = "Most findings to show; the others are counted. Default: ${DEFAULT-VALUE}.")
    private int findingsMax;
    @Option(names = "--dump", paramLabel = "WHAT", description = "Show a part instead, field by field, as its bytes are: a page number, identity, identity2, slot:N, owner, log or "
            + "group:POSITION.")
    private String dump;
    @Option(names = "--contents", description = "With --dump: also keys, names and values of documents.")
    private boolean contents;
    @Mixin
    private CommonFlags common;

    FsckCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Path given = file == null ? database : file;
        if (given == null || findingsMax < 1) {
            throw new UsageException(given == null ? "fsck needs a database file" : "--findings-max must be at least 1",
                    null);
        }
        if (dump != null) {
            dump(given);
            return ExitCode.DONE;
        }
        CheckReport report;
        long start = System.nanoTime();
        try (Progress progress = new Progress(console, "fsck", 100)) {
            report = check(given, findingsMax,
                    (_, read, expected) -> progress.update(read * 100 / Math.max(expected, 1), read >> 20));
        }
        if (report.failure() != null && report.damages() == 0) {
            throw report.failure();
        }
        if (common.json) {
            console.out().println(json(report).toJson());
        } else {
            report.findings().forEach(console.out()::println);
            console.out().println(summary(report, System.nanoTime() - start));
        }
        return report.exitCode();
    }

    private void dump(Path given) {
        DumpTarget target;
        try {
            target = DumpTarget.parse(dump);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--dump: " + e.getMessage(), e);
        }
        PageDump.dump(Hosts.platform(), fileOf(given), target, contents, console.out()::println);
    }

    /** The file given, or the one with {@code .nxl} behind its name where that is meant. */
    private static Path fileOf(Path given) {
        Path suffixed = given.resolveSibling(given.getFileName() + ".nxl");
        return !Files.exists(given) && Files.exists(suffixed) ? suffixed : given;
    }

    /** The check behind the command. */
    static CheckReport check(Path given, int findingsMax, CheckProgress progress) {
        return FileCheck.check(Hosts.platform(), fileOf(given), CheckOptions.DEFAULT.withFindingsMax(findingsMax),
                progress);
    }

    static String summary(CheckReport report, long nanos) {
        CheckCounts counts = report.counts();
        String result = report.damages() > 0
                ? "damaged: " + report.damages() + " findings of damage; restore a backup, or salvage what is readable"
                : report.findings().isEmpty() ? "clean" : "clean, with " + report.findings().size() + " remarks";
        if (report.findingsLeftOut() > 0) {
            result += " (" + report.findingsLeftOut() + " findings not shown)";
        }
        return String.format(Locale.ROOT,
                "%s: %,d documents in %d trees, %,d pages, manifest %d%s; %.1f MB read in %.0f ms", result,
                counts.documents(), counts.trees(), counts.filePages(), counts.manifestNumber(),
                counts.logPresent() ? ", a log with " + counts.logTransactions() + " transactions to replay" : "",
                counts.bytesRead() / 1e6, nanos / 1e6);
    }

    private static BsonDocument json(CheckReport report) {
        BsonArray findings = new BsonArray();
        for (CheckFinding finding : report.findings()) {
            findings.add(new BsonDocument("severity", new BsonString(finding.severity().name()))
                    .append("file", new BsonString(finding.file()))
                    .append("position", new BsonInt64(finding.position()))
                    .append("object", new BsonString(finding.object())).append("what", new BsonString(finding.what())));
        }
        return new BsonDocument("clean", BsonBoolean.valueOf(report.exitCode() == ExitCode.DONE))
                .append("exitCode", new BsonInt32(report.exitCode())).append("damages", new BsonInt64(report.damages()))
                .append("findings", findings).append("findingsLeftOut", new BsonInt64(report.findingsLeftOut()))
                .append("counts", json(report.counts()));
    }

    private static BsonDocument json(CheckCounts counts) {
        return new BsonDocument("databaseId", new BsonString(String.valueOf(counts.databaseId())))
                .append("pageSize", new BsonInt32(counts.pageSize()))
                .append("manifestNumber", new BsonInt64(counts.manifestNumber()))
                .append("cleanClose", BsonBoolean.valueOf(counts.clean()))
                .append("checkpointCommit", new BsonInt64(counts.checkpointCsn()))
                .append("trees", new BsonInt64(counts.trees())).append("documents", new BsonInt64(counts.documents()))
                .append("ephemeralDocuments", new BsonInt64(counts.ephemeralDocuments()))
                .append("records", new BsonInt64(counts.records()))
                .append("treePages", new BsonInt64(counts.treePages()))
                .append("extentPages", new BsonInt64(counts.extentPages()))
                .append("freePages", new BsonInt64(counts.freePages()))
                .append("pendingPages", new BsonInt64(counts.pendingPages()))
                .append("reservePages", new BsonInt64(counts.reservePages()))
                .append("filePages", new BsonInt64(counts.filePages()))
                .append("logPresent", BsonBoolean.valueOf(counts.logPresent()))
                .append("logGroups", new BsonInt64(counts.logGroups()))
                .append("logTransactions", new BsonInt64(counts.logTransactions()))
                .append("logLastCommit", new BsonInt64(counts.logLastCsn()))
                .append("bytesRead", new BsonInt64(counts.bytesRead()));
    }
}
