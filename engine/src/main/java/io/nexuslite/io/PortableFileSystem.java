package io.nexuslite.io;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/** Files of the machine through the JDK alone. */
final class PortableFileSystem implements FileSystem {
    private static final FileAttribute<?>[] NO_ATTRIBUTES = {};
    private static final FileAttribute<?>[] OWNER_ONLY = {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))};
    /** On Windows the channel keeps its own threads busy with the executor, so it must not be the caller's. */
    private static final ExecutorService EXECUTOR = Platform.WINDOWS ? null : CallerRuns.INSTANCE;

    @Override
    public StoreFile open(Path file, OpenMode mode) {
        Arguments.checkDefault(file);
        Set<? extends OpenOption> options = switch (mode) {
            case READ -> Set.of(StandardOpenOption.READ);
            case READ_WRITE -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
            case CREATE_NEW -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        };
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = mode == OpenMode.CREATE_NEW && posix ? OWNER_ONLY : NO_ATTRIBUTES;
        try {
            AsynchronousFileChannel channel = AsynchronousFileChannel.open(file, options, EXECUTOR, attributes);
            return new PortableFile(file, channel, mode == OpenMode.READ, OpenFiles.enter(identityOf(file, channel)));
        } catch (IOException e) {
            throw IoErrors.failed("open", file, IoErrors.NO_POSITION, e);
        }
    }

    private static Object identityOf(Path file, AsynchronousFileChannel channel) throws IOException {
        try {
            Object inode = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return inode != null ? inode : file.toRealPath();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public boolean exists(Path file) {
        try {
            Files.readAttributes(file, BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null && Files.exists(parent) && !Files.isDirectory(parent)) {
                return false;
            }
            throw IoErrors.failed("stat", file, IoErrors.NO_POSITION, e); // unreadable is not absent
        }
    }

    @Override
    public void unlink(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw IoErrors.failed("unlink", file, IoErrors.NO_POSITION, e);
        }
    }

    @Override
    public void rename(Path source, Path target) {
        try {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw IoErrors.failed("rename", source, IoErrors.NO_POSITION, e);
        }
    }

    /** Windows has no such call; its file systems keep their directories in order by themselves. */
    @Override
    public void syncDirectory(Path directory) {
        if (Platform.WINDOWS) {
            return;
        }
        try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(directory, Set.of(StandardOpenOption.READ),
                EXECUTOR)) {
            channel.force(true);
        } catch (IOException e) {
            throw IoErrors.failedFlush("force", directory, IoErrors.NO_POSITION, e);
        }
    }
}
