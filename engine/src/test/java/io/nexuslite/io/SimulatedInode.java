package io.nexuslite.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/**
 * One file as a kernel and a disk see it: what the cache shows, what the medium holds, and in between, per sector of 512 bytes,
 * every version written since the last flush, in order.
 *
 * <p>Changes of the size, and what truncation and punching do to sectors, are metadata: the file system keeps them in order, so
 * a power loss keeps all of them up to one. Data of a sector is lost or kept for itself, but a version written before a
 * truncation does not come back once the truncation is kept, and one written after it is not seen without it.
 *
 * <p>Sequence numbers come from the disk, one for each version of a sector, so that a cut in time may fall inside a write.
 * Guarded by the host's lock.
 */
final class SimulatedInode {
    static final int SECTOR_SIZE = 512;
    private static final int BLOCK_SIZE = 4096;
    private static final int SECTORS_PER_BLOCK = BLOCK_SIZE / SECTOR_SIZE;
    private static final byte[] ZERO_SECTOR = new byte[SECTOR_SIZE];

    /**
     * A sector's content after one change. {@code lastOfWrite}: sequence of the last sector that the same write changed.
     * {@code structural}: by truncation or punching.
     */
    private record Version(long sequence, long lastOfWrite, byte[] content, boolean structural) {
    }

    /** A change of the file's metadata; {@code size} is the one it leaves. */
    private record MetadataChange(long sequence, long size, boolean structural) {
    }

    final long id;
    final LockState locks = new LockState();
    private final SparseBytes cached;
    private final SparseBytes durable;
    private long size;
    private long durableSize;
    private final TreeMap<Long, List<Version>> pending = new TreeMap<>();
    private final List<MetadataChange> metadata = new ArrayList<>();
    /** Sectors that a failed flush left clean in the cache, but not on the medium. */
    private final TreeSet<Long> stale = new TreeSet<>();
    private final BitSet blocks = new BitSet();

    /** An empty file that has not reached the medium, or with {@code content} one that has. */
    SimulatedInode(long id, SparseBytes content, long size) {
        this.id = id;
        this.cached = content;
        this.durable = content.copy();
        this.size = size;
        this.durableSize = size;
        blocks.set(0, Math.toIntExact((size + BLOCK_SIZE - 1) / BLOCK_SIZE));
    }

    private SimulatedInode(long id, SparseBytes cached, SparseBytes durable) {
        this.id = id;
        this.cached = cached;
        this.durable = durable;
    }

    long size() {
        return size;
    }

    SparseBytes cached() {
        return cached;
    }

    FileImage cachedImage() {
        return new FileImage(cached.copy(), size);
    }

    FileImage durableImage() {
        SparseBytes bytes = durable.copy();
        bytes.zero(durableSize, Long.MAX_VALUE);
        return new FileImage(bytes, durableSize);
    }

    boolean isDirty() {
        return !pending.isEmpty() || !metadata.isEmpty();
    }

    /** Sequence of the oldest change that is not durable, or {@code Long.MAX_VALUE}. */
    long firstPending() {
        long first = metadata.isEmpty() ? Long.MAX_VALUE : metadata.getFirst().sequence();
        for (List<Version> versions : pending.values()) {
            first = Math.min(first, versions.getFirst().sequence());
        }
        return first;
    }

    int pendingSectors() {
        return pending.size();
    }

    long allocatedBytes() {
        return (long) blocks.cardinality() * BLOCK_SIZE;
    }

    /** Bytes that writing or allocating a range would take from the disk. */
    long bytesNeeded(long position, long length) {
        if (length == 0) {
            return 0;
        }
        int first = Math.toIntExact(position / BLOCK_SIZE);
        int last = Math.toIntExact((position + length - 1) / BLOCK_SIZE);
        return (long) (last - first + 1 - blocks.get(first, last + 1).cardinality()) * BLOCK_SIZE;
    }

    void write(Sequence sequence, long position, byte[] bytes, int length) {
        if (length == 0) {
            return;
        }
        long end = position + length;
        takeBlocks(position, length);
        if (end > size) {
            size = end;
            metadata.add(new MetadataChange(sequence.next(), size, false));
        }
        cached.set(position, bytes, 0, length);
        long first = position / SECTOR_SIZE;
        long last = (end - 1) / SECTOR_SIZE;
        long lastOfWrite = sequence.last() + last - first + 1;
        for (long sector = first; sector <= last; sector++) {
            addVersion(sequence.next(), lastOfWrite, sector, false);
        }
    }

