package io.nexuslite.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;

class Lz4FrameInputTest {
    private static byte[] read(byte[] bytes) throws IOException {
        try (Lz4FrameInput in = new Lz4FrameInput(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }

    private static byte[] text(SplittableRandom random, int length) {
        byte[] text = new byte[length];
        for (int i = 0; i < length;) {
            int run = Math.min(length - i, random.nextInt(1, 40));
            boolean repeat = i > 100 && random.nextInt(3) > 0;
            int from = repeat ? i - random.nextInt(1, Math.min(i, 65_000)) : 0;
            for (int j = 0; j < run; j++, i++) {
                text[i] = repeat ? text[from + j] : (byte) random.nextInt('a', 'z');
            }
        }
        return text;
    }

    private static byte[] frame(byte[] text, BLOCKSIZE size, FLG.Bits... bits) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (LZ4FrameOutputStream lz4 = new LZ4FrameOutputStream(out, size, text.length,
                LZ4Factory.safeInstance().fastCompressor(), XXHashFactory.safeInstance().hash32(), bits)) {
            lz4.write(text);
        }
        return out.toByteArray();
    }

    @Test
    void readsWhatTheLibraryWrites() throws IOException {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 60; i++) {
            byte[] text = text(random, random.nextInt(1 << random.nextInt(1, 19)));
            byte[] frame = frame(text, random.nextBoolean() ? BLOCKSIZE.SIZE_64KB : BLOCKSIZE.SIZE_1MB,
                    FLG.Bits.BLOCK_INDEPENDENCE, FLG.Bits.CONTENT_SIZE,
                    random.nextBoolean() ? FLG.Bits.CONTENT_CHECKSUM : FLG.Bits.BLOCK_CHECKSUM);
            assertArrayEquals(text, read(frame), "seed " + seed);
        }
    }

    /** A frame whose second block copies from the first, as no library here writes it. */
    @Test
    void readsBlocksThatDependOnOthers() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[]{0x04, 0x22, 0x4D, 0x18});
        byte[] descriptor = {0x40, 0x40};
        out.writeBytes(descriptor);
        out.write(XXHashFactory.safeInstance().hash32().hash(descriptor, 0, 2, 0) >>> 8);
        block(out, new byte[]{0x50, 'h', 'e', 'l', 'l', 'o'});
        block(out, new byte[]{0x11, '-', 6, 0, 0x10, '!'}); // one literal, five bytes from six back
        out.writeBytes(new byte[4]);
        assertEquals("hello-hello!", new String(read(out.toByteArray()), StandardCharsets.US_ASCII));
    }

    @Test
    void readsTheOldFormatSkipsWhatItShallAndGoesOnWithTheNextFrame() throws IOException {
        byte[] text = text(new SplittableRandom(1), 1000);
        byte[] packed = LZ4Factory.safeInstance().fastCompressor().compress(text);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[]{0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 'a', 'b', 'c'});
        out.writeBytes(new byte[]{0x02, 0x21, 0x4C, 0x18});
        block(out, packed);
        out.writeBytes(frame(text, BLOCKSIZE.SIZE_64KB, FLG.Bits.BLOCK_INDEPENDENCE));
        byte[] both = Arrays.copyOf(text, 2000);
        System.arraycopy(text, 0, both, 1000, 1000);
        assertArrayEquals(both, read(out.toByteArray()));
    }

    private static void block(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length).array());
        out.writeBytes(bytes);
    }

    @Test
    void refusesDamageWithoutHarm() throws IOException {
        SplittableRandom random = new SplittableRandom();
        byte[] text = text(random, 3000);
        byte[] checked = frame(text, BLOCKSIZE.SIZE_64KB, FLG.Bits.BLOCK_INDEPENDENCE, FLG.Bits.CONTENT_CHECKSUM);
        byte[] unchecked = frame(text, BLOCKSIZE.SIZE_64KB, FLG.Bits.BLOCK_INDEPENDENCE);
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = (i % 2 == 0 ? checked : unchecked).clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                byte[] read = read(bytes);
                assertTrue(i % 2 == 1 || Arrays.equals(text, read), "damage that no checksum saw");
                assertTrue(read.length <= 1 << 20);
            } catch (IOException expected) {
                assertTrue(expected.getMessage().startsWith("LZ4: "), expected.getMessage());
            }
        }
        for (int length = 0; length < checked.length; length += 7) {
            byte[] cut = Arrays.copyOf(checked, length);
            assertThrows(IOException.class, () -> read(cut));
        }
    }
}
