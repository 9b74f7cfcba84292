package io.nexuslite.transfer;

import io.nexuslite.bson.BsonType;
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
        return open(host, stream(host, file), name == null ? "" : name.toString(), file.toString(), format, options);
    }

    /**
     * Reads a stream.
     *
     * @param stream closed by the source, also if there is none because this method fails
     * @param name what to call it in errors; its suffix is a hint
     * @param format {@code null} to be detected
     */
    public static DocumentSource open(InputStream stream, String name, Format format, ImportOptions options) {
        return open(Hosts.platform(), stream, name, name, format, options);
    }

    /** Creates a file, which appears when the sink is committed; see {@link ExportOptions}. */
    public static DocumentSink create(Path file, Format format, ExportOptions options) {
        return create(Hosts.platform(), file, format, options);
    }

    static DocumentSink create(Host host, Path file, Format format, ExportOptions options) {
        return sink(host, Output.of(new AtomicFile(host, file, options.replaceExisting()), file.toString()), format,
                options);
    }

    /**
     * Writes to a stream, as documents come. What has been written stays, whether committed or not.
     *
     * @param stream closed by the sink
     */
    public static DocumentSink create(OutputStream stream, Format format, ExportOptions options) {
        return sink(Hosts.platform(), Output.of(stream, "stream"), format, options);
    }

    private static DocumentSink sink(Host host, Output output, Format format, ExportOptions options) {
        return switch (format) {
            case NDJSON, EXTJSON, JSON, PANDAS_RECORDS -> new JsonSink(output,
                    format == Format.JSON || format == Format.PANDAS_RECORDS, options.styleFor(format));
            case CSV, TSV -> new CsvSink(host, output, format == Format.TSV, options.csv());
            case BSON -> new BsonFileSink(output);
            case PANDAS_SPLIT, PANDAS_COLUMNS, PANDAS_INDEX, PANDAS_VALUES, PANDAS_TABLE -> new FrameSink(host, output,
                    format.shape(), options);
        };
    }

    private static InputStream stream(Host host, Path file) {
        try {
            boolean special = Files.exists(file) && !Files.isRegularFile(file);
            return special ? Files.newInputStream(file) : new StoreFileInput(host.files().open(file, OpenMode.READ));
        } catch (IOException e) {
            throw new IoFailedException("open", 0, file.toString(), -1, String.valueOf(e.getMessage()), e);
        }
    }

    private static DocumentSource open(Host host, InputStream stream, String hint, String name, Format format,
            ImportOptions options) {
        int capacityMax = Math.max(options.rowBytesMax(), BsonType.DOCUMENT_SIZE_MAX) + JsonText.SLACK;
        InputWindow input = new InputWindow(stream, name, WINDOW_SIZE, capacityMax);
        try {
            Format chosen = format != null ? format : detect(input, hint);
            return switch (chosen) {
                case NDJSON, JSON, EXTJSON, PANDAS_RECORDS -> new JsonSource(input, chosen == Format.NDJSON,
                        options.rowBytesMax(), options.extendedJson() && !chosen.isFrame(), options.duplicateNames());
                case CSV, TSV -> new CsvSource(input, chosen == Format.TSV, options.csv(), options.rowBytesMax());
                case BSON -> new BsonFileSource(input);
                case PANDAS_SPLIT, PANDAS_COLUMNS, PANDAS_INDEX, PANDAS_VALUES, PANDAS_TABLE -> new FrameSource(
                        frame(host, stream, input, name, options), chosen.shape(), options);
            };
        } catch (RuntimeException e) {
            try {
                input.close();
            } catch (IoFailedException close) {
                e.addSuppressed(close);
            }
            throw e;
        }
    }

    /** The input as a file that can be read from several places: itself if it is one, else put aside. */
    private static FrameFile frame(Host host, InputStream stream, InputWindow input, String name,
            ImportOptions options) {
        if (stream instanceof StoreFileInput plain) {
            return new FrameFile(plain.file(), plain, name, options.rowBytesMax());
        }
        Spool spool = new Spool(host);
        try (input) {
            do {
                spool.append(input.bytes, input.start, input.end - input.start);
                input.start = input.end;
            } while (input.fill() == InputWindow.Fill.MORE);
            return new FrameFile(spool.file(), spool, name, options.rowBytesMax());
        } catch (RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    private static Format detect(InputWindow input, String hint) {
        while (input.end < FormatDetector.HEAD_SIZE) {
            if (input.fill() != InputWindow.Fill.MORE) {
                break;
            }
        }
        return FormatDetector.detect(hint, input.bytes, input.end);
    }
}
