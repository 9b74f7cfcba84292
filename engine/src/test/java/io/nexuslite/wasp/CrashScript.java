package io.nexuslite.wasp;

import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.TreeKind;
import java.util.SplittableRandom;

/**
 * A short life that goes through every part of the protocol once: first write, small and large transactions, values of all sizes, trees
 * created and dropped, a collection renamed, documents that expire, growth and recycling of the log, checkpoints, witnesses, clean close, a second opening.
 */
final class CrashScript {
    private static final long SEED = 42; // the script is always the same

    private final CrashWorld world;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private int keyed;
    private int documents;

    CrashScript(CrashWorld world) {
        this.world = world;
    }

    /** Runs it all; what a crash or a fault throws goes through. */
    void run() {
        world.host().setNanoTick(6_000_000);
        world.open(random);
        world.transact(TransactionMode.OPTIMISTIC, draft -> {
            keyed = draft.createTree(TreeKind.KEYED);
            draft.put(keyed, 1, 100);
        });
        world.transact(TransactionMode.EXCLUSIVE, draft -> {
            documents = draft.createTree(TreeKind.DOCUMENT);
            for (int index = 0; index < 60; index++) {
                draft.put(documents, index, 150);
                draft.put(keyed, 10 + index, 200);
            }
        });
        world.transact(TransactionMode.OPTIMISTIC, draft -> {
            draft.createOrRename(1, 2);
            draft.put(documents, 500, 100, 3);
            draft.put(documents, 501, 100, 2);
        });
        world.idle();
        world.checkpoint();
        small(3);
        world.transact(TransactionMode.OPTIMISTIC, draft -> draft.createOrRename(1, 2));
        world.transact(TransactionMode.OPTIMISTIC, draft -> draft.put(documents, 1000, 9_000));
        world.transact(TransactionMode.OPTIMISTIC, draft -> draft.put(documents, 1001, 1024 * 1024 + 5_000));
        world.checkpoint();
        world.transact(TransactionMode.OPTIMISTIC, draft -> {
            draft.delete(documents, 1001);
            draft.put(documents, 1000, 50);
        });
        world.transact(TransactionMode.OPTIMISTIC, draft -> draft.sweep(1));
        fill(4);
        world.idle();
        world.checkpoint();
        world.idle();
        fill(5);
        world.transact(TransactionMode.OPTIMISTIC, draft -> draft.put(draft.createTree(TreeKind.KEYED), 1, 30));
        world.transact(TransactionMode.OPTIMISTIC, draft -> draft.dropTree(keyed));
        world.closeCleanly();
        world.open(random);
        world.transact(TransactionMode.OPTIMISTIC, draft -> {
            keyed = draft.createTree(TreeKind.KEYED);
            draft.put(keyed, 7, 70);
        });
        world.closeCleanly();
    }

    private void small(int count) {
        for (int index = 0; index < count; index++) {
            world.transact(TransactionMode.OPTIMISTIC, draft -> {
                draft.put(keyed, random.nextLong(100), random.nextInt(100));
                draft.put(documents, random.nextLong(100), random.nextInt(100));
            });
        }
    }

    /** Fills the log, one extent of 64 KiB after two or three. */
    private void fill(int count) {
        for (int index = 0; index < count; index++) {
            world.transact(TransactionMode.OPTIMISTIC, draft -> {
                for (int put = 0; put < 16; put++) {
                    draft.put(keyed, random.nextLong(200), 1500);
                }
            });
            world.idle();
        }
    }
}
