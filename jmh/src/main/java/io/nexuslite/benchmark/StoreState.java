package io.nexuslite.benchmark;

import io.nexuslite.Durability;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A loaded, reopened and verified store, shared by the threads of a benchmark. Subclasses say when, and with which promise. */
@State(Scope.Benchmark)
public abstract class StoreState {
    /** Documents read one by one when a store is verified; all are read in order. */
    private static final int GETS_VERIFIED = 4096;

    /** Documents in the store. */
    @Param("1000000")
    public int documents;

    Dataset dataset;
    Workspace workspace;
    Store store;
    private final List<Client> clients = new ArrayList<>();

    void prepare(Contender contender, Durability.Mode durability) {
        dataset = new Dataset(documents);
        workspace = new Workspace();
        if (durability == Durability.Mode.SYNC) {
            workspace.requireDisk();
        }
        store = contender.store(workspace.directory());
        store.load(dataset);
        store.open(durability);
        verify();
    }

    /** Every document in its order, and many by their ids. */
    private void verify() {
        try (Client client = store.client(Draws.uniform(dataset, GETS_VERIFIED, 0), null)) {
            long sum = 0;
            for (int index = 0; index < documents; index++) {
                sum = Checksum.inSequence(sum, client.scan(1));
            }
            Client.require("all documents", dataset.checksum(), sum);
            Client.require("the first document again", dataset.checksum(0), client.scan(1));
            for (int draw = 0; draw < GETS_VERIFIED; draw++) {
                Client.require("a document", dataset.checksum(client.draws.document(draw)), client.get(draw));
            }
        }
    }

    /** A client that lives as long as the store is open. */
    synchronized Client client(Draws draws, Bodies bodies) {
        Client client = store.client(draws, bodies);
        clients.add(client);
        return client;
    }

    synchronized void end() {
        for (Client client : clients) {
            client.verifyLastPut();
            client.close();
        }
        clients.clear();
        store.close();
        workspace.close();
        dataset.close();
    }
}
