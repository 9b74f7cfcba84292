package io.nexuslite.wasp.tree;

/** A child of an inner page while it is rewritten: its separator (smallest key of its range) and where it lies. */
final class InnerEntry {
    final byte[] separator;
    final PagePointer pointer;

    InnerEntry(byte[] separator, PagePointer pointer) {
        this.separator = separator;
        this.pointer = pointer;
    }
}
