package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.police.CongestionMark;
import net.nvgate.gateway.police.Deadlines;
import net.nvgate.gateway.police.FairQueues;
import net.nvgate.gateway.police.HeldPackets;
import net.nvgate.gateway.police.LimitedPacket;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.police.QueueOwners;
import net.nvgate.gateway.route.RateLimits;

/** Packets that wait for the limit of their NIC, connection, tenant or port, and go as soon as it lets them. */
final class LimitQueues implements FairQueues.Loss, FairQueues.Marker {

    /** Share of the packet buffers that may wait. */
    private static final int BUFFERS_SHARE = 4;

    private static final int PACKETS_MAX = 4096;
    private static final int QUEUES_MAX = 256;
    private static final int LARGE_PACKET = 1514;

    /** The two directions of ports: VMs of all tenants share them. */
    private static final int PORTS = 2;

    private static final int PORT_VMS = 128;
    private static final int PORT_FLOWS = 8;
    private static final int SPREAD = 0x9E3779B1;

    /** Ethernet header and checksum, preamble, start of frame, and gap (IEEE 802.3). */
    private static final int FRAME_OVERHEAD = 14 + 4 + 8 + 12;

    private static final int PA_OVERHEAD = FRAME_OVERHEAD + Nvgre.OVERHEAD;

    /** A queue is looked at so often at least: its limit may have changed. */
    private static final long LOOK_AGAIN_NANOS = 10_000_000L;

    private final RateLimits limits;
    private final Meters meters;
    private final Adjacencies adjacencies;
    private final Egress egress;
    private final WorkerClock clock;
    private final Disposal disposal;
    private final HeldPackets packets;
    private final FairQueues queues;
    private final QueueOwners owners;
    private final FairQueues ports;
    private final Deadlines deadlines = new Deadlines(QUEUES_MAX + PORTS);

    /** @param buffers packet buffers there are in all */
    LimitQueues(
            RateLimits limits,
            Meters meters,
            int buffers,
            Adjacencies adjacencies,
            Egress egress,
            WorkerClock clock,
            Disposal disposal) {
        this.limits = limits;
        this.meters = meters;
        this.adjacencies = adjacencies;
        this.egress = egress;
        this.clock = clock;
        this.disposal = disposal;
        this.packets = new HeldPackets(Math.clamp(buffers / BUFFERS_SHARE, 1, PACKETS_MAX));
        int most = packets.capacity();
        int count = meters.count();
        this.queues =
                new FairQueues(packets, count, QUEUES_MAX, FairQueues.VMS, FairQueues.FLOWS, most / 8, this, this);
        this.owners = new QueueOwners(queues, WorkerConfig.TENANTS);
        this.ports = new FairQueues(packets, count, PORTS, PORT_VMS, PORT_FLOWS, most / 4, this, this);
    }

    /** Something waits for a meter, so that what comes must wait behind it. */
    boolean isWaiting(int meter) {
        return fair(meter).queue(meter) >= 0;
    }

    private FairQueues fair(int meter) {
        return meters.kind(meter) == Meters.PORT ? ports : queues;
    }

    /** What holds for a meter, as an entry of {@link RateLimits}; 0 = no limits. */
    long limits(int meter) {
        return switch (meters.kind(meter)) {
            case Meters.NIC -> limits.ofNic(meters.owner(meter));
            case Meters.CONNECTION -> limits.ofConnection(meters.owner(meter));
            case Meters.TENANT -> limits.ofTenant(meters.owner(meter));
            default -> limits.ofPorts();
        };
    }

    /** Bytes that an IP packet takes of a port, with all headers, preamble, checksum and gap of its frame. */
    static int onWire(int direction, int length) {
        return length + (direction == Meters.INBOUND ? PA_OVERHEAD : FRAME_OVERHEAD);
    }

    private int cost(int meter, int packet) {
        int length = packets.length(packet);
        return meters.kind(meter) == Meters.PORT ? onWire(Meters.direction(meter), length) : length;
    }