    private void addVersion(long sequence, long lastOfWrite, long sector, boolean structural) {
        byte[] content = cached.get(sector * SECTOR_SIZE, SECTOR_SIZE);
        if (Arrays.equals(content, ZERO_SECTOR)) {
            content = ZERO_SECTOR; // extents are zero-written before use: keep one
        }
        pending.computeIfAbsent(sector, absent -> new ArrayList<>(1))
                .add(new Version(sequence, lastOfWrite, content, structural));
        stale.remove(sector);
    }

    void allocate(Sequence sequence, long position, long length) {
        takeBlocks(position, length);
        if (position + length > size) {
            size = position + length;
            metadata.add(new MetadataChange(sequence.next(), size, false));
        }
    }

    private void takeBlocks(long position, long length) {
        blocks.set(Math.toIntExact(position / BLOCK_SIZE),
                Math.toIntExact((position + length - 1) / BLOCK_SIZE) + 1);
    }

    void truncate(Sequence sequence, long newSize) {
        long oldSize = size;
        size = newSize;
        metadata.add(new MetadataChange(sequence.next(), newSize, newSize < oldSize));
        if (newSize < oldSize) {
            clear(sequence, newSize, oldSize);
            clearBlocksBehind(newSize);
        }
    }

    private void clearBlocksBehind(long end) {
        int first = Math.toIntExact((end + BLOCK_SIZE - 1) / BLOCK_SIZE);
        blocks.clear(first, Math.max(first, blocks.length()));
    }

    void punch(Sequence sequence, long position, long length) {
        long end = Math.min(position + length, size);
        if (position >= end) {
            return;
        }
        metadata.add(new MetadataChange(sequence.next(), size, true));
        clear(sequence, position, end);
        int first = Math.toIntExact((position + BLOCK_SIZE - 1) / BLOCK_SIZE);
        int last = Math.toIntExact(end == size ? (end + BLOCK_SIZE - 1) / BLOCK_SIZE : end / BLOCK_SIZE);
        blocks.clear(first, Math.max(first, last));
    }

    /** Zeros a range, as metadata. Sectors that are zero wherever one looks need no version. */
    private void clear(Sequence sequence, long start, long end) {
        for (long sector = start / SECTOR_SIZE; sector * SECTOR_SIZE < end; sector++) {
            long position = sector * SECTOR_SIZE;
            if (cached.isHole(position) && durable.isHole(position) && !pending.containsKey(sector)) {
                continue;
            }
            cached.zero(Math.max(start, position), Math.min(end, position + SECTOR_SIZE));
            long change = sequence.next();
            addVersion(change, change, sector, true);
        }
    }

    /** fdatasync: all pending sectors and the size. Stale sectors stay so: the kernel thinks that they are written. */
    void sync() {
        commitMetadata(metadata.size());
        pending.forEach((sector, versions) -> putDurable(sector, versions.getLast().content()));
        pending.clear();
    }

    /** What an O_DSYNC write makes durable: the sectors of its range, and metadata if the range cannot be read back without. */
    void syncRange(long position, long length) {
        if (length == 0) {
            return;
        }
        if (position + length > durableSize || metadata.stream().anyMatch(MetadataChange::structural)) {
            commitMetadata(metadata.size());
        }
        Map<Long, List<Version>> range = sectorsOf(position, length);
        range.forEach((sector, versions) -> putDurable(sector, versions.getLast().content()));
        range.clear();
    }

    private Map<Long, List<Version>> sectorsOf(long position, long length) {
        return pending.subMap(position / SECTOR_SIZE, true, (position + length - 1) / SECTOR_SIZE, true);
    }

    private void putDurable(long sector, byte[] content) {
        durable.set(sector * SECTOR_SIZE, content);
    }

