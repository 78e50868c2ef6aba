package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.neighbor.FixedNeighbors;
import net.nvgate.gateway.route.Fib6Row;
import net.nvgate.gateway.route.FibEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Equal, blackhole and peer routes of IPv6. */
@ExtendWith(EalExtension.class)
class Tenant6RoutesTest {

    private static final byte[] BEHIND = Wire6.address("fd00:20::9");
    private static final byte[] VM5 = Wire6.address("fd00:1::15");
    private static final byte[] PEER_VM = Wire6.address("fd00:3::7");
    private static final byte[] PEERED = Wire6.address("fd00:1:0:1::3");
    private static final int FLOWS = 200;

    private final TestGateway gateway = Net6.on(new TestGateway());

    @AfterEach
    void close() {
        gateway.close();
    }

    private Fib6Row via(int tenant, String prefix, int length, byte[]... nextHops) {
        Ipv6Address first = Net6.model(nextHops[0]);
        Ipv6Address none = Ipv6Address.UNSPECIFIED;
        return new Fib6Row(tenant, Ipv6Address.parse(prefix), length, FibEntry.VIA_CA, first, 0, 0, none, 1)
                .withHops(List.of(nextHops).stream().map(Net6::model).toList());
    }

    private void put(Fib6Row row) {
        gateway.tables.tenantFib6.put(row);
        gateway.tables.epochs.bump(row.rdid());
    }

    private void peer(int tenant, String prefix, int length, int peer) {
        Ipv6Address none = Ipv6Address.UNSPECIFIED;
        put(new Fib6Row(
                tenant, Ipv6Address.parse(prefix), length, FibEntry.PEER, none, 0, 0, none, 0, peer, 0, List.of()));
    }

