package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Offloads;
import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import net.nvgate.gateway.packet.Vlan;
import net.nvgate.gateway.route.Nptv6Table;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinks;

/**
 * Which worker a received packet is for: the one that has its tenant. Looks no further than it must, judges nothing and counts nothing:
 * of a packet that no tenant has, or that is malformed, it says {@link #NOBODY}, and who received it deals with it.
 *
 * <pre>
 *  PA:   NVGRE ------------------ VSID            back-end VLAN ---- its tenant
 *        fragment of NVGRE ------ source address: one worker puts a host's packets together, and hands the whole one on
 *        packet too big --------- VSID of the NVGRE packet in it
 *  ext:  IPv4 -- NAT address (and port), 1:1 address, exempt address      IPv6 -- outside prefix      front-end VLAN
 * </pre>
 */
final class PacketOwners {

    static final int NOBODY = -1;

    private static final int IP = Ethernet.LENGTH;
    private static final int GRE = IP + Ipv4.MIN_LENGTH;
    private static final int GRE_END = GRE + Nvgre.LENGTH;

    private final RouteTables tables;
    private final TenantOwners tenants;
    private final int workers;
    // Of the frame in hand.
    private int l3;
    private int type;
    private int vlan;

    PacketOwners(RouteTables tables, int workers) {
        this.tables = tables;
        this.tenants = new TenantOwners(tables);
        this.workers = workers;
    }

    void newBurst() {
        tenants.newBurst();
    }

    /** Worker of a packet that the PA port has received. */
    int fromPa(long mbuf) {
        long frame = Mbuf.dataAddress(mbuf);
        int length = Mbuf.dataLength(mbuf);
        boolean plain = length >= GRE_END
                && (Mbuf.flags(mbuf) & Offloads.MBUF_RX_VLAN_STRIPPED) == 0
                && Ipv4Words.isPlain(frame + IP - 2)
                && Ipv4Words.isWhole(frame + IP, Ipv4.GRE)
                && Nvgre.flagsAndType(frame + GRE) == Nvgre.FLAGS_AND_TYPE;
        return plain ? ofDomain(tenants.ofVsid(Nvgre.vsid(frame + GRE))) : anyFromPa(mbuf, frame, length);
    }

    private int anyFromPa(long mbuf, long frame, int length) {
        if (!readLink(mbuf, frame, length)) {
            return NOBODY;
        }
        int domain = vlan == 0 ? 0 : tenants.ofLink(TenantLinks.backEnd(vlan));
        int available = length - l3;
        if (domain != 0) {
            return ofDomain(domain);
        }
        if (type == Ethernet.TYPE_IPV4 && available >= Ipv4.MIN_LENGTH) {
            return outerIpv4(frame + l3, available);
        }
        if (type == Ethernet.TYPE_IPV6 && available >= Ipv6.LENGTH && Ipv6.totalLength(frame + l3) <= available) {
            return outerIpv6(frame + l3, Ipv6.totalLength(frame + l3));
        }
        return NOBODY;
    }

    private int outerIpv4(long ip, int available) {
        int headerLength = Ipv4.headerLength(ip);
        if (Ipv4.isFragment(Ipv4.fragment(ip))) {
            return ofSource(Ipv4.source(ip));
        }
        if (headerLength < Ipv4.MIN_LENGTH) {
            return NOBODY;
        }
        if (Ipv4.protocol(ip) == Ipv4.GRE) {
            return ofGre(ip + headerLength, available - headerLength);
        }
        long embedded = ip + headerLength + Icmp.LENGTH;
        int there = available - headerLength - Icmp.LENGTH;
        boolean error = Ipv4.protocol(ip) == Ipv4.ICMP
                && there >= Ipv4.MIN_LENGTH
                && Icmp.isError(Icmp.type(ip + headerLength))
                && Ipv4.headerLength(embedded) == Ipv4.MIN_LENGTH
                && Ipv4.protocol(embedded) == Ipv4.GRE;
        return error ? ofGre(embedded + Ipv4.MIN_LENGTH, there - Ipv4.MIN_LENGTH) : NOBODY;
    }

