package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.neighbor.FixedNeighbors;
import net.nvgate.gateway.neighbor.NeighborAgent;
import net.nvgate.gateway.neighbor.NeighborEntry;
import net.nvgate.gateway.neighbor.NeighborTimers;
import net.nvgate.gateway.neighbor.TableLinkAddresses;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.TenantLinks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tenant interfaces. Tenants 1 and 2 have the same addresses everywhere: VLAN 101 and 102 of the external port with 172.16.0.0/24 and
 * a router to 10.0.0.0/8 there, VLAN 201 and 202 of the PA port with 192.168.9.0/24.
 */
@ExtendWith(EalExtension.class)
class TenantLinkTest {

    private static final int FRONT = Wire.address("172.16.0.1");
    private static final int FRONT_ROUTER = Wire.address("172.16.0.2");
    private static final int FRONT_HOST = Wire.address("172.16.0.50");
    private static final int REMOTE = Wire.address("10.1.2.3");
    private static final int BACK = Wire.address("192.168.9.1");
    private static final int BACK_VM = Wire.address("192.168.9.5");

    private TestGateway gateway;

    @BeforeEach
    void open() {
        gateway = new TestGateway();
        for (int tenant = 1; tenant <= 2; tenant++) {
            front(tenant, TenantLinks.URPF_STRICT);
            back(tenant);
            // Everything outside is routed to the gateway, as by a tenant's default route.
            gateway.route(tenant, "0.0.0.0", 0, FibEntry.GATEWAY, Net.GATEWAY_VSID[tenant]);
        }
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private static int frontVlan(int tenant) {
        return 100 + tenant;
    }

    private static int backVlan(int tenant) {
        return 200 + tenant;
    }

    private static long mac(int tenant, int address) {
        return 0x020000000000L | (long) tenant << 32 | (address & 0xffffffL);
    }

    private void front(int tenant, int urpf) {
        int link = TenantLinks.frontEnd(frontVlan(tenant));
        gateway.tables.tenantLinks.put(new TenantLinks.Row(link, tenant, urpf, FRONT, 0, -1));
        gateway.tables.tenantLinks.putAddress(new TenantLinks.Address(link, FRONT, 24));
        linkRoute(tenant, "172.16.0.0", 24, FibEntry.ON_LINK, 0, FRONT, link);
        linkRoute(tenant, "10.0.0.0", 8, FibEntry.VIA_ROUTER, FRONT_ROUTER, FRONT, link);
        int port = NeighborEntry.portOf(Net.EXT_PORT, frontVlan(tenant));
        FixedNeighbors.add(gateway.neighbors, port, FRONT_ROUTER, mac(tenant, FRONT_ROUTER));
        FixedNeighbors.add(gateway.neighbors, port, FRONT_HOST, mac(tenant, FRONT_HOST));
    }

    private void back(int tenant) {
        int link = TenantLinks.backEnd(backVlan(tenant));
        gateway.tables.tenantLinks.put(new TenantLinks.Row(link, tenant, TenantLinks.URPF_STRICT, BACK, 0, -1));
        gateway.tables.tenantLinks.putAddress(new TenantLinks.Address(link, BACK, 24));
        linkRoute(tenant, "192.168.9.0", 24, FibEntry.ON_LINK, 0, BACK, link);
        int port = NeighborEntry.portOf(Net.PA_PORT, backVlan(tenant));
        FixedNeighbors.add(gateway.neighbors, port, BACK_VM, mac(tenant, BACK_VM));
    }

    private void linkRoute(int tenant, String prefix, int length, int kind, int nextHop, int source, int link) {
        int vlan = TenantLinks.vlan(link);
        gateway.tables.tenantLinkFib.put(
                new FibRow(tenant, Wire.address(prefix), length, kind, nextHop, 0, vlan, source, 0, link, List.of()));
        gateway.tables.epochs.bump(tenant);
    }

    private static byte[] fromFront(int tenant, byte[] ip) {
        return Wire.tagged(Net.EXT_MAC, mac(tenant, FRONT_ROUTER), frontVlan(tenant), 0x800, ip);
    }

    private static byte[] fromBack(int tenant, byte[] ip) {
        return Wire.tagged(Net.PA_MAC, mac(tenant, BACK_VM), backVlan(tenant), 0x800, ip);
    }

    /** The IPv4 packet of a tagged frame to a station. */
    private static byte[] untagged(byte[] frame, long from, long to, int vlan) {
        assertThat(Wire.mac(frame, 0)).isEqualTo(to);
        assertThat(Wire.mac(frame, 6)).isEqualTo(from);
        assertThat(Wire.i32(frame, 12)).isEqualTo(0x81000000 | vlan);
        assertThat(Wire.u16(frame, 16)).isEqualTo(0x800);
        byte[] ip = Wire.slice(frame, 18);
        Wire.requireRight(ip);
        return ip;
    }

    private static byte[] routed(byte[] ip) {
        byte[] copy = ip.clone();
        copy[8]--;
        return Wire.fixIp(copy);
    }

    private static byte[] toVm(byte[] frame, int tenant) {
        return Wire.slice(TestGateway.inner(frame, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[tenant]), 14);
    }

    @Test
    @Requirement({"nat-behaviour 9", "nat-behaviour 13", "nat-behaviour 47", "nat-behaviour 55", "nat-behaviour 59"})
    void sameAddressesAndPortsOfTwoTenantsAreRoutedUntranslatedEachToItsOwnNetwork() {
        for (int tenant = 1; tenant <= 2; tenant++) {
            byte[] out = Net.udp(Net.VM1, REMOTE, 4000, 53);
            byte[] frame = gateway.intoPa(Net.fromVm1(tenant, out)).onlyExt();
            assertThat(untagged(frame, Net.EXT_MAC, mac(tenant, FRONT_ROUTER), frontVlan(tenant)))
                    .isEqualTo(routed(out));
            byte[] back = Net.udp(REMOTE, Net.VM1, 53, 4000);
            byte[] tunnelled = gateway.intoExt(fromFront(tenant, back)).onlyPa();
            assertThat(toVm(tunnelled, tenant)).isEqualTo(routed(back));
        }
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isZero();
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    @Requirement({"nat-behaviour 56", "nat-behaviour 59"})
    void whatNobodyAskedForIsRoutedInAndItsAnswerIsNotTranslated() {
        byte[] syn = Net.tcp(REMOTE, Net.VM1, 999, 80, 2);
        assertThat(toVm(gateway.intoExt(fromFront(1, syn)).onlyPa(), 1)).isEqualTo(routed(syn));
        byte[] answer = Net.tcp(Net.VM1, REMOTE, 80, 999, 18);
        byte[] frame = gateway.intoPa(Net.fromVm1(1, answer)).onlyExt();
        assertThat(untagged(frame, Net.EXT_MAC, mac(1, FRONT_ROUTER), frontVlan(1)))
                .isEqualTo(routed(answer));
    }

    @Test
    @Requirement({"nat-behaviour 60", "nat-behaviour 68"})
    void icmpErrorsAndFragmentsOfRoutedFlowsPassAsTheyAre() {
        byte[] error = Wire.ipv4(REMOTE, Net.VM1, Wire.ICMP, Wire.icmp(3, 3, 0, Net.udp(Net.VM1, REMOTE, 4000, 53)));
        assertThat(toVm(gateway.intoExt(fromFront(1, error)).onlyPa(), 1)).isEqualTo(routed(error));
        byte[] later = Wire.ipv4(REMOTE, Net.VM1, Wire.UDP, 64, 9, 100, 0, new byte[64]);
        assertThat(toVm(gateway.intoExt(fromFront(1, later)).onlyPa(), 1)).isEqualTo(routed(later));
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    @Requirement({"nat-behaviour 10", "nat-behaviour 55"})
    void natAndDirectRoutingLiveSideBySide() {
        byte[] direct = gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, REMOTE, 4000, 53)))
                .onlyExt();
        assertThat(Wire.i32(untagged(direct, Net.EXT_MAC, mac(1, FRONT_ROUTER), frontVlan(1)), 12))
                .isEqualTo(Net.VM1);
        byte[] translated = TestGateway.ip(gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)))
                .onlyExt());
        assertThat(Wire.i32(translated, 12)).isEqualTo(Net.NAT[1]);
    }

    /** A session that was made before the interface had the route is not the way of its packets any more. */
    @Test
    @Requirement("nat-behaviour 55")
    void aNewRouteOverTheInterfaceTakesFlowsFromTheNat() {
        byte[] out = Net.udp(Net.VM1, Net.FAR, 4000, 53);
        assertThat(Wire.i32(TestGateway.ip(gateway.intoPa(Net.fromVm1(1, out)).onlyExt()), 12))
                .isEqualTo(Net.NAT[1]);
        int link = TenantLinks.frontEnd(frontVlan(1));
        linkRoute(1, "198.51.100.0", 24, FibEntry.VIA_ROUTER, FRONT_ROUTER, FRONT, link);
        byte[] frame = gateway.intoPa(Net.fromVm1(1, out)).onlyExt();
        assertThat(untagged(frame, Net.EXT_MAC, mac(1, FRONT_ROUTER), frontVlan(1)))
                .isEqualTo(routed(out));
    }

    @Test
    @Requirement("RFC 826 reception")
    void arpIsAnsweredForOurAddressesOnTheTenantsVlanAlone() {
        byte[] arp = Wire.arp(1, 9, FRONT_HOST, 0, FRONT);
        assertThat(gateway.intoExt(Wire.tagged(0xffffffffffffL, 9, frontVlan(1), 0x806, arp))
                        .onlyExt())
                .isEqualTo(Wire.tagged(
                        9, Net.EXT_MAC, frontVlan(1), 0x806, Wire.arp(2, Net.EXT_MAC, FRONT, 9, FRONT_HOST)));
        byte[] inBack = Wire.arp(1, 9, BACK_VM, 0, BACK);
        assertThat(gateway.intoPa(Wire.tagged(0xffffffffffffL, 9, backVlan(2), 0x806, inBack))
                        .onlyPa())
                .isEqualTo(Wire.tagged(9, Net.PA_MAC, backVlan(2), 0x806, Wire.arp(2, Net.PA_MAC, BACK, 9, BACK_VM)));
        for (byte[] elsewhere : List.of(
                Wire.ethernet(0xffffffffffffL, 9, 0x806, arp),
                Wire.tagged(0xffffffffffffL, 9, 103, 0x806, arp),
                Wire.tagged(0xffffffffffffL, 9, frontVlan(1), 0x806, Wire.arp(1, 9, FRONT_HOST, 0, Net.EXTERNAL)),
                Wire.tagged(0xffffffffffffL, 9, frontVlan(1), 0x806, Wire.arp(1, 9, FRONT_HOST, 0, Net.NAT[1])))) {
            assertThat(gateway.intoExt(elsewhere).isEmpty()).isTrue();
        }
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.ARP_NOT_FOR_US, 4L));
    }

    @Test
    @Requirement({"RFC 1812 4.3.3.6", "RFC 1122 3.2.2.6"})
    void ourAddressesOnTheInterfacesArePinged() {
        byte[] reply =
                gateway.intoExt(fromFront(1, Net.ping(FRONT_HOST, FRONT, 7))).onlyExt();
        assertThat(untagged(reply, Net.EXT_MAC, mac(1, FRONT_HOST), frontVlan(1)))
                .isEqualTo(Net.pong(FRONT, FRONT_HOST, 7));
        byte[] inBack = gateway.intoPa(fromBack(2, Net.ping(BACK_VM, BACK, 7))).onlyPa();
        assertThat(untagged(inBack, Net.PA_MAC, mac(2, BACK_VM), backVlan(2))).isEqualTo(Net.pong(BACK, BACK_VM, 7));
        byte[] fromVm =
                gateway.intoPa(Net.fromVm1(1, Net.ping(Net.VM1, FRONT, 7))).onlyPa();
        assertThat(toVm(fromVm, 1)).isEqualTo(Net.pong(FRONT, Net.VM1, 7));
    }

    @Test
    @Requirement({"RFC 3704 2.2", "RFC 1812 5.3.8"})
    void strictReversePathLetsInWhatTheRouteOutOfTheInterfaceCovers() {
        assertThat(gateway.intoExt(fromFront(1, Net.udp(FRONT_HOST, Net.VM1, 1, 2)))
                        .pa())
                .hasSize(1);
        for (int source : new int[] {Net.VM2, Wire.address("203.0.113.9"), BACK_VM, Wire.address("192.168.77.1")}) {
            assertThat(gateway.intoExt(fromFront(1, Net.udp(source, Net.VM1, 1, 2)))
                            .isEmpty())
                    .isTrue();
        }
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.URPF, 4L));
    }

    @Test
    @Requirement("RFC 3704 2.4")
    void looseReversePathLetsInWhatHasSomeRoute() {
        front(1, TenantLinks.URPF_LOOSE);
        for (int source : new int[] {FRONT_HOST, BACK_VM, Net.VM2}) {
            assertThat(gateway.intoExt(fromFront(1, Net.udp(source, Net.VM1, 1, 2)))
                            .pa())
                    .hasSize(1);
        }
        gateway.intoExt(fromFront(1, Net.udp(Wire.address("203.0.113.9"), Net.VM1, 1, 2)));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.URPF, 1L));
        front(1, TenantLinks.URPF_OFF);
        assertThat(gateway.intoExt(fromFront(1, Net.udp(Wire.address("203.0.113.9"), Net.VM1, 1, 2)))
                        .pa())
                .hasSize(1);
    }

    @Test
    @Requirement({"RFC 1812 5.3.1", "RFC 1812 4.3.2.4", "RFC 1812 4.3.3.1", "RFC 1191 4", "nat-behaviour 63"})
    void icmpErrorsComeFromTheInterfacesAddress() {
        byte[] expired = Wire.ipv4(FRONT_HOST, Net.VM1, Wire.UDP, 1, 0, 0, 0, new byte[20]);
        byte[] exceeded = untagged(
                gateway.intoExt(fromFront(1, expired)).onlyExt(), Net.EXT_MAC, mac(1, FRONT_HOST), frontVlan(1));
        assertThat(Wire.i32(exceeded, 12)).isEqualTo(FRONT);
        assertThat(Wire.u16(exceeded, 20)).isEqualTo(11 << 8);
        byte[] big = Wire.ipv4(FRONT_HOST, Net.VM1, Wire.UDP, 64, 0, 0x4000, 0, new byte[1439]);
        byte[] tooBig =
                untagged(gateway.intoExt(fromFront(1, big)).onlyExt(), Net.EXT_MAC, mac(1, FRONT_HOST), frontVlan(1));
        assertThat(Wire.i32(tooBig, 12)).isEqualTo(FRONT);
        assertThat(Wire.u16(tooBig, 20)).isEqualTo(0x304);
        assertThat(Wire.u16(tooBig, 26)).isEqualTo(1458);
        byte[] lost = Net.udp(FRONT_HOST, Wire.address("192.168.1.200"), 1, 2);
        byte[] unreachable =
                untagged(gateway.intoExt(fromFront(1, lost)).onlyExt(), Net.EXT_MAC, mac(1, FRONT_HOST), frontVlan(1));
        assertThat(Wire.u16(unreachable, 20)).isEqualTo(0x301);
    }

    /** Whoever is outside of a tenant's network does not use its NAT. */
    @Test
    @Requirement("RFC 1812 4.3.3.1")
    void fromTheFrontEndNothingGoesOutByTheNat() {
        byte[] answer = gateway.intoExt(fromFront(1, Net.udp(FRONT_HOST, Net.SERVER, 1, 2)))
                .onlyExt();
        assertThat(Wire.u16(untagged(answer, Net.EXT_MAC, mac(1, FRONT_HOST), frontVlan(1)), 20))
                .isEqualTo(0x300);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NO_ROUTE, 1L));
    }

    @Test
    @Requirement({"nat-behaviour 8", "nat-behaviour 9", "nat-behaviour 86"})
    void vmsOfAVlanSubnetReachVmsTheNatAndTheFrontEnd() {
        for (int tenant = 1; tenant <= 2; tenant++) {
            byte[] toVm = Net.udp(BACK_VM, Net.VM1, 4000, 53);
            assertThat(toVm(gateway.intoPa(fromBack(tenant, toVm)).onlyPa(), tenant))
                    .isEqualTo(routed(toVm));
            byte[] answer = Net.udp(Net.VM1, BACK_VM, 53, 4000);
            byte[] frame = gateway.intoPa(Net.fromVm1(tenant, answer)).onlyPa();
            assertThat(untagged(frame, Net.PA_MAC, mac(tenant, BACK_VM), backVlan(tenant)))
                    .isEqualTo(routed(answer));
            byte[] toRemote = Net.udp(BACK_VM, REMOTE, 4000, 53);
            byte[] direct = gateway.intoPa(fromBack(tenant, toRemote)).onlyExt();
            assertThat(untagged(direct, Net.EXT_MAC, mac(tenant, FRONT_ROUTER), frontVlan(tenant)))
                    .isEqualTo(routed(toRemote));
            byte[] out = TestGateway.ip(gateway.intoPa(fromBack(tenant, Net.udp(BACK_VM, Net.SERVER, 4000, 53)))
                    .onlyExt());
            assertThat(Wire.i32(out, 12)).isEqualTo(Net.NAT[tenant]);
            byte[] back = Net.udp(Net.SERVER, Net.NAT[tenant], 53, Wire.u16(out, 20));
            byte[] delivered = untagged(
                    gateway.intoExt(Net.fromOutside(back)).onlyPa(),
                    Net.PA_MAC,
                    mac(tenant, BACK_VM),
                    backVlan(tenant));
            assertThat(delivered).isEqualTo(routed(Net.udp(Net.SERVER, BACK_VM, 53, 4000)));
        }
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    @Requirement("nat-behaviour 37")
    void aNatRuleLeadsToAVmOfAVlanSubnet() {
        gateway.rule(1, Wire.TCP, 8080, BACK_VM, 80);
        byte[] in = gateway.intoExt(Net.fromOutside(Net.tcp(Net.SERVER, Net.NAT[1], 999, 8080, 2)))
                .onlyPa();
        assertThat(untagged(in, Net.PA_MAC, mac(1, BACK_VM), backVlan(1)))
                .isEqualTo(routed(Net.tcp(Net.SERVER, BACK_VM, 999, 80, 2)));
        byte[] out = TestGateway.ip(gateway.intoPa(fromBack(1, Net.tcp(BACK_VM, Net.SERVER, 80, 999, 18)))
                .onlyExt());
        assertThat(out).isEqualTo(routed(Net.tcp(Net.NAT[1], Net.SERVER, 8080, 999, 18)));
    }

    @Test
    @Requirement({"RFC 3704 2.2", "RFC 2827 3"})
    void aVlanSubnetSpeaksForItsOwnAddressesAlone() {
        gateway.intoPa(fromBack(1, Net.udp(Net.VM1, Net.VM2, 1, 2)));
        gateway.intoPa(fromBack(1, Net.udp(REMOTE, Net.VM2, 1, 2)));
        gateway.intoPa(fromBack(1, Net.udp(Wire.address("192.168.8.1"), Net.SERVER, 1, 2)));
        // A VM in NVGRE does not speak for the VLAN, known session or not.
        gateway.intoPa(fromBack(1, Net.udp(BACK_VM, Net.SERVER, 4000, 53)));
        gateway.intoPa(Net.fromVm1(1, Net.udp(BACK_VM, Net.SERVER, 4000, 53)));
        gateway.intoPa(Net.fromVm1(1, Net.udp(BACK_VM, Net.SERVER, 4001, 53)));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.SPOOFED_SOURCE, 5L));
    }

    @Test
    @Requirement({"RFC 826 reception", "nat-behaviour 81", "nat-behaviour 96"})
    void anUnknownNeighbourIsAskedForOnItsVlanAndThePacketFollows() {
        NeighborAgent agent = new NeighborAgent(
                gateway.neighbors,
                List.of(gateway.channel),
                new TableLinkAddresses(gateway.tables, Net.PA_PORT, Net.EXT_PORT),
                NeighborTimers.DEFAULT,
                new Random(1),
                gateway.tables.epochs::bumpExternal);
        int silent = Wire.address("172.16.0.77");
        byte[] ip = Net.udp(Net.VM1, silent, 1, 2);
        assertThat(gateway.intoPa(Net.fromVm1(2, ip)).isEmpty()).isTrue();
        agent.doWork(0);
        byte[] question = Wire.arp(1, Net.EXT_MAC, FRONT, 0, silent);
        assertThat(gateway.turnAfter(1).onlyExt())
                .isEqualTo(Wire.tagged(0xffffffffffffL, Net.EXT_MAC, frontVlan(2), 0x806, question));
        long mac = 0x020000000077L;
        gateway.intoExt(
                Wire.tagged(Net.EXT_MAC, mac, frontVlan(2), 0x806, Wire.arp(2, mac, silent, Net.EXT_MAC, FRONT)));
        agent.doWork(1);
        byte[] frame = gateway.turnAfter(1).onlyExt();
        assertThat(untagged(frame, Net.EXT_MAC, mac, frontVlan(2))).isEqualTo(routed(ip));
        // The other tenant's host of this address is another one.
        assertThat(gateway.intoPa(Net.fromVm1(1, ip)).isEmpty()).isTrue();
        gateway.turnAfter(2000);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NEIGHBOR_UNRESOLVED, 1L));
    }

    @Test
    @Requirement({"RFC 2991 2", "RFC 2992 2"})
    void flowsTakeTheRouterThatAnswersAndShareWhenTheOtherComes() {
        int second = Wire.address("172.16.0.3");
        int link = TenantLinks.frontEnd(frontVlan(1));
        gateway.tables.tenantLinkFib.put(new FibRow(
                1,
                Wire.address("10.0.0.0"),
                8,
                FibEntry.VIA_ROUTER,
                FRONT_ROUTER,
                0,
                frontVlan(1),
                FRONT,
                0,
                link,
                List.of(FRONT_ROUTER, second)));
        assertThat(routers()).containsOnlyKeys(mac(1, FRONT_ROUTER));
        FixedNeighbors.add(gateway.neighbors, NeighborEntry.portOf(Net.EXT_PORT, frontVlan(1)), second, mac(1, second));
        Map<Long, Integer> shares = routers();
        assertThat(shares).containsOnlyKeys(mac(1, FRONT_ROUTER), mac(1, second));
        assertThat(shares.values()).allMatch(share -> share > 10);
        // What comes back may come by each of them.
        byte[] back = Net.udp(REMOTE, Net.VM1, 53, 4000);
        byte[] bySecond = Wire.tagged(Net.EXT_MAC, mac(1, second), frontVlan(1), 0x800, back);
        assertThat(gateway.intoExt(bySecond).pa()).hasSize(1);
    }

    /** Packets by router's MAC. */
    private Map<Long, Integer> routers() {
        Map<Long, Integer> shares = new TreeMap<>();
        for (int port = 4000; port < 4060; port++) {
            byte[] frame = gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, REMOTE, port, 53)))
                    .onlyExt();
            shares.merge(Wire.mac(frame, 0), 1, Integer::sum);
        }
        return shares;
    }

    @Test
    @Requirement("RFC 1812 5.2.2")
    void changedAndCutFramesOfTenantsVlansDoNoHarm() {
        Random random = new Random(11);
        byte[][] seeds = {
            fromFront(1, Net.udp(FRONT_HOST, Net.VM1, 1, 2)),
            Wire.tagged(Net.EXT_MAC, 9, frontVlan(1), 0x806, Wire.arp(1, 9, FRONT_HOST, 0, FRONT)),
            fromBack(1, Net.tcp(BACK_VM, Net.SERVER, 4000, 80, 2)),
            fromBack(2, Wire.ipv4(BACK_VM, Net.SERVER, Wire.UDP, 64, 9, 100, 0, new byte[64]))
        };
        for (int round = 0; round < 4000; round++) {
            byte[] frame = seeds[round & 3].clone();
            for (int i = random.nextInt(3); i > 0; i--) {
                frame[18 + random.nextInt(frame.length - 18)] = (byte) random.nextInt();
            }
            byte[] cut = Wire.slice(frame, 0, random.nextInt(4) == 0 ? random.nextInt(frame.length) : frame.length);
            if ((round & 3) < 2) {
                gateway.intoExt(cut);
            } else {
                gateway.intoPa(cut);
            }
        }
        assertThat(gateway.drops()).containsKeys(DropReason.IPV4_CHECKSUM, DropReason.MALFORMED_ARP);
        gateway.turnAfter(20_000);
        gateway.turnAfter(20_000);
    }

    /** MSS 1460 fits a VLAN of 1500: NVGRE is not in its way. What is larger is lowered to it. */
    @Test
    @Requirement("nat-behaviour 70")
    void segmentsOfAVlanBasedVmAreClampedToItsVlan() {
        assertThat(mssOfBackEnd(1460)).isEqualTo(1460);
        assertThat(mssOfBackEnd(1461)).isEqualTo(1460);
    }

    /** And in the other direction, by a NAT rule. */
    @Test
    @Requirement("nat-behaviour 70")
    void segmentsToAVlanBasedVmAreClampedToItsVlan() {
        gateway.rule(1, Wire.TCP, 8080, BACK_VM, 80);
        byte[] syn = synWithMss(Net.FAR, Net.NAT[1], 8080, 1460);
        byte[] frame = gateway.intoExt(Net.fromOutside(syn)).onlyPa();
        byte[] ip = untagged(frame, Net.PA_MAC, mac(1, BACK_VM), backVlan(1));
        assertThat(Wire.u16(ip, 42)).isEqualTo(1460);
    }

    private int mssOfBackEnd(int mss) {
        byte[] frame = gateway.intoPa(fromBack(1, synWithMss(BACK_VM, Net.SERVER, 80, mss)))
                .onlyExt();
        return Wire.u16(TestGateway.ip(frame), 42);
    }

    private static byte[] synWithMss(int source, int destination, int port, int mss) {
        byte[] tcp = Arrays.copyOf(Wire.tcp(source, destination, 4000, port, 2, new byte[0]), 24);
        tcp[12] = 0x60;
        tcp[20] = 2;
        tcp[21] = 4;
        tcp[22] = (byte) (mss >>> 8);
        tcp[23] = (byte) mss;
        tcp[16] = 0;
        tcp[17] = 0;
        int sum = ~Wire.l4Sum(source, destination, Wire.TCP, tcp);
        tcp[16] = (byte) (sum >>> 8);
        tcp[17] = (byte) sum;
        return Wire.ipv4(source, destination, Wire.TCP, tcp);
    }

    /** Each interface has counters of its own, like a virtual subnet. */
    @Test
    void interfacesCountWhatComesAndGoesAndIsDropped() {
        int front = TenantLinks.frontEnd(frontVlan(1));
        int back = TenantLinks.backEnd(backVlan(1));
        gateway.tables.tenantLinks.put(new TenantLinks.Row(front, 1, TenantLinks.URPF_STRICT, FRONT, 0, 20));
        gateway.tables.tenantLinks.put(new TenantLinks.Row(back, 1, TenantLinks.URPF_STRICT, BACK, 0, 21));
        gateway.tables.epochs.bump(1);
        byte[] packet = Net.udp(BACK_VM, REMOTE, 4000, 53);
        gateway.intoPa(fromBack(1, packet));
        gateway.intoPa(fromBack(1, packet));
        gateway.intoExt(fromFront(1, Net.udp(REMOTE, BACK_VM, 53, 4000)));
        gateway.intoExt(fromFront(1, Net.udp(Net.SERVER, BACK_VM, 53, 4000)));
        assertThat(counts(20)).containsExactly(2L, 2L * packet.length, 2L, 2L * packet.length);
        assertThat(counts(21)).containsExactly(2L, 2L * packet.length, 1L, (long) packet.length);
        assertThat(gateway.worker.counters().vsidDrops(20, DropReason.URPF)).isOne();
        assertThat(gateway.worker.counters().vsidDrops(21, DropReason.URPF)).isZero();
    }

    private List<Long> counts(int index) {
        return List.of(
                gateway.worker.counters().vsid(index, VsidCounter.RX_PACKETS),
                gateway.worker.counters().vsid(index, VsidCounter.RX_BYTES),
                gateway.worker.counters().vsid(index, VsidCounter.TX_PACKETS),
                gateway.worker.counters().vsid(index, VsidCounter.TX_BYTES));
    }
}
