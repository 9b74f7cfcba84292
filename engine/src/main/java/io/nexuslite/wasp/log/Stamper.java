package io.nexuslite.wasp.log;

/** What happens between the claim of a commit number and its mark in the log. */
@FunctionalInterface
public interface Stamper {
    /**
     * Puts the commit number on the records that were prepared. Runs in the window in which every later commit waits for this one: it
     * must not allocate, park, load a class, touch a file or call foreign code. Whatever it throws poisons the database.
     */
    void stamp(long csn);
}