    private int outerIpv6(long ip, int length) {
        long chain = Ipv6Chain.walk(ip, length);
        if (length < Ipv6.LENGTH || Ipv6Chain.isWrong(chain)) {
            return NOBODY;
        }
        if (Ipv6Chain.hasFragmentHeader(chain)
                && (Ipv6Chain.isLaterFragment(chain)
                        || Ipv6Chain.moreFragments(ip + Ipv6Chain.fragmentHeader(chain)))) {
            return ofSource(Long.hashCode(Ipv6.sourceLow(ip)));
        }
        int offset = Ipv6Chain.offset(chain);
        int available = length - offset;
        if (Ipv6Chain.protocol(chain) == Ipv4.GRE) {
            return ofGre(ip + offset, available);
        }
        long embedded = ip + offset + Icmpv6.LENGTH;
        int there = available - Icmpv6.LENGTH;
        boolean tooBig = Ipv6Chain.protocol(chain) == Ipv6.ICMPV6
                && there >= Ipv6.LENGTH
                && Icmpv6.type(ip + offset) == Icmpv6.TOO_BIG
                && Ipv6.nextHeader(embedded) == Ipv4.GRE;
        return tooBig ? ofGre(embedded + Ipv6.LENGTH, there - Ipv6.LENGTH) : NOBODY;
    }

    /** Worker of a packet that the external port has received. */
    int fromExt(long mbuf) {
        long frame = Mbuf.dataAddress(mbuf);
        int length = Mbuf.dataLength(mbuf);
        if (!readLink(mbuf, frame, length)) {
            return NOBODY;
        }
        int domain = vlan == 0 ? 0 : tenants.ofLink(TenantLinks.frontEnd(vlan));
        int available = length - l3;
        if (domain != 0) {
            return ofDomain(domain);
        }
        if (type == Ethernet.TYPE_IPV4 && available >= Ipv4.MIN_LENGTH) {
            return turned(frame + l3, available);
        }
        if (type == Ethernet.TYPE_IPV6 && available >= Ipv6.LENGTH) {
            long pair = tables.nptv6.outside(Ipv6.destinationHigh(frame + l3));
            return pair == 0 ? NOBODY : ofDomain(Nptv6Table.rdid(pair));
        }
        return NOBODY;
    }

    /** Worker of an IPv4 packet to an external address, of which at least 20 bytes are there. */
    int turned(long ip, int available) {
        return ofDomain(tenants.ofExternal(ip, available));
    }

    private boolean readLink(long mbuf, long frame, int length) {
        l3 = Ethernet.LENGTH;
        vlan = 0;
        if (length < l3) {
            return false;
        }
        type = Ethernet.type(frame);
        if ((Mbuf.flags(mbuf) & Offloads.MBUF_RX_VLAN_STRIPPED) != 0) {
            vlan = Mbuf.vlanTci(mbuf) & 0xfff;
        } else if (type == Ethernet.TYPE_VLAN) {
            l3 += Vlan.LENGTH;
            if (length < l3) {
                return false;
            }
            vlan = Vlan.id(frame + Ethernet.LENGTH);
            type = Vlan.type(frame + Ethernet.LENGTH);
        }
        return true;
    }

    private int ofGre(long gre, int available) {
        boolean key = available >= Nvgre.LENGTH && Nvgre.flagsAndType(gre) == Nvgre.FLAGS_AND_TYPE;
        return key ? ofDomain(tenants.ofVsid(Nvgre.vsid(gre))) : NOBODY;
    }

    /** All fragments of a host come together at one worker. */
    private int ofSource(int address) {
        return Integer.remainderUnsigned((address * 0x9e37_79b9) >>> 8, workers);
    }

    private int ofDomain(int domain) {
        return domain <= 0 ? NOBODY : WorkerGroup.ownerOf(domain, workers);
    }
}
