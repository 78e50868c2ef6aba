package net.nvgate.gateway.bench;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.gateway.neighbor.FixedNeighbors;
import net.nvgate.gateway.neighbor.NeighborEntry;
import net.nvgate.gateway.neighbor.NeighborTable;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.LookupRow;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatSettingsRow;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.Prefixes;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.route.VsidRow;

/**
 * The tables of the gateway that is measured. Every tenant has a NAT connection for the Internet and a VLAN of its own to a site that
 * is routed without translation; its VMs are on 16 hosts.
 *
 * <pre>
 *  VM 172.20.0.0/14 ── host 10.10.0.16.. ══ NVGRE ══ 10.10.0.2 gateway 203.0.113.2 ── router 203.0.113.1 ── server 198.51.100.7
 *                                                              VLAN 100.64.0.1 ── 100.64.0.2 ── site 10.0.0.0/8
 * </pre>
 */
final class BenchFabric {

    static final int GATEWAY_PA = 0x0a0a0002;
    static final int SERVER = 0xc6336407;
    static final int SITE = 0x0a090909;
    static final long ROUTER_MAC = 0x020000000001L;
    static final long SITE_MAC = 0x020000000002L;
    static final long GATEWAY_MAC = 0x001dd8b71c01L;
    static final int NAT = 0xc6120000;

    /** The gateway's own default. */
    static final int UDP_IDLE_MS = NatSettingsRow.DEFAULT.udpMs();

    private static final int HOSTS = 16;
    private static final int HOST_PA = 0x0a0a0010;
    private static final long HOST_MAC = 0x020000001000L;
    private static final long VM_MAC = 0x001dd8800000L;
    private static final int EXTERNAL = 0xcb007102;
    private static final int ROUTER = 0xcb007101;
    private static final int CA_PREFIX = 0xac140000;
    private static final int CA_LENGTH = 14;
    private static final int LINK_ADDRESS = 0x64400001;
    private static final int SITE_ROUTER = 0x64400002;
    private static final int GATEWAY_VSID = 0x5000;
    private static final int VM_VSID = 0x6000;

    private BenchFabric() {}

    static int gatewayVsid(int tenant) {
        return GATEWAY_VSID + tenant;
    }

    static int vmVsid(int tenant) {
        return VM_VSID + tenant;
    }

    /** VLAN of a tenant's site. */
    static int vlan(int tenant) {
        return tenant + 1;
    }

    /** The address of a VM, which other tenants have, too. */
    static int ca(BenchShape shape, int vm) {
        return CA_PREFIX + 4 + vm / shape.tenants();
    }

    static long vmMac(int vm) {
        return VM_MAC + vm;
    }

    static int hostPa(int vm) {
        return HOST_PA + vm % HOSTS;
    }

    static long hostMac(int vm) {
        return HOST_MAC + vm % HOSTS;
    }

    /** @param udpIdleMs how long sessions stay without a packet */
    static void fill(
            BenchShape shape, int udpIdleMs, RouteTables tables, NeighborTable neighbors, int paPort, int extPort) {
        tables.ownAddresses.put(new OwnAddresses.Row(GATEWAY_PA, OwnAddresses.PROVIDER, 24, 0));
        tables.ownAddresses.put(new OwnAddresses.Row(EXTERNAL, OwnAddresses.EXTERNAL, 24, 0));
        tables.providerFib.put(route(0, GATEWAY_PA & -256, 24, FibEntry.ON_LINK, 0, GATEWAY_PA));
        tables.externalFib.put(route(0, 0, 0, FibEntry.VIA_ROUTER, ROUTER, EXTERNAL));
        FixedNeighbors.add(neighbors, extPort, ROUTER, ROUTER_MAC);
        for (int host = 0; host < HOSTS; host++) {
            FixedNeighbors.add(neighbors, paPort, HOST_PA + host, HOST_MAC + host);
        }
        for (int tenant = 0; tenant < shape.tenants(); tenant++) {
            subnets(tables, tenant);
            nat(shape, udpIdleMs, tables, tenant);
            site(tables, neighbors, tenant, extPort);
        }
        for (int vm = 0; vm < shape.vms() + shape.spareRecords(); vm++) {
            tables.records.put(record(shape, vm));
        }
        for (int tenant = 0; tenant < shape.tenants(); tenant++) {
            tables.epochs.bump(rdid(tenant));
        }
        tables.reclaimer.seal();
    }

