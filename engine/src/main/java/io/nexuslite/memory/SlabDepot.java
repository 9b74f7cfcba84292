package io.nexuslite.memory;

/**
 * The slabs of one size class. All methods are called under the depot's lock.
 *
 * <p>State: a list of the slabs that have free cells; slabs that are given out whole are in no list. An empty slab of the common size
 * goes back to the allocator, for any class, unless it is the only one here.
 */
final class SlabDepot {
    private final SlabAllocator owner;
    final int sizeClass;
    private Slab withFree;
    long reservedBytes;

    SlabDepot(SlabAllocator owner, int sizeClass) {
        this.owner = owner;
        this.sizeClass = sizeClass;
    }

    /** Adds a slab that is cut for this class. */
    void add(Slab slab) {
        reservedBytes += slab.memory.byteSize();
        slab.inDepot = true;
        link(slab);
    }

    /** A free cell as a handle, or {@link SlabAllocator#NOT_FOUND} if all slabs are given out. */
    long take() {
        Slab slab = withFree;
        if (slab == null) {
            return SlabAllocator.NOT_FOUND;
        }
        long offset = slab.take();
        if (slab.isFull()) {
            unlink(slab);
        }
        return SlabAllocator.handle(slab.slabIndex, offset);
    }

    void giveBack(Slab slab, long offset) {
        boolean wasFull = slab.isFull();
        slab.giveBack(offset);
        if (slab.draining) {
            if (slab.isEmpty()) {
                slab.draining = false;
                handOver(slab);
            }
            return;
        }
        if (wasFull) {
            link(slab);
        }
        if (slab.isEmpty() && slab.memory.byteSize() == SlabAllocator.SLAB_SIZE
                && (slab.previous != null || slab.next != null)) {
            unlink(slab);
            handOver(slab);
        }
    }

    /** Gives out no cell of the slab any more; when the last one comes back, the slab serves any class. False if it is not here. */
    boolean beginDrain(Slab slab) {
        if (!slab.inDepot || slab.sizeClass != sizeClass || slab.draining) {
            return false;
        }
        if (!slab.isFull()) {
            unlink(slab);
        }
        if (slab.isEmpty()) {
            handOver(slab);
        } else {
            slab.draining = true;
        }
        return true;
    }

    /** Gives out cells again, unless the slab became empty meanwhile. */
    void endDrain(Slab slab) {
        if (slab.inDepot && slab.sizeClass == sizeClass && slab.draining) {
            slab.draining = false;
            if (!slab.isFull()) {
                link(slab);
            }
        }
    }

    private void handOver(Slab slab) {
        slab.inDepot = false;
        reservedBytes -= slab.memory.byteSize();
        owner.addEmptySlab(slab);
    }

    /** Hands the last empty slab over too, when memory is short. */
    void trim() {
        Slab slab = withFree;
        while (slab != null) {
            Slab next = slab.next;
            if (slab.isEmpty() && slab.memory.byteSize() == SlabAllocator.SLAB_SIZE) {
                unlink(slab);
                handOver(slab);
            }
            slab = next;
        }
    }

    private void link(Slab slab) {
        slab.previous = null;
        slab.next = withFree;
        if (withFree != null) {
            withFree.previous = slab;
        }
        withFree = slab;
    }

    private void unlink(Slab slab) {
        if (slab.previous == null) {
            withFree = slab.next;
        } else {
            slab.previous.next = slab.next;
        }
        if (slab.next != null) {
            slab.next.previous = slab.previous;
        }
        slab.previous = null;
        slab.next = null;
    }
}
