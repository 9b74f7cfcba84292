package io.nexuslite.io;

import java.util.SplittableRandom;

/**
 * What a power loss does with what is not durable. Durable bytes are never touched.
 *
 * @param survival which pending writes reach the medium
 * @param unit bytes that survive or are lost together: 512 or 4096
 * @param keepChance of each unit to survive in {@link Survival#SUBSET}, 0 to 1
 * @param garbageChance of each pending sector to be left as random or half-written bytes, 0 to 1
 * @param exposesGarbage whether bytes that a size change adds without data may be random instead of zero
 * @param names which pending creations, renames and unlinks survive
 */
public record CrashPolicy(Survival survival, int unit, double keepChance, double garbageChance, boolean exposesGarbage,
        NameSurvival names) {

    /** Fate of pending writes and size changes. */
    public enum Survival {
        /** None. */
        NOTHING,
        /** All, in their last version. */
        EVERYTHING,
        /** All up to some moment, the same for all files; the write of that moment is cut at a sector. */
        PREFIX,
        /** Each unit for itself: lost, in its last version, or in an earlier one. Size changes of a file: all up to one. */
        SUBSET
    }

    /** Fate of pending changes of directories. */
    public enum NameSurvival {
        NONE, ALL,
        /** In each directory all up to some change. */
        PREFIX,
        /** Each change for itself. */
        SUBSET
    }

    /** Only what was flushed remains. */
    public static final CrashPolicy LOSE_UNSYNCED = new CrashPolicy(Survival.NOTHING, 512, 0, 0, false,
            NameSurvival.NONE);

    /** As if all had been flushed. */
    public static final CrashPolicy KEEP_EVERYTHING = new CrashPolicy(Survival.EVERYTHING, 512, 1, 0, false,
            NameSurvival.ALL);

    /** The power fails while the cache is written back in order. */
    public static final CrashPolicy IN_ORDER = new CrashPolicy(Survival.PREFIX, 512, 1, 0, false, NameSurvival.PREFIX);

    /** Writes survive sector by sector in any order. */
    public static final CrashPolicy SECTORS = new CrashPolicy(Survival.SUBSET, 512, 0.5, 0, false, NameSurvival.SUBSET);

    /** Writes survive in blocks of 4 KiB in any order. */
    public static final CrashPolicy BLOCKS = new CrashPolicy(Survival.SUBSET, 4096, 0.5, 0, false, NameSurvival.SUBSET);

    /** As {@link #SECTORS}, and some sectors are garbage. */
    public static final CrashPolicy GARBAGE = new CrashPolicy(Survival.SUBSET, 512, 0.5, 0.2, true,
            NameSurvival.SUBSET);

    public CrashPolicy {
        if (unit != 512 && unit != 4096) {
            throw new IllegalArgumentException("Bad unit: " + unit);
        }
    }

    /** Any of these behaviours, mixed by the seed; the extremes are as frequent as the rest. */
    public static CrashPolicy any(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return switch (random.nextInt(8)) {
            case 0 -> LOSE_UNSYNCED;
            case 1 -> KEEP_EVERYTHING;
            case 2 -> IN_ORDER;
            default -> {
                double[] chances = {0.05, 0.5, 0.95};
                yield new CrashPolicy(random.nextInt(4) == 0 ? Survival.PREFIX : Survival.SUBSET,
                        random.nextBoolean() ? 512 : 4096, chances[random.nextInt(3)],
                        random.nextBoolean() ? 0 : 0.1 + random.nextDouble(0.4), random.nextBoolean(),
                        NameSurvival.values()[random.nextInt(4)]);
            }
        };
    }
}
