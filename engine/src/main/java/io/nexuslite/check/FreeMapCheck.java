package io.nexuslite.check;

import static io.nexuslite.format.FreeMapLayout.BIRTH_MANIFEST_OFFSET;
import static io.nexuslite.format.FreeMapLayout.DEATH_MANIFEST_OFFSET;
import static io.nexuslite.format.FreeMapLayout.ENTRY_SIZE;
import static io.nexuslite.format.FreeMapLayout.KEY_SIZE;
import static io.nexuslite.format.FreeMapLayout.PAGES_OFFSET;

import java.lang.foreign.MemorySegment;

/** Checks each run of the free map and claims its pages, once all that is in use has claimed its own. One thread. */
final class FreeMapCheck implements RecordVisitor {
    private final CheckScope scope;
    /** Whether the entries are seen for the first time. */
    private final boolean first;
    private long previousEnd;
    private long freePages;
    private long pendingPages;

    FreeMapCheck(CheckScope scope, boolean first) {
        this.scope = scope;
        this.first = first;
    }

    @Override
    public void visit(LeafRecord entry) {
        String wrong = wrong(entry);
        if (wrong != null) {
            if (first) {
                scope.file.damage(scope.position(entry.pageNumber), entry.object(), wrong);
            }
            return;
        }
        long page = Bytes.bigEndianLong(entry.keyMemory, entry.keyOffset);
        long pages = Bytes.longAt(entry.memory, entry.valueOffset + PAGES_OFFSET);
        boolean pending = Bytes.longAt(entry.memory, entry.valueOffset + DEATH_MANIFEST_OFFSET) != 0;
        previousEnd = page + pages;
        freePages += pending ? 0 : pages;
        pendingPages += pending ? pages : 0;
        long taken = scope.account.claim(page, pages);
        if (taken != PageAccount.NOT_FOUND) {
            scope.file.damage(scope.position(taken), entry.object(), "expected pages that nothing uses in the "
                    + (pending ? "pending" : "free") + " run of " + pages + " from page " + page + ", found page "
                    + taken + " in use");
        }
    }

    long freePages() {
        return freePages;
    }

    long pendingPages() {
        return pendingPages;
    }

    private String wrong(LeafRecord entry) {
        if (entry.keyLength != KEY_SIZE || entry.valueLength != ENTRY_SIZE) {
            return "expected a key of " + KEY_SIZE + " and a value of " + ENTRY_SIZE + " bytes, found "
                    + entry.keyLength + " and " + entry.valueLength;
        }
        MemorySegment memory = entry.memory;
        long page = Bytes.bigEndianLong(entry.keyMemory, entry.keyOffset);
        long pages = Bytes.longAt(memory, entry.valueOffset + PAGES_OFFSET);
        if (page < scope.firstPage || page >= scope.endPage || pages < 1 || pages > scope.endPage - page) {
            return "expected a run within pages " + scope.firstPage + " to " + (scope.endPage - 1) + ", found " + pages
                    + " from page " + page;
        }
        if (page < previousEnd) {
            return "expected runs that do not overlap, found page " + page + " in the run before";
        }
        long birth = Bytes.longAt(memory, entry.valueOffset + BIRTH_MANIFEST_OFFSET);
        long death = Bytes.longAt(memory, entry.valueOffset + DEATH_MANIFEST_OFFSET);
        boolean free = birth == 0 && death == 0;
        return free || birth >= 1 && birth <= death && death <= scope.manifest.number()
                ? null
                : "expected a birth up to a death, up to manifest " + scope.manifest.number()
                        + ", or neither, found birth " + birth + " and death " + death;
    }
}
