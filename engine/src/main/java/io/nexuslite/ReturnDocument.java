package io.nexuslite;

/** Which state of a document {@code findOneAnd…} gives. */
public enum ReturnDocument {
    /** As it was before; nothing where one was inserted. */
    BEFORE,
    /** As it is afterwards. */
    AFTER
}