    /** Makes the first changes of the metadata durable, with what they did to sectors. */
    private void commitMetadata(int count) {
        if (count == 0) {
            return;
        }
        long limit = count < metadata.size() ? metadata.get(count).sequence() : Long.MAX_VALUE;
        for (MetadataChange change : metadata.subList(0, count)) {
            durable.zero(change.size(), durableSize); // nothing, unless it shrinks
            durableSize = change.size();
        }
        pending.entrySet().removeIf(entry -> {
            List<Version> versions = entry.getValue();
            int base = lastStructural(versions, limit);
            if (base >= 0) {
                putDurable(entry.getKey(), versions.get(base).content());
                versions.subList(0, base + 1).clear();
            }
            return versions.isEmpty();
        });
        metadata.subList(0, count).clear();
    }

    /** Index of the last structural version before {@code limit}, or -1. */
    private static int lastStructural(List<Version> versions, long limit) {
        int found = -1;
        for (int i = 0; i < versions.size() && versions.get(i).sequence() < limit; i++) {
            found = versions.get(i).structural() ? i : found;
        }
        return found;
    }

    /**
     * A flush that fails: of the sectors none, all or some are on the medium, and the kernel takes all for clean. The cache still
     * shows what was written. Of the size changes some are durable; the others wait for the next flush.
     */
    void failSync(SplittableRandom random) {
        commitMetadata(random.nextInt(metadata.size() + 1));
        failSectors(random, pending);
    }

    /** A flush that fails and tears whatever was written: of each block the first sector alone is on the medium. */
    void tearSync() {
        commitMetadata(metadata.size());
        failSectors(pending, sector -> sector % SECTORS_PER_BLOCK == 0);
    }

    /** The same for the sectors of one durable write. */
    void tearSyncRange(long position, long length) {
        if (length > 0) {
            commitMetadata(metadata.size());
            failSectors(sectorsOf(position, length), sector -> sector % SECTORS_PER_BLOCK == 0);
        }
    }

    /** As {@link #failSync}, for the sectors of one durable write. */
    void failSyncRange(SplittableRandom random, long position, long length) {
        if (length == 0) {
            return;
        }
        if (random.nextBoolean()) {
            commitMetadata(metadata.size());
        }
        failSectors(random, sectorsOf(position, length));
    }

    private void failSectors(SplittableRandom random, Map<Long, List<Version>> sectors) {
        int mode = random.nextInt(3); // none, all, some
        failSectors(sectors, sector -> mode == 1 || mode == 2 && random.nextBoolean());
    }

    private void failSectors(Map<Long, List<Version>> sectors, LongPredicate survivors) {
        sectors.forEach((sector, versions) -> {
            boolean survives = survivors.test(sector);
            long limit = metadata.isEmpty() ? Long.MAX_VALUE : metadata.getFirst().sequence();
            int last = lastBefore(versions, firstStructural(versions, limit));
            if (survives && last >= 0) {
                putDurable(sector, versions.get(last).content());
            }
            stale.add(sector);
        });
        sectors.clear();
    }

    /** Sequence of the first structural version from {@code limit} on. */
    private static long firstStructural(List<Version> versions, long limit) {
        for (Version version : versions) {
            if (version.structural() && version.sequence() >= limit) {
                return version.sequence();
            }
        }
        return Long.MAX_VALUE;
    }

    /** Index of the last version before {@code limit}, or -1. */
    private static int lastBefore(List<Version> versions, long limit) {
        int found = -1;
        for (int i = 0; i < versions.size() && versions.get(i).sequence() < limit; i++) {
            found = i;
        }
        return found;
    }

    /** The kernel drops clean pages: each stale sector may turn out as what the medium holds. */
    void dropClean(SplittableRandom random) {
        stale.removeIf(sector -> {
            boolean dropped = random.nextBoolean();
            if (dropped) {
                byte[] content = durable.get(sector * SECTOR_SIZE, SECTOR_SIZE);
                int length = Math.clamp(size - sector * SECTOR_SIZE, 0, SECTOR_SIZE);
                cached.set(sector * SECTOR_SIZE, content, 0, length);
            }
            return dropped;
        });
    }

    /** The file after a kill of the process: cache and medium as they are. */
    SimulatedInode copy() {
        SimulatedInode copy = new SimulatedInode(id, cached.copy(), durable.copy());
        copy.size = size;
        copy.durableSize = durableSize;
        pending.forEach((sector, versions) -> copy.pending.put(sector, new ArrayList<>(versions)));
        copy.metadata.addAll(metadata);
        copy.stale.addAll(stale);
        copy.blocks.or(blocks);
        return copy;
    }

