package net.nvgate.gateway.worker;

import net.nvgate.fabric.model.AclAction;
import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.Nptv6Table;
import net.nvgate.gateway.route.Own6Addresses;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.watch.Step;
import net.nvgate.gateway.worker.TenantRoutes.Verdict;

/**
 * IPv6 packets for tenants from the physical side, and packets of tenants that turn round. The outside prefix of a pair leads to the
 * tenant; nothing else does.
 */
final class External6Path {

    private final RouteTables tables;
    private final Tenant6Routes routes;
    private final Adjacencies adjacencies;
    private final Egress egress;
    private final EchoResponder6 echo;
    private final Icmp6Sender icmp;
    private final Limiter limiter;
    private final MssClamp6 mss;
    private final MtuDiagnosis mtus;
    private final Tap tap;
    private final AclTransit acl;
    private final Disposal disposal;

    External6Path(
            RouteTables tables,
            Tenant6Routes routes,
            Adjacencies adjacencies,
            Egress egress,
            EchoResponder6 echo,
            Icmp6Sender icmp,
            Limiter limiter,
            SizeParts sizes,
            Tap tap,
            AclTransit acl,
            Disposal disposal) {
        this.tables = tables;
        this.routes = routes;
        this.adjacencies = adjacencies;
        this.egress = egress;
        this.echo = echo;
        this.icmp = icmp;
        this.tap = tap;
        this.limiter = limiter;
        this.mss = sizes.mss6;
        this.mtus = sizes.diagnosis;
        this.acl = acl;
        this.disposal = disposal;
    }

    /** Whether packets to an address end here or at a tenant: an own address outside, or one in an outside prefix. */
    boolean isOurs(long high, long low) {
        return isOwn(high, low) || tables.nptv6.outside(high) != 0;
    }

    private boolean isOwn(long high, long low) {
        long own = tables.ownAddresses6.find(high, low);
        int wanted = Own6Addresses.EXTERNAL | Own6Addresses.TENTATIVE;
        return own != 0 && (Own6Addresses.flags(own) & wanted) == Own6Addresses.EXTERNAL;
    }

    /** From the physical side; the packet is well-formed and to no address of our own. */
    void receive(long mbuf, long ip, int length) {
        DropReason fault = Inner6Input.checkAddresses(ip);
        if (fault != null) {
            disposal.drop(mbuf, fault == DropReason.NO_ROUTE ? DropReason.NOT_OUR_ADDRESS : fault);
        } else if (isOurs(Ipv6.sourceHigh(ip), Ipv6.sourceLow(ip))) {
            // Nobody outside has an address of ours.
            disposal.drop(mbuf, DropReason.SPOOFED_SOURCE);
        } else {
            toTenant(mbuf, ip, length, 0, 0);
        }
    }

    /**
     * From a tenant, with its outside source; the sender's hop has been counted.
     *
     * @param vsid entry of the VSID or tenant interface it came in by
     * @param sender pair that has given it its source
     */
    void turnedRound(long mbuf, long ip, int length, long vsid, long sender) {
        boolean own = isOwn(Ipv6.destinationHigh(ip), Ipv6.destinationLow(ip));
        DropReason fault = own ? echo.turn(ip, length, Ipv6Chain.walk(ip, length), DropReason.LOCAL_PROTOCOL) : null;
        if (fault == null) {
            toTenant(mbuf, ip, length, vsid, sender);
        } else {
            disposal.drop(mbuf, fault);
        }
    }

