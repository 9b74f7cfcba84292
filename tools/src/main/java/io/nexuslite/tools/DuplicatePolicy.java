package io.nexuslite.tools;

/** What an import does with a document whose {@code _id} is there already. */
enum DuplicatePolicy {
    /** Refuses it: counted, and told. */
    fail,
    /** Leaves the old one. */
    skip,
    /** Puts the new one in its place. */
    replace
}
