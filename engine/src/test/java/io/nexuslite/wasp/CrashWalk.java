package io.nexuslite.wasp;

import io.nexuslite.error.IoFailedException;
import io.nexuslite.error.PoisonedException;
import io.nexuslite.format.FileLayout;
import io.nexuslite.io.CallKind;
import io.nexuslite.io.CrashNow;
import io.nexuslite.io.CrashPolicy;
import io.nexuslite.io.Fault;
import io.nexuslite.io.FileImage;
import io.nexuslite.store.Snapshot;
import io.nexuslite.store.TransactionMode;
import io.nexuslite.store.TreeKind;
import io.nexuslite.wasp.log.LogDurability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One random life of a database, all from one seed: transactions of all shapes, checkpoints, snapshots, closings, and every now and then
 * the end, anywhere, also of a recovery. Each seed has a mix of its own: some things never happen, others all the time.
 */
final class CrashWalk {
    /** What a life is mostly made of. */
    enum Profile {
        /** A bit of everything. */
        MIXED,
        /** Small writes, checkpoints, failures and ends, one upon the other. */
        STORM
    }

    private static final int PAGE_QUARTER = 2048;
    private static final int TREES_MAX = 5;
    private static final CallKind[] FLUSHES = {CallKind.SYNC, CallKind.SYNC, CallKind.WRITE_DURABLE,
            CallKind.SYNC_DIRECTORY};

    /** How often something happens, relative to the others. */
    private record Action(int weight, Runnable body) {
    }

    private final long seed;
    private final SplittableRandom random;
    private final CrashWorld world;
    private final List<Action> actions = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final double crashChance;
    private final boolean killsOnly;
    private final double killChance;
    private final int hotKeys;
    private final double faultChance;
    private final double damageChance;
    private FileImage oldLog; // a copy of the log made a while ago, or null
    private long oldLogGeneration;
    private long oldLogEnd; // log position
    private int crashes;

    private CrashWalk(long seed, Profile profile, CrashWorld.Liar liar) {
        boolean storm = profile == Profile.STORM;
        this.seed = seed;
        random = new SplittableRandom(seed);
        EngineOptions options = CrashWorld.smallOptions();
        LogDurability durability = switch (random.nextInt(6)) {
            case 0 -> LogDurability.GROUP;
            case 1 -> LogDurability.NONE;
            default -> LogDurability.SYNC;
        };
        options = options.withDurability(durability);
        if (random.nextInt(3) == 0) {
            options = options.withMemory(3 * 1024 * 1024);
        }
        if (random.nextInt(4) == 0) {
            options = options.withLog(128 * 1024, 1024 * 1024, 64 * 1024);
        }
        if (random.nextInt(3) == 0) {
            options = options.withReserve(0);
        }
        world = new CrashWorld(seed, options, liar);
        world.host().setNanoTick(random.nextBoolean() ? 100 : 6_000_000);
        crashChance = storm ? 0.4 : new double[]{0.02, 0.1, 0.3}[random.nextInt(3)];
        killsOnly = !storm && random.nextInt(8) == 0;
        killChance = storm ? 0.5 : 0.25;
        faultChance = storm ? random.nextInt(2) * 0.2 : random.nextInt(3) == 0 ? 0.1 : 0;
        damageChance = storm || random.nextInt(3) == 0 ? 0.5 : 0.1;
        hotKeys = new int[]{10, 200, (int) CrashWorld.KEYS}[random.nextInt(3)];
        if (storm) {
            storm();
        } else {
            mix();
        }
    }

    private void storm() {
        actions.add(new Action(20, this::small));
        actions.add(new Action(3, this::large));
        actions.add(new Action(2, this::bigValues));
        actions.add(new Action(20, world::checkpoint));
        actions.add(new Action(3, world::idle));
        actions.add(new Action(4, this::copyLog));
        actions.add(new Action(3, this::ephemeral));
        actions.add(new Action(2, this::collection));
        actions.add(new Action(3, this::closeAndOpen));
    }

    private void mix() {
        action("small", 20, this::small);
        action("large", 4, this::large);
        action("big values", 3, this::bigValues);
        action("huge value", 1, this::hugeValue);
        action("create tree", 2, this::createTree);
        action("drop tree", 1, this::dropTree);
        action("delete many", 3, this::deleteMany);
        action("ephemeral", 4, this::ephemeral);
        action("sweep", 2, () -> world.transact(mode(), draft -> draft.sweep(1 + random.nextInt(20))));
        action("collection", 2, this::collection);
        action("abort", 2, this::abort);
        action("checkpoint", 4, world::checkpoint);
        action("idle", 6, world::idle);
        action("snapshot", 2, this::snapshot);
        action("verify", 1, () -> world.verify(random));
        action("close", 2, this::closeAndOpen);
        action("copy log", 2, this::copyLog);
        action("time", 2, () -> world.host().advanceMillis(random.nextInt(20)));
    }

