package io.nexuslite;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.KeyString;
import io.nexuslite.error.KeyTooLongException;
import io.nexuslite.query.BsonComparator;
import io.nexuslite.query.IdBound;
import io.nexuslite.query.IdBounds;
import io.nexuslite.store.RecordView;
import io.nexuslite.store.SeekMode;
import io.nexuslite.store.TreeCursor;
import java.lang.foreign.ValueLayout;

/**
 * The records between two {@code _id}s, or all, in the order of their keys or against it. A bound on one side only is a bound
 * on the other side too: values of other types do not match it.
 */
final class RangeSource implements RecordSource {
    private final TreeCursor cursor;
    private final OperationContext context;
    private final IdBound near;
    private final IdBound far;
    private final boolean descending;
    private final BsonComparator comparator = new BsonComparator();
    private final BsonCursor id = new BsonCursor();
    private boolean started;
    private boolean ended;

    RangeSource(TreeCursor cursor, OperationContext context, IdBounds bounds, boolean descending) {
        this.cursor = cursor;
        this.context = context;
        this.descending = descending;
        this.near = descending ? bounds.high() : bounds.low();
        this.far = descending ? bounds.low() : bounds.high();
    }

    @Override
    public boolean next() {
        if (ended) {
            return false;
        }
        boolean found;
        if (!started) {
            started = true;
            found = start();
        } else {
            found = descending ? cursor.previous() : cursor.next();
        }
        ended = !found || isBeyond(cursor.record());
        return !ended;
    }

    private boolean start() {
        if (near != null) {
            int length = near.encodeKey(context.keyMemory(), KeyTooLongException.KEY_LENGTH_MAX);
            if (length != KeyString.TOO_LONG) {
                return cursor.seek(context.builtKey(length), mode(near.inclusive()));
            }
        }
        byte type = near != null ? near.type() : far != null ? far.type() : BsonType.NONE;
        if (type == BsonType.NONE) {
            return descending ? cursor.last() : cursor.first();
        }
        // The first key of the types that compare with the bound; downwards, the first behind them.
        int first = descending ? KeyString.lastByte(type) + 1 : KeyString.firstByte(type);
        context.keyMemory().set(ValueLayout.JAVA_BYTE, 0, (byte) first);
        return cursor.seek(context.builtKey(1), descending ? SeekMode.BEFORE : SeekMode.AT_OR_AFTER);
    }

    private SeekMode mode(boolean inclusive) {
        if (descending) {
            return inclusive ? SeekMode.AT_OR_BEFORE : SeekMode.BEFORE;
        }
        return inclusive ? SeekMode.AT_OR_AFTER : SeekMode.AFTER;
    }

    private boolean isBeyond(RecordView record) {
        if (near == null && far == null) {
            return false;
        }
        id.wrap(record.memory(), record.offset(), record.length()).next();
        if (far == null) {
            int types = BsonType.order(id.type()) - BsonType.order(near.type());
            return descending ? types < 0 : types > 0;
        }
        int order = far.compare(id.type(), id.memory(), id.valueOffset(), comparator);
        return order == 0 ? !far.inclusive() : descending ? order < 0 : order > 0;
    }

    @Override
    public RecordView record() {
        return cursor.record();
    }

    @Override
    public void close() {
        cursor.close();
    }
}
