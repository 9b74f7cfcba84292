package io.nexuslite.io;

/** Error numbers, where Linux and macOS agree; the two that differ are resolved once. */
final class Errno {
    static final int UNKNOWN = 0;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EBADF = 9;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int ENOTDIR = 20;
    static final int EINVAL = 22;
    static final int EFBIG = 27;
    static final int ENOSPC = 28;
    static final int EAGAIN = Platform.MAC ? 35 : 11;
    static final int EDQUOT = Platform.MAC ? 69 : 122;
    static final int EOPNOTSUPP = Platform.MAC ? 102 : 95;
    static final int ENOTSUP = Platform.MAC ? 45 : 95;

    private Errno() {
    }

    /** No room, for now: the disk, the user's quota, or the largest file that the file system takes. */
    static boolean isStorageFull(int errno) {
        return errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    }

    static boolean isUnsupported(int errno) {
        return errno == EOPNOTSUPP || errno == ENOTSUP;
    }
}
