package io.nexuslite.wasp.tree;

/** What one reading thread needs of its own: scratch memory, a checksum, and its pin. Reused; one thread at a time. */
public final class TreeReader implements AutoCloseable {
    final ReadPin pin;

    public TreeReader(ReadPin pin) {
        this.pin = pin;
    }

    @Override
    public void close() {
    }
}
