package io.nexuslite.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A directory for one store's files, gone when it is closed. It lies below {@code -Dnexuslite.benchmark.directory}, by default
 * {@code target/benchmark} below the current directory: it has to be on a real disk, or durable writes measure nothing.
 */
final class Workspace implements AutoCloseable {
    private static final String DIRECTORY = System.getProperty("nexuslite.benchmark.directory", "target/benchmark");

    private final Path directory;

    Workspace() {
        try {
            Path parent = Files.createDirectories(Path.of(DIRECTORY).toAbsolutePath());
            directory = Files.createTempDirectory(parent, "store-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path directory() {
        return directory;
    }

    /** Refuses a directory that lies in memory. */
    void requireDisk() {
        try {
            String type = Files.getFileStore(directory).type();
            if (type.equals("tmpfs") || type.equals("ramfs")) {
                throw new IllegalStateException(directory + " is a " + type
                        + ": name a directory on a disk with -Dnexuslite.benchmark.directory");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes of all files. */
    long byteCount() {
        try (var files = Files.walk(directory)) {
            long bytes = 0;
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.isRegularFile(file)) {
                    bytes += Files.size(file);
                }
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes all files and keeps the directory. */
    void clear() {
        delete(false);
    }

    private void delete(boolean all) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    if (all || !visited.equals(directory)) {
                        Files.delete(visited);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        delete(true);
    }
}
