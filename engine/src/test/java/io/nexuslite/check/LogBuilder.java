package io.nexuslite.check;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes a valid log from docs/file-format.md alone, with bare numbers. */
final class LogBuilder {
    static final long GENERATION = 0x7E57_1065L;
    static final int EXTENT = 65536;
    private static final int FLUSH = 4096;

    /** A group that was written. */
    record Group(long logPosition, int filePosition, int length, int headerChecksum, long lastCsn) {
        long end() {
            return logPosition + length;
        }
    }

    /** Where the extents lie in the file: extent i of the log is the file's order[i]-th. */
    private final int[] order;
    private byte[] file;
    private long position;
    private int previousChecksum;
    private long lastCsn;
    final List<Group> groups = new ArrayList<>();
    long durable;
    long manifest;

    /** @param firstCsn the next commit to be given */
    LogBuilder(long firstCsn, int... order) {
        this.order = order;
        lastCsn = firstCsn - 1;
        file = new byte[65536 + order.length * EXTENT];
        header(0);
        header(4096);
    }

    byte[] build() {
        return file;
    }

    private void header(int at) {
        ByteBuffer out = ByteBuffer.wrap(file, at, 4096).slice().order(ByteOrder.LITTLE_ENDIAN);
        out.put("NXLWASP1".getBytes(StandardCharsets.US_ASCII)).putInt(1).putInt(EXTENT)
                .putLong(ImageBuilder.UUID_HIGH).putLong(ImageBuilder.UUID_LOW).putLong(GENERATION);
        out.putInt(4092, Image.crc(file, at, 4092));
    }

    Group bare() {
        return write(new byte[0], 0, lastCsn + 1, lastCsn, FLUSH);
    }

    /** A group of these frames, whose commits are those that follow. */
    Group group(byte[]... frames) {
        return group(FLUSH, frames);
    }

    /** A group padded to a multiple of {@code alignment} only: not the last before a flush. */
    Group group(int alignment, byte[]... frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(frames).forEach(out::writeBytes);
        long first = ByteBuffer.wrap(frames[0]).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
        long last = ByteBuffer.wrap(frames[frames.length - 1]).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
        int length = (128 + out.size() + alignment - 1) / alignment * alignment;
        int room = (int) (EXTENT - position % EXTENT);
        if (length > room) {
            write(new byte[0], 0, lastCsn + 1, lastCsn, room);
        }
        lastCsn = last;
        return write(out.toByteArray(), frames.length, first, last, alignment);
    }

    /** What was written so far is flushed. */
    LogBuilder flushed() {
        durable = position;
        return this;
    }

    private Group write(byte[] frames, int count, long first, long last, int alignment) {
        int length = (128 + frames.length + alignment - 1) / alignment * alignment;
        int at = (int) (65536 + (long) order[(int) (position / EXTENT)] * EXTENT + position % EXTENT);
        ByteBuffer out = ByteBuffer.wrap(file, at, length).slice().order(ByteOrder.LITTLE_ENDIAN);
        out.put(128, frames);
        out.put("NXLG".getBytes(StandardCharsets.US_ASCII)).putInt(0).putLong(GENERATION).putLong(position).putLong(at)
                .putInt(length).putInt(frames.length).putInt(count).putInt(previousChecksum).putLong(first)
                .putLong(last).putLong(durable).putLong(manifest).putInt(Image.crc(file, at + 128, length - 128));
        int checksum = Image.crc(file, at, 124);
        out.putInt(124, checksum);
        Group group = new Group(position, at, length, checksum, last);
        groups.add(group);
        previousChecksum = checksum;
        position += length;
        return group;
    }

    // ---- frames ----

    static byte[] commit(long csn) {
        return frame(7, 0, 0, csn, new byte[0]);
    }

    static byte[] put(int treeId, long csn, ImageRecord record) {
        return frame(record.document ? 1 : 2, 0, treeId, csn, payload(record, 0, false));
    }

    static byte[] delete(int treeId, long csn, ImageRecord record) {
        return frame(record.document ? 3 : 4, 0, treeId, csn, payload(record, 0, true));
    }

    /** A put whose value lies in one extent of the database. */
    static byte[] putLarge(int treeId, long csn, ImageRecord record, long page, long birth, byte[] value) {
        ByteBuffer pointer = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        pointer.putLong(page | 4L << 56).putLong(birth).putInt(Image.crc(value, 0, value.length)).putInt(value.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(payload(record, 1, false));
        out.writeBytes(pointer.array());
        out.writeBytes(record.idAlone);
        return frame(1, 1, treeId, csn, out.toByteArray());
    }

    static byte[] frame(int kind, int flags, int treeId, long csn, byte[] payload) {
        ByteBuffer out = ByteBuffer.allocate((24 + payload.length + 7) / 8 * 8).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(24 + payload.length).put((byte) kind).put((byte) flags).putShort((short) 0).putInt(treeId).putInt(0)
                .putLong(csn).put(payload);
        return out.array();
    }

    private static byte[] payload(ImageRecord record, int extents, boolean tombstone) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(record.encodeHead(ImageRecord.WITHOUT_CSN, 0, 0, extents, tombstone));
        if (extents == 0) {
            out.writeBytes(tombstone && record.document ? record.idAlone : record.value);
        }
        return out.toByteArray();
    }
}
