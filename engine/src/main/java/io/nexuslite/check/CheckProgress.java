package io.nexuslite.check;

/** Told by a check how far it is, about once a MiB read, in the thread that checks. */
@FunctionalInterface
public interface CheckProgress {
    /** For who does not want to know. */
    CheckProgress NONE = (phase, bytesRead, bytesExpected) -> {
    };

    /**
     * @param phase what is being read, such as {@code trees}
     * @param bytesRead bytes read so far
     * @param bytesExpected bytes that a whole check of sound files reads, roughly
     */
    void read(String phase, long bytesRead, long bytesExpected);
}
