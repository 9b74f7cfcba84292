package io.nexuslite.transfer;

import io.nexuslite.bson.BsonType;
import java.nio.file.Path;
import java.util.Objects;

/**
 * How to import. Immutable; begin with {@link #DEFAULT} and change it by the {@code with} methods.
 *
 * @param mode what becomes of ids that are there already
 * @param batchSize most documents of a batch, which is stored at once or not at all; from 1
 * @param batchBytes BSON bytes from which on a batch is full; from 1
 * @param idField field that becomes {@code _id}, or {@code null}; a row without it, or with an {@code _id} of another value, is an
 *     error
 * @param skipErrors whether rows that are refused are counted and left out; otherwise the first one ends the import
 * @param errorsMax most rows to be skipped; one more ends the import
 * @param errorFile where to describe skipped rows, one JSON document a line, or {@code null}; an existing file is replaced
 * @param rowBytesMax most bytes of text of one row, from 1 KiB to 512 MiB
 * @param extendedJson whether Extended JSON becomes values; otherwise names such as {@code $oid} mean nothing
 * @param duplicateNames whether an object may have a name twice
 */
public record ImportOptions(ImportMode mode, int batchSize, int batchBytes, String idField, boolean skipErrors,
        long errorsMax, Path errorFile, int rowBytesMax, boolean extendedJson, boolean duplicateNames) {
    /** Insert, in batches of 1,000 documents or 4 MiB; the first error ends it; rows of 16 MiB and what goes beside it. */
    public static final ImportOptions DEFAULT = new ImportOptions(ImportMode.INSERT, 1_000, 4 << 20, null, false,
            Long.MAX_VALUE, null, BsonType.DOCUMENT_SIZE_MAX + 64 * 1024, true, false);

    private static final int ROW_BYTES_LEAST = 1024;
    private static final int ROW_BYTES_MOST = 512 << 20;

    public ImportOptions {
        Objects.requireNonNull(mode, "mode");
        if (batchSize < 1 || batchBytes < 1) {
            throw new IllegalArgumentException(
                    "Batch must be from 1 on, found " + batchSize + " documents, " + batchBytes
                            + " bytes");
        }
        if (idField != null && (idField.isEmpty() || idField.equals("_id"))) {
            throw new IllegalArgumentException("Id field must be a field other than _id, found '" + idField + "'");
        }
        if (errorsMax < 0) {
            throw new IllegalArgumentException("Errors must be from 0 on, found " + errorsMax);
        }
        if (rowBytesMax < ROW_BYTES_LEAST || rowBytesMax > ROW_BYTES_MOST) {
            throw new IllegalArgumentException(
                    "Bytes of a row must be from " + ROW_BYTES_LEAST + " to " + ROW_BYTES_MOST
                            + ", found " + rowBytesMax);
        }
    }

    public ImportOptions withMode(ImportMode mode) {
        return new ImportOptions(mode, batchSize, batchBytes, idField, skipErrors, errorsMax, errorFile, rowBytesMax,
                extendedJson, duplicateNames);
    }

    public ImportOptions withBatch(int batchSize, int batchBytes) {
        return new ImportOptions(mode, batchSize, batchBytes, idField, skipErrors, errorsMax, errorFile, rowBytesMax,
                extendedJson, duplicateNames);
    }

    public ImportOptions withIdField(String idField) {
        return new ImportOptions(mode, batchSize, batchBytes, idField, skipErrors, errorsMax, errorFile, rowBytesMax,
                extendedJson, duplicateNames);
    }

    /** Skips up to {@code errorsMax} rows, and describes them in {@code errorFile}, unless that is {@code null}. */
    public ImportOptions withSkippedErrors(long errorsMax, Path errorFile) {
        return new ImportOptions(mode, batchSize, batchBytes, idField, true, errorsMax, errorFile, rowBytesMax,
                extendedJson, duplicateNames);
    }

    public ImportOptions withRowBytesMax(int rowBytesMax) {
        return new ImportOptions(mode, batchSize, batchBytes, idField, skipErrors, errorsMax, errorFile, rowBytesMax,
                extendedJson, duplicateNames);
    }

    public ImportOptions withExtendedJson(boolean extendedJson) {
        return new ImportOptions(mode, batchSize, batchBytes, idField, skipErrors, errorsMax, errorFile, rowBytesMax,
                extendedJson, duplicateNames);
    }

    public ImportOptions withDuplicateNames(boolean duplicateNames) {
        return new ImportOptions(mode, batchSize, batchBytes, idField, skipErrors, errorsMax, errorFile, rowBytesMax,
                extendedJson, duplicateNames);
    }
}
