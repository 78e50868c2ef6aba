package net.nvgate.gateway.worker;

import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import net.nvgate.gateway.route.RouteTables;
import org.jspecify.annotations.Nullable;

/** What the PA port received with outer IPv6 (RFC 7637 §4, RFC 7676): neighbour discovery, pings to us, and NVGRE for {@link PaInput}. */
final class Pa6Input {

    private final RouteTables tables;
    private final OwnIpv6 own;
    private final NeighborInput neighbors;
    private final EchoResponder6 echo;
    private final OuterReassembly reassembly;
    private final MtuDiagnosis mtus;
    private final @Nullable PathMtuInput pathMtu;
    private final @Nullable HandOff handOff;
    private final Disposal disposal;
    // The addresses seen last: most packets of a burst share them. Valid in the burst only.
    private boolean known;
    private int knownVlan;
    private long knownDestinationHigh;
    private long knownDestinationLow;
    private long knownSourceHigh;
    private long knownSourceLow;
    private int knownHandle;

    Pa6Input(
            RouteTables tables,
            OwnIpv6 own,
            NeighborInput neighbors,
            EchoResponder6 echo,
            SizeParts sizes,
            @Nullable HandOff handOff,
            Disposal disposal) {
        this.tables = tables;
        this.own = own;
        this.neighbors = neighbors;
        this.echo = echo;
        this.reassembly = sizes.reassembly;
        this.mtus = sizes.diagnosis;
        this.pathMtu = sizes.pathMtu;
        this.handOff = handOff;
        this.disposal = disposal;
    }

    void newBurst() {
        known = false;
        knownHandle = 0;
    }

    /** A whole IPv6 packet; NVGRE for us goes back to {@code nvgre}. */
    void receive(long mbuf, long ip, int vlan, boolean toGroup, PaInput nvgre, Burst burst) {
        int length = Ipv6.totalLength(ip);
        if (NeighborInput.isFor(ip, length)) {
            neighbors.receive(mbuf, ip, length, vlan);
            return;
        }
        if (toGroup || Ipv6.isMulticast(Ipv6.destinationHigh(ip))) {
            neighbors.toGroup(mbuf, ip, length, vlan);
            return;
        }
        if (!isOurs(ip, vlan)) {
            disposal.drop(mbuf, DropReason.NOT_OUR_ADDRESS);
            return;
        }
        long chain = Ipv6Chain.walk(ip, length);
        if (Ipv6Chain.isWrong(chain)) {
            disposal.drop(mbuf, DropReason.IPV6_EXTENSION);
            return;
        }
        int offset = Ipv6Chain.offset(chain);
        if (isFragment(ip, chain)) {
            fragment(mbuf, ip, vlan, nvgre, burst);
        } else if (Ipv6Chain.protocol(chain) == Ipv4.GRE) {
            nvgre.decapsulate(mbuf, ip, ip + offset, length - offset, handle(ip), Ipv6.trafficClass(ip), burst);
        } else if (Ipv6Chain.protocol(chain) == Ipv6.ICMPV6 && length - offset < Icmpv6.LENGTH) {
            disposal.drop(mbuf, DropReason.TRUNCATED_ICMP);
        } else if (pathMtu != null
                && Ipv6Chain.protocol(chain) == Ipv6.ICMPV6
                && Icmpv6.type(ip + offset) == Icmpv6.TOO_BIG) {
            pathMtu.receive6(mbuf, ip, length, offset);
        } else {
            echo.onLink(mbuf, ip, length, chain, vlan, DropReason.OUTER_PROTOCOL);
        }
    }

    private void fragment(long mbuf, long ip, int vlan, PaInput nvgre, Burst burst) {
        int source = handle(ip);
        int destination = tables.providerAddresses6.find(Ipv6.destinationHigh(ip), Ipv6.destinationLow(ip));
        long whole = reassembly.receive6(mbuf, ip, vlan, source, destination);
        if (whole != 0) {
            long gre = whole + Ipv6.LENGTH;
            int length = Ipv6.payloadLength(whole);
            mtus.tunnelFragmented(gre, length, source);
            if (handOff == null || !handOff.takesWhole(reassembly.whole())) {
                nvgre.decapsulate(reassembly.whole(), whole, gre, length, source, Ipv6.trafficClass(whole), burst);
            }
        }
    }

    /** A fragment header may say that the packet is whole (RFC 6946). */
    private static boolean isFragment(long ip, long chain) {
        if (!Ipv6Chain.hasFragmentHeader(chain)) {
            return false;
        }
        return Ipv6Chain.isLaterFragment(chain) || Ipv6Chain.moreFragments(ip + Ipv6Chain.fragmentHeader(chain));
    }

    private boolean isOurs(long ip, int vlan) {
        long high = Ipv6.destinationHigh(ip);
        long low = Ipv6.destinationLow(ip);
        if (known && knownVlan == vlan && knownDestinationHigh == high && knownDestinationLow == low) {
            return true;
        }
        known = own.has(high, low, vlan);
        knownVlan = vlan;
        knownDestinationHigh = high;
        knownDestinationLow = low;
        return known;
    }

    private int handle(long ip) {
        long high = Ipv6.sourceHigh(ip);
        long low = Ipv6.sourceLow(ip);
        if (knownHandle == 0 || knownSourceHigh != high || knownSourceLow != low) {
            knownHandle = tables.providerAddresses6.find(high, low);
            knownSourceHigh = high;
            knownSourceLow = low;
        }
        return knownHandle;
    }
}
