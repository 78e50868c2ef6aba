package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.police.CongestionMark;
import net.nvgate.gateway.police.Deadlines;
import net.nvgate.gateway.police.FairQueues;
import net.nvgate.gateway.police.HeldPackets;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.RateLimits;

/** Packets that wait for their tenant's or connection's limit, and go as soon as it lets them. */
final class LimitQueues implements FairQueues.Loss, FairQueues.Marker {

    /** Share of the packet buffers that may wait. */
    private static final int BUFFERS_SHARE = 4;

    private static final int PACKETS_MAX = 4096;
    private static final int QUEUES_MAX = 256;
    private static final int LARGE_PACKET = 1514;

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
    private final Deadlines deadlines = new Deadlines(QUEUES_MAX);

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
        this.queues = new FairQueues(packets, meters.count(), QUEUES_MAX, this, this);
    }

    /** Something waits for a meter, so that what comes must wait behind it. */
    boolean isWaiting(int meter) {
        return queues.queue(meter) >= 0;
    }

    /** Keeps a packet that is ready to be sent, or drops it where there is no room. Parameters as in {@link Limiter}. */
    void add(
            int meter,
            long kbps,
            int domain,
            int vm,
            long mbuf,
            long ip,
            int length,
            int number,
            int entropy,
            int countersIndex) {
        long now = clock.nanos();
        int packet = packets.add(
                mbuf,
                (int) (ip - Mbuf.dataAddress(mbuf)),
                length,
                number,
                adjacencies.generation(),
                entropy,
                vm,
                countersIndex,
                domain,
                now);
        if (packet == HeldPackets.NONE) {
            meters.dropped(meter);
            disposal.drop(mbuf, DropReason.LIMIT_QUEUE_FULL, countersIndex);
        } else {
            queue(meter, kbps, packet, CongestionMark.isControl(ip));
        }
    }

    private void queue(int meter, long kbps, int packet, boolean control) {
        packets.meter(packet, meter);
        int queue = queues.queue(meter);
        if (queue < 0) {
            queue = queues.open(meter, kbps == 0 ? 0 : 8_000_000L * LARGE_PACKET / kbps);
            if (queue < 0) {
                lost(packet, false);
                return;
            }
            deadlines.add(queue, clock.nanos());
        }
        queues.add(queue, packet, packets.vm(packet), FairQueues.WEIGHT_DEFAULT, packets.entropy(packet), control);
        meters.waiting(meter, queues.count(queue));
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
            drain(deadlines.poll(), now);
        }
        return before - packets.count();
    }

    private void drain(int queue, long now) {
        int meter = queues.meter(queue);
        boolean tenant = meters.isTenant(meter);
        long entry = tenant ? limits.ofTenant(meters.owner(meter)) : limits.ofConnection(meters.owner(meter));
        long kbps = Limiter.kbps(entry, Meters.direction(meter));
        long perSecond = Limiter.packetsPerSecond(entry, Meters.direction(meter));
        for (int packet = queues.next(queue, now); packet != HeldPackets.NONE; packet = queues.next(queue, now)) {
            if (meters.take(meter, kbps, perSecond, packets.length(packet), now) != Meters.PASSES) {
                long wait = meters.waitNanos(meter, kbps, perSecond, packets.length(packet));
                deadlines.add(queue, now + Math.min(wait, LOOK_AGAIN_NANOS));
                meters.waiting(meter, queues.count(queue));
                return;
            }
            meters.delayed(meter, now - packets.since(packet));
            queues.passed(queue);
            goOn(packet, meter, tenant);
        }
        queues.close(queue);
        meters.waiting(meter, 0);
    }

    /** What has waited for its connection may have to wait for its tenant. */
    private void goOn(int packet, int meter, boolean tenant) {
        if (!tenant) {
            int next = meters.tenant(packets.domain(packet), Meters.direction(meter));
            long entry = limits.ofTenant(packets.domain(packet));
            long kbps = Limiter.kbps(entry, Meters.direction(meter));
            long perSecond = Limiter.packetsPerSecond(entry, Meters.direction(meter));
            if ((kbps | perSecond) != 0) {
                boolean waits = RateLimits.shapes(entry) && isWaiting(next);
                if (waits
                        || meters.take(next, kbps, perSecond, packets.length(packet), clock.nanos()) != Meters.PASSES) {
                    if (RateLimits.shapes(entry)) {
                        packets.since(packet, clock.nanos());
                        queue(next, kbps, packet, CongestionMark.isControl(ip(packet)));
                    } else {
                        packets.meter(packet, next);
                        lost(packet, false);
                    }
                    return;
                }
            }
        }
        leave(packet);
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
        meters.dropped(packets.meter(packet));
        DropReason reason = late ? DropReason.LIMIT_QUEUE_DELAY : DropReason.LIMIT_QUEUE_FULL;
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
