package io.nexuslite.wasp.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.CorruptionException;
import io.nexuslite.error.ForeignLogException;
import io.nexuslite.error.IoFailedException;
import io.nexuslite.error.PoisonedException;
import io.nexuslite.error.StorageFullException;
import io.nexuslite.format.LogFileLayout;
import io.nexuslite.io.Call;
import io.nexuslite.io.CallKind;
import io.nexuslite.io.CallListener;
import io.nexuslite.io.CrashNow;
import io.nexuslite.io.CrashPolicy;
import io.nexuslite.io.Fault;
import io.nexuslite.io.FaultyHost;
import io.nexuslite.io.FileImage;
import io.nexuslite.testing.Seed;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Power losses, kills, failed calls and rot at any moment of random runs of the log alone. After each: what was acknowledged is there, what is
 * there is a prefix of what was appended, and a healthy log is never refused.
 */
class WaspLogCrashTest {
    private static final int STEPS = 120;
    private static final int LIE_RUNS_MAX = 400;

    @RegisterExtension
    final Seed seed = new Seed();

    /** One random run, and images of the machine taken in it. */
    private final class Driver implements AutoCloseable, CallListener {
        private final SplittableRandom random;
        private final SplittableRandom images;
        private final FaultyHost host;
        private final LogRun run;
        private final int imageChance; // in a thousand, before and after each call
        private final int[] weights = new int[10];
        private int imageCount;

        Driver(String name, LogLie lie, int imageChance) {
            random = seed.random(name);
            images = seed.random(name + " images");
            this.imageChance = imageChance;
            host = new FaultyHost(random.nextLong());
            LogDurability durability = LogDurability.values()[random.nextInt(3)];
            run = new LogRun(host, LogRun.options(durability, 4 + random.nextInt(4), 16 * 1024 << random.nextInt(3)),
                    lie);
            for (int i = 0; i < weights.length; i++) {
                weights[i] = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(i == 0 ? 30 : 6);
            }
            weights[0] += 5;
            host.listen(this);
        }

        @Override
        public void before(Call call) {
            if (images.nextInt(1000) < imageChance) {
                checkImages();
            }
        }

        @Override
        public void after(Call call) {
            before(call);
        }

        void steps(int count) {
            for (int i = 0; i < count; i++) {
                try {
                    step();
                } catch (StorageFullException full) {
                    run.checkpoint();
                }
                if (images.nextInt(1000) < imageChance) {
                    checkImages();
                }
            }
        }

        private void step() {
            int sum = 0;
            for (int weight : weights) {
                sum += weight;
            }
            int choice = random.nextInt(sum);
            int operation = 0;
            while (choice >= weights[operation]) {
                choice -= weights[operation++];
            }
            long last = run.log.lastCsn();
            switch (operation) {
                case 0, 1 -> append();
                case 2 -> {
                    run.log.awaitDone(last);
                    if (run.log.durability() == LogDurability.SYNC) {
                        run.acknowledge(last);
                    } else if (run.log.durability() == LogDurability.GROUP) {
                        run.acknowledgeByKernel(last);
                    }
                }
                case 3 -> {
                    run.log.awaitDurable(last);
                    run.acknowledge(last);
                }
                case 4 -> {
                    run.log.syncAll();
                    run.acknowledge(last);
                }
                case 5 -> run.log.writeAll();
                case 6 -> {
                    run.log.idleTick();
                    run.log.idleTick();
                }
                case 7 -> run.log.growTick();
                case 8 -> run.checkpoint();
                default -> otherStep();
            }
        }

        private void append() {
            int[] lengths = new int[random.nextInt(10) == 0 ? random.nextInt(20) : 1 + random.nextInt(3)];
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = random.nextInt(random.nextInt(20) == 0 ? 8000 : 400);
            }
            run.append(random, lengths);
        }

        private void otherStep() {
            if (random.nextBoolean()) {
                run.log.setDurability(LogDurability.values()[random.nextInt(3)]);
                run.acknowledge(run.log.durableHorizon());
            } else { // a flip that moves no anchor
                LogRun.Flip last = run.flips.getLast();
                run.flips.add(new LogRun.Flip(last.number() + 1, last.anchor(), last.csn()));
                run.log.manifestFlipped(last.number() + 1, last.anchor());
            }
        }

