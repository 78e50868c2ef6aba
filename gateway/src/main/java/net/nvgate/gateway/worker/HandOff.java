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

    private static final int LINE = 64;

    private final WorkerGroup group;
    private final int self;
    private final PacketOwners owners;
    private final WorkerCounters counters;
    private final Disposal disposal;
    private final long array;
    /** Whose ring comes first in this turn. */
    private int first;

    private long touched;

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

    /**
     * Lets the worker deal with what the others have handed over: of all together no more than it has received, or a burst. Who took more
     * while it is behind would hand less over, so that the others, who have less to do then, would fill its rings the faster.
     *
     * @param received packets that its own queues have brought in this turn
     * @return packets taken
     */
    int take(Worker worker, int received) {
        int most = Math.max(Burst.MAX, received);
        int work = 0;
        int passed = 0;
        first = first + 1 == group.workers() ? 0 : first + 1;
        for (int i = 0; i < group.workers(); i++) {
            int from = first + i < group.workers() ? first + i : first + i - group.workers();
            if (from == self) {
                continue;
            }
            HandOffRing ring = group.ring(from, self);
            int waiting = ring.available();
            while (waiting > 0) {
                int kind = HandOffRing.kind(ring.get(0));
                boolean leaves = kind == HandOffRing.TO_PA || kind == HandOffRing.TO_EXT;
                if (!leaves && passed == most) {
                    break;
                }
                int count = take(ring, kind, Math.min(waiting, leaves ? Burst.MAX : most - passed));
                if (!leaves) {
                    touch(count);
                }
                worker.takeOver(kind, array, count);
                // Those that only leave cost little, and would have been forwarded in vain.
                passed += leaves ? 0 : count;
                work += count;
                waiting -= count;
            }
        }
        return work;
    }

    /** Puts packets of one kind that follow each other into the array; how many, at least one. */
    private int take(HandOffRing ring, int kind, int most) {
        int count = 0;
        while (count < Math.min(Burst.MAX, most) && HandOffRing.kind(ring.get(count)) == kind) {
            Mem.i64(array + 8L * count, HandOffRing.mbuf(ring.get(count)));
            count++;
        }
        ring.take(count);
        return count;
    }

    /**
     * Reads a word of each line of headers that the other core's cache has, and of the mbufs, so that the cache misses overlap instead of
     * coming one after another in the passes.
     */
    private void touch(int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            long mbuf = Mem.i64(array + 8L * i);
            int last = Mbuf.dataLength(mbuf) - Long.BYTES;
            long data = last < 0 ? mbuf : Mbuf.dataAddress(mbuf);
            sum += Mem.i64(data) + Mem.i64(data + Math.max(0, Math.min(last, LINE)));
        }
        touched += sum;
    }

    /** Keeps the touching reads alive for the compiler. */
    long touched() {
        return touched;
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
