/** Stress tests of package-private classes of the cache; see {@code io.nexuslite.stress}. */
package io.nexuslite.cache;
