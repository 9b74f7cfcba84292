package io.nexuslite;

/** Entry point: opens, creates and deletes databases. */
public final class NexusLite {
    private NexusLite() {
    }
}
