package io.nexuslite.transfer;

/**
 * A place in a file.
 *
 * @param position byte, from 0
 * @param line from 1
 * @param linePosition byte at which the line begins
 */
record FramePlace(long position, long line, long linePosition) {
    static FramePlace of(JsonCursor cursor) {
        return new FramePlace(cursor.position(), cursor.line(), cursor.linePosition());
    }
}
