package net.nvgate.gateway.worker;

import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.RouteTables;

/** Sends packets of our own to the physical side, or round to a tenant behind one of our NAT addresses. */
final class ExternalOutput {

    private final RouteTables tables;
    private final Adjacencies adjacencies;
    private final Egress egress;
    private final HairpinQueue hairpin;

    ExternalOutput(RouteTables tables, Adjacencies adjacencies, Egress egress, HairpinQueue hairpin) {
        this.tables = tables;
        this.adjacencies = adjacencies;
        this.egress = egress;
        this.hairpin = hairpin;
    }

    void send(long mbuf, long ip, int length) {
        int destination = Ipv4.destination(ip);
        if ((tables.ownAddresses.kinds(destination) & OwnAddresses.NAT) != 0) {
            hairpin.add(mbuf, ip, length);
        } else {
            egress.send(mbuf, ip, length, adjacencies.toExternal(destination), destination);
        }
    }
}