    /** Some things never happen in a life, some all the time; writing always does. */
    private void action(String name, int weight, Runnable body) {
        int factor = switch (random.nextInt(6)) {
            case 0 -> "small".equals(name) ? 1 : 0;
            case 1 -> 4;
            default -> 1;
        };
        actions.add(new Action(weight * factor, () -> {
            trace.add(name);
            body.run();
        }));
    }

    /**
     * Runs one life of {@code steps} steps.
     *
     * @return how often it ended before its time
     * @throws Violation if a promise is broken; tells what happened last
     */
    static int run(long seed, Profile profile, int steps, CrashWorld.Liar liar, boolean quiet) {
        CrashWalk walk = new CrashWalk(seed, profile, liar);
        try (CrashWorld world = walk.world) {
            if (quiet) {
                world.points().beQuiet();
            }
            walk.run(steps);
            return walk.crashes;
        } catch (RuntimeException | Error failure) {
            int from = Math.max(0, walk.trace.size() - 40);
            throw new Violation("seed 0x" + Long.toHexString(seed) + ": " + failure + "\n    life: "
                    + walk.trace.subList(from, walk.trace.size()), failure);
        }
    }

    private void run(int steps) {
        for (int step = 0; step < steps; step++) {
            if (random.nextDouble() < crashChance) {
                world.points().arm(random.nextInt(random.nextBoolean() ? 6 : 60),
                        CrashNow.Effect.values()[random.nextInt(3)]);
            }
            if (random.nextDouble() < faultChance) {
                world.plan(Fault.of(FLUSHES[random.nextInt(FLUSHES.length)]).nth(1 + random.nextInt(6)));
            }
            try {
                if (!world.isOpen()) {
                    trace.add("open");
                    if (random.nextInt(6) == 0) {
                        world.readOnly(random);
                    }
                    world.open(random);
                } else {
                    choose().run();
                }
            } catch (RuntimeException | Error failure) {
                boolean isEnd = world.host().isCrashed()
                        || world.hasFailed()
                                && (failure instanceof IoFailedException || failure instanceof PoisonedException);
                if (failure instanceof Violation || !isEnd) {
                    throw failure;
                }
                crash(failure);
                continue;
            }
            if (random.nextDouble() < crashChance / 8) {
                crash(new CrashNow(CrashNow.Effect.NOT_APPLIED, "between two steps"));
            }
        }
        world.points().disarm();
        world.host().clearFaults();
        if (world.hasFailed()) {
            crash(new CrashNow(CrashNow.Effect.NOT_APPLIED, "after a failure"));
        }
        if (!world.isOpen()) {
            world.open(random);
        }
        world.verify(random);
        world.closeCleanly();
        world.readOnly(random);
        loseNewestSlot();
    }

    private void crash(Throwable end) {
        crashes++;
        boolean kill = killsOnly || random.nextDouble() < killChance;
        CrashPolicy policy = kill ? null : CrashPolicy.any(random.nextLong());
        trace.add((kill ? "KILL " : "POWER ") + end.getMessage() + (kill ? "" : " " + policy));
        world.crash(random.nextLong(), policy);
        if (random.nextInt(3) == 0) {
            world.check();
        }
        if (random.nextDouble() < damageChance) {
            damage();
        }
    }

    /** What a crash has left is damaged as well, on a copy of the machine: right, or told. */
    private void damage() {
        try (CrashWorld copy = world.image(random.nextLong(), null)) {
            copy.points().beQuiet();
            copy.host().dropCleanCache(random.nextLong());
            boolean hasLog = copy.host().fileNames().contains(CrashWorld.LOG);
            long least = copy.history().required();
            switch (random.nextInt(hasLog ? 4 : 2)) {
                case 0 -> flipInSlot(copy);
                case 1 -> flip(copy, CrashWorld.PATH, 0);
                case 2 -> {
                    flip(copy, CrashWorld.LOG, 0);
                    least = copy.history().witnessed(); // the window: groups of the last flush
                }
                default -> {
                    ManifestSlots.Slot newest = ManifestSlots.newest(copy.host().copy(CrashWorld.PATH));
                    if (oldLog == null || !newest.clean() && newest.generation() == oldLogGeneration
                            && newest.anchorPosition() < oldLogEnd) {
                        return; // an older copy that holds the anchor cannot be told from an earlier crash
                    }
                    trace.add("(old log put back)");
                    copy.host().plant(CrashWorld.LOG, oldLog);
                }
            }
            copy.judge(random, least);
        }
    }

    private void flipInSlot(CrashWorld copy) {
        ManifestSlots.Slot newest = ManifestSlots.newest(copy.host().copy(CrashWorld.PATH));
        flip(copy, CrashWorld.PATH, newest.position() + random.nextInt(FileLayout.BLOCK_SIZE));
    }

    private void flip(CrashWorld copy, Path file, long at) {
        FileImage image = copy.host().copy(file);
        long position = at != 0 ? at : ManifestSlots.usedByte(image, random);
        trace.add("(flip in " + file.getFileName() + " at " + position + ")");
        copy.host().flipBit(file, position, random.nextInt(8));
    }

