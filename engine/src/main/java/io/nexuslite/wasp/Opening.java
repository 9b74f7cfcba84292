package io.nexuslite.wasp;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.IncompatibleFormatException;
import io.nexuslite.format.TreeTableLayout;
import io.nexuslite.io.Host;
import io.nexuslite.wasp.space.DatabaseFile;
import io.nexuslite.wasp.space.Manifest;
import java.nio.file.Path;

/**
 * Opens a database. Lock, identity, newest manifest; a log that lies beside it is finished before anything is served. Without one
 * nothing is written, and nothing is read whose length depends on the data.
 */
final class Opening {
    private Opening() {
    }

    static void create(Host host, Path path, EngineOptions options) {
        DatabaseFile.create(host, path, options.pageSize(), TreeTableLayout.FIRST_USER_TREE_ID);
    }

    static EngineState open(Host host, Path path, EngineOptions options) {
        DatabaseFile file = DatabaseFile.open(host, path, options.readOnly());
        EngineState state = null;
        try {
            if (file.identity().readOnly() && !options.readOnly()) {
                throw new IncompatibleFormatException("File uses features that this build can only read",
                        path.toString());
            }
            state = new EngineState(host, options, file);
            finishLog(state);
            if (!options.readOnly()) {
                file.writeOwner();
            }
            return state;
        } catch (Throwable failure) {
            closeAfter(failure, file);
            if (state != null) {
                closeAfter(failure, state);
            }
            throw failure;
        }
    }

    private static void finishLog(EngineState state) {
        Path log = EngineFiles.log(state.file().path());
        Manifest newest = state.manifests().newest();
        if (state.host().files().exists(log) && !(newest.clean() && EngineLie.SERVE_CLEAN_AT_ONCE.isTold())) {
            new Recovery(state, log).run();
        } else if (!newest.clean()) {
            throw CorruptionException
                    .of("The log is missing: manifest " + newest.number() + " says that it holds commits above "
                            + newest.checkpointCsn(), log.toString(), 0, "log");
        }
    }

    private static void closeAfter(Throwable failure, AutoCloseable thing) {
        try {
            thing.close();
        } catch (Exception suppressed) {
            failure.addSuppressed(suppressed);
        }
    }
}
