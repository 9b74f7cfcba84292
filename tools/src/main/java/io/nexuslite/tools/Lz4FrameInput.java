package io.nexuslite.tools;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * Decompresses LZ4 frames, one or several, also those whose blocks depend on the ones before, and those of the old format, both of
 * which lz4-java refuses. Format: "LZ4 Frame Format Description" and "LZ4 Block Format Description" of the LZ4 project.
 *
 * <p>Every length is checked against what is there before it is followed; memory is that of two blocks, of at most 8 MiB each. Owns
 * the stream. One thread at a time.
 */
final class Lz4FrameInput extends InputStream {
    private static final int MAGIC = 0x184D2204;
    private static final int LEGACY_MAGIC = 0x184C2102;
    private static final int SKIPPABLE_MAGIC = 0x184D2A50;
    private static final int SKIPPABLE_MASK = 0xFFFFFFF0;
    private static final int HISTORY_SIZE = 64 * 1024;
    private static final int LEGACY_BLOCK_SIZE = 8 << 20;
    private static final int MATCH_LENGTH_MIN = 4;

    private final InputStream source;
    private final XXHashFactory hashes = XXHashFactory.safeInstance();
    private byte[] block = {};
    /** History of up to 64 KiB, then what the last block held. */
    private byte[] plain = {};
    private int plainAt;
    private int plainEnd;

    private boolean inFrame;
    private boolean legacy;
    private boolean independent;
    private boolean blockChecksums;
    private boolean contentChecksum;
    private int blockSizeMax;
    private long contentSize;
    private long contentBytes;
    private StreamingXXHash32 content;
    /** Magic of the next frame, which ended the one before; 0 for none. */
    private int nextMagic;
    private boolean ended;
    private boolean begun;

    Lz4FrameInput(InputStream source) {
        this.source = source;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (plainAt == plainEnd) {
            if (ended || !inFrame && !beginFrame()) {
                ended = true;
                return -1;
            }
            nextBlock();
        }
        int part = Math.min(length, plainEnd - plainAt);
        System.arraycopy(plain, plainAt, target, offset, part);
        plainAt += part;
        return part;
    }

    @Override
    public void close() throws IOException {
        ended = true;
        plainAt = plainEnd;
        source.close();
    }

    /** Goes to the next frame; false if there is none. */
    private boolean beginFrame() throws IOException {
        while (true) {
            int magic = nextMagic;
            nextMagic = 0;
            if (magic == 0) {
                int first = source.read();
                if (first < 0 && begun) {
                    return false;
                }
                magic = first(first);
            }
            begun = true;
            if ((magic & SKIPPABLE_MASK) == SKIPPABLE_MAGIC) {
                passOver(int32() & 0xFFFFFFFFL);
                continue;
            }
            plainAt = 0;
            plainEnd = 0;
            contentBytes = 0;
            legacy = magic == LEGACY_MAGIC;
            if (!legacy && magic != MAGIC) {
                throw new IOException("LZ4: expected a frame, found 0x" + Integer.toHexString(magic));
            }
            if (legacy) {
                independent = true;
                blockChecksums = false;
                contentChecksum = false;
                contentSize = -1;
                blockSizeMax = LEGACY_BLOCK_SIZE;
            } else {
                descriptor();
            }
            plain = new byte[HISTORY_SIZE + blockSizeMax];
            inFrame = true;
            return true;
        }
    }

    private void descriptor() throws IOException {
        byte[] header = new byte[14];
        fill(header, 2);
        int flags = header[0];
        int sizes = header[1];
        boolean sized = (flags & 8) != 0;
        if ((flags & 0xC0) != 0x40 || (flags & 2) != 0 || (sizes & 0x8F) != 0 || (sizes >> 4) < 4) {
            throw new IOException("LZ4: expected a frame of version 1, found other flags");
        }
        if ((flags & 1) != 0) {
            throw new IOException("LZ4: expected a frame without a dictionary, found one that needs it");
        }
        int length = 2;
        contentSize = -1;
        if (sized) {
            byte[] size = new byte[8];
            fill(size, 8);
            System.arraycopy(size, 0, header, 2, 8);
            contentSize = int32(size, 0) & 0xFFFFFFFFL | (long) int32(size, 4) << 32;
            length += 8;
        }
        int check = hashes.hash32().hash(header, 0, length, 0) >>> 8 & 0xFF;
        if (one() != check) {
            throw new IOException("LZ4: the checksum of a frame's head does not fit");
        }
        independent = (flags & 0x20) != 0;
        blockChecksums = (flags & 0x10) != 0;
        contentChecksum = (flags & 4) != 0;
        blockSizeMax = 1 << 8 + 2 * (sizes >> 4);
        content = contentChecksum ? hashes.newStreamingHash32(0) : null;
    }

