package io.nexuslite.error;

/**
 * No room: the disk, a quota or the file system's limit. The operation had no effect; reads and deletes go on, and writes
 * resume by themselves once there is space.
 */
public final class StorageFullException extends IoFailedException {
    private static final long serialVersionUID = 1L;

    public StorageFullException(String operation, int errno, String file, long position, String detail) {
        super(operation, errno, file, position, detail, null);
    }
}
