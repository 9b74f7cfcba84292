package io.nexuslite.benchmark;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One thread's client, which the store's state verifies and closes, and how far the thread has come in its draws. */
@State(Scope.Thread)
public abstract class ClientState {
    Client client;
    private int mask;
    private int next;

    void open(StoreState state, Draws draws, Bodies bodies) {
        client = state.client(draws, bodies);
        mask = draws.count() - 1;
    }

    int nextDraw() {
        return next++ & mask;
    }
}
