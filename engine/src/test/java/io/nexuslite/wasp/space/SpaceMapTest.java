package io.nexuslite.wasp.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    /**
     * Symptom: a value of more than 1 MiB is overwritten by recovery. Cause: its pages were pending for the newest manifest, free for the process
     * that was about to write the next one, and so recovery did not take them for the value's. Rule: before recovery writes
     * its first page, whatever the log names leaves the free and the pending pages.
     */
    @Test
    void reservesWhatTheLogNamesThoughTheManifestHasItPending() {
        SpaceMap map = new SpaceMap(8, 20);
        map.load(new SpaceMap.Entry(2, 3, 0, 0));
        map.load(new SpaceMap.Entry(5, 4, 3, 7));
        map.load(new SpaceMap.Entry(12, 2, 0, 0));
        assertTrue(map.reserveLoose(4, 3, 100));
        assertFalse(map.reserveLoose(4, 1, 101));
        assertFalse(map.reserveLoose(9, 4, 101));
        map.release(9, 50);
        assertEquals(
                List.of(new SpaceMap.Entry(2, 2, 0, 0), new SpaceMap.Entry(7, 2, 0, 0),
                        new SpaceMap.Entry(12, 2, 0, 0)),
                map.account(10, 200, List.of(), Set.of(4L)).entries());
    }
}
