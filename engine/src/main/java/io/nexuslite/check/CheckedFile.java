package io.nexuslite.check;

import io.nexuslite.error.IoFailedException;
import io.nexuslite.io.StoreFile;
import java.lang.foreign.MemorySegment;

/** A file under check: reads are counted, and what cannot be read becomes a finding. Borrows the open file. One thread. */
final class CheckedFile {
    private final StoreFile file;
    private final String name;
    private final long size;
    private final ReadBudget budget;
    private final Findings findings;

    CheckedFile(StoreFile file, String name, ReadBudget budget, Findings findings) {
        this.file = file;
        this.name = name;
        this.size = file.size();
        this.budget = budget;
        this.findings = findings;
    }

    /** Reads all of {@code length} bytes; false, with a finding about {@code object}, if that cannot be. */
    boolean read(long position, MemorySegment target, long offset, int length, String object) {
        String why = readOrWhy(position, target, offset, length);
        if (why != null) {
            damage(position, object, why);
        }
        return why == null;
    }

    /** Reads all of {@code length} bytes; returns why that cannot be, or {@code null}. */
    String readOrWhy(long position, MemorySegment target, long offset, int length) {
        int found = 0;
        int wanted = Math.clamp(size - position, 0, length);
        if (wanted > 0) {
            budget.spend(wanted);
            try {
                found = file.read(position, target, offset, wanted);
            } catch (IoFailedException e) {
                return "expected " + length + " bytes, found that they cannot be read: " + e.operation() + ", errno "
                        + e.errno();
            }
        }
        return found < length
                ? "expected " + length + " bytes, found " + found + " before the end of the file at " + size
                : null;
    }

    void damage(long position, String object, String what) {
        findings.damage(name, position, object, what);
    }

    void warning(long position, String object, String what) {
        findings.warning(name, position, object, what);
    }

    void information(long position, String object, String what) {
        findings.information(name, position, object, what);
    }

    String name() {
        return name;
    }

    long size() {
        return size;
    }
}
