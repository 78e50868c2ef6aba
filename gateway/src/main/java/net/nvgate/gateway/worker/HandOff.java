package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;

/**
 * What one of several workers does before and after its own steps: packets that are another's go to that one, and those that others
 * have for this one are taken. A packet is handed over once; who gets it keeps it.
 *
 * <pre>
 *  own queue of a port --split--> mine ------------------------------\
 *                            \--> another's --ring--> that one's     >--> all passes --> own queue of a port
 *  rings of the others --take--> received, turned round -------------/             \--> none of its own: ring to who has one
 *                          \--> ready to leave --> own queue of a port
 * </pre>
 */
final class HandOff {

    /** Taken from one ring in a turn at most: twice what comes by the ports, so that rings run empty. */
    private static final int TAKEN_MAX = 4 * Burst.MAX;

    private final WorkerGroup group;
    private final int self;
    private final PacketOwners owners;
    private final WorkerCounters counters;
    private final Disposal disposal;
    private final long array;

    /** @param array memory for the mbuf addresses of a burst */
    HandOff(WorkerGroup group, int self, PacketOwners owners, WorkerCounters counters, Disposal disposal, long array) {
        this.group = group;
        this.self = self;
        this.owners = owners;
        this.counters = counters;
        this.disposal = disposal;
        this.array = array;
    }

    /**
     * Hands over what the PA port has received for others.
     *
     * @param packets address of {@code count} mbuf addresses; those of this worker's move to the front
     * @return how many these are
     */
    int splitPa(long packets, int count) {
        owners.newBurst();
        int mine = 0;
        for (int i = 0; i < count; i++) {
            long mbuf = Mem.i64(packets + 8L * i);
            int owner = owners.fromPa(mbuf);
            if (owner == self || owner == PacketOwners.NOBODY) {
                Mem.i64(packets + 8L * mine++, mbuf);
            } else if (!give(owner, HandOffRing.FROM_PA, mbuf)) {
                drop(mbuf, WorkerCounter.PA_RX_PACKETS, WorkerCounter.PA_RX_BYTES);
            }
        }
        if (mine < count) {
            publish();
        }
        return mine;
    }

    /** As {@link #splitPa}, of the external port. */
    int splitExt(long packets, int count) {
        owners.newBurst();
        int mine = 0;
        for (int i = 0; i < count; i++) {
            long mbuf = Mem.i64(packets + 8L * i);
            int owner = owners.fromExt(mbuf);
            if (owner == self || owner == PacketOwners.NOBODY) {
                Mem.i64(packets + 8L * mine++, mbuf);
            } else if (!give(owner, HandOffRing.FROM_EXT, mbuf)) {
                drop(mbuf, WorkerCounter.EXT_RX_PACKETS, WorkerCounter.EXT_RX_BYTES);
            }
        }
        if (mine < count) {
            publish();
        }
        return mine;
    }

    private void drop(long mbuf, WorkerCounter packets, WorkerCounter bytes) {
        counters.add(packets, 1);
        counters.add(bytes, Mbuf.packetLength(mbuf));
        disposal.drop(mbuf, DropReason.HAND_OFF_FULL);
    }

    private boolean give(int owner, int kind, long mbuf) {
        boolean given = group.ring(self, owner).add(kind, mbuf);
        if (given) {
            counters.add(WorkerCounter.HANDED_OVER, 1);
        }
        return given;
    }

    private void publish() {
        for (int to = 0; to < group.workers(); to++) {
            if (to != self) {
                group.ring(self, to).publish();
            }
        }
    }

    /** Hands over a packet that was put together here, if it is another's; then it is gone. */
    boolean takesWhole(long mbuf) {
        int owner = owners.fromPa(mbuf);
        if (owner == self || owner == PacketOwners.NOBODY) {
            return false;
        }
        if (give(owner, HandOffRing.FROM_PA, mbuf)) {
            group.ring(self, owner).publish();
        } else {
            disposal.drop(mbuf, DropReason.HAND_OFF_FULL);
        }
        return true;
    }

    /** Hands over a packet that turns round to a tenant of another worker; then it is gone. */
    boolean takesTurned(long mbuf, long ip, int length) {
        int owner = owners.turned(ip, length);
        if (owner == self || owner == PacketOwners.NOBODY) {
            return false;
        }
        Mbuf.frame(mbuf, ip, length);
        if (give(owner, HandOffRing.TURNED, mbuf)) {
            group.ring(self, owner).publish();
        } else {
            disposal.drop(mbuf, DropReason.HAND_OFF_FULL);
        }
        return true;
    }

    /** Lets the worker deal with what the others have handed over; the packets. */
    int take(Worker worker) {
        int work = 0;
        for (int from = 0; from < group.workers(); from++) {
            if (from != self) {
                work += take(worker, group.ring(from, self));
            }
        }
        return work;
    }

    /** Packets of one kind that follow each other go together. */
    private int take(Worker worker, HandOffRing ring) {
        int waiting = Math.min(TAKEN_MAX, ring.available());
        int taken = 0;
        while (taken < waiting) {
            int kind = HandOffRing.kind(ring.get(0));
            int count = 0;
            while (count < Math.min(Burst.MAX, waiting - taken) && HandOffRing.kind(ring.get(count)) == kind) {
                Mem.i64(array + 8L * count, HandOffRing.mbuf(ring.get(count)));
                count++;
            }
            ring.take(count);
            taken += count;
            worker.takeOver(kind, array, count);
        }
        return taken;
    }

    /** Frees what others have handed over. Only when the loop does not run. */
    void clear() {
        for (int from = 0; from < group.workers(); from++) {
            HandOffRing ring = group.ring(from, self);
            while (from != self && ring.available() > 0) {
                disposal.free(HandOffRing.mbuf(ring.get(0)));
                ring.take(1);
            }
        }
    }
}
