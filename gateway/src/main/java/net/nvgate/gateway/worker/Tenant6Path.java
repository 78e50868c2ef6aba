package net.nvgate.gateway.worker;

import net.nvgate.fabric.model.AclAction;
import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.watch.Step;
import net.nvgate.gateway.worker.TenantRoutes.Verdict;

/**
 * IPv6 packets from inside. No session: each is routed by itself.
 *
 * <pre>
 *  anti-spoof ---> ours? ping ---> tenant's route ---> a VM's record ---> NVGRE; tenant interface ---> VLAN
 *                                             \---> out: NPTv6 or routed prefix ---> external route
 *                                                                    \---> outside prefix of a tenant: turned round
 *  to a NAT64 prefix ---> Nat64Outbound
 * </pre>
 */
final class Tenant6Path {

    private final RouteTables tables;
    private final Tenant6Routes routes;
    private final Adjacencies adjacencies;
    private final Egress egress;
    private final EchoResponder6 echo;
    private final Icmp6Sender icmp;
    private final External6Path external;
    private final Nat64Outbound nat64;
    private final Limiter limiter;
    private final WorkerCounters counters;
    private final MssClamp6 mss;
    private final MtuDiagnosis mtus;
    private final Tap tap;
    private final AclTransit acl;
    private final Disposal disposal;

    Tenant6Path(
            RouteTables tables,
            Tenant6Routes routes,
            Adjacencies adjacencies,
            Egress egress,
            EchoResponder6 echo,
            Icmp6Sender icmp,
            External6Path external,
            Nat64Outbound nat64,
            Limiter limiter,
            SizeParts sizes,
            Tap tap,
            AclTransit acl,
            WorkerCounters counters,
            Disposal disposal) {
        this.tables = tables;
        this.routes = routes;
        this.adjacencies = adjacencies;
        this.egress = egress;
        this.echo = echo;
        this.icmp = icmp;
        this.external = external;
        this.nat64 = nat64;
        this.tap = tap;
        this.limiter = limiter;
        this.mss = sizes.mss6;
        this.mtus = sizes.diagnosis;
        this.acl = acl;
        this.counters = counters;
        this.disposal = disposal;
    }

    /**
     * A well-formed unicast packet.
     *
     * @return address of the IPv4 packet that NAT64 has made of it, 0: dealt with
     */
    long forward(long mbuf, long ip, int length, long vsid, int outerSource) {
        int domain = VsidEntry.rdid(vsid);
        long prefix = nat64.prefix(domain, ip);
        if (prefix != 0 && routes.isSourceTrue(domain, Ipv6.sourceHigh(ip), Ipv6.sourceLow(ip), outerSource)) {
            reportSource(domain, ip, outerSource, true);
            return nat64.translate(mbuf, ip, length, vsid, prefix);
        }
        route(mbuf, ip, length, vsid, outerSource);
        return 0;
    }

    private void route(long mbuf, long ip, int length, long vsid, int outerSource) {
        int counter = VsidEntry.countersIndex(vsid);
        counters.received(counter, length);
        int domain = VsidEntry.rdid(vsid);
        boolean sourceTrue = routes.isSourceTrue(domain, Ipv6.sourceHigh(ip), Ipv6.sourceLow(ip), outerSource);
        reportSource(domain, ip, outerSource, sourceTrue);
        if (!sourceTrue) {
            disposal.drop(mbuf, DropReason.SPOOFED_SOURCE, counter);
        } else if (routes(mbuf, ip, length, vsid)) {
            toOutside(mbuf, ip, length, vsid);
        }
    }

    private void reportSource(int domain, long ip, int outerSource, boolean isTrue) {
        tap.step(Step.SOURCE6, Step.pair(outerSource, domain), Ipv6.sourceHigh(ip), Ipv6.sourceLow(ip), isTrue ? 1 : 0);
    }

