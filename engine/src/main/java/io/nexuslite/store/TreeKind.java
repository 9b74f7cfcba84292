package io.nexuslite.store;

/** What a tree's records are. */
public enum TreeKind {
    /** BSON documents; the key is the key string of {@code _id}, which the body holds as its first field. */
    DOCUMENT,
    /** Key bytes with value bytes. */
    KEYED
}
