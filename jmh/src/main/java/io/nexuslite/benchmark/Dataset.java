package io.nexuslite.benchmark;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bson.BsonBinary;
import org.bson.BsonBinarySubType;
import org.bson.BsonBinaryWriter;
import org.bson.io.BasicOutputBuffer;

/**
 * Documents of 14 fields and {@value #MEAN_LENGTH} bytes of BSON on average, with random ids of 16 bytes, packed one behind the
 * other in the order of their ids. The same seed and count give the same bytes.
 *
 * <p>Owns native memory: close it. Any thread may read it.
 */
final class Dataset implements AutoCloseable {
    static final int MEAN_LENGTH = 277;
    static final int LENGTH_MAX = 512;
    static final int ID_LENGTH = 16;
    /** Every document begins with its length, the type and name of {@code _id}, and length and subtype of a UUID. */
    static final int ID_OFFSET = Integer.BYTES + 1 + "_id\0".length() + Integer.BYTES + 1;
    /** Then comes an int64, at which writers count. */
    static final int REVISION_OFFSET = ID_OFFSET + ID_LENGTH + 1 + "revision\0".length();

    private static final long SEED = 0x6e65_7875_736c_6974L;
    private static final int BYTES_RESERVED_PER_DOCUMENT = 300;
    private static final String[] FIRST_NAMES = {"Ada", "Alan", "Barbara", "Claude", "Donald", "Edsger", "Frances",
            "Grace", "Hedy", "John", "Katherine", "Leslie", "Margaret", "Niklaus", "Radia", "Tony"};
    private static final String[] LAST_NAMES = {"Allen", "Backus", "Codd", "Dijkstra", "Floyd", "Goldberg", "Hamilton",
            "Hopper", "Johnson", "Knuth", "Lamarr", "Lamport", "Liskov", "Lovelace", "Perlman", "Shannon", "Turing"};
    private static final String[] CITIES = {"Amsterdam", "Berlin", "Bruxelles", "Cagliari", "Dublin", "Evora", "Gdansk",
            "Helsinki", "Iasi", "Krakow", "Lyon", "Malmo", "Oulu", "Porto", "Riga", "Split", "Tartu", "Zagreb"};
    private static final String[] COUNTRIES = {"BE", "DE", "ES", "FI", "FR", "HR", "IE", "IT", "LV", "NL", "PL", "PT"};
    private static final String[] TAGS = {"archive", "beta", "blue", "early", "export", "gold", "green", "import",
            "mobile", "new", "partner", "red", "review", "silver", "urgent", "vip"};
    private static final String LETTERS = "etaoin shrdlu cmfwyp vbgkjqxz 0123456789";

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final int[] lengths;
    private final long[] offsets;
    private final long[] idsHigh;
    private final long[] idsLow;
    private final long byteCount;
    private final long checksum;

    Dataset(int documents) {
        memory = arena.allocate((long) documents * BYTES_RESERVED_PER_DOCUMENT + 16 * LENGTH_MAX);
        lengths = new int[documents];
        offsets = new long[documents];
        idsLow = new long[documents];
        idsHigh = ascendingIds(documents);
        SplittableRandom random = new SplittableRandom(SEED);
        BasicOutputBuffer output = new BasicOutputBuffer(LENGTH_MAX);
        long offset = 0;
        long sum = 0;
        for (int index = 0; index < documents; index++) {
            idsLow[index] = random.nextLong();
            output.truncateToPosition(0);
            write(output, random, idsHigh[index], idsLow[index]);
            int length = output.getPosition();
            MemorySegment.copy(output.getInternalBuffer(), 0, memory, ValueLayout.JAVA_BYTE, offset, length);
            offsets[index] = offset;
            lengths[index] = length;
            sum = Checksum.inSequence(sum, checksum(index));
            offset += length;
        }
        byteCount = offset;
        checksum = sum;
        if (documents >= 1000 && Math.abs(byteCount / documents - MEAN_LENGTH) > 2) {
            throw new IllegalStateException("Mean length: expected " + MEAN_LENGTH + " bytes, found "
                    + (double) byteCount / documents);
        }
    }

