package io.nexuslite.check;

import static io.nexuslite.format.LogFrameLayout.CSN_OFFSET;
import static io.nexuslite.format.LogFrameLayout.FLAGS_OFFSET;
import static io.nexuslite.format.LogFrameLayout.HEADER_SIZE;
import static io.nexuslite.format.LogFrameLayout.KIND_OFFSET;
import static io.nexuslite.format.LogFrameLayout.LENGTH_OFFSET;
import static io.nexuslite.format.LogFrameLayout.TREE_ID_OFFSET;

import io.nexuslite.format.LogFrameLayout;
import io.nexuslite.format.LogGroupLayout;
import java.lang.foreign.MemorySegment;

/** Shows the frames of a log group, as far as they can be followed. One thread. */
final class FrameDump {
    private final DumpLines lines;
    private final boolean contents;

    FrameDump(DumpLines lines, boolean contents) {
        this.lines = lines;
        this.contents = contents;
    }

    void dump(MemorySegment group, LogGroupHeader header) {
        long offset = LogGroupLayout.HEADER_SIZE;
        long end = offset + header.framesLength;
        for (int i = 0; i < header.frameCount; i++) {
            int length = end - offset < HEADER_SIZE ? 0 : Bytes.intAt(group, offset + LENGTH_OFFSET);
            if (length < HEADER_SIZE || length > end - offset) {
                lines.line(String.format("%6d  frame %d: length %d does not fit the group", offset, i, length));
                return;
            }
            lines.line(String.format("%6d  frame %d: %s, flags %d, tree %s, csn %d, %d bytes", offset, i,
                    kindName(Bytes.unsignedByte(group, offset + KIND_OFFSET)),
                    Bytes.unsignedByte(group, offset + FLAGS_OFFSET),
                    Integer.toUnsignedString(Bytes.intAt(group, offset + TREE_ID_OFFSET)),
                    Bytes.longAt(group, offset + CSN_OFFSET), length));
            if (contents) {
                lines.bytes(group, offset + HEADER_SIZE, offset + length);
            }
            offset += Math.min(end - offset, LogFrameLayout.paddedLength(length));
        }
        lines.line(String.format("%6d  padding of %d bytes", end, header.length - end));
    }

    private static String kindName(int kind) {
        return switch (kind) {
            case LogFrameLayout.KIND_PUT_DOCUMENT -> "put document";
            case LogFrameLayout.KIND_PUT_KEYED -> "put keyed";
            case LogFrameLayout.KIND_DELETE_DOCUMENT -> "delete document";
            case LogFrameLayout.KIND_DELETE_KEYED -> "delete keyed";
            case LogFrameLayout.KIND_CREATE_TREE -> "create tree";
            case LogFrameLayout.KIND_DROP_TREE -> "drop tree";
            case LogFrameLayout.KIND_COMMIT -> "commit";
            default -> "kind " + kind;
        };
    }
}
