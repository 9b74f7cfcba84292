package io.nexuslite.error;

import io.nexuslite.HouseRulesTest;

/** An arrow up, on purpose: shows that {@link HouseRulesTest} sees one. */
public final class ReadsTheDoor {
    HouseRulesTest.KnowsItsReader door;
}
