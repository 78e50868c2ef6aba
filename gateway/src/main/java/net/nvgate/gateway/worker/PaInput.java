package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Arp;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.watch.Step;
import org.jspecify.annotations.Nullable;

/**
 * First pass over what the PA port received: checks every header once, in the order they come, against the bytes that are there.
 * A tenant's well-formed packet goes into the burst; ARP, pings to us and malformed packets end here.
 */
final class PaInput {

    private final RouteTables tables;
    private final LinkInput link;
    private final InnerInput inner;
    private final Pa6Input ipv6;
    private final Inner6Input inner6;
    private final TenantLink6Input backEnd6;
    private final ArpResponder arp;
    private final TenantLinkArp linkArp;
    private final EchoResponder echo;
    private final OuterReassembly reassembly;
    private final MtuDiagnosis mtus;
    private final @Nullable PathMtuInput pathMtu;
    private final @Nullable HandOff handOff;
    private final Tap tap;
    private final Disposal disposal;
    // The provider address and VSID seen last: most packets of a burst share them. Valid in the burst only.
    private int knownAddress;
    private int knownVlan = -1;
    private int knownVsid = -1;
    private long knownEntry;

    /**
     * @param pathMtu null: ICMP errors of the PA network are not believed
     * @param handOff null: there are no other workers
     */
    PaInput(
            RouteTables tables,
            LinkInput link,
            InnerInput inner,
            Pa6Input ipv6,
            Inner6Input inner6,
            TenantLink6Input backEnd6,
            ArpResponder arp,
            TenantLinkArp linkArp,
            EchoResponder echo,
            OuterReassembly reassembly,
            MtuDiagnosis mtus,
            @Nullable PathMtuInput pathMtu,
            @Nullable HandOff handOff,
            Tap tap,
            Disposal disposal) {
        this.tables = tables;
        this.link = link;
        this.inner = inner;
        this.ipv6 = ipv6;
        this.inner6 = inner6;
        this.backEnd6 = backEnd6;
        this.arp = arp;
        this.linkArp = linkArp;
        this.echo = echo;
        this.reassembly = reassembly;
        this.mtus = mtus;
        this.pathMtu = pathMtu;
        this.handOff = handOff;
        this.tap = tap;
        this.disposal = disposal;
    }

    void newBurst() {
        knownVlan = -1;
        knownVsid = -1;
        ipv6.newBurst();
    }

    void receive(long mbuf, Burst burst) {
        int l3 = link.check(mbuf);
        if (l3 < 0) {
            return;
        }
        long frame = Mbuf.dataAddress(mbuf);
        int length = Mbuf.dataLength(mbuf);
        long tenants = link.vlan() == 0 ? 0 : tables.tenantLinks.find(TenantLinks.backEnd(link.vlan()));
        if (tenants != 0) {
            fromBackEnd(mbuf, frame + l3, length - l3, tenants, burst);
            return;
        }
        if (link.type() == Ethernet.TYPE_ARP) {
            arp.receive(mbuf, frame, l3, length, link.vlan());
            return;
        }
        long ip = frame + l3;
        if (link.type() == Ethernet.TYPE_IPV6) {
            if (link.checkIpv6(mbuf, ip, length - l3)) {
                ipv6.receive(mbuf, ip, link.vlan(), link.isToGroup(), this, burst);
            }
            return;
        }
        if (!link.checkIpv4(mbuf, ip, length - l3)) {
            return;
        }
        if (!isProviderAddress(Ipv4.destination(ip), link.vlan())) {
            disposal.drop(mbuf, DropReason.NOT_OUR_ADDRESS);
        } else if (Ipv4.isFragment(Ipv4.fragment(ip))) {
            fragment(mbuf, ip, burst);
        } else if (Ipv4.protocol(ip) == Ipv4.GRE) {
            decapsulateIpv4(mbuf, ip, burst);
        } else if (Ipv4.protocol(ip) == Ipv4.ICMP) {
            icmp(mbuf, ip);
        } else {
            disposal.drop(mbuf, DropReason.OUTER_PROTOCOL);
        }
    }

    private void fragment(long mbuf, long ip, Burst burst) {
        long whole = reassembly.receive(mbuf, ip, link.vlan());
        if (whole != 0) {
            int headerLength = Ipv4.headerLength(whole);
            int length = Ipv4.totalLength(whole) - headerLength;
            mtus.tunnelFragmented(whole + headerLength, length, Ipv4.source(whole));
            if (handOff == null || !handOff.takesWhole(reassembly.whole())) {
                decapsulateIpv4(reassembly.whole(), whole, burst);
            }
        }
    }

    private void decapsulateIpv4(long mbuf, long ip, Burst burst) {
        int headerLength = Ipv4.headerLength(ip);
        int length = Ipv4.totalLength(ip) - headerLength;
        decapsulate(mbuf, ip, ip + headerLength, length, Ipv4.source(ip), Ipv4.tos(ip), burst);
    }

    private void icmp(long mbuf, long ip) {
        if (pathMtu != null && PathMtuInput.isFor(ip, Ipv4.totalLength(ip))) {
            pathMtu.receive(mbuf, ip, Ipv4.totalLength(ip));
        } else {
            echo.onProviderLink(mbuf, ip, link.vlan(), DropReason.OUTER_PROTOCOL);
        }
    }

