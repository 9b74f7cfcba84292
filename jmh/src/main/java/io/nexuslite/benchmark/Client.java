package io.nexuslite.benchmark;

/** One thread's way into a store, with what it asks for and what it writes. Owned by that thread, which closes it. */
abstract class Client implements AutoCloseable {
    final Draws draws;
    final Bodies bodies;
    private int lastPut = -1;
    private int lastLength;

    Client(Draws draws, Bodies bodies) {
        this.draws = draws;
        this.bodies = bodies;
    }

    /** Finds a drawn document and reads all of it; its checksum. */
    abstract long get(int draw);

    /** Reads the next documents in the order of their ids, and goes on from the first behind the last. Sum of the checksums. */
    abstract long scan(int count);

    /** Finds the first document whose id is not below a drawn one, and reads it and those behind it. Sum of the checksums. */
    abstract long range(int draw, int count);

    /** Stores what {@link #bodies} holds in its first {@code length} bytes under a drawn id. */
    abstract void store(int draw, int length);

    /** Puts a new document in place of a drawn one; its length. */
    final int put(int draw) {
        int length = bodies.next(draws.idHigh(draw), draws.idLow(draw));
        store(draw, length);
        lastPut = draw;
        lastLength = length;
        return length;
    }

    /** Checks that the last document that was put is what the store has. */
    void verifyLastPut() {
        if (lastPut >= 0) {
            require("last document put", Checksum.of(bodies.memory(), 0, lastLength), get(lastPut));
        }
    }

    static void require(String what, long expected, long found) {
        if (expected != found) {
            throw new IllegalStateException(String.format("Checksum of %s: expected %016x, found %016x", what, expected,
                    found));
        }
    }

    final IllegalStateException missing(int draw) {
        return new IllegalStateException("Missing: document " + draws.document(draw));
    }

    /** Ends it; {@link #bodies} is whoever's made it. */
    @Override
    public abstract void close();
}