    /** Keeps a packet that is ready to be sent, or drops it where there is no room. */
    void add(int meter, LimitedPacket stopped) {
        int packet = packets.add(stopped, adjacencies.generation(), clock.nanos());
        if (packet == HeldPackets.NONE && makesRoom()) {
            packet = packets.add(stopped, adjacencies.generation(), clock.nanos());
        }
        if (packet == HeldPackets.NONE) {
            meters.dropped(meter);
            disposal.drop(stopped.mbuf, DropReason.LIMIT_QUEUE_FULL, stopped.countersIndex);
        } else {
            queue(meter, packet);
        }
    }

    /** Nobody's flood may cost others' packets their places. */
    private boolean makesRoom() {
        int fullest = owners.fullest();
        if (fullest < 0) {
            return false;
        }
        queues.loseFromLongest(fullest);
        meters.waiting(queues.meter(fullest), queues.count(fullest));
        return true;
    }

    private void queue(int meter, int packet) {
        packets.meter(packet, meter);
        FairQueues fair = fair(meter);
        int queue = fair.queue(meter);
        if (queue < 0) {
            queue = open(fair, meter, packets.domain(packet));
            if (queue < 0) {
                lost(packet, false);
                return;
            }
            deadlines.add(thing(fair, queue), clock.nanos());
        }
        // Tenants may have the same addresses.
        int vm = fair == ports ? packets.vm(packet) ^ packets.domain(packet) * SPREAD : packets.vm(packet);
        fair.add(queue, packet, vm, CongestionMark.isControl(ip(packet)));
        meters.waiting(meter, fair.count(queue));
    }

    private int open(FairQueues fair, int meter, int domain) {
        if (fair == queues && !owners.mayOpen(domain)) {
            return HeldPackets.NONE;
        }
        long kbps = Limiter.kbps(limits(meter), Meters.direction(meter));
        int queue = fair.open(meter, kbps == 0 ? 0 : 8_000_000L * LARGE_PACKET / kbps);
        if (queue >= 0) {
            meters.queued(meter, true);
        }
        if (fair == queues && queue >= 0) {
            owners.opened(queue, domain);
        }
        return queue;
    }

    /** Ports' queues come after those of all others. */
    private int thing(FairQueues fair, int queue) {
        return fair == ports ? QUEUES_MAX + queue : queue;
    }

    /** When {@link #send} has something to do; on the scale of the clock. */
    long due() {
        return deadlines.first();
    }

    /** Sends what may go by now. Packets that went, or were lost. */
    int send() {
        int before = packets.count();
        long now = clock.nanos();
        while (deadlines.first() <= now) {
            int thing = deadlines.poll();
            if (thing < QUEUES_MAX) {
                drain(queues, thing, now);
            } else {
                drain(ports, thing - QUEUES_MAX, now);
            }
        }
        return before - packets.count();
    }

    private void drain(FairQueues fair, int queue, long now) {
        int meter = fair.meter(queue);
        long entry = limits(meter);
        long kbps = Limiter.kbps(entry, Meters.direction(meter));
        long perSecond = Limiter.packetsPerSecond(entry, Meters.direction(meter));
        for (int packet = fair.next(queue, now); packet != HeldPackets.NONE; packet = fair.next(queue, now)) {
            if (meters.take(meter, kbps, perSecond, cost(meter, packet), now) != Meters.PASSES) {
                long wait = meters.waitNanos(meter, kbps, perSecond, cost(meter, packet), now);
                deadlines.add(thing(fair, queue), now + Math.min(wait, LOOK_AGAIN_NANOS));
                meters.waiting(meter, fair.count(queue));
                return;
            }
            meters.delayed(meter, now - packets.since(packet));
            fair.passed(queue);
            goOn(packet, meter);
        }
        fair.close(queue);
        meters.queued(meter, false);
        SessionLimits.pace(meters, meter, entry);
        meters.waiting(meter, 0);
    }

    /** What has waited for one meter may have to wait for one after it. */
    private void goOn(int packet, int meter) {
        int direction = Meters.direction(meter);
        for (int kind = meters.kind(meter) + 1; kind <= Meters.PORT; kind++) {
            int next = meter(kind, direction, packet);
            if (next >= 0 && !passes(packet, next, meter)) {
                return;
            }
        }
        leave(packet);
    }

