package io.nexuslite.check;

import static io.nexuslite.format.PageLayout.KIND_DOCUMENT_LEAF;
import static io.nexuslite.format.PageLayout.KIND_INNER;
import static io.nexuslite.format.PageLayout.KIND_KEYED_LEAF;
import static io.nexuslite.format.PageLayout.KIND_VALUE_EXTENT;

import io.nexuslite.format.Crc32c;
import io.nexuslite.format.PageLayout;
import io.nexuslite.format.Pointer;
import io.nexuslite.format.PointerLayout;
import java.lang.foreign.MemorySegment;

/** Follows pointers to the pages of trees: bounds, ownership, checksum, and the identity that a page repeats. One thread. */
final class TreePages {
    private final CheckScope scope;
    private final Crc32c crc = new Crc32c();

    TreePages(CheckScope scope) {
        this.scope = scope;
    }

    /**
     * What is wrong with a pointer, or {@code null}.
     *
     * @param leafKind kind of the tree's leaves, or {@code KIND_VALUE_EXTENT} if an extent is expected
     * @param birthMax birth of what holds the pointer: nothing names what was written later
     */
    String wrongPointer(Pointer pointer, byte leafKind, long birthMax) {
        boolean page = leafKind != KIND_VALUE_EXTENT;
        if (pointer.kind() != leafKind && !(page && pointer.kind() == KIND_INNER)) {
            return "expected a pointer to " + kindName(leafKind) + (page ? " or inner page" : "") + ", found kind "
                    + (pointer.kind() & 0xFF);
        }
        if (pointer.codec() != PointerLayout.CODEC_NONE) {
            return "expected codec 0, found " + (pointer.codec() & 0xFF);
        }
        if (page ? pointer.length() != scope.pageSize : pointer.length() <= 0) {
            return "expected a length of " + (page ? scope.pageSize + " bytes" : "at least a byte") + ", found "
                    + Integer.toUnsignedLong(pointer.length());
        }
        if (pointer.pageNumber() < scope.firstPage
                || pointer.pageNumber() + pointer.pages(scope.pageSize) > scope.endPage) {
            return "expected pages " + scope.firstPage + " to " + (scope.endPage - 1) + ", found "
                    + pointer.pages(scope.pageSize) + " from page " + pointer.pageNumber();
        }
        if (pointer.birthManifest() < 1 || pointer.birthManifest() > birthMax) {
            return "expected a birth from 1 to " + birthMax + ", the birth of what names it, found "
                    + pointer.birthManifest();
        }
        return null;
    }

    /** Claims what a pointer names; false, with a finding, if another pointer has claimed a page of it. */
    boolean claim(Pointer pointer, String object) {
        long taken = scope.account.claim(pointer.pageNumber(), pointer.pages(scope.pageSize));
        if (taken == PageAccount.NOT_FOUND) {
            return true;
        }
        scope.file.damage(scope.position(taken), object, "expected a page of its own, found page " + taken
                + " named by another pointer as well");
        return false;
    }

    /** Reads a page whose pointer is sound; false, with a finding, if its bytes are not those that the pointer means. */
    boolean read(Pointer pointer, MemorySegment page, int treeId, int level, boolean quiet) {
        long position = scope.position(pointer.pageNumber());
        String why = scope.file.readOrWhy(position, page, 0, scope.pageSize);
        if (why == null) {
            int found = crc.of(page, 0, scope.pageSize);
            why = found != pointer.checksum()
                    ? "expected checksum " + Bytes.hex(pointer.checksum()) + " as its parent says, bytes give "
                            + Bytes.hex(found)
                    : wrongIdentity(pointer, page, treeId, level);
        }
        if (why != null && !quiet) {
            scope.file.damage(position, object(pointer.pageNumber(), treeId), why);
        }
        return why == null;
    }

    static String object(long pageNumber, int treeId) {
        return "page " + pageNumber + " of tree " + Integer.toUnsignedString(treeId);
    }

    static String kindName(byte kind) {
        return switch (kind) {
            case KIND_DOCUMENT_LEAF -> "document leaf";
            case KIND_KEYED_LEAF -> "keyed leaf";
            case KIND_INNER -> "inner page";
            case KIND_VALUE_EXTENT -> "value extent";
            default -> "kind " + (kind & 0xFF);
        };
    }

    private static String wrongIdentity(Pointer pointer, MemorySegment page, int treeId, int level) {
        int kind = Bytes.unsignedByte(page, PageLayout.KIND_OFFSET);
        if (kind != pointer.kind()) {
            return "expected kind " + pointer.kind() + " as its pointer says, found " + kind;
        }
        int foundLevel = Bytes.unsignedByte(page, PageLayout.LEVEL_OFFSET);
        if (foundLevel != level && level >= 0) {
            return "expected level " + level + ", found " + foundLevel;
        }
        if ((kind == KIND_INNER) != (foundLevel > 0)) {
            return "expected " + (kind == KIND_INNER ? "a level above 0" : "level 0") + ", found " + foundLevel;
        }
        if (Bytes.intAt(page, PageLayout.TREE_ID_OFFSET) != treeId) {
            return "expected tree " + treeId + ", found " + Bytes.intAt(page, PageLayout.TREE_ID_OFFSET);
        }
        long number = Bytes.longAt(page, PageLayout.PAGE_NUMBER_OFFSET);
        if (number != pointer.pageNumber()) {
            return "expected page number " + pointer.pageNumber() + ", found " + number;
        }
        long birth = Bytes.longAt(page, PageLayout.BIRTH_MANIFEST_OFFSET);
        return birth != pointer.birthManifest()
                ? "expected birth " + pointer.birthManifest() + " as its pointer says, found " + birth
                : null;
    }
}
