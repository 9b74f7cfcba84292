package io.nexuslite.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The folder of a quickstart: made if it is missing, emptied if it holds the files of an earlier one, else left alone. */
final class QuickstartFolder {
    private static final String SOURCE = "characters.ndjson";
    private static final String DATABASE = "unicode.nxl";
    private static final String LOG = "unicode.wasp";
    private static final String EXPORT = "export.ndjson";
    private static final Set<String> OWN = Set.of(SOURCE, DATABASE, LOG, EXPORT);

    private final Path folder;

    private QuickstartFolder(Path folder) {
        this.folder = folder;
    }

    /** @throws RefusedException if the folder holds anything that is not a quickstart's */
    static QuickstartFolder fresh(Path folder) {
        try {
            Files.createDirectories(folder);
            try (Stream<Path> listed = Files.list(folder)) {
                List<Path> files = listed.toList();
                for (Path file : files) {
                    if (!OWN.contains(file.getFileName().toString())) {
                        throw new RefusedException("the folder " + folder + " holds " + file.getFileName()
                                + ", which is not a quickstart's; name an empty one with --output");
                    }
                }
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            return new QuickstartFolder(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path source() {
        return folder.resolve(SOURCE);
    }

    Path database() {
        return folder.resolve(DATABASE);
    }

    Path log() {
        return folder.resolve(LOG);
    }

    Path export() {
        return folder.resolve(EXPORT);
    }
}
