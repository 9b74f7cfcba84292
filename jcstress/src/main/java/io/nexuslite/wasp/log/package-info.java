/** Stress tests of package-private classes of the log; see {@code io.nexuslite.stress}. */
package io.nexuslite.wasp.log;
