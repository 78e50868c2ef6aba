package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.packet.Dhcp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Udp;
import net.nvgate.gateway.route.DhcpTable;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.MacTable;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;

/**
 * DHCP toward VMs (RFC 2131 §4.3). An address is never chosen here: a VM's is that of the lookup record with its MAC in its VSID, which
 * the fabric allocated from the subnet's pool. So there are no leases to keep, and every gateway gives the same answer.
 *
 * <pre>
 *  DISCOVER ----------------------------------> OFFER
 *  REQUEST  server ours, address right -------> ACK        INFORM --> ACK without address
 *           no server, address right ---------> ACK        DECLINE, RELEASE: counted
 *           address wrong --------------------> NAK        no record with the MAC: silence
 *           another server -------------------> silence
 * </pre>
 *
 * Slow path, limited per tenant.
 */
final class DhcpServer {

    static final int PER_SECOND = 200;

    private final RouteTables tables;
    private final Adjacencies adjacencies;
    private final Egress egress;
    private final L2Learner learner;
    private final WorkerClock clock;
    private final WorkerCounters counters;
    private final Disposal disposal;
    private final DhcpRequest request = new DhcpRequest();
    private final TenantLimiter limiter = new TenantLimiter(PER_SECOND);

    DhcpServer(
            RouteTables tables,
            Adjacencies adjacencies,
            Egress egress,
            L2Learner learner,
            WorkerClock clock,
            WorkerCounters counters,
            Disposal disposal) {
        this.tables = tables;
        this.adjacencies = adjacencies;
        this.egress = egress;
        this.learner = learner;
        this.clock = clock;
        this.counters = counters;
        this.disposal = disposal;
    }

    /** Whether a packet with a right IPv4 header is DHCP to a server. */
    static boolean isForServer(long ip, int length) {
        int headerLength = Ipv4.headerLength(ip);
        return Ipv4.protocol(ip) == Ipv4.UDP
                && !Ipv4.isFragment(Ipv4.fragment(ip))
                && length >= headerLength + Udp.LENGTH
                && Udp.destinationPort(ip + headerLength) == Dhcp.SERVER_PORT;
    }

    /** A message of a client in a VSID, by broadcast. */
    void broadcast(long mbuf, long ip, int length, long vsid, int outerSource) {
        serve(mbuf, ip, length, vsid, outerSource);
    }

    /** A message of a client to our own address (RFC 2131 §4.4.5 RENEWING); its source has been checked. */
    void unicast(long mbuf, long ip, int length, long vsid) {
        long record = tables.records.find(VsidEntry.rdid(vsid), Ipv4.source(ip));
        long own = record == 0 ? 0 : tables.vsids.find(LookupEntry.vsid(record));
        if (own == 0) {
            disposal.drop(mbuf, DropReason.LOCAL_PROTOCOL, VsidEntry.countersIndex(vsid));
        } else {
            serve(mbuf, ip, length, own, LookupEntry.pa(record));
        }
    }

    private void serve(long mbuf, long ip, int length, long vsid, int outerSource) {
        int counter = VsidEntry.countersIndex(vsid);
        long subnet = tables.dhcp.find(VsidEntry.vsid(vsid));
        if (subnet == 0 || VsidEntry.prefixLength(vsid) == 0) {
            disposal.drop(mbuf, DropReason.DHCP_NOT_SERVED, counter);
            return;
        }
        if (!limiter.tryTake(VsidEntry.rdid(vsid), clock.nanos())) {
            disposal.drop(mbuf, DropReason.DHCP_LIMITED, counter);
            return;
        }
        long udp = ip + Ipv4.headerLength(ip);
        int available = length - Ipv4.headerLength(ip);
        boolean room =
                Mbuf.dataAddress(mbuf) + Mbuf.dataLength(mbuf) + Mbuf.tailroom(mbuf) - ip >= DhcpReply.LENGTH_MAX;
        if (!Udp.isRight(ip, udp, available) || !request.read(udp + Udp.LENGTH, Udp.length(udp) - Udp.LENGTH)) {
            disposal.drop(mbuf, DropReason.DHCP_MALFORMED, counter);
        } else if (!room) {
            disposal.drop(mbuf, DropReason.NO_HEADROOM, counter);
        } else {
            answer(mbuf, ip, udp + Udp.LENGTH, vsid, subnet, outerSource);
        }
    }

