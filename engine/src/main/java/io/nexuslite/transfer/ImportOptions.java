package io.nexuslite.transfer;

import io.nexuslite.bson.BsonType;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/** How to import. Immutable; begin with {@link #DEFAULT} and change it by the {@code with} methods. */
public final class ImportOptions {
    /** Insert, in batches of 1,000 documents or 4 MiB; the first error ends it; rows of 16 MiB and what goes beside it. */
    public static final ImportOptions DEFAULT = new ImportOptions();

    private static final int ROW_BYTES_LEAST = 1024;
    private static final int ROW_BYTES_MOST = 512 << 20;

    private ImportMode mode = ImportMode.INSERT;
    private int batchSize = 1_000;
    private int batchBytes = 4 << 20;
    private String idField;
    private boolean skipErrors;
    private long errorsMax = Long.MAX_VALUE;
    private Path errorFile;
    private int rowBytesMax = BsonType.DOCUMENT_SIZE_MAX + 64 * 1024;
    private boolean extendedJson = true;
    private boolean duplicateNames;
    private CsvOptions csv = CsvOptions.DEFAULT;
    private String frameLabelField;

    private ImportOptions() {
    }

    private ImportOptions(ImportOptions from) {
        mode = from.mode;
        batchSize = from.batchSize;
        batchBytes = from.batchBytes;
        idField = from.idField;
        skipErrors = from.skipErrors;
        errorsMax = from.errorsMax;
        errorFile = from.errorFile;
        rowBytesMax = from.rowBytesMax;
        extendedJson = from.extendedJson;
        duplicateNames = from.duplicateNames;
        csv = from.csv;
        frameLabelField = from.frameLabelField;
    }

    private ImportOptions with(Consumer<ImportOptions> change) {
        ImportOptions changed = new ImportOptions(this);
        change.accept(changed);
        return changed;
    }

    /** What becomes of ids that are there already. */
    public ImportOptions withMode(ImportMode mode) {
        return with(options -> options.mode = Objects.requireNonNull(mode, "mode"));
    }

    /**
     * What a batch is, which is stored at once or not at all.
     *
     * @param batchSize most documents; from 1
     * @param batchBytes BSON bytes from which on it is full; from 1
     */
    public ImportOptions withBatch(int batchSize, int batchBytes) {
        if (batchSize < 1 || batchBytes < 1) {
            throw new IllegalArgumentException(
                    "Batch must be from 1 on, found " + batchSize + " documents, " + batchBytes + " bytes");
        }
        return with(options -> {
            options.batchSize = batchSize;
            options.batchBytes = batchBytes;
        });
    }

    /** Field that becomes {@code _id}, or {@code null}; a row without it, or with an {@code _id} beside it, is an error. */
    public ImportOptions withIdField(String idField) {
        if (idField != null && (idField.isEmpty() || idField.equals("_id"))) {
            throw new IllegalArgumentException("Id field must be a field other than _id, found '" + idField + "'");
        }
        return with(options -> options.idField = idField);
    }

    /**
     * Counts rows that are refused and leaves them out; otherwise the first one ends the import.
     *
     * @param errorsMax most rows to leave out; one more ends the import
     * @param errorFile where to describe them, one JSON document a line, or {@code null}; an existing file is replaced
     */
    public ImportOptions withSkippedErrors(long errorsMax, Path errorFile) {
        if (errorsMax < 0) {
            throw new IllegalArgumentException("Errors must be from 0 on, found " + errorsMax);
        }
        return with(options -> {
            options.skipErrors = true;
            options.errorsMax = errorsMax;
            options.errorFile = errorFile;
        });
    }

    /** Most bytes of text of one row, from 1 KiB to 512 MiB. */
    public ImportOptions withRowBytesMax(int rowBytesMax) {
        if (rowBytesMax < ROW_BYTES_LEAST || rowBytesMax > ROW_BYTES_MOST) {
            throw new IllegalArgumentException(
                    "Bytes of a row must be from " + ROW_BYTES_LEAST + " to " + ROW_BYTES_MOST + ", found "
                            + rowBytesMax);
        }
        return with(options -> options.rowBytesMax = rowBytesMax);
    }

    /** Whether Extended JSON becomes values; otherwise names such as {@code $oid} mean nothing. */
    public ImportOptions withExtendedJson(boolean extendedJson) {
        return with(options -> options.extendedJson = extendedJson);
    }

    /** Whether an object may have a name twice. */
    public ImportOptions withDuplicateNames(boolean duplicateNames) {
        return with(options -> options.duplicateNames = duplicateNames);
    }

    /**
     * Field that the label of a row of a pandas frame becomes. With {@code null}, the default, labels that are the running numbers
     * from 0 on are left out, and others become {@code index}.
     */
    public ImportOptions withFrameLabelField(String frameLabelField) {
        return with(options -> options.frameLabelField = frameLabelField);
    }

    /** How CSV and TSV are read; of frames of pandas, names and types of the columns, and what becomes of a null. */
    public ImportOptions withCsv(CsvOptions csv) {
        return with(options -> options.csv = Objects.requireNonNull(csv, "csv"));
    }

    public ImportMode mode() {
        return mode;
    }

    public int batchSize() {
        return batchSize;
    }

    public int batchBytes() {
        return batchBytes;
    }

    public String idField() {
        return idField;
    }

    public boolean skipErrors() {
        return skipErrors;
    }

    public long errorsMax() {
        return errorsMax;
    }

    public Path errorFile() {
        return errorFile;
    }

    public int rowBytesMax() {
        return rowBytesMax;
    }

    public boolean extendedJson() {
        return extendedJson;
    }

    public boolean duplicateNames() {
        return duplicateNames;
    }

    public String frameLabelField() {
        return frameLabelField;
    }

    public CsvOptions csv() {
        return csv;
    }
}