    /** The meter of a kind that a packet has to do with, -1 = none. */
    private int meter(int kind, int direction, int packet) {
        return switch (kind) {
            case Meters.NIC -> packets.nic(packet) < 0 ? -1 : meters.nic(packets.nic(packet), direction);
            case Meters.CONNECTION ->
                packets.connection(packet) < 0 ? -1 : meters.connection(packets.connection(packet), direction);
            case Meters.TENANT -> meters.tenant(packets.domain(packet), direction);
            default -> meters.port(direction);
        };
    }

    /**
     * False: it waits for that meter, or is lost.
     *
     * @param waitedFor the meter that it has just waited for
     */
    private boolean passes(int packet, int meter, int waitedFor) {
        int direction = Meters.direction(meter);
        long entry = limits(meter);
        long kbps = Limiter.kbps(entry, direction);
        long perSecond = Limiter.packetsPerSecond(entry, direction);
        if ((kbps | perSecond) == 0) {
            return true;
        }
        boolean shapes = RateLimits.shapes(entry);
        int verdict = shapes && isWaiting(meter)
                ? Meters.TOO_MANY_BITS
                : meters.take(meter, kbps, perSecond, cost(meter, packet), clock.nanos());
        if (verdict == Meters.PASSES) {
            return true;
        }
        if (shapes) {
            packets.since(packet, clock.nanos());
            queue(meter, packet);
        } else {
            giveBack(packet, meters.kind(meter), waitedFor);
            packets.meter(packet, meter);
            lose(packet, Limiter.reason(verdict, direction));
        }
        return false;
    }

    /** The meters before the one that has cost a packet must not count it. */
    private void giveBack(int packet, int before, int waitedFor) {
        int direction = Meters.direction(waitedFor);
        for (int kind = Meters.NIC; kind < before; kind++) {
            int meter = meter(kind, direction, packet);
            if (meter == waitedFor) {
                // Its turn is over all the same, or all that waits behind it would follow at once, and be lost at once.
                meters.giveBack(meter, 0, 0, packets.length(packet));
            } else if (meter >= 0) {
                giveBack(meter, packets.length(packet));
            }
        }
    }

    /** A packet of so many bytes goes no further than a meter that is not a port's. */
    void giveBack(int meter, int length) {
        long entry = limits(meter);
        long kbps = Limiter.kbps(entry, Meters.direction(meter));
        long perSecond = Limiter.packetsPerSecond(entry, Meters.direction(meter));
        if ((kbps | perSecond) != 0) {
            meters.giveBack(meter, kbps, perSecond, length);
        }
    }

    private void leave(int packet) {
        long mbuf = packets.mbuf(packet);
        if (packets.generation(packet) == adjacencies.generation()) {
            egress.send(mbuf, ip(packet), packets.length(packet), packets.adjacency(packet), packets.entropy(packet));
        } else {
            // Its next hop's number means another one by now: a table of next hops was full.
            disposal.drop(mbuf, DropReason.ADJACENCY_TABLE_FULL, packets.countersIndex(packet));
        }
        packets.remove(packet);
    }

    private long ip(int packet) {
        return Mbuf.dataAddress(packets.mbuf(packet)) + packets.ipOffset(packet);
    }

    @Override
    public void lost(int packet, boolean late) {
        lose(packet, late ? DropReason.LIMIT_QUEUE_DELAY : DropReason.LIMIT_QUEUE_FULL);
    }

    private void lose(int packet, DropReason reason) {
        meters.dropped(packets.meter(packet));
        disposal.drop(packets.mbuf(packet), reason, packets.countersIndex(packet));
        packets.remove(packet);
    }

    @Override
    public boolean mark(int packet) {
        return CongestionMark.set(ip(packet));
    }

    int count() {
        return packets.count();
    }

    /** Gives everything back, at the end. */
    void clear() {
        for (int packet = 0; packet < packets.capacity(); packet++) {
            if (packets.isHeld(packet)) {
                disposal.free(packets.mbuf(packet));
            }
        }
    }
}
