package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.RateLimits;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.watch.Step;

/**
 * The last step before a packet of a tenant with limits goes to or comes from the physical network: it goes on, waits, or is dropped.
 * First its NAT connection's limit, then its tenant's. What the gateway sends itself (ARP, ICMP errors, DHCP, PCP) never comes here.
 *
 * <pre>
 *  packet ─▶ connection's meter ─▶ tenant's meter ─▶ admitted: the caller sends it
 *               │ too fast            │ too fast
 *               └──▶ dropped, or LimitQueues ◀──┘ ─▶ later: tenant's meter, Egress
 * </pre>
 */
final class Limiter {

    private static final int NOT_BY_CONNECTION = Session.ONE_TO_ONE | Session.IDENTITY;

    private final RateLimits limits;
    private final NatConnections connections;
    private final Meters meters;
    private final LimitQueues queues;
    private final Adjacencies adjacencies;
    private final Tap tap;
    private final WorkerClock clock;
    private final Disposal disposal;

    Limiter(
            RouteTables tables,
            Meters meters,
            LimitQueues queues,
            Adjacencies adjacencies,
            Tap tap,
            WorkerClock clock,
            Disposal disposal) {
        this.limits = tables.rates;
        this.connections = tables.nat.connections;
        this.meters = meters;
        this.queues = queues;
        this.adjacencies = adjacencies;
        this.tap = tap;
        this.clock = clock;
        this.disposal = disposal;
    }

    /** Whether anything of a tenant is limited. */
    boolean limits(int domain) {
        return limits.ofTenant(domain) != 0;
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
        return ofConnection(Meters.OUTBOUND, domain, line, vm, mbuf, ip, length, number, entropy, countersIndex)
                && ofTenant(Meters.OUTBOUND, domain, line, vm, mbuf, ip, length, number, entropy, countersIndex);
    }

    /** As {@link #admitsOutbound}, from outside; by the inbound line. */
    boolean admitsInbound(long mbuf, long ip, int length, int number, int entropy, long line) {
        int domain = Session.domain(line);
        int vm = Session.newAddress(line);
        int countersIndex = number < 0 ? -1 : Adjacency.countersIndex(adjacencies.address(number));
        long session = Session.outbound(line);
        return ofConnection(Meters.INBOUND, domain, session, vm, mbuf, ip, length, number, entropy, countersIndex)
                && ofTenant(Meters.INBOUND, domain, session, vm, mbuf, ip, length, number, entropy, countersIndex);
    }

    /**
     * A packet that no session has, ready to be sent: IPv6.
     *
     * @param direction of {@link Meters}
     * @param vm any number that its VM's packets have in common
     */
    boolean admits(
            int direction,
            int domain,
            int vm,
            long mbuf,
            long ip,
            int length,
            int number,
            int entropy,
            int countersIndex) {
        return ofTenant(direction, domain, 0, vm, mbuf, ip, length, number, entropy, countersIndex);
    }

    private boolean ofConnection(
            int direction,
            int domain,
            long session,
            int vm,
            long mbuf,
            long ip,
            int length,
            int number,
            int entropy,
            int countersIndex) {
        long tenant = limits.ofTenant(domain);
        if (tenant == 0 || !RateLimits.hasConnections(tenant)) {
            return true;
        }
        int connection = connection(session);
        long entry = connection < 0 ? 0 : limits.ofConnection(connection);
        return entry == 0
                || passes(
                        entry,
                        meters.connection(connection, direction),
                        domain,
                        vm,
                        mbuf,
                        ip,
                        length,
                        number,
                        entropy,
                        countersIndex);
    }

    private boolean ofTenant(
            int direction,
            int domain,
            long session,
            int vm,
            long mbuf,
            long ip,
            int length,
            int number,
            int entropy,
            int countersIndex) {
        long entry = limits.ofTenant(domain);
        if (entry == 0) {
            return true;
        }
        int meter = meters.tenant(domain, direction);
        boolean admitted = passes(entry, meter, domain, vm, mbuf, ip, length, number, entropy, countersIndex);
        if (!admitted
                && session != 0
                && !tap.isTrial()
                && !RateLimits.shapes(entry)
                && RateLimits.hasConnections(entry)) {
            undoConnection(direction, session, length);
        }
        return admitted;
    }

    /** The connection's limit must not be charged for what the tenant's has stopped. */
    private void undoConnection(int direction, long session, int length) {
        int connection = connection(session);
        long entry = connection < 0 ? 0 : limits.ofConnection(connection);
        if (entry != 0) {
            long kbps = kbps(entry, direction);
            long packets = packetsPerSecond(entry, direction);
            if ((kbps | packets) != 0) {
                meters.giveBack(meters.connection(connection, direction), kbps, packets, length);
            }
        }
    }

    /** The connection of a session, by its outbound line; -1 = none: its host has its external address alone. */
    private int connection(long session) {
        if ((Session.flags(session) & NOT_BY_CONNECTION) != 0) {
            return -1;
        }
        long entry = connections.ofSession(
                Session.newAddress(session), Session.newPort(session), Session.natGeneration(session));
        return entry == 0 ? -1 : NatEntry.index(entry);
    }

    private boolean passes(
            long entry,
            int meter,
            int domain,
            int vm,
            long mbuf,
            long ip,
            int length,
            int number,
            int entropy,
            int countersIndex) {
        int direction = Meters.direction(meter);
        long kbps = kbps(entry, direction);
        long packets = packetsPerSecond(entry, direction);
        if ((kbps | packets) == 0) {
            return true;
        }
        boolean shapes = RateLimits.shapes(entry);
        int verdict = Meters.TOO_MANY_BITS;
        if (!shapes || !queues.isWaiting(meter)) {
            verdict = meters.take(meter, kbps, packets, length, clock.nanos());
            if (verdict == Meters.PASSES) {
                if (tap.isTrial()) {
                    meters.giveBack(meter, kbps, packets, length);
                }
                return true;
            }
        }
        tap.step(shapes ? Step.WAITS_FOR_LIMIT : Step.LIMIT, domain, direction, kbps, packets);
        if (tap.isTrial()) {
            stopTrial(mbuf, shapes, reason(verdict, direction), countersIndex);
        } else if (shapes) {
            queues.add(meter, kbps, domain, vm, mbuf, ip, length, number, entropy, countersIndex);
        } else {
            meters.dropped(meter);
            disposal.drop(mbuf, reason(verdict, direction), countersIndex);
        }
        return false;
    }

    private void stopTrial(long mbuf, boolean shapes, DropReason reason, int countersIndex) {
        if (shapes) {
            disposal.free(mbuf);
        } else {
            disposal.drop(mbuf, reason, countersIndex);
        }
    }

    private static DropReason reason(int verdict, int direction) {
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
