/** What tests of several packages share: seeds, threads under a watchdog. */
package io.nexuslite.testing;
