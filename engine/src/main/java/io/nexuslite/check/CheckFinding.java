package io.nexuslite.check;

/**
 * One thing that a check found.
 *
 * @param file name of the file, without its directory
 * @param position byte position in that file at which the object starts
 * @param object what it is about, such as {@code page 812 of tree 17}
 * @param what expected and found, without contents of documents
 */
public record CheckFinding(CheckSeverity severity, String file, long position, String object, String what) {
    /** One line: severity, object, what, file and position. */
    @Override
    public String toString() {
        return severity + ": " + object + ": " + what + " [file=" + file + ", position=" + position + "]";
    }
}