    /** From a VLAN-based subnet of a tenant: like a VM's packet in NVGRE, and its VLAN is what its source is checked by. */
    private void fromBackEnd(long mbuf, long at, int available, long entry, Burst burst) {
        if (link.type() == Ethernet.TYPE_ARP) {
            linkArp.receive(mbuf, at, available, TenantLinks.link(entry));
        } else if (link.type() == Ethernet.TYPE_IPV6) {
            long translated = backEnd6.receive(mbuf, at, available, entry);
            if (translated != 0) {
                inner.translated(mbuf, entry, translated, burst);
            }
        } else if (link.checkIpv4(mbuf, at, available)) {
            inner.receiveChecked(mbuf, at, entry, link.vlan(), burst);
        }
    }

    private boolean isProviderAddress(int address, int vlan) {
        if (vlan == knownVlan && address == knownAddress) {
            return true;
        }
        long own = tables.ownAddresses.find(address);
        if (own == 0 || (OwnAddresses.flags(own) & OwnAddresses.PROVIDER) == 0 || OwnAddresses.vlan(own) != vlan) {
            return false;
        }
        knownAddress = address;
        knownVlan = vlan;
        return true;
    }

    /**
     * NVGRE for us.
     *
     * @param ip outer header, IPv4 or IPv6
     * @param length bytes of GRE and what is in it
     * @param outerSource PA it came from, see {@code ProviderAddresses6}
     * @param outerTos TOS or traffic class of the outer header
     */
    void decapsulate(long mbuf, long ip, long gre, int length, int outerSource, int outerTos, Burst burst) {
        if (length < Nvgre.LENGTH || Nvgre.flagsAndType(gre) != Nvgre.FLAGS_AND_TYPE) {
            disposal.drop(mbuf, greFault(gre, length));
            return;
        }
        int vsid = Nvgre.vsid(gre);
        long entry = vsidEntry(vsid);
        if (entry == 0 || !isForUs(entry)) {
            disposal.drop(mbuf, Nvgre.isReserved(vsid) ? DropReason.RESERVED_VSID : DropReason.UNKNOWN_VSID);
            return;
        }
        tap.step(Step.VSID, vsid, VsidEntry.rdid(entry));
        int counters = VsidEntry.countersIndex(entry);
        long frame = gre + Nvgre.LENGTH;
        int frameLength = length - Nvgre.LENGTH;
        if (frameLength < Ethernet.LENGTH) {
            disposal.drop(mbuf, DropReason.INNER_TRUNCATED_ETHERNET, counters);
            return;
        }
        int type = Ethernet.type(frame);
        if (type == Ethernet.TYPE_IPV4) {
            inner.receive(mbuf, outerSource, outerTos, entry, frame, frameLength, burst);
        } else if (type == Ethernet.TYPE_IPV6) {
            long translated = inner6.receive(mbuf, ip, outerSource, outerTos, link.vlan(), entry, frame, frameLength);
            if (translated != 0) {
                inner.translated(mbuf, entry, translated, burst);
            }
        } else if (type == Ethernet.TYPE_ARP) {
            innerArp(mbuf, ip, outerSource, entry, frame, frameLength);
        } else if (type == Ethernet.TYPE_VLAN || type == Ethernet.TYPE_QINQ) {
            disposal.drop(mbuf, DropReason.INNER_VLAN, counters);
        } else {
            disposal.drop(mbuf, DropReason.INNER_ETHERTYPE, counters);
        }
    }

    private long vsidEntry(int vsid) {
        if (vsid != knownVsid) {
            knownEntry = tables.vsids.find(vsid);
            knownVsid = vsid;
        }
        return knownEntry;
    }

    private void innerArp(long mbuf, long outerIp, int outerSource, long entry, long frame, int frameLength) {
        int counters = VsidEntry.countersIndex(entry);
        if (frameLength < Ethernet.LENGTH + Arp.LENGTH || !Arp.isEthernetIpv4(frame + Ethernet.LENGTH)) {
            disposal.drop(mbuf, DropReason.INNER_MALFORMED_ARP, counters);
        } else {
            arp.receiveInner(mbuf, outerIp, outerSource, link.vlan(), entry, frame);
        }
    }

    /** A subnet of a tenant that has its gateway here: its own VSID, or with a router's MAC the one of its VMs. */
    private static boolean isForUs(long entry) {
        return VsidEntry.terminatesHere(entry) || VsidEntry.gatewayMac(entry) != 0;
    }

    private static DropReason greFault(long gre, int length) {
        if (length < 4) {
            return DropReason.TRUNCATED_GRE;
        }
        int word = Nvgre.flagsAndType(gre);
        int flags = word >>> 16;
        if ((flags & Nvgre.VERSION_MASK) != 0) {
            return DropReason.GRE_VERSION;
        }
        if ((word & 0xffff) != Nvgre.PROTOCOL_TYPE) {
            return DropReason.GRE_PROTOCOL_TYPE;
        }
        if ((flags & Nvgre.CHECKSUM_PRESENT) != 0) {
            return DropReason.GRE_CHECKSUM_PRESENT;
        }
        if ((flags & Nvgre.SEQUENCE_PRESENT) != 0) {
            return DropReason.GRE_SEQUENCE_PRESENT;
        }
        if ((flags & Nvgre.RESERVED_MASK) != 0) {
            return DropReason.GRE_RESERVED_BITS;
        }
        if ((flags & Nvgre.KEY_PRESENT) == 0) {
            return DropReason.GRE_NO_KEY;
        }
        return DropReason.TRUNCATED_GRE;
    }
}
