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
    private static final int MAGIC_SIZE = 64;

    private Formats() {
    }

    /**
     * Opens a file, or what else has a name and can be read, such as a pipe. What is compressed is decompressed, UTF-16 and UTF-32
     * are read as well; places in errors then count the bytes of the plain text in UTF-8.
     *
     * @param format {@code null} to be detected
     * @throws IoFailedException if it cannot be opened or read
     * @throws io.nexuslite.error.RowException if no format is detected, or several could be
     */
    public static DocumentSource open(Path file, Format format, ImportOptions options) {
        return open(Hosts.platform(), file, format, options);
    }

    static DocumentSource open(Host host, Path file, Format format, ImportOptions options) {
        Path name = file.getFileName();
        return open(host, stream(host, file), name == null ? "" : name.toString(), file.toString(), format, options);
    }

    /**
     * Reads a stream; otherwise as {@link #open(Path, Format, ImportOptions)}.
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
        String name = file.toString();
        Compression compression = options.compression() != null ? options.compression() : Compression.ofName(name);
        StreamCompressor compressor = compression == Compression.NONE ? null : Compressors.of(compression, name);
        AtomicFile atomic = new AtomicFile(host, file, options.replaceExisting());
        return sink(host, Output.of(atomic, compressor, name), format, options);
    }

    /**
     * Writes to a stream, as documents come. What has been written stays, whether committed or not.
     *
     * @param stream closed by the sink
     */
    public static DocumentSink create(OutputStream stream, Format format, ExportOptions options) {
        boolean plain = options.compression() == null || options.compression() == Compression.NONE;
        StreamCompressor compressor = plain ? null : Compressors.of(options.compression(), "stream");
        return sink(Hosts.platform(), Output.of(stream, compressor, "stream"), format, options);
    }

    private static DocumentSink sink(Host host, Output output, Format format, ExportOptions options) {
        try {
            return switch (format) {
                case NDJSON, EXTJSON, JSON, PANDAS_RECORDS -> new JsonSink(output,
                        format == Format.JSON || format == Format.PANDAS_RECORDS, options.styleFor(format));
                case CSV, TSV -> new CsvSink(host, output, format == Format.TSV, options.csv());
                case BSON -> new BsonFileSink(output);
                case PANDAS_SPLIT, PANDAS_COLUMNS, PANDAS_INDEX, PANDAS_VALUES, PANDAS_TABLE -> new FrameSink(host,
                        output, format.shape(), options);
            };
        } catch (RuntimeException e) {
            output.close();
            throw e;
        }
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
        InputStream opened = stream;
        try {
            HeadInput raw = new HeadInput(stream, MAGIC_SIZE);
            opened = raw;
            Compression compression = options.compression() != null
                    ? options.compression()
                    : Compression.ofHead(raw.head(), raw.headLength());
            HeadInput plain = raw;
            if (compression != Compression.NONE) {
                opened = GuardedInput.open(Compressors.of(compression, name), raw, options);
                plain = new HeadInput(opened, MAGIC_SIZE);
            }
            WideText.Encoding wide = format == Format.BSON ? null : WideText.of(plain.head(), plain.headLength());
            opened = wide == null ? plain : new WideText(plain, wide);
            boolean untouched = compression == Compression.NONE && wide == null;
            return source(host, opened, untouched ? stream : null, hint, name, format, options);
        } catch (IOException e) {
            IoFailedException failed = new IoFailedException("open", 0, name, -1, String.valueOf(e.getMessage()), e);
            closeAfter(opened, failed);
            throw failed;
        } catch (RuntimeException e) {
            closeAfter(opened, e);
            throw e;
        }
    }

    private static void closeAfter(InputStream stream, RuntimeException failure) {
        try {
            stream.close();
        } catch (IOException | IoFailedException e) {
            failure.addSuppressed(e);
        }
    }

    /** @param file the stream underneath, if it holds just what is to be read; else {@code null} */
    private static DocumentSource source(Host host, InputStream stream, InputStream file, String hint, String name,
            Format format, ImportOptions options) {
        int capacityMax = Math.max(options.rowBytesMax(), BsonType.DOCUMENT_SIZE_MAX) + JsonText.SLACK;
        InputWindow input = new InputWindow(stream, name, WINDOW_SIZE, capacityMax);
        FormatDetector.Found found = format != null ? FormatDetector.Found.of(format) : detect(input, hint);
        Format chosen = found.format();
        CsvOptions csv = found.delimiter() == 0 || options.csv().hasDelimiter()
                ? options.csv()
                : options.csv().withDelimiter(found.delimiter());
        return switch (chosen) {
            case NDJSON, JSON, EXTJSON, PANDAS_RECORDS -> new JsonSource(input, chosen == Format.NDJSON,
                    options.rowBytesMax(), options.extendedJson() && !chosen.isFrame(), options.duplicateNames());
            case CSV, TSV -> new CsvSource(input, chosen == Format.TSV, csv, options.rowBytesMax());
            case BSON -> new BsonFileSource(input);
            case PANDAS_SPLIT, PANDAS_COLUMNS, PANDAS_INDEX, PANDAS_VALUES, PANDAS_TABLE -> new FrameSource(
                    frame(host, file, input, name, options), chosen.shape(), options);
        };
    }

    /** The input as a file that can be read from several places: itself if it is one, else put aside. */
    private static FrameFile frame(Host host, InputStream file, InputWindow input, String name, ImportOptions options) {
        if (file instanceof StoreFileInput plain) {
            return new FrameFile(plain.file(), plain, name, options.rowBytesMax());
        }
        Spool spool = new Spool(host);
        try {
            do {
                spool.append(input.bytes, input.start, input.end - input.start);
                input.start = input.end;
            } while (input.fill() == InputWindow.Fill.MORE);
            FrameFile frame = new FrameFile(spool.file(), spool, name, options.rowBytesMax());
            input.close();
            return frame;
        } catch (RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    private static FormatDetector.Found detect(InputWindow input, String hint) {
        while (input.end < FormatDetector.HEAD_SIZE) {
            if (input.fill() != InputWindow.Fill.MORE) {
                break;
            }
        }
        return FormatDetector.find(hint, input.bytes, input.end);
    }
}
