package io.nexuslite.wasp;

import io.nexuslite.format.FileLayout;
import io.nexuslite.io.Call;
import io.nexuslite.io.CallKind;
import io.nexuslite.io.CallListener;
import java.util.HashSet;
import java.util.Set;

/**
 * Knows which manifest slots of a machine may be torn, and no others: those whose flush has failed, or was cut by a loss of power, until they are
 * written and flushed again.
 */
final class SlotFlushes implements CallListener {
    private final Set<Integer> unflushed = new HashSet<>();
    private final Set<Integer> torn = new HashSet<>();
    private boolean flushing; // no end of the call was seen

    SlotFlushes() {
        // nothing is torn yet
    }

    /** What is known of a machine that goes on, or starts again with what another one leaves. */
    SlotFlushes(SlotFlushes other, boolean powerLost) {
        unflushed.addAll(other.unflushed);
        torn.addAll(other.torn);
        if (other.flushing || powerLost) {
            settle();
        }
    }

    private void settle() {
        flushing = false;
        torn.addAll(unflushed);
        unflushed.clear();
    }

    boolean mayBeTorn(int slot) {
        return torn.contains(slot);
    }

    /** A test has damaged it. */
    void damaged(int slot) {
        torn.add(slot);
    }

    private static boolean isDatabase(Call call) {
        return call.file().equals(CrashWorld.PATH);
    }

    @Override
    public void before(Call call) {
        if (flushing) {
            settle(); // it has failed
        }
        if (!isDatabase(call)) {
            return;
        }
        flushing = call.kind() == CallKind.SYNC;
        if (call.kind() == CallKind.WRITE && call.position() >= FileLayout.MANIFEST_POSITION
                && call.position() < FileLayout.OWNER_POSITION) {
            unflushed.add((int) ((call.position() - FileLayout.MANIFEST_POSITION) / FileLayout.MANIFEST_STRIDE));
        }
    }

    @Override
    public void after(Call call) {
        if (flushing && isDatabase(call)) {
            flushing = false;
            torn.removeAll(unflushed);
            unflushed.clear();
        }
    }
}
