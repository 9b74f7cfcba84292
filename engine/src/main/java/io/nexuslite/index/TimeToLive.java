package io.nexuslite.index;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.KeyString;
import java.nio.ByteBuffer;

/** Which documents an index with a time to live lets go: those with a date on its path that has passed for so long. */
public final class TimeToLive {
    private static final long MILLIS = 1000;
    private static final int KEY_SIZE = 1 + Long.BYTES;

    private TimeToLive() {
    }

    /**
     * Puts the range of the entries whose documents may go into {@code into}. Of several dates in an array the first counts, and
     * what is no date stays.
     *
     * @param nowMillis milliseconds since 1970 UTC
     * @return false if the index has no time to live, or is not ready; {@code into} is then empty
     */
    public static boolean ranges(Index index, long nowMillis, KeyRanges into) {
        into.reset();
        long seconds = index.definition().expireAfterSeconds();
        if (seconds == IndexDefinition.NO_EXPIRY || index.state() != IndexState.READY) {
            return false;
        }
        byte tag = (byte) KeyString.firstByte(BsonType.DATE_TIME);
        long last = nowMillis < Long.MIN_VALUE + seconds * MILLIS ? Long.MIN_VALUE : nowMillis - seconds * MILLIS;
        if (index.definition().paths().getFirst().descending()) {
            into.add(key(tag, last, true), new byte[]{(byte) (~tag + 1)});
        } else if (last == Long.MAX_VALUE) {
            into.add(new byte[]{tag}, new byte[]{(byte) (tag + 1)});
        } else {
            into.add(new byte[]{tag}, key(tag, last + 1, false));
        }
        return true;
    }

    private static byte[] key(byte tag, long millis, boolean descending) {
        byte[] key = ByteBuffer.allocate(KEY_SIZE).put(tag).putLong(millis ^ Long.MIN_VALUE).array();
        for (int i = 0; descending && i < key.length; i++) {
            key[i] = (byte) ~key[i];
        }
        return key;
    }
}
