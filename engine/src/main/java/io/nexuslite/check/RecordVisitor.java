package io.nexuslite.check;

/** Is shown each sound record of a tree, in key order. The record is a carrier, valid for the call. */
@FunctionalInterface
interface RecordVisitor {
    void visit(LeafRecord leafRecord);
}