    /** MAC of the VM that each flow goes to, by source port. */
    private Map<Integer, Long> nextHops() {
        Map<Integer, Long> hops = new HashMap<>();
        for (int port = 1000; port < 1000 + FLOWS; port++) {
            byte[] frame = gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, BEHIND, port, 53)))
                    .onlyPa();
            int outer = Wire.u16(frame, 12) == Wire6.TYPE ? 48 : 28;
            hops.put(port, Wire.mac(frame, 14 + outer));
        }
        return hops;
    }

    @Test
    @Requirement({"RFC 2991 2", "RFC 2992 2"})
    void flowsSpreadOverEqualRoutesAndOnlyThoseOfALostNextHopMove() {
        byte[] third = Wire6.address("fd00:1::20");
        Net6.record(gateway, 1, VM5, Net.VM_VSID[1], Net.VM2_MAC + 1, Net.HOST_A, 0);
        Net6.record(gateway, 1, third, Net.VM_VSID[1], Net.VM2_MAC + 2, Net.HOST_B, 0);
        put(via(1, "fd00:20::", 32, Net6.VM2, VM5, third));
        Map<Integer, Long> before = nextHops();
        Map<Long, Integer> shares = new TreeMap<>();
        before.values().forEach(mac -> shares.merge(mac, 1, Integer::sum));
        assertThat(shares).hasSize(3).allSatisfy((_, share) -> assertThat(share).isBetween(FLOWS / 5, FLOWS / 2));
        assertThat(nextHops()).as("a flow keeps its next hop").isEqualTo(before);
        gateway.tables.records6.remove(1, Net6.model(VM5));
        gateway.tables.epochs.bump(1);
        nextHops().forEach((port, mac) -> {
            assertThat(mac).isNotEqualTo(Net.VM2_MAC + 1);
            long was = before.getOrDefault(port, 0L);
            if (was != Net.VM2_MAC + 1) {
                assertThat(mac).isEqualTo(was);
            }
        });
    }

    /** Each of several next hops may be the one a packet comes back by. */
    @Test
    @Requirement({"RFC 3704 2.3", "RFC 2827 3"})
    void aSourceBehindEqualRoutesMayComeByEach() {
        put(via(1, "fd00:20::", 32, Net6.VM1, Net6.VM2));
        byte[] ip = Wire6.udpPacket(BEHIND, Net6.VM1, 4000, 53);
        gateway.intoPa(Net6.fromVm1(1, ip)).onlyPa();
        gateway.intoPa(Net6.fromVm2(1, ip)).onlyPa();
        gateway.intoPa(Net.nvgre(Net.HOST_C, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, Wire6.TYPE, ip));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.SPOOFED_SOURCE, 1L));
    }

    @Test
    @Requirement({"RFC 2991 2", "RFC 2992 2"})
    void flowsSpreadOverEqualRoutersOutside() {
        Ipv6Address second = Ipv6Address.parse("2001:db8:ee::3");
        FixedNeighbors.add(gateway.neighbors, Net.EXT_PORT, second, Net.ROUTER_MAC + 1);
        gateway.tables.externalFib6.put(new Fib6Row(
                        0,
                        Ipv6Address.parse("2000::"),
                        3,
                        FibEntry.VIA_ROUTER,
                        Net6.model(Net6.ROUTER),
                        0,
                        0,
                        Net6.model(Net6.EXTERNAL),
                        1)
                .withHops(List.of(Net6.model(Net6.ROUTER), second)));
        gateway.tables.epochs.bumpExternal();
        Map<Long, Integer> shares = new TreeMap<>();
        for (int port = 4000; port < 4060; port++) {
            byte[] frame = gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, Net6.FAR, port, 53)))
                    .onlyExt();
            shares.merge(Wire.mac(frame, 0), 1, Integer::sum);
        }
        assertThat(shares).containsOnlyKeys(Net.ROUTER_MAC, Net.ROUTER_MAC + 1);
        assertThat(shares.values()).allMatch(share -> share >= 12);
    }

    @Test
    @Requirement("RFC 4443 3.1")
    void aBlackholeRouteRejectsAndALongerRouteOpensAPartOfIt() {
        Net6.route(gateway, 1, "2600::", 16, FibEntry.PROHIBITED, Ipv6Address.UNSPECIFIED);
        byte[] packet = Wire6.udpPacket(Net6.VM1, Net6.FAR, 1, 2);
        byte[] error = Net6.inHostA(gateway.intoPa(Net6.fromVm1(1, packet)).onlyPa(), Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire6.source(error)).isEqualTo(Net6.GATEWAY_CA);
        assertThat(Wire.u16(error, 40)).as("reject route").isEqualTo(1 << 8 | 6);
        assertThat(Wire.slice(error, 48)).isEqualTo(packet);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.BLACKHOLE_ROUTE, 1L));
        gateway.intoPa(Net6.fromVm1(2, packet)).onlyExt();
        Net6.route(gateway, 1, "2600::", 64, FibEntry.GATEWAY, Net6.model(Net6.GATEWAY_CA));
        gateway.intoPa(Net6.fromVm1(1, packet)).onlyExt();
    }

    /** Tenant 2 gets a subnet that tenant 1 does not have, and tenant 1 one that tenant 2 does not have. */
    private void peered() {
        int hostB = gateway.tables.providerAddresses6.handle(Net6.model(Net6.HOST_B));
        Net6.record(gateway, 1, PEERED, Net.VM_VSID[1], Net.VM1_MAC, Net.HOST_A, 0);
        Net6.record(gateway, 2, PEER_VM, Net.VM_VSID[2], Net.VM2_MAC, hostB, 0);
        Net6.route(gateway, 2, "fd00:3::", 64, FibEntry.ON_LINK, Ipv6Address.UNSPECIFIED);
    }

    @Test
    @Requirement("nat-behaviour 47")
    void peeredTenantsReachEachOtherWhenBothHaveARoute() {
        peered();
        peer(1, "fd00:3::", 64, 2);
        byte[] ip = Wire6.udpPacket(PEERED, PEER_VM, 4000, 53);
        byte[] refused = Net6.inHostA(gateway.intoPa(Net6.fromVm1(1, ip)).onlyPa(), Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire.u16(refused, 40)).as("no route back").isEqualTo(0x100);
        peer(2, "fd00:1:0:1::", 64, 1);
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, ip)).onlyPa();
        assertThat(Net6.inHostB(frame, Net.VM_VSID[2], Net.VM2_MAC)).isEqualTo(Links6.routed(ip));
        byte[] answer = Wire6.udpPacket(PEER_VM, PEERED, 53, 4000);
        frame = gateway.intoPa(Net6.fromVm2(2, answer)).onlyPa();
        assertThat(Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC)).isEqualTo(Links6.routed(answer));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NO_ROUTE, 1L));
    }

    /** Errors about packets to a peer go to the sender in its own tenant. */
    @Test
    @Requirement({"RFC 4443 3.2", "RFC 4443 3.3"})
    void errorsAboutPacketsToAPeerReachTheirSender() {
        peered();
        peer(1, "fd00:3::", 64, 2);
        peer(2, "fd00:1:0:1::", 64, 1);
        byte[] expired = Wire6.udpPacket(PEERED, PEER_VM, 4000, 53);
        expired[7] = 1;
        byte[] error = Net6.inHostA(gateway.intoPa(Net6.fromVm1(1, expired)).onlyPa(), Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire.u16(error, 40)).isEqualTo(0x300);
        byte[] big = Wire6.ipv6(PEERED, PEER_VM, 59, new byte[1410]);
        error = Net6.inHostA(gateway.intoPa(Net6.fromVm1(1, big)).onlyPa(), Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire.u16(error, 40)).isEqualTo(0x200);
        assertThat(Wire.i32(error, 44)).isEqualTo(1438);
        assertThat(Wire6.destination(error)).isEqualTo(PEERED);
    }

    /** Peerings are not transitive and do not lend the peer's way out, nor its gateway's addresses; so they cannot loop. */
    @Test
    @Requirement({"nat-behaviour 47", "nat-behaviour 87"})
    void aPeeringEndsAtThePeer() {
        peered();
        peer(1, "fd00:50::", 32, 2);
        peer(2, "fd00:50::", 32, 1);
        peer(2, "fd00:1:0:1::", 64, 1);
        gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(PEERED, Wire6.address("fd00:50::1"), 1, 2)));
        peer(1, "2600::", 16, 2);
        gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(PEERED, Net6.FAR, 1, 2)));
        gateway.tables.records6.remove(1, Net6.model(Net6.GATEWAY_CA));
        peer(1, "fd00:fe::", 64, 2);
        gateway.intoPa(Net6.fromVm1(1, Wire6.ping(PEERED, Net6.GATEWAY_CA, 1)));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NO_ROUTE, 3L));
    }
}
