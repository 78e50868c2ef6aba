package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.fragment.Datagram;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.route.TenantLinks;

/** First pass over what the external port received, and over packets that turn round: checks, and enters them into the burst. */
final class ExtInput {

    private final LinkInput link;
    private final Fragments fragments;
    private final ExternalPath external;
    private final ArpResponder arp;
    private final TenantLinks links;
    private final FrontEndInput frontEnd;
    private final Ext6Input ipv6;
    private final Disposal disposal;

    ExtInput(
            LinkInput link,
            Fragments fragments,
            ExternalPath external,
            ArpResponder arp,
            TenantLinks links,
            FrontEndInput frontEnd,
            Ext6Input ipv6,
            Disposal disposal) {
        this.link = link;
        this.fragments = fragments;
        this.external = external;
        this.arp = arp;
        this.links = links;
        this.frontEnd = frontEnd;
        this.ipv6 = ipv6;
        this.disposal = disposal;
    }

    void receive(long mbuf, Burst burst) {
        int l3 = link.check(mbuf);
        if (l3 < 0) {
            return;
        }
        long tenants = link.vlan() == 0 ? 0 : links.find(TenantLinks.frontEnd(link.vlan()));
        if (tenants != 0) {
            frontEnd.receive(mbuf, l3, tenants);
            return;
        }
        long frame = Mbuf.dataAddress(mbuf);
        int length = Mbuf.dataLength(mbuf);
        if (link.type() == Ethernet.TYPE_ARP) {
            arp.receive(mbuf, frame, l3, length, link.vlan());
        } else if (link.type() == Ethernet.TYPE_IPV6) {
            if (link.checkIpv6(mbuf, frame + l3, length - l3)) {
                ipv6.receive(mbuf, frame + l3, link.vlan(), link.isToGroup());
            }
        } else if (link.checkIpv4(mbuf, frame + l3, length - l3)) {
            enter(mbuf, frame + l3, Ipv4.totalLength(frame + l3), link.vlan(), burst);
        }
    }

    /** A packet with a right header, received or turned round. */
    void enter(long mbuf, long ip, int length, int vlan, Burst burst) {
        int source = Ipv4.source(ip);
        if (Ipv4.isGroupOrReserved(source) || Ipv4.isNeverOnTheWire(source)) {
            disposal.drop(mbuf, DropReason.BAD_SOURCE);
            return;
        }
        int protocol = Ipv4.protocol(ip);
        int headerLength = Ipv4.headerLength(ip);
        long l4 = ip + headerLength;
        int fragment = Ipv4.fragment(ip);
        boolean flow = true;
        boolean byAddress = L4.isByAddress(protocol);
        int ports = 0;
        int flags = 0;
        long datagram = 0;
        if ((fragment & Ipv4.OFFSET_MASK) != 0) {
            datagram = byAddress ? 0 : laterFragment(mbuf, ip, length, vlan);
            if (datagram == 0 && !byAddress) {
                return;
            }
            ports = byAddress ? 0 : Datagram.ports(datagram);
        } else {
            if (length - headerLength < L4.minLength(protocol)) {
                boolean whole = (fragment & Ipv4.MORE_FRAGMENTS) == 0;
                disposal.drop(mbuf, whole ? DropReason.TRUNCATED_L4 : DropReason.FRAGMENT_TINY);
                return;
            }
            flow = protocol != Ipv4.ICMP || Icmp.isQuery(Icmp.type(l4));
            ports = flow && !byAddress ? L4.ports(l4, protocol) : 0;
            flags = protocol == Ipv4.TCP ? Tcp.flags(l4) : 0;
            if (flow && !byAddress && (fragment & Ipv4.MORE_FRAGMENTS) != 0) {
                datagram = fragments.first(mbuf, ip, length, FlowKey.OUTSIDE, Ipv4.destination(ip), ports, -1);
                if (datagram == 0) {
                    return;
                }
            }
        }
        if (flow) {
            int i = burst.add(mbuf, ip, length, ports, FlowKey.OUTSIDE, protocol, flags);
            burst.vlan(i, vlan);
            if (datagram != 0) {
                burst.fragment(i, datagram);
            }
        } else {
            external.withoutFlow(mbuf, ip, length, vlan);
        }
    }

    /** Has no ports of its own: those of the first fragment, when that has come. Its datagram; 0: held or dropped. */
    private long laterFragment(long mbuf, long ip, int length, int vlan) {
        if (!fragments.knowsFirst(ip, FlowKey.OUTSIDE) && !external.isOurs(ip, vlan)) {
            disposal.drop(mbuf, DropReason.NOT_OUR_ADDRESS);
            return 0;
        }
        return fragments.later(mbuf, ip, length, FlowKey.OUTSIDE, Ipv4.destination(ip), vlan, 0, -1);
    }
}
