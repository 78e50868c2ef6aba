package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.neighbor.FixedNeighbors;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.LookupEntry;
import org.junit.jupiter.api.Test;

/** Customer routes behind VMs, equal routes, peerings and blackholes, packets in and packets out. */
class TenantRoutesTest extends GatewayFixture {

    /** Behind VM 2, which routes. */
    private static final int BEHIND = Wire.address("172.20.0.9");

    private static final int FLOWS = 400;

    private void via(int tenant, String prefix, int length, int... nextHops) {
        List<Integer> hops = Arrays.stream(nextHops).boxed().toList();
        gateway.tables.tenantFib.put(new FibRow(
                        tenant,
                        Wire.address(prefix),
                        length,
                        FibEntry.VIA_CA,
                        nextHops[0],
                        Net.VM_VSID[tenant],
                        0,
                        0,
                        255)
                .withHops(hops));
        gateway.tables.epochs.bump(tenant);
    }

    private static byte[] fromHostB(int tenant, byte[] ip) {
        return Net.nvgre(Net.HOST_B, Net.GATEWAY_VSID[tenant], Net.GATEWAY_MAC, 0x800, ip);
    }

    @Test
    @Requirement({"RFC 2827 3", "nat-behaviour 8"})
    void aNetworkBehindARoutingVmIsReachedByItAndSpeaksByItAlone() {
        via(1, "172.20.0.0", 16, Net.VM2);
        byte[] to = Net.udp(Net.VM1, BEHIND, 4000, 53);
        byte[] inner = TestGateway.inner(
                gateway.intoPa(Net.fromVm1(1, to)).onlyPa(), Net.HOST_B, Net.HOST_B_MAC, Net.VM_VSID[1]);
        assertThat(Wire.mac(inner, 0)).isEqualTo(Net.VM2_MAC);
        assertThat(Wire.i32(inner, 14 + 16)).isEqualTo(BEHIND);
        byte[] from = Net.udp(BEHIND, Net.SERVER, 4000, 53);
        byte[] out = TestGateway.ip(gateway.intoPa(fromHostB(1, from)).onlyExt());
        assertThat(Wire.i32(out, 12)).isEqualTo(Net.NAT[1]);
        byte[] back = Net.udp(Net.SERVER, Net.NAT[1], 53, Wire.u16(out, 20));
        byte[] delivered = TestGateway.inner(
                gateway.intoExt(Net.fromOutside(back)).onlyPa(), Net.HOST_B, Net.HOST_B_MAC, Net.VM_VSID[1]);
        assertThat(Wire.mac(delivered, 0)).isEqualTo(Net.VM2_MAC);
        assertThat(Wire.i32(delivered, 14 + 16)).isEqualTo(BEHIND);
        assertThat(gateway.drops()).isEmpty();
        gateway.intoPa(Net.fromVm1(1, from));
        gateway.intoPa(Net.fromVm1(1, Net.udp(BEHIND, Net.SERVER, 4001, 53)));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.SPOOFED_SOURCE, 2L));
    }

    @Test
    @Requirement({"RFC 2991 2", "RFC 2992 2"})
    void flowsSpreadOverEqualRoutesAndOnlyThoseOfALostNextHopMove() {
        int third = Wire.address("192.168.1.20");
        gateway.record(1, third, Net.VM_VSID[1], Net.VM2_MAC + 1, Net.HOST_A, 0);
        gateway.record(1, Wire.address("192.168.1.21"), Net.VM_VSID[1], Net.VM1_MAC + 7, Net.HOST_B, 0);
        via(1, "172.20.0.0", 16, Net.VM2, third, Wire.address("192.168.1.21"));
        Map<Integer, Long> before = nextHops();
        Map<Long, Integer> shares = new TreeMap<>();
        before.values().forEach(mac -> shares.merge(mac, 1, Integer::sum));
        assertThat(shares).hasSize(3).allSatisfy((_, share) -> assertThat(share).isBetween(FLOWS / 5, FLOWS / 2));
        assertThat(nextHops()).as("a flow keeps its next hop").isEqualTo(before);
        gateway.tables.records.remove(1, third);
        gateway.tables.epochs.bump(1);
        Map<Integer, Long> after = nextHops();
        after.forEach((port, mac) -> {
            assertThat(mac).isNotEqualTo(Net.VM2_MAC + 1);
            long was = before.getOrDefault(port, 0L);
            if (was != Net.VM2_MAC + 1) {
                assertThat(mac).isEqualTo(was);
            }
        });
    }

    /** MAC of the VM that each flow goes to, by source port. */
    private Map<Integer, Long> nextHops() {
        Map<Integer, Long> hops = new HashMap<>();
        for (int port = 1000; port < 1000 + FLOWS; port++) {
            byte[] frame = gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, BEHIND, port, 53)))
                    .onlyPa();
            hops.put(port, Wire.mac(frame, 14 + 28));
        }
        return hops;
    }

    /** Each of several next hops may be the one a packet comes back by. */
    @Test
    @Requirement({"RFC 3704 2.3", "RFC 2827 3"})
    void aSourceBehindEqualRoutesMayComeByEach() {
        via(1, "172.20.0.0", 16, Net.VM1, Net.VM2);
        byte[] ip = Net.udp(BEHIND, Net.SERVER, 4000, 53);
        for (int i = 0; i < 2; i++) {
            gateway.intoPa(Net.fromVm1(1, ip)).onlyExt();
            gateway.intoPa(fromHostB(1, ip)).onlyExt();
        }
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isEqualTo(1);
        gateway.intoPa(Net.nvgre(Net.HOST_C, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, ip));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.SPOOFED_SOURCE, 1L));
    }

    @Test
    @Requirement({"RFC 2991 2", "RFC 2992 2"})
    void sessionsSpreadOverEqualRoutersOutside() {
        int second = Wire.address("203.0.113.3");
        FixedNeighbors.add(gateway.neighbors, Net.EXT_PORT, second, Net.ROUTER_MAC + 1);
        gateway.tables.externalFib.put(
                new FibRow(0, Wire.address("198.51.100.0"), 24, FibEntry.VIA_ROUTER, Net.ROUTER, 0, 0, Net.EXTERNAL, 1)
                        .withHops(List.of(Net.ROUTER, second)));
        gateway.tables.epochs.bumpExternal();
        Map<Long, Integer> shares = new TreeMap<>();
        for (int port = 4000; port < 4030; port++) {
            byte[] frame = gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.FAR, port, 53)))
                    .onlyExt();
            shares.merge(Wire.mac(frame, 0), 1, Integer::sum);
        }
        assertThat(shares).containsOnlyKeys(Net.ROUTER_MAC, Net.ROUTER_MAC + 1);
        assertThat(shares.values()).allMatch(share -> share >= 6);
    }

    @Test
    @Requirement("RFC 1812 4.3.3.1")
    void aBlackholeRouteProhibitsAndALongerRouteOpensAPartOfIt() {
        gateway.route(1, "8.8.0.0", 16, FibEntry.PROHIBITED, 0);
        gateway.tables.externalFib.put(
                new FibRow(0, Wire.address("8.0.0.0"), 8, FibEntry.VIA_ROUTER, Net.ROUTER, 0, 0, Net.EXTERNAL, 1));
        byte[] packet = Net.udp(Net.VM1, Wire.address("8.8.8.8"), 1, 2);
        byte[] inner = TestGateway.inner(
                gateway.intoPa(Net.fromVm1(1, packet)).onlyPa(), Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]);
        byte[] error = Wire.slice(inner, 14);
        Wire.requireRight(error);
        assertThat(Wire.i32(error, 12)).isEqualTo(Net.GATEWAY_CA);
        assertThat(Wire.u16(error, 20)).isEqualTo(3 << 8 | 13);
        assertThat(Wire.slice(error, 28)).isEqualTo(packet);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.BLACKHOLE_ROUTE, 1L));
        gateway.intoPa(Net.fromVm1(2, packet)).onlyExt();
        gateway.route(1, "8.8.8.0", 24, FibEntry.GATEWAY, Net.GATEWAY_VSID[1]);
        gateway.intoPa(Net.fromVm1(1, packet)).onlyExt();
    }

    /** Loose source route by the server, which is not followed; and options that we do not know. */
    @Test
    @Requirement({"RFC 1812 4.2.2.1", "RFC 791 3.1a"})
    void optionsPassUnchangedAndSourceRoutesAreNotFollowed() {
        byte[] options = {(byte) 131, 7, 4, (byte) 203, 0, 113, 50, 1, (byte) 158, 4, 9, 9};
        byte[] data = Wire.udp(Net.VM1, Net.VM2, 4000, 53, new byte[4]);
        byte[] ip = new byte[32 + data.length];
        System.arraycopy(Wire.ipv4(Net.VM1, Net.VM2, Wire.UDP, new byte[12 + data.length]), 0, ip, 0, 20);
        System.arraycopy(options, 0, ip, 20, 12);
        System.arraycopy(data, 0, ip, 32, data.length);
        ip[0] = 0x48;
        Wire.fixIp(ip);
        byte[] out = Wire.slice(
                TestGateway.inner(
                        gateway.intoPa(Net.fromVm1(1, ip)).onlyPa(), Net.HOST_B, Net.HOST_B_MAC, Net.VM_VSID[1]),
                14);
        Wire.requireRight(out);
        assertThat(Wire.slice(out, 12)).isEqualTo(Wire.slice(ip, 12));
        byte[] toServer = ip.clone();
        System.arraycopy(Net.udp(Net.VM1, Net.SERVER, 4000, 53), 16, toServer, 16, 4);
        System.arraycopy(Wire.udp(Net.VM1, Net.SERVER, 4000, 53, new byte[4]), 0, toServer, 32, data.length);
        byte[] translated = TestGateway.ip(
                gateway.intoPa(Net.fromVm1(1, Wire.fixIp(toServer))).onlyExt());
        Wire.requireRight(translated);
        assertThat(Wire.slice(translated, 16, 16)).isEqualTo(Wire.slice(toServer, 16, 16));
        assertThat(Wire.i32(translated, 12)).isEqualTo(Net.NAT[1]);
    }

    @Test
    @Requirement({"RFC 1812 4.3.3.1", "RFC 1812 4.3.2.5"})
    void anUnknownDestinationIsAnUnreachableNetwork() {
        byte[] packet = Net.udp(Net.VM1, Wire.address("9.9.9.9"), 1, 2);
        byte[] inner = TestGateway.inner(
                gateway.intoPa(Net.fromVm1(1, packet)).onlyPa(), Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]);
        assertThat(Wire.u16(inner, 14 + 20)).isEqualTo(0x300);
        assertThat(Wire.u8(inner, 14 + 1)).as("internetwork control").isEqualTo(0xc0);
        Wire.requireRight(Wire.slice(inner, 14));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NO_ROUTE, 1L));
    }

    /** Tenant 3 gets a VM in a subnet that tenant 1 does not have. */
    private int peerVm() {
        int ca = Wire.address("192.168.3.7");
        gateway.record(3, ca, Net.VM_VSID[3], Net.VM2_MAC, Net.HOST_B, 0);
        gateway.route(3, "192.168.3.0", 24, FibEntry.ON_LINK, Net.VM_VSID[3]);
        return ca;
    }

    private void peer(int tenant, String prefix, int length, int peer) {
        gateway.tables.tenantFib.put(new FibRow(tenant, Wire.address(prefix), length, FibEntry.PEER, peer, 0, 0, 0, 0));
        gateway.tables.epochs.bump(tenant);
    }

    @Test
    @Requirement("nat-behaviour 47")
    void peeredTenantsReachEachOtherUntranslatedWhenBothHaveARoute() {
        int there = peerVm();
        peer(1, "192.168.3.0", 24, 3);
        byte[] ip = Net.udp(Net.VM1, there, 4000, 53);
        byte[] refused = TestGateway.inner(
                gateway.intoPa(Net.fromVm1(1, ip)).onlyPa(), Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]);
        assertThat(Wire.u16(refused, 14 + 20)).as("no route back").isEqualTo(0x300);
        gateway.tables.records.remove(3, Net.VM1);
        peer(3, "192.168.1.0", 24, 1);
        byte[] inner = TestGateway.inner(
                gateway.intoPa(Net.fromVm1(1, ip)).onlyPa(), Net.HOST_B, Net.HOST_B_MAC, Net.VM_VSID[3]);
        assertThat(Wire.mac(inner, 0)).isEqualTo(Net.VM2_MAC);
        assertThat(Wire.i32(inner, 14 + 12)).isEqualTo(Net.VM1);
        byte[] answer =
                gateway.intoPa(fromHostB(3, Net.udp(there, Net.VM1, 53, 4000))).onlyPa();
        assertThat(Wire.i32(TestGateway.inner(answer, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]), 14 + 12))
                .isEqualTo(there);
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isZero();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NO_ROUTE, 1L));
    }

    /** Peerings are not transitive and do not lend the peer's way out; so they cannot loop. */
    @Test
    @Requirement({"nat-behaviour 47", "nat-behaviour 87"})
    void aPeeringEndsAtThePeer() {
        peerVm();
        peer(1, "10.50.0.0", 16, 3);
        peer(3, "10.50.0.0", 16, 1);
        peer(3, "192.168.1.0", 24, 1);
        gateway.tables.records.remove(3, Net.VM1);
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Wire.address("10.50.1.1"), 1, 2)));
        peer(1, "8.0.0.0", 8, 3);
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Wire.address("8.8.8.8"), 1, 2)));
        peer(1, "10.254.254.0", 30, 3);
        gateway.tables.records.remove(1, Net.GATEWAY_CA);
        gateway.intoPa(Net.fromVm1(1, Net.ping(Net.VM1, Net.GATEWAY_CA, 1)));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NO_ROUTE, 3L));
    }

    /** A VM's PA that a tenant's route points to is the underlay's, not the tenant's. */
    @Test
    @Requirement({"nat-behaviour 85", "nat-behaviour 87"})
    void theTunnelsEndIsNoDestinationOfATenant() {
        gateway.route(1, "10.10.10.0", 24, FibEntry.GATEWAY, Net.GATEWAY_VSID[1]);
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.GATEWAY_PA, 1, 2)));
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.HOST_B, 1, 2)));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NO_EXTERNAL_ROUTE, 2L));
        gateway.intoExt(Net.outer(Net.HOST_A, Wire.gre(0x20006558, Net.GATEWAY_VSID[1], 0, new byte[60])));
        gateway.intoExt(
                Wire.ethernet(Net.EXT_MAC, 2, 0x800, Wire.ipv4(Net.HOST_A, Net.GATEWAY_PA, Wire.GRE, new byte[60])));
        assertThat(gateway.drops())
                .containsEntry(DropReason.NOT_OUR_MAC, 1L)
                .containsEntry(DropReason.NOT_OUR_ADDRESS, 1L);
    }

    @Test
    @Requirement("nat-behaviour 88")
    void aRoutingVmThatGoesAndComesTakesItsNetworkAlong() {
        via(1, "172.20.0.0", 16, Net.VM2);
        gateway.tables.records.remove(1, Net.VM2);
        gateway.tables.epochs.bump(1);
        byte[] to = Net.udp(Net.VM1, BEHIND, 4000, 53);
        gateway.intoPa(Net.fromVm1(1, to));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NO_RECORD, 1L));
        gateway.record(1, Net.VM2, Net.VM_VSID[1], Net.VM2_MAC, Net.HOST_B, 0);
        assertThat(gateway.intoPa(Net.fromVm1(1, to)).pa()).hasSize(1);
        gateway.record(1, Net.VM2, Net.VM_VSID[1], Net.VM2_MAC, Net.GATEWAY_PA, LookupEntry.OWN_GATEWAY);
        gateway.intoPa(Net.fromVm1(1, to));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NO_RECORD, 2L));
    }
}
