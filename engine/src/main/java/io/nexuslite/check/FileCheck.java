package io.nexuslite.check;

import io.nexuslite.error.DatabaseLockedException;
import io.nexuslite.error.IncompatibleFormatException;
import io.nexuslite.error.NexusLiteException;
import io.nexuslite.format.FileLayout;
import io.nexuslite.io.Host;
import io.nexuslite.io.LockMode;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import io.nexuslite.memory.NativeBuffer;
import java.nio.file.Path;

/**
 * Checks the files of a database, byte by byte as far as they are in use, and writes nothing.
 *
 * <p>Order: identity, manifest slots, the log's header and witnesses, the trees from the newest manifest down, what of the log would be
 * replayed, the account of pages, documents with an expiry against their list. Each step bounds what the next one believes.
 *
 * <p>Reads at most {@value #READS_MAX} times the bytes of both files (a database so large that it is accounted for in parts: once more for
 * each part), and takes at most {@link CheckOptions#MEMORY_BYTES_MAX} bytes of memory outside the heap, however large or hostile they are.
 */
public final class FileCheck {
    private static final int READS_MAX = 4;

    private final CheckOptions options;
    private final Findings findings;
    private final ReadBudget budget;
    private final CheckCounts counts = new CheckCounts();

    private FileCheck(CheckOptions options, CheckProgress progress) {
        this.options = options;
        findings = new Findings(options.findingsMax());
        budget = new ReadBudget(progress);
    }

    /**
     * Checks a database. Holds its shared lock meanwhile; may take as long as reading the files does.
     *
     * @param database the {@code .nxl} file; its log is looked for beside it
     * @param progress told in the calling thread; what it throws ends the check and reaches the caller
     * @return what was found. If the check could not run (no such file, locked by its writer, unknown format), the report says why; no
     *     exception is thrown for that
     */
    public static CheckReport check(Host host, Path database, CheckOptions options, CheckProgress progress) {
        FileCheck check = new FileCheck(options, progress);
        NexusLiteException failure = null;
        try {
            check.open(host, database);
        } catch (ReadBudget.SpentException e) {
            check.findings.damage(database.getFileName().toString(), 0, "check", "stopped: " + e.getMessage()
                    + "; something is named again and again");
        } catch (NexusLiteException e) {
            failure = e;
        }
        check.counts.bytesRead = check.budget.bytesRead();
        return new CheckReport(check.findings.kept(), check.findings.leftOut(), check.findings.damages(), failure,
                check.counts);
    }

    /** Path of the log beside a database: with {@code .wasp} in place of {@code .nxl}, or behind a name without that. */
    static Path logBeside(Path database) {
        String name = database.getFileName().toString();
        String stem = name.endsWith(FileLayout.DATABASE_SUFFIX)
                ? name.substring(0, name.length() - FileLayout.DATABASE_SUFFIX.length())
                : name;
        return database.resolveSibling(stem + FileLayout.LOG_SUFFIX);
    }

    private void open(Host host, Path database) {
        try (StoreFile file = host.files().open(database, OpenMode.READ)) {
            if (!file.tryLock(LockMode.SHARED)) {
                throw lockedBy(file, database);
            }
            Path logPath = logBeside(database);
            if (!host.files().exists(logPath)) {
                run(new CheckedFile(file, database.getFileName().toString(), budget, findings), null);
                return;
            }
            try (StoreFile log = host.files().open(logPath, OpenMode.READ)) {
                run(new CheckedFile(file, database.getFileName().toString(), budget, findings),
                        new CheckedFile(log, logPath.getFileName().toString(), budget, findings));
            }
        }
    }

    private static DatabaseLockedException lockedBy(StoreFile file, Path database) {
        try (NativeBuffer buffer = new NativeBuffer(FileLayout.BLOCK_SIZE)) {
            Owner owner = Owner.read(file, buffer.memory());
            return new DatabaseLockedException(database.toString(), owner.processId(), owner.host(),
                    owner.startMillis());
        }
    }

    private void run(CheckedFile file, CheckedFile log) {
        long bytes = file.size() + (log == null ? 0 : log.size());
        budget.limit(READS_MAX * bytes, bytes);
        budget.phase("head");
        counts.logPresent = log != null;
        IdentityCheck.Facts identity;
        Manifest manifest;
        try (NativeBuffer blocks = new NativeBuffer(2L * FileLayout.BLOCK_SIZE)) {
            IdentityCheck identities = new IdentityCheck(file, blocks.memory());
            identity = identities.check();
            if (identity == null) {
                refuseOthers(file, identities);
                return;
            }
            counts.databaseId = identity.uuid();
            counts.pageSize = identity.pageSize();
            manifest = new ManifestCheck(file, identity, blocks.memory()).check(log != null);
        }
        if (manifest == null) {
            return;
        }
        counts.manifestNumber = manifest.number();
        counts.clean = manifest.isClean();
        counts.checkpointCsn = manifest.checkpointCsn();
        counts.filePages = manifest.filePages();
        walk(file, log, identity, manifest);
    }

    private void walk(CheckedFile file, CheckedFile log, IdentityCheck.Facts identity, Manifest manifest) {
        int pageSize = identity.pageSize();
        long firstPage = FileLayout.PAGES_POSITION / pageSize;
        try (PageAccount account = new PageAccount(firstPage, CheckScope.endPage(file, pageSize, manifest),
                options.accountBytesMax());
                CheckScope scope = new CheckScope(file, pageSize, manifest, counts, account);
                DatabaseWalk walk = new DatabaseWalk(scope, budget)) {
            long bytes = file.size() + (log == null ? 0 : log.size());
            budget.limit((READS_MAX - 1 + account.windows()) * bytes, account.windows() * bytes);
            if (log == null) {
                walk.run((pages, first) -> {
                });
                return;
            }
            try (LogCheck logCheck = new LogCheck(scope, log, identity, budget, options.accountBytesMax())) {
                logCheck.scan();
                walk.run(logCheck);
            }
        }
    }

    /** A file that shows no sign of ever having been a database is none, rather than a damaged one. */
    private void refuseOthers(CheckedFile file, IdentityCheck identities) {
        if (identities.anyMagic() || anyManifest(file)) {
            file.damage(FileLayout.IDENTITY_POSITION, "identity",
                    "expected a readable copy, found none; nothing else can be checked");
            return;
        }
        findings.forget();
        throw new IncompatibleFormatException("Not a NexusLite database: expected its magic, found none",
                file.name());
    }

    private static boolean anyManifest(CheckedFile file) {
        try (NativeBuffer buffer = new NativeBuffer(FileLayout.BLOCK_SIZE)) {
            for (int slot = 0; slot < FileLayout.MANIFEST_SLOTS; slot++) {
                if (file.readOrWhy(FileLayout.manifestPosition(slot), buffer.memory(), 0,
                        FileLayout.BLOCK_SIZE) == null && ManifestCheck.hasMagic(buffer.memory())) {
                    return true;
                }
            }
        }
        return false;
    }
}
