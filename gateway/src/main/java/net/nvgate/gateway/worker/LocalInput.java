package net.nvgate.gateway.worker;

import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.watch.Step;

/** A tenant's packets to the gateway's own addresses in it: pings, and the services that it has there. Sources have been checked. */
final class LocalInput {

    private final EchoResponder echo;
    private final DhcpServer dhcp;
    private final PcpResponder pcp;
    private final Tap tap;
    private final Disposal disposal;

    LocalInput(EchoResponder echo, DhcpServer dhcp, PcpResponder pcp, Tap tap, Disposal disposal) {
        this.tap = tap;
        this.disposal = disposal;
        this.echo = echo;
        this.dhcp = dhcp;
        this.pcp = pcp;
    }

    /** @param vsid entry of the VSID or tenant interface it came in by */
    void receive(long mbuf, long ip, int length, long vsid) {
        tap.step(Step.LOCAL, VsidEntry.rdid(vsid), Integer.toUnsignedLong(Ipv4.destination(ip)));
        boolean service = DhcpServer.isForServer(ip, length) || PcpResponder.isRequest(ip, length, vsid);
        if (tap.isTrial() && service) {
            // What these would do could not be taken back.
            disposal.free(mbuf);
        } else if (DhcpServer.isForServer(ip, length)) {
            dhcp.unicast(mbuf, ip, length, vsid);
        } else if (PcpResponder.isRequest(ip, length, vsid)) {
            pcp.answer(mbuf, ip, length, vsid);
        } else {
            echo.inTenant(mbuf, ip, length, vsid);
        }
    }
}
