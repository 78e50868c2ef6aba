package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Arp;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.route.L2Groups;
import net.nvgate.gateway.route.ProviderAddresses6;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;

/**
 * Asks by ARP for the {@link UnknownHosts}, in NVGRE: a broadcast inside, outside a copy to each PA of the VSID's L2Only records
 * (unicast replication, RFC 7637 §3.3.2).
 */
final class UnknownHostRequester {

    static final int PER_SECOND = 100;

    private final UnknownHosts unknown;
    private final RouteTables tables;
    private final Adjacencies adjacencies;
    private final Egress egress;
    private final Mempool pool;
    private final long array;
    private final WorkerClock clock;
    private final WorkerCounters counters;
    private final RateLimiter limiter = new RateLimiter(PER_SECOND, PER_SECOND);

    /** 8 bytes of memory for an mbuf's address. */
    UnknownHostRequester(
            UnknownHosts unknown,
            RouteTables tables,
            Adjacencies adjacencies,
            Egress egress,
            Mempool pool,
            long memory,
            WorkerClock clock,
            WorkerCounters counters) {
        this.unknown = unknown;
        this.tables = tables;
        this.adjacencies = adjacencies;
        this.egress = egress;
        this.pool = pool;
        this.array = memory;
        this.clock = clock;
        this.counters = counters;
    }

    /** Questions asked. */
    int poll() {
        int asked = 0;
        for (int i = 0; i < unknown.questions() && limiter.tryTake(clock.nanos()); i++) {
            ask(unknown.vsid(i), unknown.ca(i));
            asked++;
        }
        unknown.clear();
        return asked;
    }

    private void ask(int vsid, int ca) {
        long entry = tables.vsids.find(vsid);
        long group = tables.l2Groups.find(vsid);
        if (entry == 0 || group == 0) {
            return;
        }
        counters.add(WorkerCounter.L2_QUESTIONS, 1);
        for (int i = 0; i < L2Groups.count(group); i++) {
            boolean ipv6 = ProviderAddresses6.isHandle(L2Groups.pa(group, i));
            if ((ipv6 ? VsidEntry.ownPa6(entry) : VsidEntry.ownPa(entry)) == 0) {
                // We have no PA of the host's family.
                continue;
            }
            if (!pool.allocate(array, 1)) {
                counters.drop(DropReason.NO_MBUF);
                return;
            }
            send(Mem.i64(array), entry, ca, L2Groups.pa(group, i));
        }
    }

    /** In the name of the subnet's default gateway, which VMs know; where there is none, of the gateway's CA. */
    private void send(long mbuf, long entry, int ca, int pa) {
        boolean router = VsidEntry.routerMac(entry) != 0 && VsidEntry.routerCa(entry) != 0;
        long mac = router ? VsidEntry.routerMac(entry) : VsidEntry.gatewayMac(entry);
        int sender = router ? VsidEntry.routerCa(entry) : VsidEntry.gatewayCa(entry);
        long ip = Mbuf.dataAddress(mbuf);
        boolean ipv6 = ProviderAddresses6.isHandle(pa);
        int length = (ipv6 ? Nvgre.OVERHEAD_IPV6 : Nvgre.OVERHEAD) + Arp.LENGTH;
        long gre = ip + (ipv6 ? Ipv6.LENGTH : Ipv4.MIN_LENGTH);
        if (ipv6) {
            writeIpv6(ip, length - Ipv6.LENGTH, VsidEntry.ownPa6(entry), pa, ca);
        } else {
            Ipv4.write(ip, length, Ipv4.DONT_FRAGMENT, Ipv4.GRE, VsidEntry.ownPa(entry), pa);
        }
        Nvgre.write(gre, VsidEntry.vsid(entry), ca);
        long frame = gre + Nvgre.LENGTH;
        Ethernet.write(frame, Ethernet.BROADCAST, mac, Ethernet.TYPE_ARP);
        Arp.write(frame + Ethernet.LENGTH, Arp.REQUEST, mac, sender, 0, ca);
        Mbuf.length(mbuf, length);
        counters.sent(VsidEntry.countersIndex(entry), Arp.LENGTH);
        egress.send(mbuf, ip, length, adjacencies.toProvider(pa), 0);
    }

    private void writeIpv6(long ip, int payload, int ownPa, int pa, int entropy) {
        ProviderAddresses6 addresses = tables.providerAddresses6;
        Ipv6.write(
                ip,
                0,
                (entropy & 0xff) | 1,
                payload,
                Ipv4.GRE,
                Ipv6.HOP_LIMIT_DEFAULT,
                addresses.high(ownPa),
                addresses.low(ownPa),
                addresses.high(pa),
                addresses.low(pa));
    }
}
