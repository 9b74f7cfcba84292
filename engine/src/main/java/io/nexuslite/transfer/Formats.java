package io.nexuslite.transfer;

import io.nexuslite.error.IoFailedException;
import io.nexuslite.io.Host;
import io.nexuslite.io.Hosts;
import io.nexuslite.io.OpenMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens files and streams as sources and sinks of documents. All methods may be called by any thread. */
public final class Formats {
    private static final int WINDOW_SIZE = 256 * 1024;

    private Formats() {
    }

    /**
     * Opens a file, or what else has a name and can be read, such as a pipe.
     *
     * @param format {@code null} to be detected
     * @throws IoFailedException if it cannot be opened or read
     * @throws io.nexuslite.error.RowException if no format is detected
     */
    public static DocumentSource open(Path file, Format format, ImportOptions options) {
        return open(Hosts.platform(), file, format, options);
    }

    static DocumentSource open(Host host, Path file, Format format, ImportOptions options) {
        Path name = file.getFileName();
        return open(stream(host, file), name == null ? "" : name.toString(), file.toString(), format, options);
    }

    /**
     * Reads a stream.
     *
     * @param stream closed by the source, also if there is none because this method fails
     * @param name what to call it in errors; its suffix is a hint
     * @param format {@code null} to be detected
     */
    public static DocumentSource open(InputStream stream, String name, Format format, ImportOptions options) {
        return open(stream, name, name, format, options);
    }

    /** Creates a file, which appears when the sink is committed; see {@link ExportOptions}. */
    public static DocumentSink create(Path file, Format format, ExportOptions options) {
        return create(Hosts.platform(), file, format, options);
    }

    static DocumentSink create(Host host, Path file, Format format, ExportOptions options) {
        AtomicFile atomic = new AtomicFile(host, file, options.replaceExisting());
        return new JsonSink(atomic, null, file.toString(), format == Format.JSON, options.styleFor(format));
    }

    /**
     * Writes to a stream, as documents come. What has been written stays, whether committed or not.
     *
     * @param stream closed by the sink
     */
    public static DocumentSink create(OutputStream stream, Format format, ExportOptions options) {
        return new JsonSink(null, stream, "stream", format == Format.JSON, options.styleFor(format));
    }

    private static InputStream stream(Host host, Path file) {
        try {
            boolean special = Files.exists(file) && !Files.isRegularFile(file);
            return special ? Files.newInputStream(file) : new StoreFileInput(host.files().open(file, OpenMode.READ));
        } catch (IOException e) {
            throw new IoFailedException("open", 0, file.toString(), -1, String.valueOf(e.getMessage()), e);
        }
    }

    private static DocumentSource open(InputStream stream, String hint, String name, Format format,
            ImportOptions options) {
        int capacityMax = options.rowBytesMax() + JsonText.SLACK;
        JsonInput input = new JsonInput(stream, name, WINDOW_SIZE, capacityMax);
        try {
            Format chosen = format != null ? format : detect(input, hint);
            return new JsonSource(input, chosen == Format.NDJSON, options.rowBytesMax(), options.extendedJson(),
                    options.duplicateNames());
        } catch (RuntimeException e) {
            try {
                input.close();
            } catch (IoFailedException close) {
                e.addSuppressed(close);
            }
            throw e;
        }
    }

    private static Format detect(JsonInput input, String hint) {
        while (input.end < FormatDetector.HEAD_SIZE) {
            if (input.fill() != JsonInput.Fill.MORE) {
                break;
            }
        }
        return FormatDetector.detect(hint, input.bytes, input.end);
    }
}
