package net.nvgate.gateway.worker;

/** A tenant's packets to the gateway's own addresses in it: pings, and the services that it has there. Sources have been checked. */
final class LocalInput {

    private final EchoResponder echo;
    private final DhcpServer dhcp;
    private final PcpResponder pcp;

    LocalInput(EchoResponder echo, DhcpServer dhcp, PcpResponder pcp) {
        this.echo = echo;
        this.dhcp = dhcp;
        this.pcp = pcp;
    }

    /** @param vsid entry of the VSID or tenant interface it came in by */
    void receive(long mbuf, long ip, int length, long vsid) {
        if (DhcpServer.isForServer(ip, length)) {
            dhcp.unicast(mbuf, ip, length, vsid);
        } else if (PcpResponder.isRequest(ip, length, vsid)) {
            pcp.answer(mbuf, ip, length, vsid);
        } else {
            echo.inTenant(mbuf, ip, length, vsid);
        }
    }
}
