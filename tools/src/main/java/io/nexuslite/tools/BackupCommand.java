package io.nexuslite.tools;

import io.nexuslite.Database;
import io.nexuslite.check.CheckReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Copies a database into one file that is whole, checked and durable before it gets its name.
 *
 * <p>What a crash left in the log is brought into the database file first; then the file is held open for reading, so that nobody
 * writes to it, and copied byte by byte: documents keep their instants, versions, tags and expiry.
 */
@Command(name = "backup", description = "Copy the database, as it is now, into one file that is checked before it appears.", sortOptions = false)
final class BackupCommand implements Callable<Integer> {
    private static final int PART = 8 << 20;

    private final Console console;

    @Parameters(paramLabel = "FILE", description = "The copy, such as shop-monday.nxl.")
    private Path target;
    @Mixin
    private DatabaseFlags database;
    @Option(names = "--force", description = "Replace a file that is there.")
    private boolean force;
    @Mixin
    private CommonFlags common;

    BackupCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (!force && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        if (Files.exists(target) && Files.isSameFile(target, database.existingFile())) {
            throw new UsageException("the copy and the database are the same file", null);
        }
        if (Files.exists(database.logFile()) && !database.readOnly) {
            database.openToChange().close(); // brings the log into the file
        }
        Path temporary = target.toAbsolutePath()
                .resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try (Database _ = database.openToRead()) {
            if (Files.exists(database.logFile())) {
                throw new RefusedException("the database has a log that is not in its file yet: " + database.logFile());
            }
            copy(database.existingFile(), temporary);
            CheckReport report = FsckCommand.check(temporary, 1, (_, _, _) -> {
            });
            if (report.exitCode() != ExitCode.DONE) {
                throw new RefusedException("the copy is damaged, as the database may be: run nexuslite fsck ("
                        + report.damages() + " findings)");
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncDirectory(target.toAbsolutePath().getParent());
        } finally {
            Files.deleteIfExists(temporary);
        }
        long bytes = Files.size(target);
        console.out().println(common.json
                ? new BsonDocument("backup", new BsonString(target.toString())).append("bytes", new BsonInt64(bytes))
                        .toJson()
                : "backup " + target + ", " + bytes + " bytes, checked");
        return ExitCode.DONE;
    }

    /** Copies the file, which is held open meanwhile, so that it stays as it is. */
    private void copy(Path source, Path temporary) throws IOException {
        Set<StandardOpenOption> create = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        boolean posix = Files.getFileStore(temporary.getParent()).supportsFileAttributeView("posix");
        try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ);
                FileChannel to = posix
                        ? FileChannel.open(temporary, create, PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))
                        : FileChannel.open(temporary, create);
                Progress progress = new Progress(console, "backup", from.size())) {
            long size = from.size();
            for (long position = 0; position < size;) {
                position += from.transferTo(position, Math.min(PART, size - position), to);
                progress.update(position, position >> 20);
            }
            to.force(true);
        }
    }

    private static void syncDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows opens no directory, and makes a name durable by itself
            if (!System.getProperty("os.name").startsWith("Windows")) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
