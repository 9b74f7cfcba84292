package io.nexuslite.check;

import io.nexuslite.format.FileLayout;

/**
 * What a dump shows.
 *
 * @param kind which sort of thing
 * @param number page number, slot, or position in the log's file; 0 where there is only one
 */
public record DumpTarget(Kind kind, long number) {
    /** Sorts of things that can be shown. */
    public enum Kind {
        /** A page of a tree, by its number. */
        PAGE,
        /** The first copy of the identity. */
        IDENTITY,
        /** The second copy of the identity. */
        SECOND_IDENTITY,
        /** A manifest slot, 0 to 7. */
        SLOT,
        /** The owner sector. */
        OWNER,
        /** The header of the log. */
        LOG,
        /** A group of the log, by its position in the file. */
        GROUP
    }

    public DumpTarget {
        if (number < 0 || kind == Kind.SLOT && number >= FileLayout.MANIFEST_SLOTS) {
            throw new IllegalArgumentException("Nothing to show: expected " + (kind == Kind.SLOT
                    ? "a slot from 0 to " + (FileLayout.MANIFEST_SLOTS - 1)
                    : "a number from 0 on") + ", found " + number + ".");
        }
    }

    /**
     * Reads {@code 812} (a page), {@code identity}, {@code identity2}, {@code slot:3}, {@code owner}, {@code log} or
     * {@code group:65536}.
     *
     * @throws IllegalArgumentException if the text is none of these
     */
    public static DumpTarget parse(String text) {
        int colon = text.indexOf(':');
        try {
            return switch (colon < 0 ? text : text.substring(0, colon)) {
                case "identity" -> new DumpTarget(Kind.IDENTITY, 0);
                case "identity2" -> new DumpTarget(Kind.SECOND_IDENTITY, 0);
                case "owner" -> new DumpTarget(Kind.OWNER, 0);
                case "log" -> new DumpTarget(Kind.LOG, 0);
                case "slot" -> new DumpTarget(Kind.SLOT, Long.parseLong(text.substring(colon + 1)));
                case "group" -> new DumpTarget(Kind.GROUP, Long.parseLong(text.substring(colon + 1)));
                case "page" -> new DumpTarget(Kind.PAGE, Long.parseLong(text.substring(colon + 1)));
                default -> new DumpTarget(Kind.PAGE, Long.parseLong(text));
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("Nothing to show: expected a page number, identity, identity2, slot:N, "
                    + "owner, log or group:POSITION, found \"" + text + "\".", e);
        }
    }
}
