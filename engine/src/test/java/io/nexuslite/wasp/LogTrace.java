package io.nexuslite.wasp;

import io.nexuslite.format.LogFileLayout;
import io.nexuslite.format.LogGroupLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Follows the writes and flushes of one log from its creation on, and refuses what the rules forbid. What a header claims is held against
 * what was flushed, by numbers counted here.
 */
final class LogTrace {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int FLUSH_BLOCK = 4096;

    /** What was written of the log: up to a position and a commit, naming a manifest. */
    private record Reach(long position, long csn, long manifest) {
        static final Reach NOTHING = new Reach(0, 0, 0);
    }

    /** Log positions of a group. */
    private record Group(long position, long end) {
    }

    private int extentBytes;
    private long generation;
    private int lastChecksum;
    private Reach written = Reach.NOTHING;
    private Reach durable = Reach.NOTHING;
    private final List<Group> groupsUnflushed = new ArrayList<>();
    private final Set<Group> groupsDurable = new HashSet<>(); // what an anchor may name
    private final Map<Long, Long> numberOfPlace = new HashMap<>(); // newest extent number that was written to a place
    private final Map<Long, Long> anchors = new HashMap<>(); // of manifests whose slots are durable
    private boolean headerFlushed;
    private boolean bytesUnflushed;

    long generation() {
        return generation;
    }

    /** Commits up to this one are durable, as far as the log goes. */
    long durableCsn() {
        return durable.csn();
    }

    boolean hasUnflushed() {
        return bytesUnflushed;
    }

    /** Whether a durable group lies exactly there. */
    boolean holdsAnchor(long position, long end) {
        return groupsDurable.contains(new Group(position, end));
    }

    /** A manifest's slot is durable. */
    void slotDurable(long number, long anchorPosition) {
        anchors.put(number, anchorPosition);
    }

    void wrote(long position, MemorySegment source, long offset, int length) {
        bytesUnflushed = true;
        if (position < LogFileLayout.EXTENTS_POSITION) {
            require(!headerFlushed, "the header of a log is written again");
            extentBytes = source.get(INT, offset + LogFileLayout.EXTENT_SIZE_OFFSET);
            generation = source.get(LONG, offset + LogFileLayout.GENERATION_OFFSET);
        } else if (source.get(INT, offset) == LogGroupLayout.MAGIC) {
            group(position, source, offset, length);
        } else {
            require(source.asSlice(offset, length).mismatch(MemorySegment.ofArray(new byte[length])) < 0,
                    "bytes are written to the log that are no group, at " + position);
            require(!numberOfPlace.containsKey(place(position)), "an extent in use is written over with zeros");
        }
    }

    private long place(long position) {
        return (position - LogFileLayout.EXTENTS_POSITION) / extentBytes;
    }

    private void group(long position, MemorySegment source, long offset, int length) {
        long logPosition = source.get(LONG, offset + LogGroupLayout.LOG_POSITION_OFFSET);
        require(source.get(LONG, offset + LogGroupLayout.GENERATION_OFFSET) == generation,
                "group of another generation");
        require(source.get(LONG, offset + LogGroupLayout.FILE_POSITION_OFFSET) == position,
                "group that lies elsewhere");
        require(source.get(INT, offset + LogGroupLayout.LENGTH_OFFSET) == length, "a write is not one group");
        require(logPosition == written.position(), "log position " + logPosition + " is written, expected was "
                + written.position());
        require(source.get(INT, offset + LogGroupLayout.PREVIOUS_CHECKSUM_OFFSET) == lastChecksum, "chain is broken");
        enter(logPosition, position);
        witness(source, offset, logPosition);
        boolean bare = source.get(INT, offset + LogGroupLayout.FRAME_COUNT_OFFSET) == 0;
        require(bare || !anchors.isEmpty(), "frames are written before the slot that says LOG is durable");
        long csn = source.get(LONG, offset + LogGroupLayout.LAST_CSN_OFFSET);
        require(csn >= written.csn(), "commits go back");
        lastChecksum = source.get(INT, offset + LogGroupLayout.HEADER_CHECKSUM_OFFSET);
        written = new Reach(logPosition + length, csn,
                Math.max(written.manifest(), source.get(LONG, offset + LogGroupLayout.WITNESS_MANIFEST_OFFSET)));
        groupsUnflushed.add(new Group(logPosition, logPosition + length));
    }

    /** A place is written from its start once all that it held lies below the anchor of a manifest that a durable group names. */
    private void enter(long logPosition, long position) {
        long number = logPosition / extentBytes;
        Long before = numberOfPlace.put(place(position), number);
        if (before == null || before == number) {
            return;
        }
        long anchor = anchors.entrySet().stream().filter(manifest -> manifest.getKey() <= durable.manifest())
                .mapToLong(Map.Entry::getValue).max().orElse(0);
        require((before + 1) * extentBytes <= anchor, "the extent of log positions from " + before * extentBytes
                + " on is written again; the anchor of what a durable group names is at " + anchor);
    }

    private void witness(MemorySegment source, long offset, long logPosition) {
        long position = source.get(LONG, offset + LogGroupLayout.WITNESS_POSITION_OFFSET);
        require(position <= durable.position(), "a header says that the log was flushed up to " + position
                + ", it was up to " + durable.position());
        require(position <= logPosition / FLUSH_BLOCK * FLUSH_BLOCK,
                "a durable block is written again, at log position "
                        + logPosition);
        long manifest = source.get(LONG, offset + LogGroupLayout.WITNESS_MANIFEST_OFFSET);
        require(manifest == 0 || anchors.containsKey(manifest), "a header names manifest " + manifest
                + ", whose slot is not durable");
    }

    /** All that was written is flushed. */
    void synced() {
        groupsDurable.addAll(groupsUnflushed);
        groupsUnflushed.clear();
        durable = written;
        headerFlushed = true;
        bytesUnflushed = false;
    }

    /** The last group alone is flushed: which counts only if nothing before it waits for a flush. */
    void syncedLast() {
        if (groupsUnflushed.size() == 1) {
            synced();
        }
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new Violation("trace: " + what);
        }
    }
}
