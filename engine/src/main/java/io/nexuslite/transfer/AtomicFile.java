package io.nexuslite.transfer;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.IoFailedException;
import io.nexuslite.error.NexusLiteException;
import io.nexuslite.io.Host;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * A file that appears whole and durable, or not at all.
 *
 * <p>Bytes go to a file of a random name beside the target, which must not exist, so that nobody can have planted a link there;
 * {@link #commit} makes them durable, gives it the target's permissions if there is a target, renames it, and makes the name
 * durable. A target that is a symbolic link is itself replaced, never what it points to. One thread at a time.
 */
final class AtomicFile implements AutoCloseable {
    private static final int BUFFER_SIZE = 256 * 1024;
    private static final int EEXIST = 17;

    private final Host host;
    private final Path target;
    private final Path directory;
    private final Path temporary;
    private final boolean replace;
    private final GrowableBuffer buffer = new GrowableBuffer(BUFFER_SIZE, BUFFER_SIZE);
    private StoreFile file;
    private long position;
    private boolean done;

    AtomicFile(Host host, Path target, boolean replace) {
        this.host = host;
        this.target = target.toAbsolutePath();
        this.replace = replace;
        directory = this.target.getParent();
        if (directory == null) {
            throw new IllegalArgumentException("Expected a file, found " + target);
        }
        host.entropy(buffer.memory(), 0, Long.BYTES);
        temporary = directory.resolve("." + this.target.getFileName() + "."
                + Long.toHexString(buffer.memory().get(BsonRow.LONG, 0)) + ".tmp");
        try {
            refuseExisting();
            file = host.files().open(temporary, OpenMode.CREATE_NEW);
        } catch (RuntimeException e) {
            buffer.close();
            throw e;
        }
    }

    /** Bytes written so far. */
    long bytes() {
        return position + buffer.length();
    }

    void write(byte[] source, int offset, int length) {
        int at = offset;
        int rest = length;
        while (rest > 0) {
            int part = Math.min(rest, BUFFER_SIZE - buffer.length());
            buffer.append(source, at, part);
            at += part;
            rest -= part;
            if (buffer.length() == BUFFER_SIZE) {
                drain();
            }
        }
    }

    /** Gives the file its name. If that fails, the target is what it was, unless only the last step failed. */
    void commit() {
        drain();
        file.sync();
        keepPermissions();
        StoreFile written = file;
        file = null;
        written.close();
        refuseExisting();
        host.files().rename(temporary, target);
        done = true;
        host.files().syncDirectory(directory);
    }

    /** Lets go of everything; without a {@link #commit} the bytes are gone. Idempotent. */
    @Override
    public void close() {
        buffer.close();
        boolean unlink = !done;
        done = true;
        StoreFile open = file;
        file = null;
        try {
            if (open != null) {
                open.close();
            }
        } finally {
            if (unlink) {
                host.files().unlink(temporary);
            }
        }
    }

    /** As {@link #close}, on the way out with another failure, which keeps what goes wrong here. */
    void closeAfter(Throwable failure) {
        try {
            close();
        } catch (NexusLiteException e) {
            failure.addSuppressed(e);
        }
    }

    private void drain() {
        if (buffer.length() > 0) {
            file.write(position, buffer.memory(), 0, buffer.length());
            position += buffer.length();
            buffer.reset();
        }
    }

    private void refuseExisting() {
        if (!replace && host.files().exists(target)) {
            throw new IoFailedException("create", EEXIST, target.toString(), -1, "the file exists", null);
        }
    }

    private void keepPermissions() {
        PosixFileAttributeView from = view(target);
        PosixFileAttributeView to = view(temporary);
        if (from == null || to == null || !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Set<PosixFilePermission> permissions = from.readAttributes().permissions();
            to.setPermissions(permissions);
        } catch (IOException e) {
            throw new IoFailedException("chmod", 0, temporary.toString(), -1, String.valueOf(e.getMessage()), e);
        }
    }

    private static PosixFileAttributeView view(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }
}
