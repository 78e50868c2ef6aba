package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.neighbor.FixedNeighbors;
import net.nvgate.gateway.route.Fib6Row;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.Lookup6Row;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.Nptv6Table;
import net.nvgate.gateway.route.Own6Addresses;
import net.nvgate.gateway.route.VsidRow;

/** IPv6 in the network of {@link Net}: CAs of tenants 1 and 2, provider addresses, the physical side. */
final class Net6 {

    static final byte[] PA = Wire6.address("2001:db8:aa::2");
    /** Host B by IPv6; its VMs have IPv4 CAs by IPv4. */
    static final byte[] HOST_B = Wire6.address("2001:db8:aa::8");

    static final byte[] VM1 = Wire6.address("fd00:1::3");
    static final byte[] VM2 = Wire6.address("fd00:1::4");
    /** Its host is in no network of ours. */
    static final byte[] VM4 = Wire6.address("fd00:1::6");

    static final byte[] DG = Wire6.address("fd00:1::1");
    static final byte[] GATEWAY_CA = Wire6.address("fd00:fe::2");
    /** Behind VM 2. */
    static final byte[] BEHIND_VM2 = Wire6.address("fd00:7::9");

    static final byte[] EXTERNAL = Wire6.address("2001:db8:ee::2");
    static final byte[] ROUTER = Wire6.address("fe80::1");
    static final byte[] SERVER = Wire6.address("2001:db8:ee::50");
    static final byte[] FAR = Wire6.address("2600::7");

    /** VM 1 of tenant 1 and 2 as the physical side sees them: fd00:1::/48 is 2001:db8:1::/48 and 2001:db8:2::/48. */
    static final byte[] OUTSIDE_VM1 = Wire6.address("2001:db8:1:cf47::3");

    static final Ipv6Address INSIDE = Ipv6Address.parse("fd00:1::");
    static final long ROUTER_MAC = Net.ROUTER_MAC;
    static final long SERVER_MAC = Net.SERVER_MAC;

    private Net6() {}

    static Ipv6Address model(byte[] address) {
        return new Ipv6Address(Wire6.high(address), Wire6.low(address));
    }

    /** Gives a gateway IPv6 in everything. */
    static TestGateway on(TestGateway gateway) {
        links(gateway);
        tenant(gateway, 1, "2001:db8:1::");
        tenant(gateway, 2, "2001:db8:2::");
        return gateway;
    }

    private static void links(TestGateway g) {
        g.tables.ownAddresses6.put(new Own6Addresses.Row(model(PA), Own6Addresses.PROVIDER, 64, 0));
        g.tables.ownAddresses6.put(new Own6Addresses.Row(model(EXTERNAL), Own6Addresses.EXTERNAL, 64, 0));
        g.tables.providerFib6.put(link("2001:db8:aa::", 64, FibEntry.ON_LINK, Ipv6Address.UNSPECIFIED, PA));
        g.tables.externalFib6.put(link("2001:db8:ee::", 64, FibEntry.ON_LINK, Ipv6Address.UNSPECIFIED, EXTERNAL));
        g.tables.externalFib6.put(link("2000::", 3, FibEntry.VIA_ROUTER, model(ROUTER), EXTERNAL));
        FixedNeighbors.add(g.neighbors, Net.PA_PORT, model(HOST_B), Net.HOST_B_MAC);
        FixedNeighbors.add(g.neighbors, Net.EXT_PORT, model(ROUTER), ROUTER_MAC);
        FixedNeighbors.add(g.neighbors, Net.EXT_PORT, model(SERVER), SERVER_MAC);
        g.tables.epochs.bumpExternal();
    }

    private static Fib6Row link(String prefix, int length, int kind, Ipv6Address nextHop, byte[] source) {
        return new Fib6Row(0, Ipv6Address.parse(prefix), length, kind, nextHop, 0, 0, model(source), 0);
    }

    private static void tenant(TestGateway g, int rdid, String outside) {
        int ownPa = g.tables.providerAddresses6.handle(model(PA));
        int hostB = g.tables.providerAddresses6.handle(model(HOST_B));
        int vm = Net.VM_VSID[rdid];
        int gw = Net.GATEWAY_VSID[rdid];
        vsid(g, vm, new VsidRow.V6(Net.GATEWAY_MAC, model(GATEWAY_CA), Net.DG_MAC, model(DG), ownPa));
        vsid(
                g,
                gw,
                new VsidRow.V6(
                        Net.GATEWAY_MAC, model(GATEWAY_CA), Net.ROUTER_CA_MAC, Ipv6Address.parse("fd00:fe::1"), ownPa));
        record(g, rdid, VM1, vm, Net.VM1_MAC, Net.HOST_A, 0);
        record(g, rdid, VM2, vm, Net.VM2_MAC, hostB, 0);
        record(g, rdid, VM4, vm, Net.VM2_MAC, Wire.address("172.16.0.1"), 0);
        record(g, rdid, DG, vm, Net.DG_MAC, Wire.address("169.254.254.254"), LookupEntry.DEFAULT_GATEWAY);
        record(g, rdid, GATEWAY_CA, gw, Net.GATEWAY_MAC, Net.GATEWAY_PA, LookupEntry.OWN_GATEWAY);
        route(g, rdid, "fd00:1::", 64, FibEntry.ON_LINK, Ipv6Address.UNSPECIFIED);
        route(g, rdid, "fd00:7::", 64, FibEntry.VIA_CA, model(VM2));
        route(g, rdid, "2000::", 3, FibEntry.GATEWAY, model(GATEWAY_CA));
        g.tables.nptv6.put(new Nptv6Table.Row(rdid, INSIDE, Ipv6Address.parse(outside), 48));
        g.tables.epochs.bump(rdid);
    }

