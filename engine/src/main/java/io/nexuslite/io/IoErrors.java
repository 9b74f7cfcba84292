package io.nexuslite.io;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

import io.nexuslite.error.IoFailedException;
import io.nexuslite.error.StorageFullException;

/** Builds the exceptions of this package, off the hot callers' path. */
final class IoErrors {
    /** Position of a call that has none. */
    static final long NO_POSITION = -1;

    private IoErrors() {
    }

    /** A refused call other than a flush: a full disk has a class of its own. */
    static IoFailedException failed(String operation, int errno, Path file, long position, String detail) {
        return Errno.isStorageFull(errno)
                ? new StorageFullException(operation, errno, file.toString(), position, detail)
                : failedFlush(operation, errno, file, position, detail);
    }

    /**
     * A refused flush. Never a {@link StorageFullException}, whatever the number: who sees that one goes on, and after a failed
     * flush nobody may.
     */
    static IoFailedException failedFlush(String operation, int errno, Path file, long position, String detail) {
        return new IoFailedException(operation, errno, file.toString(), position, detail, null);
    }

    static IoFailedException failed(String operation, Path file, long position, IOException cause) {
        int errno = errnoOf(cause);
        if (Errno.isStorageFull(errno)) {
            StorageFullException full = new StorageFullException(operation, errno, file.toString(), position,
                    reasonOf(cause));
            full.addSuppressed(cause); // the class takes no cause
            return full;
        }
        return failedFlush(operation, file, position, cause);
    }

    static IoFailedException failedFlush(String operation, Path file, long position, IOException cause) {
        return new IoFailedException(operation, errnoOf(cause), file.toString(), position, reasonOf(cause), cause);
    }

    static IoFailedException openForReadingOnly(String operation, Path file, long position) {
        return failedFlush(operation, Errno.EBADF, file, position, "file is open for reading only");
    }

    static IoFailedException closed(String operation, Path file, long position) {
        return failedFlush(operation, Errno.EBADF, file, position, "file is closed");
    }

    /** {@code IOException}s hide the error number: read it from the class, and a full disk from the system's words. */
    private static int errnoOf(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return Errno.ENOENT;
        } else if (cause instanceof FileAlreadyExistsException) {
            return Errno.EEXIST;
        } else if (cause instanceof AccessDeniedException) {
            return Errno.EACCES;
        } else if (cause instanceof NotDirectoryException) {
            return Errno.ENOTDIR;
        } else if (cause instanceof ClosedChannelException) {
            return Errno.EBADF;
        }
        return saysStorageFull(reasonOf(cause)) ? Errno.ENOSPC : Errno.UNKNOWN;
    }

    private static boolean saysStorageFull(String reason) {
        String words = reason.toLowerCase(Locale.ROOT);
        return words.contains("no space left") || words.contains("not enough space") || words.contains("quota exceeded")
                || words.contains("file too large");
    }

    private static String reasonOf(IOException cause) {
        String reason = cause instanceof FileSystemException failure && failure.getReason() != null
                ? failure.getReason()
                : cause.getMessage();
        if (cause instanceof NoSuchFileException) {
            return "no such file or directory";
        } else if (cause instanceof FileAlreadyExistsException) {
            return "file exists";
        } else if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        return reason == null ? cause.getClass().getSimpleName() : reason;
    }
}