    private static long[] ascendingIds(int documents) {
        long[] ids = new SplittableRandom(SEED + documents).longs(documents).sorted().toArray();
        for (int index = 0; index < documents; index++) {
            if (index > 0 && ids[index] == ids[index - 1]) {
                throw new IllegalStateException("Two ids begin alike: take another seed.");
            }
        }
        for (int index = 0; index < documents; index++) {
            ids[index] ^= Long.MIN_VALUE; // bytes compare unsigned
        }
        return ids;
    }

    private static void write(BasicOutputBuffer output, SplittableRandom random, long idHigh, long idLow) {
        byte[] id = new byte[ID_LENGTH];
        for (int index = 0; index < Long.BYTES; index++) {
            id[index] = (byte) (idHigh >>> (Long.SIZE - (index + 1) * Byte.SIZE));
            id[Long.BYTES + index] = (byte) (idLow >>> (Long.SIZE - (index + 1) * Byte.SIZE));
        }
        String first = pick(FIRST_NAMES, random);
        String last = pick(LAST_NAMES, random);
        long created = 1_700_000_000_000L + random.nextInt(1_000_000_000);
        try (BsonBinaryWriter writer = new BsonBinaryWriter(output)) {
            writer.writeStartDocument();
            writer.writeBinaryData("_id", new BsonBinary(BsonBinarySubType.UUID_STANDARD, id));
            writer.writeInt64("revision", 0);
            writer.writeString("name", first + ' ' + last);
            writer.writeString("email", first + random.nextInt(100_000) + "@mail.eu");
            writer.writeInt32("age", random.nextInt(18, 100));
            writer.writeDouble("score", random.nextInt(1_000_000) / 1000.0);
            writer.writeBoolean("active", random.nextInt(4) != 0);
            writer.writeDateTime("created", created);
            writer.writeDateTime("updated", created + random.nextInt(1_000_000_000));
            writer.writeString("city", pick(CITIES, random));
            writer.writeString("country", pick(COUNTRIES, random));
            writer.writeStartArray("tags");
            writer.writeString(pick(TAGS, random));
            writer.writeString(pick(TAGS, random));
            writer.writeEndArray();
            writer.writeInt64("balance", random.nextInt());
            writer.writeString("note", letters(random.nextInt(0, 18), random));
            writer.writeEndDocument();
        }
    }

    private static String pick(String[] choices, SplittableRandom random) {
        return choices[random.nextInt(choices.length)];
    }

    private static String letters(int length, SplittableRandom random) {
        StringBuilder text = new StringBuilder(length);
        for (int index = 0; index < length; index++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    int documents() {
        return lengths.length;
    }

    /** Bytes of all documents together: what sizes on disk are compared with. */
    long byteCount() {
        return byteCount;
    }

    MemorySegment memory() {
        return memory;
    }

    /** Bytes from the start of {@link #memory}. */
    long offset(int index) {
        return offsets[index];
    }

    int length(int index) {
        return lengths[index];
    }

    /** First half of an id, as a big-endian long. */
    long idHigh(int index) {
        return idsHigh[index];
    }

    /** Second half of an id, as a big-endian long. */
    long idLow(int index) {
        return idsLow[index];
    }

    long checksum(int index) {
        return Checksum.of(memory, offsets[index], lengths[index]);
    }

    /** Of all documents in the order of their ids. */
    long checksum() {
        return checksum;
    }

    /** All indexes, shuffled: the order in which documents come in. */
    int[] loadOrder() {
        int[] order = new int[documents()];
        Arrays.setAll(order, index -> index);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int index = order.length - 1; index > 0; index--) {
            int other = random.nextInt(index + 1);
            int swapped = order[index];
            order[index] = order[other];
            order[other] = swapped;
        }
        return order;
    }

    @Override
    public void close() {
        arena.close();
    }
}