    /** Routes a packet that came in by a front-end interface of a tenant, whose source has been checked. It is never translated. */
    void fromFrontEnd(long mbuf, long ip, int length, long link) {
        counters.received(VsidEntry.countersIndex(link), length);
        if (routes(mbuf, ip, length, link)) {
            unreachable(mbuf, ip, length, link, Icmpv6.CODE_NO_ROUTE, DropReason.NO_ROUTE);
        }
    }

    /** False when that has dealt with the packet, true when it goes to the physical side that tenants share. */
    @SuppressWarnings("EnumOrdinal") // Told by its place.
    private boolean routes(long mbuf, long ip, int length, long vsid) {
        int entropy = Flow6.entropy(ip, length);
        Verdict verdict = routes.look(
                VsidEntry.rdid(vsid),
                Ipv6.sourceHigh(ip),
                Ipv6.sourceLow(ip),
                Ipv6.destinationHigh(ip),
                Ipv6.destinationLow(ip),
                entropy);
        tap.step(
                Step.ROUTE6,
                VsidEntry.rdid(vsid),
                Ipv6.destinationHigh(ip),
                Ipv6.destinationLow(ip),
                verdict.ordinal());
        switch (verdict) {
            case OUT -> {
                return true;
            }
            case OURS -> toUs(mbuf, ip, length, vsid);
            case FORWARD -> forward(mbuf, ip, length, vsid, routes.adjacency(), entropy);
            case NO_ROUTE -> unreachable(mbuf, ip, length, vsid, Icmpv6.CODE_NO_ROUTE, DropReason.NO_ROUTE);
            case NO_RECORD -> unreachable(mbuf, ip, length, vsid, Icmpv6.CODE_ADDRESS, DropReason.NO_RECORD);
            case PROHIBITED -> unreachable(mbuf, ip, length, vsid, Icmpv6.CODE_REJECT, DropReason.BLACKHOLE_ROUTE);
        }
        return false;
    }

    private void forward(long mbuf, long ip, int length, long vsid, int number, int entropy) {
        int receiver = number < 0 ? 0 : AclTransit.receiver(adjacencies.address(number), VsidEntry.rdid(vsid));
        if (!passes(mbuf, ip, length, vsid, receiver)) {
            return;
        }
        if (fits(mbuf, ip, length, vsid, number)) {
            mss.between(ip, length, VsidEntry.rdid(vsid));
            Ipv6.hopLimit(ip, Ipv6.hopLimit(ip) - 1);
            egress.send(mbuf, ip, length, number, entropy);
        }
    }

    private void toUs(long mbuf, long ip, int length, long vsid) {
        DropReason fault = echo.turn(ip, length, Ipv6Chain.walk(ip, length), DropReason.LOCAL_PROTOCOL);
        int entropy = (int) Ipv6.destinationLow(ip);
        int number = fault != null
                ? -1
                : routes.toward(VsidEntry.rdid(vsid), Ipv6.destinationHigh(ip), Ipv6.destinationLow(ip), entropy);
        if (number < 0) {
            disposal.drop(mbuf, fault == null ? DropReason.NO_RECORD : fault, VsidEntry.countersIndex(vsid));
        } else {
            egress.send(mbuf, ip, length, number, entropy);
        }
    }

