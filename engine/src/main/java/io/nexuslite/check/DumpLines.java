package io.nexuslite.check;

import io.nexuslite.format.Pointer;
import io.nexuslite.format.PointerLayout;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** Puts bytes and fields on lines. One thread. */
final class DumpLines {
    private static final int BYTES_A_LINE = 16;
    private static final int FIELD_BYTES_MAX = 24;

    private final Consumer<String> out;

    DumpLines(Consumer<String> out) {
        this.out = out;
    }

    void line(String text) {
        out.accept(text);
    }

    /** One line for each field of a layout whose structure starts at {@code base}. */
    void fields(Class<?> layout, MemorySegment memory, long base, String... meanings) {
        for (LayoutFields.Entry field : LayoutFields.of(layout)) {
            String meaning = meaning(field.name(), meanings);
            long offset = base + field.offset();
            if (field.size() <= FIELD_BYTES_MAX) {
                line(String.format("%6d  %-48s  %-22s %s", offset, hex(memory, offset, field.size()), field.name(),
                        meaning.isEmpty() ? number(memory, offset, field.size()) : meaning));
            } else {
                boolean zero = Bytes.firstNonZero(memory, offset, field.size()) < 0;
                line(String.format("%6d  %-48s  %-22s %s", offset, zero ? "00 …" : "not zero", field.name(),
                        field.size() + " bytes" + (meaning.isEmpty() ? "" : ", " + meaning)));
            }
        }
    }

    /** The bytes, sixteen a line; lines of zeros are drawn together. */
    void bytes(MemorySegment memory, long from, long to) {
        long at = from;
        while (at < to) {
            int length = (int) Math.min(BYTES_A_LINE, to - at);
            if (length == BYTES_A_LINE && Bytes.firstNonZero(memory, at, length) < 0) {
                long zeros = at;
                while (at + BYTES_A_LINE <= to && Bytes.firstNonZero(memory, at, BYTES_A_LINE) < 0) {
                    at += BYTES_A_LINE;
                }
                line(String.format("%6d  %d bytes of zero", zeros, at - zeros));
            } else {
                line(String.format("%6d  %-48s  %s", at, hex(memory, at, length), text(memory, at, length)));
                at += length;
            }
        }
    }

    static String hex(MemorySegment memory, long offset, long length) {
        StringBuilder text = new StringBuilder();
        for (long i = 0; i < length; i++) {
            text.append(i == 0 ? "" : " ").append(String.format("%02x", Bytes.unsignedByte(memory, offset + i)));
        }
        return text.toString();
    }

    private static String number(MemorySegment memory, long offset, int size) {
        return switch (size) {
            case Byte.BYTES -> String.valueOf(Bytes.unsignedByte(memory, offset));
            case Short.BYTES -> String.valueOf(Bytes.unsignedShort(memory, offset));
            case Integer.BYTES -> Integer.toUnsignedString(Bytes.intAt(memory, offset));
            case Long.BYTES -> String.valueOf(Bytes.longAt(memory, offset));
            case PointerLayout.POINTER_SIZE -> pointer(
                    Pointer.read(memory, offset));
            default -> "";
        };
    }

    static String pointer(Pointer pointer) {
        if (pointer.equals(Pointer.NONE)) {
            return "nothing";
        }
        return TreePages.kindName(pointer.kind()) + " at page " + pointer.pageNumber() + ", "
                + Integer.toUnsignedLong(pointer.length()) + " bytes, birth " + pointer.birthManifest() + ", checksum "
                + Bytes.hex(pointer.checksum()) + (pointer.codec() == 0 ? "" : ", codec " + (pointer.codec() & 0xFF));
    }

    private static String meaning(String field, String... meanings) {
        for (int i = 0; i < meanings.length; i += 2) {
            if (meanings[i].equals(field)) {
                return meanings[i + 1];
            }
        }
        return "";
    }

    private static String text(MemorySegment memory, long offset, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int next = Bytes.unsignedByte(memory, offset + i);
            text.append(next >= ' ' && next < 0x7F ? (char) next : '.');
        }
        return text.toString();
    }
}
