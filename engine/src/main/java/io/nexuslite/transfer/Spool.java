package io.nexuslite.transfer;

import io.nexuslite.bson.BsonView;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.io.Host;
import io.nexuslite.io.OpenMode;
import io.nexuslite.io.StoreFile;
import java.nio.file.Path;

/**
 * Bytes of any number put aside for another pass: in memory as long as they are few, then in a file of a random name in the
 * directory for temporary files, which only its owner may read and which is gone when the spool is closed.
 *
 * <p>One thread at a time; owns memory and file.
 */
final class Spool implements AutoCloseable {
    private static final int BUFFER_SIZE = 256 * 1024;

    private final Host host;
    private final GrowableBuffer buffer = new GrowableBuffer(BUFFER_SIZE, BUFFER_SIZE);
    private Path path;
    private StoreFile file;
    /** Bytes in the file; those in the buffer follow, until {@link #rest} has put them there as well. */
    private long position;

    Spool(Host host) {
        this.host = host;
    }

    /** Bytes so far. */
    long size() {
        return position + buffer.length();
    }

    void append(BsonView document) {
        append(document, document.length());
    }

    void append(byte[] source, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int part = Math.min(end - at, BUFFER_SIZE - buffer.length());
            buffer.append(source, at, part);
            at += part;
            if (buffer.length() == BUFFER_SIZE) {
                drain();
            }
        }
    }

    private void append(BsonView view, int length) {
        long at = view.offset();
        long end = at + length;
        while (at < end) {
            int part = (int) Math.min(end - at, BUFFER_SIZE - buffer.length());
            buffer.append(view.memory(), at, part);
            at += part;
            if (buffer.length() == BUFFER_SIZE) {
                drain();
            }
        }
    }

    /** Writes over bytes that are there, or makes it longer, as a file would be; ends appending. */
    void write(long at, GrowableBuffer source) {
        rest();
        opened().write(at, source.memory(), 0, source.length());
        position = Math.max(position, at + source.length());
    }

    /** Reads up to {@code length} bytes into a buffer, behind what is in it; fewer only at the end. */
    int read(long at, GrowableBuffer target, int length) {
        rest();
        int offset = target.reserve(length);
        int read = position == 0 ? 0 : opened().read(at, target.memory(), offset, length);
        target.setLength(offset + read);
        return read;
    }

    /** The file with all that was appended. Owned by the spool, to which nothing may be appended afterwards. */
    StoreFile file() {
        rest();
        return opened();
    }

    @Override
    public void close() {
        buffer.close();
        StoreFile open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } finally {
                host.files().unlink(path);
            }
        }
    }

    private void rest() {
        if (buffer.length() > 0) {
            drain();
        }
    }

    private void drain() {
        opened().write(position, buffer.memory(), 0, buffer.length());
        position += buffer.length();
        buffer.reset();
    }

    private StoreFile opened() {
        if (file == null) {
            try (GrowableBuffer random = GrowableBuffer.ofConfined(2 * Long.BYTES, 2 * Long.BYTES)) {
                host.entropy(random.memory(), 0, 2 * Long.BYTES);
                String name = "nexuslite-" + Long.toHexString(random.memory().get(BsonRow.LONG, 0))
                        + Long.toHexString(random.memory().get(BsonRow.LONG, Long.BYTES)) + ".tmp";
                path = Path.of(System.getProperty("java.io.tmpdir"), name);
            }
            file = host.files().open(path, OpenMode.CREATE_NEW);
        }
        return file;
    }
}
