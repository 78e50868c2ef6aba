package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.police.FairQueues;
import net.nvgate.gateway.police.LimitedPacket;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NicRates;
import net.nvgate.gateway.route.RateLimits;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.watch.Step;

/**
 * The last step before a packet of a tenant with limits goes to or comes from the physical network: it goes on, waits, or is dropped.
 * What the gateway sends itself (ARP, ICMP errors, DHCP, PCP) never comes here.
 *
 * <pre>
 *  packet ─▶ its NIC's meter ─▶ its connection's ─▶ its tenant's ─▶ the port's ─▶ admitted: the caller sends it
 *               │ too fast         │                   │               │
 *               └──▶ dropped, or LimitQueues ◀─────────┴───────────────┘ ─▶ later: the meters after that one, Egress
 * </pre>
 */
final class Limiter {

    private static final int NOT_BY_CONNECTION = Session.ONE_TO_ONE | Session.IDENTITY;
    private static final int NONE = -1;
    private static final long NO_SESSION = 0;

    private final RateLimits limits;
    private final NicRates nics;
    private final NatConnections connections;
    private final InsideHosts hosts;
    private final Meters meters;
    private final LimitQueues queues;
    private final Adjacencies adjacencies;
    private final Tap tap;
    private final WorkerClock clock;
    private final Disposal disposal;
    private final LimitedPacket stopped = new LimitedPacket();

    /** Why {@link #pays} has last said no, of {@link Meters}. */
    private int verdict;

    Limiter(
            RouteTables tables,
            InsideHosts hosts,
            Meters meters,
            LimitQueues queues,
            Adjacencies adjacencies,
            Tap tap,
            WorkerClock clock,
            Disposal disposal) {
        this.limits = tables.rates;
        this.nics = tables.nicRates;
        this.connections = tables.nat.connections;
        this.hosts = hosts;
        this.meters = meters;
        this.queues = queues;
        this.adjacencies = adjacencies;
        this.tap = tap;
        this.clock = clock;
        this.disposal = disposal;
    }

    /** Whether anything of a tenant is limited. */
    boolean limits(int domain) {
        return limits.limits(domain);
    }

    /**
     * A packet of a session, from inside, ready to be sent.
     *
     * @param line its outbound line
     * @param number of the adjacency
     * @return true: the caller sends it; false: it is dealt with
     */
    boolean admitsOutbound(long mbuf, long ip, int length, int number, int entropy, long line, int countersIndex) {
        int domain = FlowKey.domain(Session.key1(line));
        int vm = FlowKey.source(Session.key0(line));
        int meter = pay(Meters.OUTBOUND, domain, vm, line, length);
        if (meter == NONE) {
            return true;
        }
        fill(mbuf, ip, length, number, entropy, countersIndex);
        refuse(meter, domain, vm, nic(domain, vm), line);
        return false;
    }

    /** As {@link #admitsOutbound}, from outside; by the inbound line. */
    boolean admitsInbound(long mbuf, long ip, int length, int number, int entropy, long line) {
        int domain = Session.domain(line);
        int vm = Session.newAddress(line);
        long session = Session.outbound(line);
        int meter = pay(Meters.INBOUND, domain, vm, session, length);
        if (meter == NONE) {
            return true;
        }
        int countersIndex = number < 0 ? NONE : Adjacency.countersIndex(adjacencies.address(number));
        fill(mbuf, ip, length, number, entropy, countersIndex);
        refuse(meter, domain, vm, nic(domain, vm), session);
        return false;
    }

    /**
     * An IPv6 packet, which no session has, ready to be sent.
     *
     * @param direction of {@link Meters}
     * @param nic of its VM, see {@link #nic6}
     */
    boolean admits6(
            int direction,
            int domain,
            long nic,
            long mbuf,
            long ip,
            int length,
            int number,
            int entropy,
            int countersIndex) {
        long tenant = limits.ofTenant(domain);
        int meter = tenant == 0 ? NONE : payNic(direction, nic, length);
        meter = meter == NONE ? payOthers(direction, domain, tenant, NO_SESSION, length) : meter;
        if (meter == NONE) {
            return true;
        }
        int vm = Long.hashCode(direction == Meters.INBOUND ? Ipv6.destinationLow(ip) : Ipv6.sourceLow(ip));
        fill(mbuf, ip, length, number, entropy, countersIndex);
        refuse(meter, domain, vm, nic, NO_SESSION);
        return false;
    }

    /** What the port profile of an IPv6 CA says, as an entry of {@link NicRates}; 0 = nothing. */
    long nic6(int domain, long high, long low) {
        return nics.find(domain, high, low);
    }

    private long nic(int domain, int vm) {
        return InsideHosts.isHandle(vm) ? nic6(domain, hosts.high(vm), hosts.low(vm)) : nics.find(domain, vm);
    }

    /**
     * Takes what a packet costs from each meter that it has to do with, up to the first that lacks it.
     *
     * @return that one, {@link #NONE} if all had it
     */
    private int pay(int direction, int domain, int vm, long session, int length) {
        long tenant = limits.ofTenant(domain);
        if (tenant != 0 && RateLimits.hasNics(tenant)) {
            int meter = payNic(direction, nic(domain, vm), length);
            if (meter != NONE) {
                return meter;
            }
        }
        return payOthers(direction, domain, tenant, session, length);
    }

    /** As {@link #pay}, of the NIC alone, by an entry of {@link NicRates} or 0. */
    private int payNic(int direction, long entry, int length) {
        if (entry == 0 || NicRates.nic(entry) == NicRates.NO_INDEX) {
            return NONE;
        }
        int meter = meters.nic(NicRates.nic(entry), direction);
        return pays(meter, direction, limits.ofNic(NicRates.nic(entry)), length) ? NONE : meter;
    }

