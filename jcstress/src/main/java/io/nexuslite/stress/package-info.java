/**
 * Stress tests of the lock-free classes: one test for each invariant, with the bad outcomes forbidden.
 *
 * <p>{@code io.nexuslite.stress.broken} holds twins with one fence or one check taken out. They are seen to fail, which shows that the
 * test beside them can see the fault; a full run leaves them out. What x86 cannot show is said in the test's comment.
 *
 * <p>Build the runnable jar with {@code mvn -pl jcstress -am package}; run all with {@code mvn -pl jcstress -am -Pjcstress verify}, one
 * of them shortly with {@code -Djcstress.tests=EpochsStress.SharedPin -Djcstress.mode=quick}.
 */
package io.nexuslite.stress;