    private static void vsid(TestGateway g, int vsid, VsidRow.V6 v6) {
        VsidRow there = g.tables.vsids.row(vsid);
        assertThat(there).isNotNull();
        if (there != null) {
            g.tables.vsids.put(new VsidRow(
                    vsid,
                    there.rdid(),
                    there.flags(),
                    there.gatewayMac(),
                    there.gatewayCa(),
                    there.routerMac(),
                    there.routerCa(),
                    there.ownPa(),
                    there.prefix(),
                    there.prefixLength(),
                    there.countersIndex(),
                    v6));
        }
    }

    static void record(TestGateway g, int rdid, byte[] ca, int vsid, long mac, int pa, int flags) {
        g.tables.records6.put(new Lookup6Row(rdid, model(ca), vsid, mac, pa, 0, flags, 2 * rdid));
        g.tables.epochs.bump(rdid);
    }

    static void route(TestGateway g, int rdid, String prefix, int length, int kind, Ipv6Address nextHop) {
        g.tables.tenantFib6.put(new Fib6Row(
                rdid, Ipv6Address.parse(prefix), length, kind, nextHop, 0, 0, Ipv6Address.UNSPECIFIED, 255));
        g.tables.epochs.bump(rdid);
    }

    /** A packet of VM 1, whose host has IPv4. */
    static byte[] fromVm1(int tenant, byte[] ip) {
        return Net.nvgre(Net.HOST_A, Net.GATEWAY_VSID[tenant], Net.GATEWAY_MAC, Wire6.TYPE, ip);
    }

    /** A packet of VM 2, whose host has IPv6. */
    static byte[] fromVm2(int tenant, byte[] ip) {
        byte[] inner = Wire.ethernet(Net.GATEWAY_MAC, Net.VM2_MAC, Wire6.TYPE, ip);
        return outer(Wire.gre(0x20006558, Net.GATEWAY_VSID[tenant], 7, inner));
    }

    /** Outer IPv6 of host B, protocol GRE. */
    static byte[] outer(byte[] gre) {
        return Wire.ethernet(Net.PA_MAC, Net.HOST_B_MAC, Wire6.TYPE, Wire6.ipv6(HOST_B, PA, Wire.GRE, gre));
    }

    /** From the router of the physical side. */
    static byte[] fromOutside(byte[] ip) {
        return Wire.ethernet(Net.EXT_MAC, ROUTER_MAC, Wire6.TYPE, ip);
    }

    /** The IPv6 packet in a frame to a VM of host A, which outer IPv4 brings. */
    static byte[] inHostA(byte[] frame, int vsid, long vmMac) {
        return inner(TestGateway.inner(frame, Net.HOST_A, Net.HOST_A_MAC, vsid), vmMac);
    }

    /** The IPv6 packet in a frame to a VM of host B, which outer IPv6 brings. */
    static byte[] inHostB(byte[] frame, int vsid, long vmMac) {
        assertThat(Wire.mac(frame, 0)).isEqualTo(Net.HOST_B_MAC);
        assertThat(Wire.mac(frame, 6)).isEqualTo(Net.PA_MAC);
        assertThat(Wire.u16(frame, 12)).isEqualTo(Wire6.TYPE);
        byte[] ip = Wire.slice(frame, 14);
        Wire6.requireRight(ip);
        assertThat(Wire6.source(ip)).isEqualTo(PA);
        assertThat(Wire6.destination(ip)).isEqualTo(HOST_B);
        assertThat(Wire.u8(ip, 6)).isEqualTo(Wire.GRE);
        assertThat(Wire.u8(ip, 7)).isEqualTo(64);
        assertThat(Wire.i32(ip, 40)).isEqualTo(0x20006558);
        assertThat(Wire.i32(ip, 44) >>> 8).isEqualTo(vsid);
        return inner(Wire.slice(ip, 48), vmMac);
    }

    private static byte[] inner(byte[] frame, long vmMac) {
        assertThat(Wire.mac(frame, 0)).isEqualTo(vmMac);
        assertThat(Wire.mac(frame, 6)).isEqualTo(Net.GATEWAY_MAC);
        assertThat(Wire.u16(frame, 12)).isEqualTo(Wire6.TYPE);
        byte[] ip = Wire.slice(frame, 14);
        if (Wire.u8(ip, 6) != Wire6.FRAGMENT) {
            Wire6.requireRight(ip);
        }
        return ip;
    }

    /** The IPv6 packet in an untagged frame that left by the external port. */
    static byte[] outside(byte[] frame, long mac) {
        assertThat(Wire.mac(frame, 0)).isEqualTo(mac);
        assertThat(Wire.mac(frame, 6)).isEqualTo(Net.EXT_MAC);
        assertThat(Wire.u16(frame, 12)).isEqualTo(Wire6.TYPE);
        byte[] ip = Wire.slice(frame, 14);
        if (Wire.u8(ip, 6) != Wire6.FRAGMENT) {
            Wire6.requireRight(ip);
        }
        return ip;
    }
}