    /** The physical side answers only to addresses that it knows: the source must have an outside prefix. */
    private void toOutside(long mbuf, long ip, int length, long vsid) {
        long pair = tables.nptv6.inside(VsidEntry.rdid(vsid), Ipv6.sourceHigh(ip));
        if (pair == 0) {
            unreachable(mbuf, ip, length, vsid, Icmpv6.CODE_POLICY, DropReason.NO_OUTSIDE_PREFIX);
            return;
        }
        long high = Ipv6.destinationHigh(ip);
        long low = Ipv6.destinationLow(ip);
        boolean turnsRound = external.isOurs(high, low);
        int entropy = Flow6.entropy(ip, length);
        int number = turnsRound ? -1 : adjacencies.toExternal6(high, low, entropy);
        if (number >= 0 && Adjacency.fault(adjacencies.address(number)) == DropReason.NO_EXTERNAL_ROUTE) {
            unreachable(mbuf, ip, length, vsid, Icmpv6.CODE_NO_ROUTE, DropReason.NO_EXTERNAL_ROUTE);
            return;
        }
        if (!passes(mbuf, ip, length, vsid, 0) || !fits(mbuf, ip, length, vsid, number)) {
            return;
        }
        mss.outbound(ip, length, VsidEntry.rdid(vsid));
        // By the VM's own address, which is another one in a moment.
        long nic = limiter.nic6(VsidEntry.rdid(vsid), Ipv6.sourceHigh(ip), Ipv6.sourceLow(ip));
        if (!Nptv6.outbound(ip, pair)) {
            int pointer = Ipv6.SOURCE_OFFSET;
            icmp.toTenant(mbuf, ip, length, vsid, Icmpv6.PARAMETER_PROBLEM, 0, pointer, DropReason.NPTV6_UNMAPPABLE);
            return;
        }
        tap.step(Step.NPTV6, VsidEntry.rdid(vsid), Ipv6.sourceHigh(ip), Ipv6.sourceLow(ip), 1);
        Nptv6.outboundError(ip, length, pair);
        Ipv6.hopLimit(ip, Ipv6.hopLimit(ip) - 1);
        if (turnsRound) {
            counters.add(WorkerCounter.HAIRPINS, 1);
            external.turnedRound(mbuf, ip, length, vsid, pair);
        } else if (isAdmitted(mbuf, ip, length, vsid, nic, number, entropy)) {
            egress.send(mbuf, ip, length, number, entropy);
        }
    }

    private boolean isAdmitted(long mbuf, long ip, int length, long vsid, long nic, int number, int entropy) {
        int domain = VsidEntry.rdid(vsid);
        int counter = VsidEntry.countersIndex(vsid);
        return !limiter.limits(domain)
                || limiter.admits6(Meters.OUTBOUND, domain, nic, mbuf, ip, length, number, entropy, counter);
    }

    /** Whether port ACLs let a packet through to a receiver's domain, 0 = none; if not, its sender is told if a rule wants it. */
    private boolean passes(long mbuf, long ip, int length, long vsid, int receiver) {
        AclAction action = acl.passes6(ip, length, AclTransit.sender(vsid), receiver);
        if (action == AclAction.REJECT) {
            unreachable(mbuf, ip, length, vsid, Icmpv6.CODE_PROHIBITED, DropReason.ACL_REJECT);
        } else if (action != AclAction.ALLOW) {
            disposal.drop(mbuf, DropReason.ACL, VsidEntry.countersIndex(vsid));
        }
        return action == AclAction.ALLOW;
    }

    /** Whether a packet may go on; if not, its sender is told. */
    private boolean fits(long mbuf, long ip, int length, long vsid, int number) {
        if (Ipv6.hopLimit(ip) <= 1) {
            icmp.toTenant(mbuf, ip, length, vsid, Icmpv6.TIME_EXCEEDED, 0, 0, DropReason.TTL_EXPIRED);
            return false;
        }
        if (!Flow6.isTooBig(adjacencies, number, length)) {
            return true;
        }
        if (length <= Ipv6.MTU_MIN) {
            disposal.drop(mbuf, DropReason.BELOW_IPV6_MTU, VsidEntry.countersIndex(vsid));
        } else {
            int mtu = Flow6.mtu(adjacencies, number);
            tap.step(Step.TOO_BIG, length, mtu, VsidEntry.rdid(vsid));
            mtus.refused6(VsidEntry.rdid(vsid), Ipv6.sourceHigh(ip), Ipv6.sourceLow(ip), length);
            icmp.toTenant(mbuf, ip, length, vsid, Icmpv6.TOO_BIG, 0, mtu, DropReason.TOO_BIG);
        }
        return false;
    }

    private void unreachable(long mbuf, long ip, int length, long vsid, int code, DropReason reason) {
        icmp.toTenant(mbuf, ip, length, vsid, Icmpv6.UNREACHABLE, code, 0, reason);
    }
}
