package io.nexuslite.transfer;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.error.RowException;

/** Reads the values and names at which cursors stand. To be reused; one thread at a time; owns memory. */
final class FrameValues implements AutoCloseable {
    private final BsonRow row;
    private final JsonParser parser;
    private final BsonCursor cursor = new BsonCursor();
    private final byte[] digits = new byte[Digits.LENGTH_MAX];

    FrameValues(int textBytesMax, boolean duplicateNames) {
        row = new BsonRow(textBytesMax);
        parser = new JsonParser(row, false, duplicateNames);
    }

    /**
     * Reads the value at which {@code json} stands, and passes over it in any case.
     *
     * @return what is wrong with it, or {@code null} if nothing is and {@link #value} has it
     * @throws RowException if its end is not found
     */
    RowException read(JsonCursor json) {
        return read(json, json.valueLength());
    }

    private RowException read(JsonCursor json, int length) {
        int at = json.at();
        int end = at + length;
        byte[] bytes = json.bytes();
        byte behind = bytes[end];
        bytes[end] = 0;
        RowException refused = null;
        JsonText text = parser.text();
        try {
            int found = parser.value(bytes, at, end);
            if (text.skip(found) < end) {
                throw text.fault(text.skip(found), "expected ',' or the end");
            }
        } catch (TextFault fault) {
            refused = json.refuse(fault.at(), fault.what());
        }
        bytes[end] = behind;
        json.pass(end);
        return refused;
    }

    /** On the value read last; its name is empty. Valid until the next call. */
    BsonCursor value() {
        cursor.wrap(row.memory, 0, row.length);
        cursor.next();
        return cursor;
    }

    /** Reads the string at which {@code json} stands; {@link #value} has it. */
    void readName(JsonCursor json) {
        RowException refused = read(json, json.stringLength());
        if (refused != null) {
            throw refused;
        }
    }

    /** Reads a string and goes over the colon behind it. */
    String name(JsonCursor json) {
        readName(json);
        String name = value().string();
        json.expect(':', "':'");
        return name;
    }

    /** Whether the value read last is this number, as a number or as its digits. */
    boolean isOrdinal(long ordinal) {
        BsonCursor label = value();
        if (label.type() == BsonType.INT32) {
            return label.int32() == ordinal;
        }
        if (label.type() == BsonType.INT64) {
            return label.int64() == ordinal;
        }
        if (label.type() != BsonType.STRING) {
            return false;
        }
        int length = Digits.write(ordinal, digits, 0);
        if (label.stringLength() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (label.memory().get(BsonRow.BYTE, label.stringOffset() + i) != digits[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        row.close();
    }
}
