package io.nexuslite.io;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Names of files: those that the cache shows, those on the medium, and the changes in between, in order. Every directory exists.
 * A rename is one change. Guarded by the host's lock.
 */
final class SimulatedNames {
    /** Takes the name {@code removed} away and gives {@code inode} the name {@code added}; either may be null. */
    private record Change(Path removed, Path added, SimulatedInode inode) {
        boolean isIn(Path directory) {
            return removed != null && directory.equals(removed.getParent())
                    || added != null && directory.equals(added.getParent());
        }

        Path directory() {
            return (added != null ? added : removed).getParent();
        }

        void applyTo(Map<Path, SimulatedInode> names) {
            if (removed != null) {
                names.remove(removed);
            }
            if (added != null) {
                names.put(added, inode);
            }
        }
    }

    private final TreeMap<Path, SimulatedInode> cached = new TreeMap<>();
    private final TreeMap<Path, SimulatedInode> durable = new TreeMap<>();
    private final List<Change> pending = new ArrayList<>();

    SimulatedInode find(Path name) {
        return cached.get(name);
    }

    Map<Path, SimulatedInode> all() {
        return cached;
    }

    /** Each file that has, had or may get back a name, once, by age. */
    void forEachInode(Consumer<SimulatedInode> action) {
        TreeMap<Long, SimulatedInode> inodes = new TreeMap<>();
        cached.values().forEach(inode -> inodes.put(inode.id, inode));
        durable.values().forEach(inode -> inodes.put(inode.id, inode));
        pending.stream().filter(change -> change.inode != null)
                .forEach(change -> inodes.put(change.inode.id, change.inode));
        inodes.values().forEach(action);
    }

    boolean isDirty() {
        return !pending.isEmpty();
    }

    void create(Path name, SimulatedInode inode) {
        change(new Change(null, name, inode));
    }

    void unlink(Path name) {
        change(new Change(name, null, null));
    }

    void rename(Path source, Path target) {
        change(new Change(source, target, cached.get(source)));
    }

    private void change(Change change) {
        change.applyTo(cached);
        pending.add(change);
    }

    /** Names a file that is on the medium already. */
    void plant(Path name, SimulatedInode inode) {
        forget(name);
        cached.put(name, inode);
        durable.put(name, inode);
    }

    /** Takes a name away for good, whatever is pending. */
    void forget(Path name) {
        pending.removeIf(change -> name.equals(change.added) || name.equals(change.removed));
        cached.remove(name);
        durable.remove(name);
    }

    void sync(Path directory) {
        sync(directory, Integer.MAX_VALUE);
    }

    private void sync(Path directory, int countMax) {
        int count = 0;
        for (Iterator<Change> changes = pending.iterator(); changes.hasNext() && count < countMax;) {
            Change change = changes.next();
            if (change.isIn(directory)) {
                change.applyTo(durable);
                changes.remove();
                count++;
            }
        }
    }

    /** Some first changes are durable; the others wait, or never will be. */
    void failSync(SplittableRandom random, Path directory) {
        sync(directory, random.nextInt(countIn(directory) + 1));
        if (random.nextInt(3) == 0) {
            pending.removeIf(change -> change.isIn(directory));
        }
    }

    private int countIn(Path directory) {
        return (int) pending.stream().filter(change -> change.isIn(directory)).count();
    }

    /** After a kill: the same, over copies of the files. */
    SimulatedNames copy(UnaryOperator<SimulatedInode> copying) {
        IdentityHashMap<SimulatedInode, SimulatedInode> copies = new IdentityHashMap<>();
        UnaryOperator<SimulatedInode> once = inode -> inode == null ? null : copies.computeIfAbsent(inode, copying);
        SimulatedNames copy = new SimulatedNames();
        cached.forEach((name, inode) -> copy.cached.put(name, once.apply(inode)));
        durable.forEach((name, inode) -> copy.durable.put(name, once.apply(inode)));
        pending.forEach(change -> copy.pending.add(new Change(change.removed, change.added, once.apply(change.inode))));
        return copy;
    }

    /** After a power loss: the names that survive, over what is left of the files. */
    SimulatedNames crash(SplittableRandom random, CrashPolicy policy, UnaryOperator<SimulatedInode> crashing) {
        TreeMap<Path, SimulatedInode> names = new TreeMap<>(durable);
        Map<Path, Integer> left = new HashMap<>(); // changes of a directory that still survive
        for (Change change : pending) {
            boolean survives = switch (policy.names()) {
                case NONE -> false;
                case ALL -> true;
                case SUBSET -> random.nextBoolean();
                case PREFIX -> {
                    left.computeIfAbsent(change.directory(), directory -> random.nextInt(countIn(directory) + 1));
                    yield left.merge(change.directory(), -1, Integer::sum) >= 0;
                }
            };
            if (survives) {
                change.applyTo(names);
            }
        }
        SimulatedNames result = new SimulatedNames();
        IdentityHashMap<SimulatedInode, SimulatedInode> images = new IdentityHashMap<>();
        names.forEach((name, inode) -> {
            SimulatedInode image = images.computeIfAbsent(inode, crashing);
            result.cached.put(name, image);
            result.durable.put(name, image);
        });
        return result;
    }
}
