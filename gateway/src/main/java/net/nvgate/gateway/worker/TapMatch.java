package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.FlowTable;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NatOneToOnes;
import net.nvgate.gateway.route.NatRuleEntry;
import net.nvgate.gateway.route.Nptv6Table;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.watch.FrameView;
import net.nvgate.gateway.watch.Side;
import net.nvgate.gateway.watch.Watch;
import net.nvgate.gateway.watch.WatchFilter;

/** Whether a packet is one that somebody watches. Of one from outside, its session or NAT rule says whose it is. */
final class TapMatch {

    private final Tap tap;
    private final RouteTables tables;
    private final FlowTable flows;
    private final InsideHosts hosts;
    private final FrameView view = new FrameView();
    // Of the packet that is looked at, as far as they are known.
    private int domain;
    private boolean insideKnown;
    private long insideHigh;
    private long insideLow;
    private int insidePort;

    TapMatch(Tap tap, RouteTables tables, FlowTable flows, InsideHosts hosts) {
        this.tap = tap;
        this.tables = tables;
        this.flows = flows;
        this.hosts = hosts;
    }

    /** The slots of those who watch a packet that the PA port has received. */
    int fromPa(long mbuf) {
        view.parse(Side.PA, Mbuf.dataAddress(mbuf), Mbuf.dataLength(mbuf));
        long entry = view.vsid() == FrameView.NONE ? 0 : tables.vsids.find(view.vsid());
        domain = entry == 0 ? 0 : VsidEntry.rdid(entry);
        int slots = 0;
        for (int i = 0; i < Tap.SLOTS; i++) {
            Watch watch = tap.open(i);
            if (watch != null && isInside(watch.filter())) {
                slots |= 1 << i;
            }
        }
        return slots;
    }

    private boolean isInside(WatchFilter filter) {
        if (!filter.fitsEnds(view)) {
            return false;
        }
        boolean asks = filter.vsid() != 0;
        return filter.fitsTenant(
                domain,
                Math.max(0, view.vsid()),
                asks ? vsidOf(view.sourceHigh(), view.sourceLow()) : 0,
                asks ? vsidOf(view.destinationHigh(), view.destinationLow()) : 0);
    }

    /** As {@link #fromPa}, of the external port. */
    int fromExt(long mbuf) {
        long frame = Mbuf.dataAddress(mbuf);
        view.parse(Side.EXT, frame, Mbuf.dataLength(mbuf));
        boolean tenantFound = false;
        int slots = 0;
        for (int i = 0; i < Tap.SLOTS; i++) {
            Watch watch = tap.open(i);
            if (watch == null) {
                continue;
            }
            WatchFilter filter = watch.filter();
            if (!filter.asksForTenant() && filter.fitsEnds(view)) {
                slots |= 1 << i;
            } else if (filter.fitsSender(view)) {
                // Whose it is takes a session's memory, which nothing has fetched yet: only of packets that it decides.
                if (!tenantFound) {
                    findTenant(frame, Mbuf.dataLength(mbuf));
                    tenantFound = true;
                }
                slots |= isTenants(filter) ? 1 << i : 0;
            }
        }
        return slots;
    }

    /** Whether a packet's tenant and inside host fit. */
    private boolean isTenants(WatchFilter filter) {
        boolean inside = insideKnown
                ? filter.fitsInside(insideHigh, insideLow, insidePort)
                : !filter.inside().given();
        return inside
                && filter.fitsTenant(domain, 0, insideKnown ? vsidOf(insideHigh, insideLow) : unknownHost(filter), 0);
    }

    /** VSID of a host that nobody knows: any of the packet's tenant, if that is known. */
    private int unknownHost(WatchFilter filter) {
        long entry = domain == 0 || filter.vsid() == 0 ? 0 : tables.vsids.find(filter.vsid());
        return entry != 0 && VsidEntry.rdid(entry) == domain ? filter.vsid() : 0;
    }

    private void findTenant(long frame, int length) {
        domain = 0;
        insideKnown = false;
        if (!view.isIp()) {
            return;
        }
        if (!FrameView.isMapped(view.sourceHigh(), view.sourceLow())) {
            long pair = tables.nptv6.outside(view.destinationHigh());
            domain = pair == 0 ? 0 : Nptv6Table.rdid(pair);
            return;
        }
        int source = (int) view.sourceLow();
        int destination = (int) view.destinationLow();
        long line = session(frame, length, source, destination);
        if (line != 0) {
            domain = Session.domain(line);
            inside(Session.newAddress(line), Session.newPort(line));
        } else {
            findByPolicy(source, destination);
        }
    }

    private long session(long frame, int length, int source, int destination) {
        int protocol = view.protocol();
        int ports = 0;
        if (L4.hasPorts(protocol)) {
            ports = FlowKey.ports(view.sourcePort(), view.destinationPort());
        } else if (protocol == Ipv4.ICMP) {
            long l4 = frame + view.ipAt() + Ipv4.headerLength(frame + view.ipAt());
            boolean query = l4 + Icmp.LENGTH <= frame + length && Icmp.isQuery(Icmp.type(l4));
            if (!query) {
                return 0;
            }
            ports = L4.ports(l4, protocol);
        }
        long key0 = FlowKey.addresses(source, destination);
        long key1 = FlowKey.rest(ports, FlowKey.OUTSIDE, protocol);
        long line = flows.index().find(flows.index().hash(key0, key1), key0, key1);
        return line != 0 && Session.isInbound(line) ? line : 0;
    }

    private void findByPolicy(int source, int destination) {
        int port = Math.max(0, view.destinationPort());
        long pair = tables.nat.oneToOnes.at(destination);
        long rule = pair == 0 ? tables.nat.rules.at(destination, view.protocol(), port, source) : 0;
        if (pair != 0) {
            domain = NatOneToOnes.rdid(pair);
            inside(NatOneToOnes.internalIp(pair), port);
        } else if (rule != 0) {
            domain = NatRuleEntry.rdid(rule);
            insidePort = NatRuleEntry.internalPort(rule, port);
            boolean ipv6 = (NatRuleEntry.high(rule) | NatRuleEntry.low(rule)) != 0;
            insideHigh = ipv6 ? NatRuleEntry.high(rule) : 0;
            insideLow = ipv6 ? NatRuleEntry.low(rule) : FrameView.mapped(NatRuleEntry.internalIp(rule));
            insideKnown = true;
        } else {
            long connection = tables.nat.connections.at(destination, port);
            int exempt = tables.nat.exemptions.tenantOf(destination, source);
            domain = connection != 0 ? NatEntry.rdid(connection) : exempt;
        }
    }

    private void inside(int address, int port) {
        boolean handle = InsideHosts.isHandle(address);
        insideHigh = handle ? hosts.highOf(address) : 0;
        insideLow = handle ? hosts.lowOf(address) : FrameView.mapped(address);
        insidePort = port;
        insideKnown = true;
    }

    /** VSID of a host's record in the packet's tenant, 0 = it has none. */
    private int vsidOf(long high, long low) {
        if (domain == 0) {
            return 0;
        }
        long record = FrameView.isMapped(high, low)
                ? tables.records.find(domain, (int) low)
                : tables.records6.find(domain, high, low);
        return record == 0 ? 0 : LookupEntry.vsid(record);
    }
}