        /** Recovers from a power loss, from a kill, and from a power loss after which the newest manifest is unreadable. */
        void checkImages() {
            imageCount++;
            long imageSeed = images.nextLong();
            LogRun.Flip newest = run.flips.getLast();
            FaultyHost image = host.crashImage(imageSeed, CrashPolicy.any(imageSeed));
            run.recover(image, newest, run.acknowledged, LogLie.NONE);
            if (run.flips.size() > 1) {
                LogRun.Flip older = run.flips.get(run.flips.size() - 2);
                try {
                    run.recover(image, older, run.acknowledged, LogLie.NONE);
                } catch (CorruptionException | ForeignLogException refused) {
                    assertTrue(!refused.getMessage().isEmpty());
                }
            }
            if (images.nextInt(4) == 0) { // after a failed flush the kernel may drop what it says it has
                long kept = run.poison.isSet() ? run.acknowledged : run.acknowledgedByKernel;
                run.recover(host.killImage(imageSeed), newest, kept, LogLie.NONE);
            }
        }

        @Override
        public void close() {
            host.clearFaults();
            host.listen(null);
            run.close();
        }
    }

    @Test
    void keepsWhatWasAcknowledgedOverPowerLossAndKill() {
        int imageCount = 0;
        for (int i = 0, end = Seed.scaled(60); i < end; i++) {
            try (Driver driver = new Driver("run" + i, LogLie.NONE, 60)) {
                driver.steps(STEPS);
                driver.checkImages();
                imageCount += driver.imageCount;
            }
        }
        assertTrue(imageCount > 100, "only " + imageCount + " images");
    }

    /** The n-th call that changes something fails, once or for ever; whoever was told "done" before or after is right. */
    @Test
    void keepsWhatWasAcknowledgedWhenACallFails() {
        int poisoned = 0;
        for (int i = 0, end = Seed.scaled(80); i < end; i++) {
            try (Driver driver = new Driver("fault" + i, LogLie.NONE, 10)) {
                driver.steps(driver.random.nextInt(20));
                Fault fault = Fault.of(CallKind.mutating()).nth(1 + driver.random.nextInt(60));
                driver.host.plan(driver.random.nextBoolean() ? fault.forever() : fault);
                try {
                    driver.steps(STEPS);
                } catch (PoisonedException | IoFailedException expected) {
                    assertTrue(fault.fired() > 0);
                }
                if (driver.run.poison.isSet()) {
                    poisoned++;
                    assertThrows(PoisonedException.class, () -> driver.run.append(driver.random, 10));
                    assertThrows(PoisonedException.class, driver.run.log::syncAll);
                }
                driver.checkImages();
            }
        }
        assertTrue(poisoned > 0);
    }

    /** Each rule that is switched off is found missing by the same runs. */
    @ParameterizedTest
    @EnumSource(value = LogLie.class, names = {"RANGED_FLUSH", "ACKNOWLEDGE_BEFORE_FLUSH", "FORGET_FAILED_FLUSH"})
    void seesEachLie(LogLie lie) {
        int runs = 0;
        while (!isCaught(lie, runs)) {
            assertTrue(++runs < LIE_RUNS_MAX, "not seen in " + runs + " runs");
        }
    }

    private boolean isCaught(LogLie lie, int index) {
        Driver driver = new Driver("lie" + index, lie, 100);
        try {
            if (lie == LogLie.FORGET_FAILED_FLUSH) {
                driver.host.plan(Fault.of(CallKind.SYNC).nth(3 + driver.random.nextInt(6)));
            }
            driver.steps(STEPS);
            driver.checkImages();
            return false;
        } catch (AssertionError | CorruptionException | ForeignLogException caught) {
            return true;
        } catch (PoisonedException | IoFailedException refused) {
            return false; // the call that failed was not one of those that the lie forgets
        } finally {
            driver.close();
        }
    }

    /** One flipped bit: refused, or everything acknowledged is there, since a witness stands behind it. */
    @Test
    void aFlippedBitBelowAWitnessIsNeverSilent() {
        int refusals = 0;
        for (int i = 0, end = Seed.scaled(60); i < end; i++) {
            try (Driver driver = new Driver("rot" + i, LogLie.NONE, 0)) {
                driver.steps(STEPS / 2);
                driver.run.log.syncAll();
                driver.run.acknowledge(driver.run.log.durableHorizon());
                driver.run.log.idleTick();
                driver.run.log.idleTick();
                driver.run.log.idleTick();
                for (int flip = 0; flip < 20; flip++) {
                    FaultyHost image = driver.host.crashImage(flip, CrashPolicy.LOSE_UNSYNCED);
                    long size = image.copy(LogRun.PATH).size();
                    image.flipBit(LogRun.PATH, driver.random.nextLong(size), driver.random.nextInt(8));
                    refusals += isRefused(driver.run, image) ? 1 : 0;
                }
            }
        }
        assertTrue(refusals > 0);
    }

    private static boolean isRefused(LogRun run, FaultyHost image) {
        try {
            run.recover(image, run.flips.getLast(), run.acknowledged, LogLie.NONE);
            return false;
        } catch (CorruptionException | ForeignLogException refused) {
            return true;
        }
    }

    @Test
    void aDamagedGroupThatWasWitnessedIsRefusedAndTheLieIsSeen() {
        try (LogRun run = new LogRun(new FaultyHost(seed.value()), LogRun.options(LogDurability.SYNC, 4, 16 * 1024),
                LogLie.NONE)) {
            SplittableRandom random = seed.random("groups");
            for (int i = 0; i < 5; i++) {
                run.log.awaitDone(run.append(random, 100));
            }
            long groupThree = LogFileLayout.EXTENTS_POSITION + 3 * 4096;
            run.host.flipBit(LogRun.PATH, groupThree + 150, 3);
            CorruptionException refused = assertThrows(CorruptionException.class,
                    () -> run.recover(run.host, run.flips.getLast(), 5, LogLie.NONE));
            assertEquals(groupThree, refused.position());
            AssertionError silent = assertThrows(AssertionError.class,
                    () -> run.recover(run.host, run.flips.getLast(), 5, LogLie.IGNORE_WITNESS));
            assertTrue(silent.getMessage().contains("is gone"), silent.getMessage());
        }
    }

    /** Until something is flushed behind it, the last flush has no witness: the documented window. */
    @Test
    void theLastFlushIsWitnessedOnceTheLogWasIdle() {
        try (LogRun run = new LogRun(new FaultyHost(seed.value()), LogRun.options(LogDurability.SYNC, 4, 16 * 1024),
                LogLie.NONE)) {
            SplittableRandom random = seed.random("groups");
            run.log.awaitDone(run.append(random, 100));
            run.log.awaitDone(run.append(random, 100));
            FileImage before = run.host.copy(LogRun.PATH);
            long last = LogFileLayout.EXTENTS_POSITION + 2 * 4096;
            run.host.flipBit(LogRun.PATH, last + 130, 0);
            assertEquals(1, run.recover(run.host, run.flips.getLast(), 1, LogLie.NONE));
            run.host.plant(LogRun.PATH, before);
        }
        try (LogRun run = new LogRun(new FaultyHost(seed.value()), LogRun.options(LogDurability.SYNC, 4, 16 * 1024),
                LogLie.NONE)) {
            SplittableRandom random = seed.random("groups");
            run.log.awaitDone(run.append(random, 100));
            run.log.awaitDone(run.append(random, 100));
            run.log.idleTick();
            run.log.idleTick();
            run.host.flipBit(LogRun.PATH, LogFileLayout.EXTENTS_POSITION + 2 * 4096 + 130, 0);
            assertThrows(CorruptionException.class, () -> run.recover(run.host, run.flips.getLast(), 2, LogLie.NONE));
        }
    }

    /** Somebody puts an older copy of the file back: it does not hold the anchor. */
    @Test
    void anOlderCopyIsRefusedByTheAnchorAndTheLieIsSeen() {
        try (LogRun run = new LogRun(new FaultyHost(seed.value()), LogRun.options(LogDurability.SYNC, 4, 16 * 1024),
                LogLie.NONE)) {
            SplittableRandom random = seed.random("groups");
            run.log.awaitDone(run.append(random, 100));
            FileImage older = run.host.copy(LogRun.PATH);
            run.log.awaitDone(run.append(random, 100));
            run.checkpoint();
            run.log.awaitDone(run.append(random, 100));
            run.host.plant(LogRun.PATH, older);
            assertThrows(ForeignLogException.class, () -> run.recover(run.host, run.flips.getLast(), 3, LogLie.NONE));
            assertThrows(AssertionError.class,
                    () -> run.recover(run.host, run.flips.getLast(), 3, LogLie.IGNORE_ANCHOR));
        }
    }

    @Test
    void aRottenNewestManifestIsRefusedOnceTheLogWitnessesIt() {
        try (LogRun run = new LogRun(new FaultyHost(seed.value()), LogRun.options(LogDurability.SYNC, 4, 16 * 1024),
                LogLie.NONE)) {
            SplittableRandom random = seed.random("groups");
            run.log.awaitDone(run.append(random, 100));
            run.checkpoint();
            run.recover(run.host, run.flips.getFirst(), 1, LogLie.NONE); // not yet witnessed: the log still holds it all
            run.log.awaitDone(run.append(random, 100));
            CorruptionException refused = assertThrows(CorruptionException.class,
                    () -> run.recover(run.host, run.flips.getFirst(), 2, LogLie.NONE));
            assertTrue(refused.object().contains("manifest 2"), refused.object());
        }
    }

    /**
     * An extent is reused before a flushed group names the manifest that gave it up; power is lost, the manifest's slot rots, and the one before
     * it meets a log whose tail looks torn: acknowledged commits are silently gone. With the gate they are all there.
     */
    @Test
    void theGateKeepsTheLogForTheManifestBeforeAndTheLieIsSeen() {
        assertEquals(true, loseNewestManifestAfterReuse(LogLie.NONE));
        assertEquals(false, loseNewestManifestAfterReuse(LogLie.REUSE_BEFORE_WITNESS));
    }

    private boolean loseNewestManifestAfterReuse(LogLie lie) {
        try (LogRun run = new LogRun(new FaultyHost(seed.value()), LogRun.options(LogDurability.GROUP, 4, 16 * 1024),
                lie)) {
            SplittableRandom random = seed.random("gate");
            while (run.log.statistics().logPosition() < 2L * LogRun.EXTENT + 4096) { // one long flush: no header witnesses any of it
                run.log.awaitDone(run.append(random, 3000));
            }
            Anchor anchor = run.log.flushAndAnchor();
            run.acknowledge(run.log.durableHorizon());
            run.host.listen(new CallListener() {
                @Override
                public void before(Call call) {
                    if (call.kind() == CallKind.SYNC) {
                        throw new CrashNow(CrashNow.Effect.NOT_APPLIED, "before the flush of a witness");
                    }
                }
            });
            run.flips.add(new LogRun.Flip(2, anchor, run.acknowledged));
            try {
                run.log.manifestFlipped(2, anchor);
                for (int i = 0; i < 30; i++) {
                    run.log.awaitDone(run.append(random, 3000));
                }
            } catch (PoisonedException refused) {
                assertEquals(LogLie.NONE, lie); // with the gate nothing is overwritten before that flush
            }
            FaultyHost image = withoutNewHeaders(run);
            run.recover(image, run.flips.getFirst(), run.acknowledged, LogLie.NONE);
            return true;
        } catch (AssertionError silent) {
            assertTrue(silent.getMessage().contains("is gone"), silent.getMessage());
            return false;
        }
    }

    /** A power loss that keeps of all that was not flushed only the sectors that begin no block. */
    private static FaultyHost withoutNewHeaders(LogRun run) {
        byte[] medium = run.host.copyDurable(LogRun.PATH).bytes();
        byte[] cache = run.host.copy(LogRun.PATH).bytes();
        byte[] mixed = cache.clone();
        for (int sector = 0; sector * 512 < medium.length; sector++) {
            if (sector % 8 == 0 || holdsHeader(cache, sector)) {
                System.arraycopy(medium, sector * 512, mixed, sector * 512, 512);
            }
        }
        FaultyHost image = run.host.crashImage(1, CrashPolicy.LOSE_UNSYNCED);
        image.plant(LogRun.PATH, FileImage.of(mixed));
        return image;
    }

    private static boolean holdsHeader(byte[] bytes, int sector) {
        for (int at = sector * 512; at < sector * 512 + 512; at += 128) {
            if (bytes[at] == 'N' && bytes[at + 1] == 'X' && bytes[at + 2] == 'L' && bytes[at + 3] == 'G') {
                return true;
            }
        }
        return false;
    }

    /** A document may hold the bytes of a whole group of this log; they do not lie at the position they tell. */
    @Test
    void aCopyOfAGroupInADocumentWitnessesNothing() {
        try (LogRun run = new LogRun(new FaultyHost(seed.value()), LogRun.options(LogDurability.SYNC, 4, 64 * 1024),
                LogLie.NONE); TransactionFrames frames = new TransactionFrames()) {
            SplittableRandom random = seed.random("groups");
            for (int i = 0; i < 3; i++) {
                run.log.awaitDone(run.append(random, 100));
            }
            byte[] file = run.host.copy(LogRun.PATH).bytes();
            java.lang.foreign.MemorySegment payload = java.lang.foreign.Arena.ofAuto().allocate(128 * 40);
            for (int at = 0; at < 128 * 40; at += 128) { // at every offset that may become a multiple of 128
                java.lang.foreign.MemorySegment.copy(file, (int) LogFileLayout.EXTENTS_POSITION + 3 * 4096, payload,
                        java.lang.foreign.ValueLayout.JAVA_BYTE, at, 128);
            }
            frames.add((byte) 1, (byte) 0, 7, payload, 0, 128 * 40);
            frames.complete();
            run.log.append(frames, csn -> {
            });
            run.log.awaitDone(4);
            run.host.flipBit(LogRun.PATH, LogFileLayout.EXTENTS_POSITION + 4 * 4096 + 10, 1);
            assertEquals(3, run.recover(run.host, run.flips.getLast(), 3, LogLie.NONE));
        }
    }
}
