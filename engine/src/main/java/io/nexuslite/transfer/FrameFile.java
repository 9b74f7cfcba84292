package io.nexuslite.transfer;

import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.io.StoreFile;

/** A file of JSON that is read from several places at once. One thread; owns what it was given. */
final class FrameFile implements AutoCloseable {
    private static final int READ_SIZE = 64 * 1024;
    /** Memory of all cursors of columns together, unless their values are longer. */
    private static final int WINDOWS_SIZE = 32 << 20;
    private static final int WINDOW_SIZE_MIN = 1024;

    private final StoreFile file;
    private final AutoCloseable owner;
    private final String name;
    private final int valueBytesMax;
    private final GrowableBuffer buffer = new GrowableBuffer(READ_SIZE, READ_SIZE);

    /** @param owner of the file; closed with this */
    FrameFile(StoreFile file, AutoCloseable owner, String name, int valueBytesMax) {
        this.file = file;
        this.owner = owner;
        this.name = name;
        this.valueBytesMax = valueBytesMax;
    }

    long size() {
        return file.size();
    }

    /** A cursor at the beginning, behind a byte order mark. */
    JsonCursor first() {
        JsonCursor cursor = cursor(0, 1, 0, 1);
        cursor.peek();
        byte[] bytes = cursor.bytes();
        int at = cursor.at();
        if (bytes[at] == (byte) 0xEF && bytes[at + 1] == (byte) 0xBB && bytes[at + 2] == (byte) 0xBF) {
            cursor.pass(at + 3);
        }
        return cursor;
    }

    /** A cursor where another one stands, one of {@code count}; the caller closes it. */
    JsonCursor at(FramePlace place, int count) {
        return cursor(place.position(), place.line(), place.linePosition(), count);
    }

    private JsonCursor cursor(long position, long line, long linePosition, int count) {
        int capacity = Math.clamp(WINDOWS_SIZE / count, WINDOW_SIZE_MIN, READ_SIZE);
        InputWindow window = new InputWindow(new FileSlice(file, position, buffer), name, capacity,
                valueBytesMax + JsonText.SLACK);
        return new JsonCursor(window, position, line, linePosition, valueBytesMax);
    }

    @Override
    public void close() {
        buffer.close();
        try {
            owner.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
