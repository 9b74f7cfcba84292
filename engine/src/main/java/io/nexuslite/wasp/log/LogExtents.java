package io.nexuslite.wasp.log;

import io.nexuslite.error.StorageFullException;
import io.nexuslite.io.StoreFile;
import io.nexuslite.memory.NativeBuffer;
import io.nexuslite.memory.SpinLocks;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which log positions lie where in the file, and which extents may be written.
 *
 * <p>Extent number k of the log covers positions [k × extent size, (k + 1) × extent size) and lies in one extent of the file, its place. Places
 * are added at the end of the file, zero-written and flushed before they are free; a free place is taken by the leader when the log
 * enters it, and is free again once the log below it is not needed (L4).
 *
 * <p>State under the spin lock, since one thread may grow while another writes; a place counts as free, and its bytes as room, only when it is
 * ready. Growth itself runs without the lock, one thread at a time.
 */
final class LogExtents implements AutoCloseable {
    static final int ZEROS_SIZE = 64 * 1024; // kept, so that a full memory budget never keeps the log from growing

    private final SpinLocks lock = new SpinLocks(1);
    private final StoreFile file;
    private final LogFileHeader header;
    private final NativeBuffer zeros = new NativeBuffer(ZEROS_SIZE);
    private final LogRoom room;
    private final int countMax;
    private final ReentrantLock growth = new ReentrantLock();
    private int count; // places in the file; guarded by lock, as all below
    private int[] freePlaces;
    private int freeCount;
    private int[] places; // of extent number k at k mod length; -1 = none
    private long firstNumber; // oldest extent number that is kept
    private long nextNumber; // the next to be entered

    LogExtents(StoreFile file, LogFileHeader header, LogOptions options, LogRoom room) {
        this.file = file;
        this.header = header;
        this.room = room;
        countMax = options.extentCountMax();
        freePlaces = new int[8];
        places = new int[8];
    }

    int extentBytes() {
        return header.extentBytes();
    }

    /** Bytes from a log position to the end of its extent. */
    int remaining(long logPosition) {
        return header.extentBytes() - (int) (logPosition % header.extentBytes());
    }

    /** File position of a log position whose extent was entered and is kept. */
    long filePosition(long logPosition) {
        long number = logPosition / header.extentBytes();
        lock.lock(0);
        try {
            if (number < firstNumber || number >= nextNumber) {
                throw new IllegalStateException("log position " + logPosition + " has no place");
            }
            return header.extentPosition(places[(int) (number % places.length)]) + logPosition % header.extentBytes();
        } finally {
            lock.unlock(0);
        }
    }

    /** Gives the next extent number a place, if {@code logPosition} is its first; by the leader. */
    void enter(long logPosition) {
        long number = logPosition / header.extentBytes();
        lock.lock(0);
        try {
            if (number != nextNumber) {
                return;
            }
            if (freeCount == 0) {
                throw new IllegalStateException("no log extent is free for log position " + logPosition);
            }
            places[(int) (number % places.length)] = freePlaces[--freeCount];
            nextNumber++;
        } finally {
            lock.unlock(0);
        }
    }

    /** How many extents lie wholly below a log position and are still kept. */
    int countBelow(long logPosition) {
        lock.lock(0);
        try {
            return (int) Math.max(0, Math.min(logPosition / header.extentBytes(), nextNumber) - firstNumber);
        } finally {
            lock.unlock(0);
        }
    }

    /** Frees the places of all extents that lie wholly below a log position; by the leader. */
    void release(long logPosition) {
        int released = 0;
        lock.lock(0);
        try {
            long end = Math.min(logPosition / header.extentBytes(), nextNumber);
            for (; firstNumber < end; firstNumber++, released++) {
                freePlaces[freeCount++] = places[(int) (firstNumber % places.length)];
            }
        } finally {
            lock.unlock(0);
        }
        room.add((long) released * header.extentBytes());
    }

    /** Whether more than half of what the file has is in use and it may grow. */
    boolean wantsGrowth() {
        lock.lock(0);
        try {
            return count < countMax && room.free() < (long) count * header.extentBytes() / 2;
        } finally {
            lock.unlock(0);
        }
    }

    /**
     * Adds a place: allocates, zero-writes, flushes. Any thread; waits for another that is at it.
     *
     * @param freeBefore room that the caller found too little
     * @param poison set if the flush fails; a failure before it changes nothing
     * @return false if the cap is reached; true if there is more room than before
     * @throws StorageFullException if the disk has no room
     * @throws io.nexuslite.error.IoFailedException if a write or the flush fails; only the flush poisons
     */
    boolean grow(Poison poison, long freeBefore) {
        growth.lock();
        try {
            int place = count();
            if (room.free() > freeBefore) {
                return true;
            }
            if (place >= countMax) {
                return false;
            }
            makeSpace(place + 1);
            writeZeros(header.extentPosition(place));
            try {
                file.sync();
            } catch (Throwable failure) {
                poison.set(failure);
                throw failure;
            }
            addPlace(place);
            return true;
        } finally {
            growth.unlock();
        }
    }

    /** Adds the places of a file under creation; the caller flushes. */
    void create(int initialCount) {
        makeSpace(initialCount);
        for (int place = 0; place < initialCount; place++) {
            writeZeros(header.extentPosition(place));
        }
        for (int place = initialCount - 1; place >= 0; place--) {
            addPlace(place); // so that place 0 is taken first
        }
        lock.lock(0);
        count = initialCount;
        lock.unlock(0);
    }

    /** Arrays long enough for {@code placeCount}, before any lock is taken. */
    private void makeSpace(int placeCount) {
        if (placeCount <= freePlaces.length) {
            return;
        }
        int length = Math.max(placeCount, 2 * freePlaces.length);
        int[] longerFree = new int[length];
        int[] longerPlaces = new int[length];
        lock.lock(0);
        try {
            System.arraycopy(freePlaces, 0, longerFree, 0, freeCount);
            Arrays.fill(longerPlaces, -1);
            for (long number = firstNumber; number < nextNumber; number++) {
                longerPlaces[(int) (number % length)] = places[(int) (number % places.length)];
            }
            freePlaces = longerFree;
            places = longerPlaces;
        } finally {
            lock.unlock(0);
        }
    }

    private void addPlace(int place) {
        lock.lock(0);
        freePlaces[freeCount++] = place;
        count = Math.max(count, place + 1);
        lock.unlock(0);
        room.add(header.extentBytes());
    }

    private void writeZeros(long position) {
        file.allocate(position, header.extentBytes());
        for (int at = 0; at < header.extentBytes(); at += ZEROS_SIZE) {
            file.write(position + at, zeros.memory(), 0, ZEROS_SIZE); // an extent is a multiple of it
        }
    }

    int count() {
        lock.lock(0);
        int result = count;
        lock.unlock(0);
        return result;
    }

    int freeCount() {
        lock.lock(0);
        int result = freeCount;
        lock.unlock(0);
        return result;
    }

    @Override
    public void close() {
        zeros.close();
    }
}
