package io.nexuslite.wasp.space;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpaceMapTest {
    /**
     * Symptom: the pages of a large value are given to somebody else while the value lives; later "pages are free already". Cause: a superseded
     * run was taken out of a tree map by its iterator, whose entry then was the next run, and that one went to the pending ones.
     * Rule: a checkpoint frees exactly the runs that no commit above it can name.
     */
    @Test
    void freesTheSupersededRunAndNotItsNeighbour() {
        SpaceMap map = new SpaceMap(8, 0);
        map.grow(100);
        for (long csn = 1; csn <= 7; csn++) {
            map.commitLoose(map.allocateLoose(2), csn == 4 ? 4 : 100 + csn);
        }
        map.flipped(10, 50, List.of(), Set.of());
        SpaceMap.Account account = map.account(11, 50, List.of(), Set.of());
        assertEquals(List.of(new SpaceMap.Entry(6, 2, 10, 10)),
                account.entries().stream().filter(entry -> entry.death() != 0).toList());
        map.release(12, 50);
        assertEquals(6, map.allocate(2));
        assertEquals(14, map.allocate(2));
    }
}
