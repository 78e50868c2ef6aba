package net.nvgate.gateway.worker;

import net.nvgate.gateway.fragment.DatagramTable;
import net.nvgate.gateway.fragment.HeldPackets;

/**
 * Datagrams and the fragments of them that wait, with limits: who needs room beyond its share displaces its own oldest, and what is
 * too old is given up. Used by one thread.
 */
final class FragmentStore {

    private static final int SHARES_PER_TURN = 16;
    private static final int EXPIRED_PER_SHARE = 16;
    private static final int NO_COUNTER = -1;

    final DatagramTable datagrams;
    final HeldPackets held;
    private final int lifetimeMs;
    private final DropReason limit;
    private final DropReason timeout;
    private final WorkerClock clock;
    private final Disposal disposal;
    private int nextShare;

    /**
     * @param limit of fragments that found no room, or gave way
     * @param timeout of fragments that waited for {@code lifetimeMs}
     */
    FragmentStore(
            DatagramTable datagrams,
            HeldPackets held,
            int lifetimeMs,
            DropReason limit,
            DropReason timeout,
            WorkerClock clock,
            Disposal disposal) {
        this.datagrams = datagrams;
        this.held = held;
        this.lifetimeMs = lifetimeMs;
        this.limit = limit;
        this.timeout = timeout;
        this.clock = clock;
        this.disposal = disposal;
    }

    /** The datagram with a key, made if there is none, of an owner's share; 0 when there is no room at all. */
    long datagram(long key0, long key1, int owner) {
        long datagram = datagrams.find(key0, key1);
        if (datagram != 0) {
            return datagram;
        }
        int share = datagrams.share(owner);
        for (long old = datagrams.inTheWay(share); old != 0; old = datagrams.inTheWay(share)) {
            discard(old, limit);
        }
        return datagrams.create(key0, key1, share, (int) clock.ms());
    }

    /** Makes room to hold a packet of a datagram; false when only the datagram itself could give way. */
    boolean makeRoomToHold(long datagram, int owner) {
        if (!HeldPackets.mayHold(datagram)) {
            return false;
        }
        int share = datagrams.share(owner);
        for (int victim = held.inTheWay(share); victim >= 0; victim = held.inTheWay(share)) {
            long old = datagrams.oldestHeld(victim);
            if (old == 0 || old == datagram) {
                return false;
            }
            discard(old, limit);
        }
        return true;
    }

    /** Forgets a datagram; what it held is dropped. */
    void discard(long datagram, DropReason reason) {
        dropHeld(datagram, reason);
        datagrams.remove(datagram);
    }

    void dropHeld(long datagram, DropReason reason) {
        while (held.takeFrom(datagram)) {
            drop(held.mbuf(), reason, held.counter());
        }
    }

    /** @param counter counters index of a VSID, -1 = none */
    void drop(long mbuf, DropReason reason, int counter) {
        if (counter == NO_COUNTER) {
            disposal.drop(mbuf, reason);
        } else {
            disposal.drop(mbuf, reason, counter);
        }
    }

    /** Gives up datagrams that are too old, some shares at a time; how many. */
    int expire() {
        int count = 0;
        for (int i = 0; i < SHARES_PER_TURN; i++) {
            nextShare = nextShare + 1 == DatagramTable.shares() ? 0 : nextShare + 1;
            for (int j = 0; j < EXPIRED_PER_SHARE; j++) {
                long old = datagrams.expired(nextShare, (int) clock.ms(), lifetimeMs);
                if (old == 0) {
                    break;
                }
                discard(old, timeout);
                count++;
            }
        }
        return count;
    }

    /** Gives everything back, at the end. */
    void clear() {
        for (int share = 0; share < DatagramTable.shares(); share++) {
            for (long old = datagrams.oldestHeld(share); old != 0; old = datagrams.oldestHeld(share)) {
                while (held.takeFrom(old)) {
                    disposal.free(held.mbuf());
                }
            }
        }
    }
}