    static int rdid(int tenant) {
        return tenant + 1;
    }

    /** Where a VM is. */
    static LookupRow record(BenchShape shape, int vm) {
        int tenant = shape.tenantOf(vm);
        return new LookupRow(
                rdid(tenant), ca(shape, vm), vmVsid(tenant), vmMac(vm), hostPa(vm), 0, 0, counters(tenant) + 1);
    }

    /** VSIDs and VLANs that are counted. */
    static int countersMax(BenchShape shape) {
        return 3 * (shape.tenants() + 1);
    }

    private static int counters(int tenant) {
        return 3 * tenant;
    }

    private static void subnets(RouteTables tables, int tenant) {
        int rdid = rdid(tenant);
        int terminates = VsidEntry.TERMINATES_HERE | VsidEntry.GATEWAY_SUBNET;
        tables.vsids.put(vsid(gatewayVsid(tenant), rdid, terminates, 0x0afefe00, 29, counters(tenant)));
        tables.vsids.put(vsid(vmVsid(tenant), rdid, VsidEntry.VM_SUBNET, CA_PREFIX, CA_LENGTH, counters(tenant) + 1));
        tables.tenantFib.put(route(rdid, CA_PREFIX, CA_LENGTH, FibEntry.ON_LINK, 0, 0));
        tables.tenantFib.put(route(rdid, 0, 0, FibEntry.GATEWAY, 0, 0));
    }

    private static VsidRow vsid(int vsid, int rdid, int flags, int prefix, int length, int counters) {
        return new VsidRow(vsid, rdid, flags, GATEWAY_MAC, 0x0afefe02, 0, 0, GATEWAY_PA, prefix, length, counters);
    }

    private static void nat(BenchShape shape, int udpIdleMs, RouteTables tables, int tenant) {
        NatSettingsRow defaults = NatSettingsRow.DEFAULT;
        NatSettingsRow settings = new NatSettingsRow(
                defaults.filtering(),
                defaults.algs(),
                defaults.portBlockSize(),
                udpIdleMs,
                defaults.tcpEstablishedMs(),
                defaults.tcpTransitoryMs(),
                defaults.icmpMs(),
                defaults.otherMs(),
                defaults.deterministic());
        int addresses = shape.natAddressesPerTenant();
        List<NatConnections.Choice> pool = new ArrayList<>();
        for (int i = 0; i < addresses; i++) {
            int index = tenant * addresses + i;
            NatTable.Connection connection =
                    new NatTable.Connection(NAT + index, rdid(tenant), index, 1_024, 65_535, index, settings);
            tables.ownAddresses.put(new OwnAddresses.Row(NAT + index, OwnAddresses.NAT, 32, 0));
            tables.nat.connections.put(connection);
            tables.nat.connections.setAddress(NAT + index, List.of(connection));
            pool.add(new NatConnections.Choice(Prefixes.Row.ANY, connection));
        }
        tables.nat.connections.setTenant(rdid(tenant), pool);
    }

    private static void site(RouteTables tables, NeighborTable neighbors, int tenant, int extPort) {
        int rdid = rdid(tenant);
        int vlan = vlan(tenant);
        int link = TenantLinks.frontEnd(vlan);
        tables.tenantLinks.put(
                new TenantLinks.Row(link, rdid, TenantLinks.URPF_STRICT, LINK_ADDRESS, 0, counters(tenant) + 2));
        tables.tenantLinks.putAddress(new TenantLinks.Address(link, LINK_ADDRESS, 24));
        tables.tenantLinkFib.put(new FibRow(
                rdid, 0x0a000000, 8, FibEntry.VIA_ROUTER, SITE_ROUTER, 0, vlan, LINK_ADDRESS, 0, link, List.of()));
        FixedNeighbors.add(neighbors, NeighborEntry.portOf(extPort, vlan), SITE_ROUTER, SITE_MAC);
    }

    private static FibRow route(int rdid, int prefix, int length, int kind, int nextHop, int source) {
        return new FibRow(rdid, prefix, length, kind, nextHop, 0, 0, source, 0);
    }
}
