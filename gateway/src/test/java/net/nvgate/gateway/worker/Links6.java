package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.neighbor.FixedNeighbors;
import net.nvgate.gateway.neighbor.NeighborEntry;
import net.nvgate.gateway.route.Fib6Row;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.TenantLinkAddresses6;
import net.nvgate.gateway.route.TenantLinks;

/**
 * Tenant interfaces with IPv6 on the network of {@link Net6}. Tenants 1 and 2 have the same addresses everywhere: VLAN 101 and 102 of the
 * external port with 2001:db8:f::/64 and a router to fd00:a::/32 there, VLAN 201 and 202 of the PA port with fd00:9::/64.
 */
final class Links6 {

    static final byte[] FRONT = Wire6.address("2001:db8:f::1");
    static final byte[] FRONT_ROUTER = Wire6.address("2001:db8:f::2");
    static final byte[] FRONT_HOST = Wire6.address("2001:db8:f::50");
    static final byte[] REMOTE = Wire6.address("fd00:a::33");
    static final byte[] BACK = Wire6.address("fd00:1:0:9::1");
    static final byte[] BACK_VM = Wire6.address("fd00:1:0:9::5");

    private Links6() {}

    static int frontVlan(int tenant) {
        return 100 + tenant;
    }

    static int backVlan(int tenant) {
        return 200 + tenant;
    }

    static int frontLink(int tenant) {
        return TenantLinks.frontEnd(frontVlan(tenant));
    }

    static int frontPort(int tenant) {
        return NeighborEntry.portOf(Net.EXT_PORT, frontVlan(tenant));
    }

    /** MAC of a tenant's station by its address. */
    static long mac(int tenant, byte[] address) {
        return 0x020000000000L | (long) tenant << 32 | (Wire6.low(address) & 0xffffffL);
    }

    /** Both interfaces of both tenants. */
    static TestGateway on(TestGateway g) {
        for (int tenant = 1; tenant <= 2; tenant++) {
            front(g, tenant, TenantLinks.URPF_STRICT);
            back(g, tenant);
        }
        return g;
    }

    static void front(TestGateway g, int tenant, int urpf) {
        int link = frontLink(tenant);
        interfaceOf(g, link, tenant, urpf, FRONT);
        route(g, tenant, "2001:db8:f::", 64, FibEntry.ON_LINK, Ipv6Address.UNSPECIFIED, FRONT, link);
        route(g, tenant, "fd00:a::", 32, FibEntry.VIA_ROUTER, Net6.model(FRONT_ROUTER), FRONT, link);
        FixedNeighbors.add(g.neighbors, frontPort(tenant), Net6.model(FRONT_ROUTER), mac(tenant, FRONT_ROUTER));
        FixedNeighbors.add(g.neighbors, frontPort(tenant), Net6.model(FRONT_HOST), mac(tenant, FRONT_HOST));
    }

    private static void back(TestGateway g, int tenant) {
        int link = TenantLinks.backEnd(backVlan(tenant));
        interfaceOf(g, link, tenant, TenantLinks.URPF_STRICT, BACK);
        route(g, tenant, "fd00:1:0:9::", 64, FibEntry.ON_LINK, Ipv6Address.UNSPECIFIED, BACK, link);
        int port = NeighborEntry.portOf(Net.PA_PORT, backVlan(tenant));
        FixedNeighbors.add(g.neighbors, port, Net6.model(BACK_VM), mac(tenant, BACK_VM));
    }

    private static void interfaceOf(TestGateway g, int link, int tenant, int urpf, byte[] own) {
        g.tables.tenantLinks.put(new TenantLinks.Row(link, tenant, urpf, 0, Net6.model(own), 0, -1));
        g.tables.tenantLinkAddresses6.put(new TenantLinkAddresses6.Row(link, Net6.model(own), 64, false));
    }

    static void route(
            TestGateway g, int tenant, String prefix, int length, int kind, Ipv6Address hop, byte[] own, int link) {
        g.tables.tenantLinkFib6.put(row(tenant, prefix, length, kind, hop, own, link));
        g.tables.epochs.bump(tenant);
    }

    private static Fib6Row row(int tenant, String prefix, int length, int kind, Ipv6Address hop, byte[] own, int link) {
        Ipv6Address address = Ipv6Address.parse(prefix);
        int vlan = TenantLinks.vlan(link);
        return new Fib6Row(tenant, address, length, kind, hop, 0, vlan, Net6.model(own), 0).outOf(link);
    }

    /** Two routers of equal metric lead to the remote network of tenant 1. */
    static void second(TestGateway g, byte[] router) {
        Fib6Row one = row(1, "fd00:a::", 32, FibEntry.VIA_ROUTER, Net6.model(FRONT_ROUTER), FRONT, frontLink(1));
        g.tables.tenantLinkFib6.put(one.withHops(List.of(Net6.model(FRONT_ROUTER), Net6.model(router))));
        g.tables.epochs.bump(1);
    }

    static byte[] fromFront(int tenant, byte[] ip) {
        return Wire.tagged(Net.EXT_MAC, mac(tenant, FRONT_ROUTER), frontVlan(tenant), Wire6.TYPE, ip);
    }

    static byte[] fromBack(int tenant, byte[] ip) {
        return Wire.tagged(Net.PA_MAC, mac(tenant, BACK_VM), backVlan(tenant), Wire6.TYPE, ip);
    }

    /** The packet to a station of a tenant's network outside. */
    static byte[] atFront(byte[] frame, int tenant, byte[] station) {
        return untagged(frame, Net.EXT_MAC, mac(tenant, station), frontVlan(tenant));
    }

    /** The packet to the VM of a tenant's VLAN. */
    static byte[] atBack(byte[] frame, int tenant) {
        return untagged(frame, Net.PA_MAC, mac(tenant, BACK_VM), backVlan(tenant));
    }

    private static byte[] untagged(byte[] frame, long from, long to, int vlan) {
        assertThat(Wire.mac(frame, 0)).isEqualTo(to);
        assertThat(Wire.mac(frame, 6)).isEqualTo(from);
        assertThat(Wire.i32(frame, 12)).isEqualTo(0x81000000 | vlan);
        assertThat(Wire.u16(frame, 16)).isEqualTo(Wire6.TYPE);
        byte[] ip = Wire.slice(frame, 18);
        Wire6.requireRight(ip);
        return ip;
    }

    /** The packet one hop on. */
    static byte[] routed(byte[] ip) {
        byte[] copy = ip.clone();
        copy[7]--;
        return copy;
    }
}