    /**
     * The file after a power loss.
     *
     * @param moment last sequence number that survives in {@link CrashPolicy.Survival#PREFIX}
     */
    SimulatedInode crash(SplittableRandom random, CrashPolicy policy, long moment) {
        int kept = switch (policy.survival()) {
            case NOTHING -> 0;
            case EVERYTHING -> metadata.size();
            case PREFIX -> (int) metadata.stream().filter(change -> change.sequence() <= moment).count();
            case SUBSET -> random.nextInt(metadata.size() + 1);
        };
        SimulatedInode image = copy();
        image.stale.clear();
        long sizeBefore = durableSize;
        long limit = kept < metadata.size() ? metadata.get(kept).sequence() : Long.MAX_VALUE;
        image.commitMetadata(kept);
        if (policy.exposesGarbage()) {
            image.exposeGarbage(random, sizeBefore);
        }
        image.settle(random, policy, moment, limit);
        image.metadata.clear();
        image.durable.zero(image.durableSize, Long.MAX_VALUE);
        SimulatedInode result = new SimulatedInode(id, image.durable, image.durableSize);
        result.blocks.clear();
        result.blocks.or(blocks);
        result.clearBlocksBehind(result.size);
        return result;
    }

    /** Bytes that came with the size and without data are what the medium held there before. */
    private void exposeGarbage(SplittableRandom random, long sizeBefore) {
        for (long at = sizeBefore; at < durableSize; at += BLOCK_SIZE - at % BLOCK_SIZE) {
            if (random.nextInt(4) == 0) {
                byte[] garbage = new byte[(int) Math.min(durableSize - at, BLOCK_SIZE - at % BLOCK_SIZE)];
                random.nextBytes(garbage);
                durable.set(at, garbage);
            }
        }
    }

    /** Chooses for each pending sector what of it is on the medium. */
    private void settle(SplittableRandom random, CrashPolicy policy, long moment, long limit) {
        int sectorsPerUnit = policy.unit() / SECTOR_SIZE;
        long unit = -1;
        long cut = 0; // versions up to this one survive
        for (Map.Entry<Long, List<Version>> entry : pending.entrySet()) {
            List<Version> versions = entry.getValue();
            if (entry.getKey() / sectorsPerUnit != unit) {
                unit = entry.getKey() / sectorsPerUnit;
                cut = cutOf(random, policy, moment, versions);
            }
            int survivor = lastBefore(versions, Math.min(cut == Long.MAX_VALUE ? cut : cut + 1,
                    firstStructural(versions, limit)));
            byte[] content = survivor >= 0
                    ? versions.get(survivor).content()
                    : durable.get(entry.getKey() * SECTOR_SIZE, SECTOR_SIZE);
            if (policy.garbageChance() > 0 && random.nextDouble() < policy.garbageChance()) {
                content = spoil(random, content, versions.getLast().content());
            }
            putDurable(entry.getKey(), content);
        }
    }

    private static long cutOf(SplittableRandom random, CrashPolicy policy, long moment, List<Version> versions) {
        return switch (policy.survival()) {
            case NOTHING -> -1;
            case EVERYTHING -> Long.MAX_VALUE;
            case PREFIX -> moment;
            case SUBSET -> {
                if (random.nextDouble() >= policy.keepChance()) {
                    yield -1;
                }
                // mostly the last version; now and then one that was overwritten in the cache since
                yield random.nextInt(3) > 0
                        ? Long.MAX_VALUE
                        : versions.get(random.nextInt(versions.size())).lastOfWrite();
            }
        };
    }

    /** A sector whose write was under way: random bytes, or the new ones up to some point. */
    private static byte[] spoil(SplittableRandom random, byte[] before, byte[] after) {
        byte[] spoiled = before.clone();
        if (random.nextBoolean()) {
            random.nextBytes(spoiled);
        } else {
            System.arraycopy(after, 0, spoiled, 0, random.nextInt(SECTOR_SIZE));
        }
        return spoiled;
    }

    /** Changes a byte of the medium, and of the cache where that is not newer. */
    void damage(long position, byte mask) {
        byte[] one = durable.get(position, 1);
        one[0] ^= mask;
        durable.set(position, one);
        long sector = position / SECTOR_SIZE;
        if (!pending.containsKey(sector) && !stale.contains(sector)) {
            cached.set(position, one);
        }
    }
}
