package io.nexuslite.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out what the device under a file writes whole. */
final class BlockSize {
    static final int DEFAULT = 4096;
    private static final int MIN = 512;
    private static final int MAX = 64 * 1024;

    private BlockSize() {
    }

    /**
     * The larger of the file system's block and, where Linux tells it, the device's physical block: tearing happens at the
     * smaller of the two at worst, so the larger is safe. {@link #DEFAULT} where neither is known. A file that was renamed
     * since it was opened is stood in for by its directory.
     */
    static int of(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        Path known = parent == null || Files.exists(file) ? file : parent;
        return Math.max(ofFileSystem(known), ofDevice(known));
    }

    private static int ofFileSystem(Path file) {
        try {
            return plausible(Files.getFileStore(file).getBlockSize());
        } catch (IOException | UnsupportedOperationException e) {
            return DEFAULT;
        }
    }

    private static int ofDevice(Path file) {
        if (!Platform.LINUX) {
            return MIN;
        }
        try {
            long device = (Long) Files.getAttribute(file, "unix:dev");
            long major = device >>> 8 & 0xfff | device >>> 32 & ~0xfffL;
            long minor = device & 0xff | device >>> 12 & ~0xffL;
            Path block = Path.of("/sys/dev/block/" + major + ":" + (minor & 0xffffffffL)).toRealPath();
            Path queue = block.resolve("queue/physical_block_size");
            if (!Files.exists(queue)) { // a partition: the queue is its disk's
                queue = block.resolveSibling("queue/physical_block_size");
            }
            return plausible(Long.parseLong(Files.readString(queue).strip()));
        } catch (IOException | RuntimeException e) {
            return MIN; // no block device of its own: tmpfs, a network
        }
    }

    private static int plausible(long size) {
        return size >= MIN && size <= MAX && Long.bitCount(size) == 1 ? (int) size : DEFAULT;
    }
}
