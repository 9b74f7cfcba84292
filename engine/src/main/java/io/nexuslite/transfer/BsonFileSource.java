package io.nexuslite.transfer;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonValidator;
import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.InvalidDocumentException;
import io.nexuslite.error.RowException;
import java.util.Objects;

/**
 * Documents of a file in which they stand one behind the other, as {@code mongodump} writes them.
 *
 * <p>A document that is not valid is refused and passed over by its length; where the length itself cannot be, nobody knows where
 * the next one begins, and the rest of the input is one refused row.
 */
final class BsonFileSource implements DocumentSource {
    private final InputWindow input;
    private final GrowableBuffer document = new GrowableBuffer(4096, BsonType.DOCUMENT_SIZE_MAX);
    private final BsonValidator validator = new BsonValidator();
    private final BsonView view = new BsonView();
    private long rows;
    private long rowPosition;
    private int rowLength;
    private boolean ended;
    private boolean closed;

    BsonFileSource(InputWindow input) {
        this.input = input;
    }

    @Override
    public boolean next(BsonWriter target) {
        Objects.requireNonNull(target, "target");
        rowPosition = input.position(input.start);
        rowLength = 0;
        int head = ended ? 0 : available(Integer.BYTES);
        if (head == 0) {
            ended = true;
            return false;
        }
        rows++;
        if (head < Integer.BYTES) {
            throw endAt("expected the 4 bytes of a document's length, found " + head);
        }
        int length = length(input.bytes, input.start);
        if (length < BsonType.DOCUMENT_SIZE_MIN || length > BsonType.DOCUMENT_SIZE_MAX) {
            throw endAt("expected a document's length from " + BsonType.DOCUMENT_SIZE_MIN + " to "
                    + BsonType.DOCUMENT_SIZE_MAX + ", found " + length);
        }
        int found = available(length);
        if (found < length) {
            throw endAt("expected the " + length + " bytes of a document, found " + found);
        }
        document.reset();
        document.append(input.bytes, input.start, length);
        input.start += length;
        rowLength = length;
        try {
            validator.validate(view.wrap(document.memory(), 0, length));
        } catch (InvalidDocumentException e) {
            throw new RowException(e.getMessage(), 0, 0, rowPosition + Math.max(0, e.offset()), e);
        }
        target.rawDocument(view);
        return true;
    }

    /** Length of a document that begins at {@code at}. */
    static int length(byte[] bytes, int at) {
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16 | bytes[at + 3] << 24;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public long bytePosition() {
        return input.position(input.start);
    }

    @Override
    public long rowPosition() {
        return rowPosition;
    }

    @Override
    public boolean copyRow(GrowableBuffer target) {
        if (rowLength > 0) {
            target.append(document.memory(), 0, rowLength);
        }
        return rowLength > 0;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            ended = true;
            document.close();
            input.close();
        }
    }

    /** Reads until there are {@code wanted} bytes, and returns how many of them there are. */
    private int available(int wanted) {
        while (input.end - input.start < wanted && input.fill() == InputWindow.Fill.MORE) {
            // goes on
        }
        return Math.min(wanted, input.end - input.start);
    }

    /** What to throw for the rest of the input, behind which the source then stands. */
    private RowException endAt(String what) {
        ended = true;
        do {
            input.start = input.end;
        } while (input.fill() == InputWindow.Fill.MORE);
        return new RowException(what, 0, 0, rowPosition, null);
    }
}