    /** The meters behind that of the NIC. */
    private int payOthers(int direction, int domain, long tenant, long session, int length) {
        if (tenant != 0) {
            if (session != NO_SESSION && RateLimits.hasConnections(tenant)) {
                int connection = connection(session);
                int meter = meters.connection(connection, direction);
                if (connection != NONE && !pays(meter, direction, limits.ofConnection(connection), length)) {
                    return meter;
                }
            }
            if (!pays(meters.tenant(domain, direction), direction, tenant, length)) {
                return meters.tenant(domain, direction);
            }
        }
        long ports = limits.ofPorts();
        return ports == 0 || pays(meters.port(direction), direction, ports, LimitQueues.onWire(direction, length))
                ? NONE
                : meters.port(direction);
    }

    private boolean pays(int meter, int direction, long entry, int length) {
        long kbps = kbps(entry, direction);
        long packets = packetsPerSecond(entry, direction);
        return (kbps | packets) == 0 || pays(meter, kbps, packets, RateLimits.shapes(entry), length);
    }

    private boolean pays(int meter, long kbps, long packets, boolean shapes, int length) {
        if (shapes && queues.isWaiting(meter)) {
            verdict = Meters.TOO_MANY_BITS;
            return false;
        }
        verdict = meters.take(meter, kbps, packets, length, clock.nanos());
        if (verdict == Meters.PASSES && tap.isTrial()) {
            meters.giveBack(meter, kbps, packets, length);
        }
        return verdict == Meters.PASSES;
    }

    /** The connection of a session, by its outbound line; {@link #NONE}: its host has its external address alone. */
    private int connection(long session) {
        if ((Session.flags(session) & NOT_BY_CONNECTION) != 0) {
            return NONE;
        }
        long entry = connections.ofSession(
                Session.newAddress(session), Session.newPort(session), Session.natGeneration(session));
        return entry == 0 ? NONE : NatEntry.index(entry);
    }

    private void fill(long mbuf, long ip, int length, int number, int entropy, int countersIndex) {
        stopped.mbuf = mbuf;
        stopped.ipOffset = (int) (ip - Mbuf.dataAddress(mbuf));
        stopped.length = length;
        stopped.adjacency = number;
        stopped.entropy = entropy;
        stopped.countersIndex = countersIndex;
    }

    /** Deals with the packet that is filled in and that a meter has stopped. */
    private void refuse(int meter, int domain, int vm, long nic, long session) {
        stopped.domain = domain;
        stopped.vm = nic == 0 ? vm : NicRates.key(nic);
        stopped.nic = nic == 0 ? NONE : NicRates.nic(nic);
        stopped.weight = nic == 0 ? FairQueues.WEIGHT_DEFAULT : NicRates.weight(nic);
        stopped.minimumKbps = nic == 0 ? 0 : NicRates.minimumKbps(nic);
        stopped.connection = session == NO_SESSION ? NONE : connection(session);
        int direction = Meters.direction(meter);
        long entry = queues.limits(meter);
        boolean shapes = RateLimits.shapes(entry);
        tap.step(
                shapes ? Step.WAITS_FOR_LIMIT : Step.LIMIT,
                domain,
                Step.limit(verdict, meters.kind(meter), direction),
                kbps(entry, direction),
                packetsPerSecond(entry, direction));
        if (tap.isTrial()) {
            stopTrial(shapes, direction);
        } else if (shapes) {
            queues.add(meter, stopped);
        } else {
            giveBack(meters.kind(meter), direction);
            meters.dropped(meter);
            disposal.drop(stopped.mbuf, reason(verdict, direction), stopped.countersIndex);
        }
    }

    /** The meters before the one that has cost a packet must not be charged for it. */
    private void giveBack(int before, int direction) {
        if (before > Meters.NIC && stopped.nic != NONE) {
            queues.giveBack(meters.nic(stopped.nic, direction), stopped.length);
        }
        if (before > Meters.CONNECTION && stopped.connection != NONE) {
            queues.giveBack(meters.connection(stopped.connection, direction), stopped.length);
        }
        if (before > Meters.TENANT) {
            queues.giveBack(meters.tenant(stopped.domain, direction), stopped.length);
        }
    }

    private void stopTrial(boolean shapes, int direction) {
        if (shapes) {
            disposal.free(stopped.mbuf);
        } else {
            disposal.drop(stopped.mbuf, reason(verdict, direction), stopped.countersIndex);
        }
    }

    /** Why a packet is dropped that a meter has refused, by its verdict. */
    static DropReason reason(int verdict, int direction) {
        if (verdict == Meters.TOO_MANY_BITS) {
            return direction == Meters.INBOUND ? DropReason.LIMIT_BANDWIDTH_IN : DropReason.LIMIT_BANDWIDTH_OUT;
        }
        return direction == Meters.INBOUND ? DropReason.LIMIT_PACKETS_IN : DropReason.LIMIT_PACKETS_OUT;
    }

    /** Of one direction, by an entry of {@link RateLimits} or 0; 0 = not limited. */
    static long kbps(long entry, int direction) {
        return entry == 0 ? 0 : RateLimits.kbps(entry, offset(direction));
    }

    /** As {@link #kbps}. */
    static long packetsPerSecond(long entry, int direction) {
        return entry == 0 ? 0 : RateLimits.packetsPerSecond(entry, offset(direction));
    }

    private static int offset(int direction) {
        return direction == Meters.INBOUND ? RateLimits.INBOUND : RateLimits.OUTBOUND;
    }
}
