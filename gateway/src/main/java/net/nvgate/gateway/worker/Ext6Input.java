package net.nvgate.gateway.worker;

import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;

/** What the external port received as IPv6: neighbour discovery, packets to our own addresses, and those for tenants. */
final class Ext6Input {

    private final OwnIpv6 own;
    private final NeighborInput neighbors;
    private final EchoResponder6 echo;
    private final External6Path external;
    private final Disposal disposal;

    Ext6Input(OwnIpv6 own, NeighborInput neighbors, EchoResponder6 echo, External6Path external, Disposal disposal) {
        this.own = own;
        this.neighbors = neighbors;
        this.echo = echo;
        this.external = external;
        this.disposal = disposal;
    }

    /** A whole IPv6 packet. */
    void receive(long mbuf, long ip, int vlan, boolean toGroup) {
        int length = Ipv6.totalLength(ip);
        if (NeighborInput.isFor(ip, length)) {
            neighbors.receive(mbuf, ip, length, vlan);
        } else if (toGroup || Ipv6.isMulticast(Ipv6.destinationHigh(ip))) {
            neighbors.toGroup(mbuf, ip, length, vlan);
        } else if (own.has(Ipv6.destinationHigh(ip), Ipv6.destinationLow(ip), vlan)) {
            toUs(mbuf, ip, length, vlan);
        } else {
            external.receive(mbuf, ip, length);
        }
    }

    /** The answer goes back to the station it came from: that is the router or host that has the sender's address. */
    private void toUs(long mbuf, long ip, int length, int vlan) {
        long source = Ipv6.sourceHigh(ip);
        if (Ipv6.isMulticast(source) || Ipv6.isUnspecifiedOrLoopback(source, Ipv6.sourceLow(ip))) {
            disposal.drop(mbuf, DropReason.BAD_SOURCE);
        } else {
            echo.onLink(mbuf, ip, length, Ipv6Chain.walk(ip, length), vlan, DropReason.LOCAL_PROTOCOL);
        }
    }
}