    /** @param vsid 0: from the physical side, as with {@code sender} */
    @SuppressWarnings("EnumOrdinal") // Told by its place.
    private void toTenant(long mbuf, long ip, int length, long vsid, long sender) {
        long pair = tables.nptv6.outside(Ipv6.destinationHigh(ip));
        if (pair == 0) {
            disposal.drop(mbuf, DropReason.NOT_OUR_ADDRESS);
            return;
        }
        // Errors are about the packet as it came: it is changed only when it goes on.
        long high = Ipv6.destinationHigh(ip);
        long low = Ipv6.destinationLow(ip);
        if (!Nptv6.inbound(ip, pair)) {
            int pointer = Ipv6.DESTINATION_OFFSET;
            tell(mbuf, ip, length, vsid, sender, Icmpv6.PARAMETER_PROBLEM, 0, pointer, DropReason.NPTV6_UNMAPPABLE);
            return;
        }
        int domain = Nptv6Table.rdid(pair);
        int entropy = Flow6.entropy(ip, length);
        Verdict verdict = routes.look(
                domain,
                Ipv6.sourceHigh(ip),
                Ipv6.sourceLow(ip),
                Ipv6.destinationHigh(ip),
                Ipv6.destinationLow(ip),
                entropy);
        tap.step(Step.NPTV6, domain, Ipv6.destinationHigh(ip), Ipv6.destinationLow(ip), 0);
        tap.step(Step.ROUTE6, domain, Ipv6.destinationHigh(ip), Ipv6.destinationLow(ip), verdict.ordinal());
        int number = verdict == Verdict.FORWARD ? routes.adjacency() : -1;
        boolean there = verdict == Verdict.FORWARD && !isFrontEnd(number);
        boolean expired = Ipv6.hopLimit(ip) <= 1;
        boolean tooBig = there && Flow6.isTooBig(adjacencies, number, length);
        if (!there || expired || tooBig) {
            if (tooBig && !expired) {
                tap.step(Step.TOO_BIG, length, Flow6.mtu(adjacencies, number), domain);
                mtus.refusedInbound6(domain, Ipv6.destinationHigh(ip), Ipv6.destinationLow(ip));
            }
            Ipv6.destination(ip, high, low);
            refuse(mbuf, ip, length, vsid, sender, there ? number : -1, expired, verdict);
            return;
        }
        mss.inbound(ip, length, domain);
        Nptv6.inboundError(ip, length, pair);
        if (acl.passes6(ip, length, 0, domain) != AclAction.ALLOW) {
            disposal.drop(mbuf, DropReason.ACL, Adjacency.countersIndex(adjacencies.address(number)));
            return;
        }
        Ipv6.hopLimit(ip, Ipv6.hopLimit(ip) - 1);
        if (!limiter.limits(domain) || isAdmitted(domain, mbuf, ip, length, number, entropy)) {
            egress.send(mbuf, ip, length, number, entropy);
        }
    }

    private boolean isAdmitted(int domain, long mbuf, long ip, int length, int number, int entropy) {
        long nic = limiter.nic6(domain, Ipv6.destinationHigh(ip), Ipv6.destinationLow(ip));
        int counter = Adjacency.countersIndex(adjacencies.address(number));
        return limiter.admits6(Meters.INBOUND, domain, nic, mbuf, ip, length, number, entropy, counter);
    }

    /** Who is there goes out by no other way: it could not answer. */
    private boolean isFrontEnd(int number) {
        return number >= 0 && Adjacency.kind(adjacencies.address(number)) == Adjacency.FRONT_END;
    }

    /** @param number where it would go to, -1 = nowhere */
    private void refuse(
            long mbuf, long ip, int length, long vsid, long sender, int number, boolean expired, Verdict verdict) {
        if (verdict == Verdict.PROHIBITED) {
            int code = Icmpv6.CODE_REJECT;
            tell(mbuf, ip, length, vsid, sender, Icmpv6.UNREACHABLE, code, 0, DropReason.BLACKHOLE_ROUTE);
        } else if (number < 0) {
            int code = Icmpv6.CODE_ADDRESS;
            tell(mbuf, ip, length, vsid, sender, Icmpv6.UNREACHABLE, code, 0, DropReason.NO_RECORD);
        } else if (expired) {
            tell(mbuf, ip, length, vsid, sender, Icmpv6.TIME_EXCEEDED, 0, 0, DropReason.TTL_EXPIRED);
        } else if (length <= Ipv6.MTU_MIN) {
            int counter = Adjacency.countersIndex(adjacencies.address(number));
            disposal.drop(mbuf, DropReason.BELOW_IPV6_MTU, counter);
        } else {
            int mtu = Flow6.mtu(adjacencies, number);
            tell(mbuf, ip, length, vsid, sender, Icmpv6.TOO_BIG, 0, mtu, DropReason.TOO_BIG);
        }
    }

    /** An error to the sender; one that is a tenant's hears of its packet as it sent it. */
    private void tell(
            long mbuf, long ip, int length, long vsid, long sender, int type, int code, int word, DropReason reason) {
        if (vsid == 0) {
            icmp.toExternal(mbuf, ip, length, type, code, word, reason);
        } else {
            Nptv6.takeBack(ip, sender);
            icmp.toTenant(mbuf, ip, length, vsid, type, code, word, reason);
        }
    }
}