    private void copyLog() {
        if (world.host().fileNames().contains(CrashWorld.LOG)) {
            oldLog = world.host().copy(CrashWorld.LOG);
            oldLogGeneration = ManifestSlots.newest(world.host().copy(CrashWorld.PATH)).generation();
            oldLogEnd = world.engine().statistics().logBytes();
        }
    }

    /** Either of the two slots of a clean close is enough. */
    private void loseNewestSlot() {
        try (CrashWorld copy = world.image(random.nextLong(), CrashPolicy.LOSE_UNSYNCED)) {
            copy.points().beQuiet();
            flipInSlot(copy);
            copy.readOnly(random);
        }
    }

    private Runnable choose() {
        int sum = actions.stream().mapToInt(Action::weight).sum();
        int at = random.nextInt(sum);
        for (Action action : actions) {
            at -= action.weight();
            if (at < 0) {
                return action.body();
            }
        }
        throw new IllegalStateException("no action");
    }

    private TransactionMode mode() {
        return random.nextInt(3) == 0 ? TransactionMode.EXCLUSIVE : TransactionMode.OPTIMISTIC;
    }

    private int tree(CrashWorld.Draft draft) {
        List<Integer> ids = draft.trees();
        if (ids.isEmpty() || ids.size() < 2 && random.nextBoolean()) {
            return draft.createTree(random.nextBoolean() ? TreeKind.DOCUMENT : TreeKind.KEYED);
        }
        return ids.get(random.nextInt(ids.size()));
    }

    private long key() {
        return random.nextInt(3) == 0 ? random.nextLong(CrashWorld.KEYS) : random.nextLong(hotKeys);
    }

    private void change(CrashWorld.Draft draft, int count, int lengthMax) {
        for (int index = 0; index < count; index++) {
            int tree = tree(draft);
            if (random.nextInt(5) == 0) {
                draft.delete(tree, key());
            } else {
                draft.put(tree, key(), random.nextInt(lengthMax));
            }
        }
    }

    private void small() {
        world.transact(mode(), draft -> change(draft, 1 + random.nextInt(4), 200));
    }

    private void large() {
        world.transact(mode(), draft -> change(draft, 20 + random.nextInt(150), 300));
    }

    private void bigValues() {
        world.transact(mode(), draft -> {
            int tree = documentTree(draft);
            for (int index = 1 + random.nextInt(3); index > 0; index--) {
                draft.put(tree, key(), PAGE_QUARTER - 100 + random.nextInt(random.nextBoolean() ? 200 : 30_000));
            }
            change(draft, random.nextInt(3), 100);
        });
    }

    private void ephemeral() {
        world.transact(mode(), draft -> {
            int tree = documentTree(draft);
            for (int index = random.nextInt(8); index >= 0; index--) {
                draft.put(tree, key(), random.nextInt(random.nextInt(8) == 0 ? 10_000 : 300),
                        random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(100));
            }
        });
    }

    private void collection() {
        world.transact(mode(), draft -> {
            if (draft.trees().size() < TREES_MAX) {
                draft.createOrRename(random.nextInt(4), random.nextInt(8));
            }
            change(draft, random.nextInt(3), 100);
        });
    }

    private void hugeValue() {
        world.transact(mode(), draft -> {
            draft.put(documentTree(draft), random.nextLong(8), 1024 * 1024 - 100 + random.nextInt(200_000));
            change(draft, random.nextInt(3), 100);
        });
    }

    private int documentTree(CrashWorld.Draft draft) {
        return draft.trees().stream().filter(tree -> draft.state().get(tree).kind() == TreeKind.DOCUMENT).findFirst()
                .orElseGet(() -> draft.createTree(TreeKind.DOCUMENT));
    }

    private void createTree() {
        world.transact(mode(), draft -> {
            if (draft.trees().size() < TREES_MAX) {
                draft.createTree(random.nextBoolean() ? TreeKind.DOCUMENT : TreeKind.KEYED);
            }
            change(draft, random.nextInt(4), 100);
        });
    }

    private void dropTree() {
        List<Integer> ids = CommitHistory.trees(world.history().newest());
        if (ids.isEmpty()) {
            return;
        }
        int id = ids.get(random.nextInt(ids.size()));
        world.transact(mode(), draft -> draft.dropTree(id));
    }

    private void deleteMany() {
        world.transact(mode(), draft -> {
            for (int id : draft.trees()) {
                for (long number : draft.state().get(id).records().keySet().stream().limit(30).toList()) {
                    if (random.nextBoolean()) {
                        draft.delete(id, number);
                    }
                }
            }
        });
    }

    private void abort() {
        world.abort(mode(), draft -> change(draft, 1 + random.nextInt(5), random.nextInt(4) == 0 ? 10_000 : 300));
    }

    private void snapshot() {
        List<Snapshot> held = world.snapshots();
        if (held.size() < 3 && random.nextInt(3) > 0) {
            world.holdSnapshot();
        } else if (!held.isEmpty()) {
            world.endSnapshot(held.get(random.nextInt(held.size())));
        }
    }

    private void closeAndOpen() {
        world.closeCleanly();
        if (random.nextInt(3) == 0) {
            world.readOnly(random);
        }
        world.open(random);
    }

    long seed() {
        return seed;
    }
}
