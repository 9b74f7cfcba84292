/**
 * Memory outside the Java heap: who may use how much of it, page frames, slab cells, and when either may be used again.
 *
 * <p>Read {@link io.nexuslite.memory.MemoryBudget} first, then {@link io.nexuslite.memory.Epochs}. Together with
 * {@code io.nexuslite.io} this is the only package that may open an {@code Arena}; nothing here needs native access.
 *
 * <p>May use {@code io.nexuslite.error} and the JDK.
 *
 * <p>Invariants: (M1) every byte that is allocated is reserved in a budget under one {@link io.nexuslite.memory.MemoryUse}, and
 * is given back by {@code close}; (M2) page frames and cells are type-stable: their memory stays mapped until {@code close},
 * so that a late reader finds other content and never a fault; page frames are lent to {@code FrameCells} and counted there meanwhile; (M3) an object that a pinned reader can reach is not used again
 * before the pin ends ({@code Epochs}).
 *
 * <p>Lock order of the slab allocator: stripe, then depot of the size class (upwards), then slab table. All are spun for, and
 * nothing that parks, yields a virtual thread or allocates native memory runs under them.
 */
package io.nexuslite.memory;
