package io.nexuslite.benchmark;

import java.util.SplittableRandom;

/**
 * The operations of a workload, drawn before anything is measured, for one thread. It may go through them again and again: an insert
 * takes a new id each time.
 */
final class Mix {
    /** Kinds of operations. */
    enum Operation {
        READ, UPDATE, INSERT, SCAN, READ_AND_UPDATE
    }

    private static final long SEED = 0x7963_7362L;
    private static final Operation[] KINDS = Operation.values();
    private static final int NONE = -1;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final byte[] kinds;
    /** Of a scan its length; of a read the draw of the insert whose document it reads, or {@link #NONE}. */
    private final int[] details;
    private final Draws draws;
    private final int mask;
    private int next;

    /** @param count operations, a power of two */
    Mix(Workload workload, Dataset dataset, int count) {
        kinds = new byte[count];
        details = new int[count];
        mask = count - 1;
        draws = Draws.zipf(dataset, count, 0);
        boolean latest = workload == Workload.D;
        Ranks ranks = latest ? new Ranks(dataset.documents(), Draws.ZIPF_EXPONENT) : null;
        int[] inserts = new int[count];
        int insertCount = 0;
        for (int index = 0; index < count; index++) {
            Operation kind = workload.operation(random.nextInt(100));
            kinds[index] = (byte) kind.ordinal();
            details[index] = NONE;
            if (kind == Operation.INSERT) {
                inserts[insertCount++] = index;
            } else if (kind == Operation.SCAN) {
                details[index] = random.nextInt(1, Workload.SCAN_MAX + 1);
            } else if (latest) {
                int age = ranks.next(random);
                details[index] = age < insertCount ? inserts[insertCount - 1 - age] : NONE;
            }
        }
    }

    /** What the client of this mix asks for. */
    Draws draws() {
        return draws;
    }

    /** Does the next operation. Returns something that depends on all it has read. */
    long step(Client client) {
        int draw = next++ & mask;
        int detail = details[draw];
        return switch (KINDS[kinds[draw]]) {
            case READ -> {
                if (detail != NONE) {
                    draws.replaceId(draw, draws.idHigh(detail), draws.idLow(detail));
                }
                yield client.get(draw);
            }
            case UPDATE -> client.put(draw);
            case INSERT -> {
                draws.replaceId(draw, random.nextLong(), random.nextLong());
                yield client.put(draw);
            }
            case SCAN -> client.range(draw, detail);
            case READ_AND_UPDATE -> client.get(draw) + client.put(draw);
        };
    }
}