    private void answer(long mbuf, long ip, long message, long vsid, long subnet, int outerSource) {
        int counter = VsidEntry.countersIndex(vsid);
        long client = tables.macs.find(VsidEntry.vsid(vsid), Dhcp.clientMac(message));
        if (client != 0 && MacTable.ca(client) == 0 && Dhcp.clientAddress(message) != 0) {
            // A VM whose address somebody else gives it; it says so when it renews.
            learner.saw(vsid, Dhcp.clientMac(message), Dhcp.clientAddress(message), outerSource);
        }
        if (client == 0 || MacTable.ca(client) == 0 || Dhcp.relayAddress(message) != 0) {
            disposal.drop(mbuf, DropReason.DHCP_NO_RECORD, counter);
            return;
        }
        if (MacTable.pa(client) != outerSource) {
            disposal.drop(mbuf, DropReason.SPOOFED_SOURCE, counter);
            return;
        }
        int ca = MacTable.ca(client);
        int own = server(vsid, subnet);
        int told = Dhcp.clientAddress(message);
        switch (request.type()) {
            case Dhcp.DISCOVER -> reply(mbuf, ip, message, Dhcp.OFFER, ca, ca, vsid, subnet);
            case Dhcp.REQUEST -> {
                if (request.server() != 0 && request.server() != own) {
                    disposal.drop(mbuf, DropReason.DHCP_OTHER_SERVER, counter);
                } else {
                    reply(mbuf, ip, message, isRight(ca, told) ? Dhcp.ACK : Dhcp.NAK, ca, ca, vsid, subnet);
                }
            }
            case Dhcp.INFORM -> {
                if (told == ca) {
                    reply(mbuf, ip, message, Dhcp.ACK, ca, 0, vsid, subnet);
                } else {
                    disposal.drop(mbuf, DropReason.SPOOFED_SOURCE, counter);
                }
            }
            case Dhcp.DECLINE -> take(mbuf, WorkerCounter.DHCP_DECLINES);
            case Dhcp.RELEASE -> take(mbuf, WorkerCounter.DHCP_RELEASES);
            default -> disposal.drop(mbuf, DropReason.DHCP_MALFORMED, counter);
        }
    }

    /** What is asked for in SELECTING and INIT-REBOOT is option 50, in RENEWING and REBINDING the client's own address. */
    private boolean isRight(int ca, int told) {
        int asked = request.requestedAddress();
        return asked == 0 ? request.server() == 0 && told == ca : asked == ca && told == 0;
    }

    /** We are the gateway's CA, which hosts route to us; the subnet's own router is inside each host. */
    private static int server(long vsid, long subnet) {
        return VsidEntry.gatewayCa(vsid) != 0 ? VsidEntry.gatewayCa(vsid) : DhcpTable.router(subnet);
    }

    private void take(long mbuf, WorkerCounter counter) {
        counters.add(counter, 1);
        disposal.free(mbuf);
    }

    /** RFC 2131 §4.1: to the address that the client has; else by broadcast if it asked for that; else to the address it gets. */
    private void reply(long mbuf, long ip, long message, int type, int ca, int given, long vsid, long subnet) {
        boolean nak = type == Dhcp.NAK;
        boolean broadcast = (Dhcp.flags(message) & Dhcp.BROADCAST_FLAG) != 0;
        int told = Dhcp.clientAddress(message);
        int to = nak || (told == 0 && broadcast) ? Ipv4.BROADCAST : told != 0 ? told : ca;
        counters.add(
                nak
                        ? WorkerCounter.DHCP_NAKS
                        : type == Dhcp.OFFER ? WorkerCounter.DHCP_OFFERS : WorkerCounter.DHCP_ACKS,
                1);
        long mac = Dhcp.clientMac(message);
        int length = DhcpReply.write(
                ip, message, type, nak ? 0 : given, server(vsid, subnet), to, subnet, VsidEntry.prefixLength(vsid));
        egress.send(mbuf, ip, length, adjacencies.toTenant(VsidEntry.rdid(vsid), ca), (int) mac);
    }
}
