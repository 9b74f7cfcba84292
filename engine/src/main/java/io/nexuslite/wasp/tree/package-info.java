/**
 * A tree of records: its pages on disk, and the page frames that hold what is used of it.
 *
 * <p>Read {@link io.nexuslite.wasp.tree.HotTree} first, then {@code ImageTree}. Static classes on (memory, offset) know the bytes:
 * {@code RecordCodec}, {@code LeafImage}, {@code InnerImage} those on disk, {@code LeafFrame}, {@code InnerFrame} those in memory.
 *
 * <p>May use {@code .store}, {@code .format}, {@code .memory}, {@code .bson} and {@code .error}.
 *
 * <p>Lock order: the tree's latch, and nothing under it. Nobody reads a page, allocates a page frame or waits while he holds it.
 */
package io.nexuslite.wasp.tree;
