package io.nexuslite.io;

import java.nio.file.Path;

/** Names and openings of a {@link FaultyHost}. */
final class FaultyFileSystem implements FileSystem {
    private final FaultyHost host;

    FaultyFileSystem(FaultyHost host) {
        this.host = host;
    }

    @Override
    public StoreFile open(Path file, OpenMode mode) {
        Path name = Arguments.canonical(file);
        SimulatedInode[] opened = new SimulatedInode[1];
        boolean creates = mode == OpenMode.CREATE_NEW;
        host.perform(CallKind.OPEN, file, IoErrors.NO_POSITION, 0, creates, outcome -> {
            if (outcome == FaultyHost.Outcome.FAILED) {
                return;
            }
            SimulatedInode inode = host.names().find(name);
            if (creates) {
                if (inode != null) {
                    throw IoErrors.failed("open", Errno.EEXIST, file, IoErrors.NO_POSITION, "file exists");
                }
                inode = host.newInode(new SparseBytes(), 0);
                host.names().create(name, inode);
            }
            opened[0] = existing("open", file, inode);
            host.opened(opened[0]);
        });
        return new FaultyFile(host, file, mode == OpenMode.READ, opened[0]);
    }

    @Override
    public boolean exists(Path file) {
        return host.locked(() -> host.names().find(Arguments.canonical(file)) != null);
    }

    @Override
    public void unlink(Path file) {
        Path name = Arguments.canonical(file);
        host.perform(CallKind.UNLINK, file, IoErrors.NO_POSITION, 0, true, outcome -> {
            if (outcome != FaultyHost.Outcome.FAILED) {
                existing("unlink", file, host.names().find(name));
                host.names().unlink(name);
            }
        });
    }

    @Override
    public void rename(Path source, Path target) {
        Path from = Arguments.canonical(source);
        Path to = Arguments.canonical(target);
        host.perform(CallKind.RENAME, source, IoErrors.NO_POSITION, 0, true, outcome -> {
            if (outcome != FaultyHost.Outcome.FAILED) {
                existing("rename", source, host.names().find(from));
                host.names().rename(from, to);
            }
        });
    }

    @Override
    public void syncDirectory(Path directory) {
        Path name = Arguments.canonical(directory);
        host.perform(CallKind.SYNC_DIRECTORY, directory, IoErrors.NO_POSITION, 0, true, outcome -> {
            if (outcome == FaultyHost.Outcome.DONE && !host.ignoresDirectorySync()) {
                host.names().sync(name);
            } else if (outcome == FaultyHost.Outcome.FAILED) {
                host.names().failSync(host.faultRandom(), name);
            }
        });
    }

    private static SimulatedInode existing(String operation, Path file, SimulatedInode inode) {
        if (inode == null) {
            throw IoErrors.failed(operation, Errno.ENOENT, file, IoErrors.NO_POSITION, "no such file or directory");
        }
        return inode;
    }
}
