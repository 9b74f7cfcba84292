package io.nexuslite.io;

import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Objects;

/** Checks of arguments that all files share. */
final class Arguments {
    private Arguments() {
    }

    static void checkTransfer(long position, MemorySegment memory, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, memory.byteSize());
        if (position < 0 || position > Long.MAX_VALUE - length || !memory.isNative()) {
            throw refusedTransfer(position, length);
        }
    }

    static void checkWritable(MemorySegment target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("Read into read-only memory.");
        }
    }

    private static IllegalArgumentException refusedTransfer(long position, int length) {
        return new IllegalArgumentException(
                "Bad transfer: expected native memory and a range of positions from 0 on, found "
                        + length + " bytes at " + position + ".");
    }

    static void checkRange(long position, long length) {
        if (position < 0 || length < 0 || position > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("Bad range: expected position and length from 0 on, found " + length
                    + " bytes at " + position + ".");
        }
    }

    static void checkSize(long size) {
        checkRange(0, size);
    }

    /** The path as a key: absolute, without {@code .} and {@code ..}. */
    static Path canonical(Path file) {
        return checkDefault(file).toAbsolutePath().normalize();
    }

    static Path checkDefault(Path file) {
        if (file.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException("Bad path: expected one of the default file system, found one of "
                    + file.getFileSystem().provider().getScheme() + ".");
        }
        return file;
    }
}
