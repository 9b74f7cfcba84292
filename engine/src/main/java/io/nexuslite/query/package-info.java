/**
 * The query language: filters, updates, sorts and projections, parsed once to typed trees and evaluated on raw BSON bytes.
 *
 * <p>Read {@link io.nexuslite.query.Filter} first, then {@link io.nexuslite.query.Evaluator};
 * {@link io.nexuslite.query.Update} stands by itself. What bears the name of an
 * operator of MongoDB means what it means there: type bracketing, exact comparison of numbers over their types, missing
 * against null, arrays that match as a whole or by element. Where MongoDB's releases differ it is release 8: null is not
 * undefined, and a path that leads into an array without documents meets nothing, not even null.
 *
 * <p>Invariants:
 * <ol>
 * <li>Parsed trees are immutable; any thread may use them. Evaluators, sorters and the like belong to one thread at a time.</li>
 * <li>What is parsed from a {@code BsonView} borrows its memory for as long as it lives.</li>
 * <li>Evaluation allocates nothing but for regular expressions and decimals under {@code $expr}; only exceptions and growth of reused memory do. Updates allocate
 * carriers.</li>
 * <li>There is one evaluator. A new operator is a new predicate, never a second walk. Expressions, which
 * know no walk, have one of their own.</li>
 * </ol>
 *
 * <p>May use {@code .store}, {@code .bson} and {@code .error}.
 */
package io.nexuslite.query;
