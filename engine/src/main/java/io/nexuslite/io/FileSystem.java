package io.nexuslite.io;

import java.nio.file.Path;

/**
 * Files and directories by name. All methods may be called by any thread.
 *
 * <p>A change of a directory (create, unlink, rename) is durable only after {@link #syncDirectory} of that directory.
 * Failures are {@link io.nexuslite.error.IoFailedException}s.
 */
public interface FileSystem {
    /** Opens a file; the caller closes it. A created file has mode 0600. */
    StoreFile open(Path file, OpenMode mode);

    boolean exists(Path file);

    /** Removes a name. The file must exist. */
    void unlink(Path file);

    /** Gives {@code source} the name {@code target}, replacing what had it, in one step. */
    void rename(Path source, Path target);

    /** Makes all earlier changes of the directory durable. */
    void syncDirectory(Path directory);
}