    /** Reads a block, or the end of the frame. */
    private void nextBlock() throws IOException {
        int size;
        if (legacy) {
            int first = source.read();
            if (first < 0) {
                inFrame = false;
                return;
            }
            size = first(first);
            if (size == MAGIC || size == LEGACY_MAGIC || (size & SKIPPABLE_MASK) == SKIPPABLE_MAGIC) {
                nextMagic = size;
                inFrame = false;
                return;
            }
        } else {
            size = int32();
            if (size == 0) {
                endFrame();
                return;
            }
        }
        boolean stored = !legacy && size < 0;
        int length = legacy ? size : size & 0x7FFFFFFF;
        int lengthMax = legacy ? LEGACY_BLOCK_SIZE + LEGACY_BLOCK_SIZE / 255 + 16 : blockSizeMax;
        if (length < 0 || length > lengthMax) {
            throw new IOException(
                    "LZ4: expected a block of at most " + lengthMax + " bytes, found " + (length & 0xFFFFFFFFL));
        }
        if (block.length < length) {
            block = new byte[Math.max(length, 64 * 1024)];
        }
        fill(block, length);
        if (blockChecksums && hashes.hash32().hash(block, 0, length, 0) != int32()) {
            throw new IOException("LZ4: the checksum of a block does not fit");
        }
        int history = independent ? 0 : Math.min(HISTORY_SIZE, plainEnd);
        System.arraycopy(plain, plainEnd - history, plain, 0, history);
        plainAt = history;
        if (stored) {
            System.arraycopy(block, 0, plain, history, length);
            plainEnd = history + length;
        } else {
            plainEnd = decode(block, length, plain, history, history + blockSizeMax);
        }
        contentBytes += plainEnd - plainAt;
        if (content != null) {
            content.update(plain, plainAt, plainEnd - plainAt);
        }
    }

    private void endFrame() throws IOException {
        inFrame = false;
        if (contentChecksum && content.getValue() != int32()) {
            throw new IOException("LZ4: the checksum of the content does not fit");
        }
        if (contentSize >= 0 && contentSize != contentBytes) {
            throw new IOException("LZ4: expected " + contentSize + " bytes of content, found " + contentBytes);
        }
    }

    /** Decodes a block to {@code target} from {@code from} on, before which lies the history; returns where it ends. */
    private static int decode(byte[] source, int length, byte[] target, int from, int limit) throws IOException {
        int at = 0;
        int to = from;
        while (at < length) {
            int token = source[at++] & 0xFF;
            int literals = token >>> 4;
            if (literals == 15) {
                int more;
                do {
                    more = at < length ? source[at++] & 0xFF : 0;
                    literals += more;
                } while (more == 255 && literals <= limit);
            }
            if (literals > length - at || literals > limit - to) {
                throw malformed();
            }
            System.arraycopy(source, at, target, to, literals);
            at += literals;
            to += literals;
            if (at == length) {
                return to;
            }
            if (length - at < 2) {
                throw malformed();
            }
            int distance = source[at] & 0xFF | (source[at + 1] & 0xFF) << 8;
            at += 2;
            int match = token & 15;
            if (match == 15) {
                int more;
                do {
                    if (at == length) {
                        throw malformed();
                    }
                    more = source[at++] & 0xFF;
                    match += more;
                } while (more == 255 && match <= limit);
            }
            match += MATCH_LENGTH_MIN;
            if (distance == 0 || distance > to || match > limit - to) {
                throw malformed();
            }
            if (distance >= match) {
                System.arraycopy(target, to - distance, target, to, match);
                to += match;
            } else {
                for (int end = to + match; to < end; to++) {
                    target[to] = target[to - distance]; // what was just written repeats
                }
            }
        }
        if (length > 0) {
            throw malformed(); // a block ends with literals
        }
        return to;
    }

    private static IOException malformed() {
        return new IOException("LZ4: a block is malformed");
    }

    private void passOver(long bytes) throws IOException {
        byte[] part = new byte[4096];
        for (long rest = bytes; rest > 0;) {
            int read = source.read(part, 0, (int) Math.min(part.length, rest));
            if (read < 0) {
                throw new EOFException("LZ4: the input ends within a frame");
            }
            rest -= read;
        }
    }

    private int first(int first) throws IOException {
        if (first < 0) {
            throw new EOFException("LZ4: the input ends where a frame should be");
        }
        return first | one() << 8 | one() << 16 | one() << 24;
    }

    private int one() throws IOException {
        int value = source.read();
        if (value < 0) {
            throw new EOFException("LZ4: the input ends within a frame");
        }
        return value;
    }

    private int int32() throws IOException {
        return one() | one() << 8 | one() << 16 | one() << 24;
    }

    private static int int32(byte[] bytes, int at) {
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16 | bytes[at + 3] << 24;
    }

    private void fill(byte[] target, int length) throws IOException {
        if (source.readNBytes(target, 0, length) < length) {
            throw new EOFException("LZ4: the input ends within a frame");
        }
    }
}
