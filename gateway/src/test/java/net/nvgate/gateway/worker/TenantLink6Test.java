package net.nvgate.gateway.worker;

import static net.nvgate.gateway.worker.Links6.BACK;
import static net.nvgate.gateway.worker.Links6.BACK_VM;
import static net.nvgate.gateway.worker.Links6.FRONT;
import static net.nvgate.gateway.worker.Links6.FRONT_HOST;
import static net.nvgate.gateway.worker.Links6.FRONT_ROUTER;
import static net.nvgate.gateway.worker.Links6.REMOTE;
import static net.nvgate.gateway.worker.Links6.atBack;
import static net.nvgate.gateway.worker.Links6.atFront;
import static net.nvgate.gateway.worker.Links6.fromBack;
import static net.nvgate.gateway.worker.Links6.fromFront;
import static net.nvgate.gateway.worker.Links6.mac;
import static net.nvgate.gateway.worker.Links6.routed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.neighbor.FixedNeighbors;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.TenantLinks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** IPv6 on tenant interfaces: two tenants with the same addresses, see {@link Links6}. */
@ExtendWith(EalExtension.class)
class TenantLink6Test {

    private final TestGateway gateway = Links6.on(Net6.on(new TestGateway()));

    @AfterEach
    void close() {
        gateway.close();
    }

    private static byte[] toVm(byte[] frame, int tenant) {
        return Net6.inHostA(frame, Net.VM_VSID[tenant], Net.VM1_MAC);
    }

    private static byte[] withHops(byte[] ip, int hopLimit) {
        byte[] copy = ip.clone();
        copy[7] = (byte) hopLimit;
        return copy;
    }

    @Test
    @Requirement({"RFC 8200 3", "nat-behaviour 55", "nat-behaviour 59"})
    void sameAddressesOfTwoTenantsAreRoutedUntranslatedEachToItsOwnNetwork() {
        for (int tenant = 1; tenant <= 2; tenant++) {
            byte[] out = Wire6.udpPacket(Net6.VM1, REMOTE, 4000, 53);
            byte[] frame = gateway.intoPa(Net6.fromVm1(tenant, out)).onlyExt();
            assertThat(atFront(frame, tenant, FRONT_ROUTER)).isEqualTo(routed(out));
            byte[] onLink = Wire6.tcpPacket(Net6.VM1, FRONT_HOST, 4000, 80, 2);
            frame = gateway.intoPa(Net6.fromVm1(tenant, onLink)).onlyExt();
            assertThat(atFront(frame, tenant, FRONT_HOST)).isEqualTo(routed(onLink));
            byte[] back = Wire6.udpPacket(REMOTE, Net6.VM1, 53, 4000);
            assertThat(toVm(gateway.intoExt(fromFront(tenant, back)).onlyPa(), tenant))
                    .isEqualTo(routed(back));
        }
        assertThat(gateway.drops()).isEmpty();
    }

    /** A prefix of NPTv6 and a network by a router of the tenant's own are two ways out of one VM. */
    @Test
    @Requirement("nat-behaviour 55")
    void translatedAndDirectRoutingLiveSideBySide() {
        byte[] far = Wire6.udpPacket(Net6.VM1, Net6.SERVER, 4000, 53);
        byte[] translated = Net6.outside(gateway.intoPa(Net6.fromVm1(1, far)).onlyExt(), Net6.SERVER_MAC);
        assertThat(Wire6.source(translated)).isEqualTo(Net6.OUTSIDE_VM1);
        byte[] direct = Wire6.udpPacket(Net6.VM1, REMOTE, 4000, 53);
        assertThat(atFront(gateway.intoPa(Net6.fromVm1(1, direct)).onlyExt(), 1, FRONT_ROUTER))
                .isEqualTo(routed(direct));
    }

    @Test
    @Requirement({"RFC 8200 4", "nat-behaviour 60"})
    void errorsAndFragmentsPassAsTheyAre() {
        byte[] about = Wire6.udpPacket(Net6.VM1, REMOTE, 4000, 53);
        byte[] error = Wire6.icmpPacket(REMOTE, Net6.VM1, 1, 4, 0, about);
        assertThat(toVm(gateway.intoExt(fromFront(1, error)).onlyPa(), 1)).isEqualTo(routed(error));
        byte[] later = Wire6.ipv6(REMOTE, Net6.VM1, 44, Wire6.fragment(17, 800, false, 9, new byte[64]));
        assertThat(toVm(gateway.intoExt(fromFront(1, later)).onlyPa(), 1)).isEqualTo(routed(later));
    }

    @Test
    @Requirement({"nat-behaviour 9", "nat-behaviour 86"})
    void vmsOfAVlanReachVmsTheFrontEndAndTheOutside() {
        for (int tenant = 1; tenant <= 2; tenant++) {
            byte[] toVm = Wire6.udpPacket(BACK_VM, Net6.VM1, 4000, 53);
            assertThat(toVm(gateway.intoPa(fromBack(tenant, toVm)).onlyPa(), tenant))
                    .isEqualTo(routed(toVm));
            byte[] answer = Wire6.udpPacket(Net6.VM1, BACK_VM, 53, 4000);
            assertThat(atBack(gateway.intoPa(Net6.fromVm1(tenant, answer)).onlyPa(), tenant))
                    .isEqualTo(routed(answer));
            byte[] remote = Wire6.udpPacket(BACK_VM, REMOTE, 4000, 53);
            assertThat(atFront(gateway.intoPa(fromBack(tenant, remote)).onlyExt(), tenant, FRONT_ROUTER))
                    .isEqualTo(routed(remote));
            byte[] out = Net6.outside(
                    gateway.intoPa(fromBack(tenant, Wire6.udpPacket(BACK_VM, Net6.SERVER, 4000, 53)))
                            .onlyExt(),
                    Net6.SERVER_MAC);
            byte[] back = Wire6.udpPacket(Net6.SERVER, Wire6.source(out), 53, 4000);
            byte[] delivered = atBack(gateway.intoExt(Net6.fromOutside(back)).onlyPa(), tenant);
            assertThat(delivered).isEqualTo(routed(Wire6.udpPacket(Net6.SERVER, BACK_VM, 53, 4000)));
        }
        assertThat(gateway.drops()).isEmpty();
    }

    @Test
    @Requirement({"RFC 3704 2.2", "RFC 2827 3"})
    void aVlanSpeaksForItsOwnAddressesAlone() {
        for (byte[] source : List.of(Net6.VM1, REMOTE, Wire6.address("fd00:1:0:8::1"))) {
            gateway.intoPa(fromBack(1, Wire6.udpPacket(source, Net6.VM2, 1, 2)));
        }
        gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(BACK_VM, Net6.VM2, 1, 2)));
        gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(FRONT_HOST, Net6.VM2, 1, 2)));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.SPOOFED_SOURCE, 5L));
    }

    @Test
    @Requirement({"RFC 3704 2.2", "RFC 3704 2.4"})
    void reversePathChecksOfTheFrontEnd() {
        List<byte[]> wrong = List.of(Net6.VM2, BACK_VM, Net6.SERVER, Wire6.address("fd00:77::1"));
        assertThat(gateway.intoExt(fromFront(1, Wire6.udpPacket(FRONT_HOST, Net6.VM1, 1, 2)))
                        .pa())
                .hasSize(1);
        for (byte[] source : wrong) {
            assertThat(gateway.intoExt(fromFront(1, Wire6.udpPacket(source, Net6.VM1, 1, 2)))
                            .isEmpty())
                    .isTrue();
        }
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.URPF, 4L));
        Links6.front(gateway, 1, TenantLinks.URPF_LOOSE);
        for (byte[] source : List.of(FRONT_HOST, BACK_VM, Net6.VM2)) {
            assertThat(gateway.intoExt(fromFront(1, Wire6.udpPacket(source, Net6.VM1, 1, 2)))
                            .pa())
                    .hasSize(1);
        }
        gateway.intoExt(fromFront(1, Wire6.udpPacket(wrong.getLast(), Net6.VM1, 1, 2)));
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.URPF, 5L));
        Links6.front(gateway, 1, TenantLinks.URPF_OFF);
        assertThat(gateway.intoExt(fromFront(1, Wire6.udpPacket(wrong.getLast(), Net6.VM1, 1, 2)))
                        .pa())
                .hasSize(1);
    }

    @Test
    @Requirement("RFC 4443 4.2")
    void ourAddressesOnTheInterfacesArePinged() {
        byte[] frame =
                gateway.intoExt(fromFront(1, Wire6.ping(FRONT_HOST, FRONT, 7))).onlyExt();
        assertThat(atFront(frame, 1, FRONT_HOST)).isEqualTo(Wire6.pong(FRONT, FRONT_HOST, 7));
        frame = gateway.intoPa(fromBack(2, Wire6.ping(BACK_VM, BACK, 7))).onlyPa();
        assertThat(atBack(frame, 2)).isEqualTo(Wire6.pong(BACK, BACK_VM, 7));
        frame = gateway.intoPa(Net6.fromVm1(1, Wire6.ping(Net6.VM1, FRONT, 7))).onlyPa();
        assertThat(toVm(frame, 1)).isEqualTo(Wire6.pong(FRONT, Net6.VM1, 7));
        byte[] linkLocal = Wire6.address("fe80::ff:fe00:aa02");
        byte[] station = Wire6.address("fe80::2");
        frame = gateway.intoExt(fromFront(1, Wire6.ping(station, linkLocal, 7))).onlyExt();
        assertThat(atFront(frame, 1, FRONT_ROUTER)).isEqualTo(Wire6.pong(linkLocal, station, 7));
    }

    @Test
    @Requirement({"RFC 4443 2.2", "RFC 4443 3.1", "RFC 4443 3.2", "RFC 4443 3.3"})
    void errorsComeFromTheInterfacesAddress() {
        byte[] expired = withHops(Wire6.udpPacket(FRONT_HOST, Net6.VM1, 1, 2), 1);
        requireError(expired, 3, 0, 0);
        byte[] big = Wire6.ipv6(FRONT_HOST, Net6.VM1, 59, new byte[1420]);
        requireError(big, 2, 0, 1458);
        requireError(Wire6.udpPacket(FRONT_HOST, Wire6.address("fd00:1::200"), 1, 2), 1, 3, 0);
        requireError(Wire6.udpPacket(FRONT_HOST, Wire6.address("fd00:55::2"), 1, 2), 1, 0, 0);
        // Whoever is outside of a tenant's network does not use its NPTv6.
        requireError(Wire6.udpPacket(FRONT_HOST, Net6.SERVER, 1, 2), 1, 0, 0);
    }

    private void requireError(byte[] packet, int type, int code, int word) {
        byte[] error = atFront(gateway.intoExt(fromFront(1, packet)).onlyExt(), 1, FRONT_HOST);
        assertThat(Wire6.source(error)).isEqualTo(FRONT);
        assertThat(Wire6.destination(error)).isEqualTo(FRONT_HOST);
        assertThat(Wire.u8(error, 40)).isEqualTo(type);
        assertThat(Wire.u8(error, 41)).isEqualTo(code);
        assertThat(Wire.i32(error, 44)).isEqualTo(word);
        assertThat(Wire.slice(error, 48)).isEqualTo(Wire.slice(packet, 0, Math.min(packet.length, 1232)));
    }

    /** Errors about what VMs of a VLAN send, and those that find no place behind one. */
    @Test
    @Requirement({"RFC 4443 3.2", "RFC 4443 3.3"})
    void errorsReachVmsOfAVlan() {
        byte[] expired = withHops(Wire6.udpPacket(BACK_VM, Net6.VM1, 1, 2), 1);
        byte[] error = atBack(gateway.intoPa(fromBack(1, expired)).onlyPa(), 1);
        assertThat(Wire6.source(error)).isEqualTo(BACK);
        assertThat(Wire.u16(error, 40)).isEqualTo(0x300);
        byte[] big = Wire6.ipv6(BACK_VM, Net6.VM1, 59, new byte[1420]);
        error = atBack(gateway.intoPa(fromBack(1, big)).onlyPa(), 1);
        assertThat(Wire.u16(error, 40)).isEqualTo(0x200);
        assertThat(Wire.i32(error, 44)).isEqualTo(1458);
    }

    @Test
    void whatIsNotToBeRoutedIsDropped() {
        gateway.intoExt(fromFront(1, Wire6.udpPacket(FRONT_HOST, Wire6.address("ff05::2"), 1, 2)));
        gateway.intoExt(fromFront(1, Wire6.udpPacket(Wire6.address("fe80::2"), Net6.VM1, 1, 2)));
        gateway.intoPa(fromBack(1, Wire6.udpPacket(Wire6.address("::1"), Net6.VM1, 1, 2)));
        gateway.intoPa(fromBack(1, Wire6.udpPacket(BACK_VM, BACK, 1, 2)));
        assertThat(gateway.drops())
                .isEqualTo(Map.of(
                        DropReason.IPV6_MULTICAST,
                        1L,
                        DropReason.IPV6_LINK_LOCAL,
                        1L,
                        DropReason.BAD_SOURCE,
                        1L,
                        DropReason.LOCAL_PROTOCOL,
                        1L));
    }

    @Test
    @Requirement({"RFC 2991 2", "RFC 2992 2", "RFC 3704 2.3"})
    void flowsTakeTheRouterThatAnswersAndShareWhenTheOtherComes() {
        byte[] second = Wire6.address("2001:db8:f::3");
        Links6.second(gateway, second);
        assertThat(routers()).containsOnlyKeys(mac(1, FRONT_ROUTER));
        FixedNeighbors.add(gateway.neighbors, Links6.frontPort(1), Net6.model(second), mac(1, second));
        Map<Long, Integer> shares = routers();
        assertThat(shares).containsOnlyKeys(mac(1, FRONT_ROUTER), mac(1, second));
        assertThat(shares.values()).allMatch(share -> share > 10);
        byte[] back = Wire6.udpPacket(REMOTE, Net6.VM1, 53, 4000);
        byte[] bySecond = Wire.tagged(Net.EXT_MAC, mac(1, second), Links6.frontVlan(1), Wire6.TYPE, back);
        assertThat(gateway.intoExt(bySecond).pa()).hasSize(1);
    }

    /** Packets by router's MAC. */
    private Map<Long, Integer> routers() {
        Map<Long, Integer> shares = new TreeMap<>();
        for (int port = 4000; port < 4060; port++) {
            byte[] frame = gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, REMOTE, port, 53)))
                    .onlyExt();
            shares.merge(Wire.mac(frame, 0), 1, Integer::sum);
        }
        return shares;
    }

    /** Their keys in the table of next hops are alike in all but the hash of the upper half. */
    @Test
    void neighboursWithTheSameInterfaceIdentifierAreTwo() {
        byte[] twin = Wire6.address("2001:db8:e:5::50");
        Links6.route(
                gateway,
                1,
                "2001:db8:e:5::",
                64,
                FibEntry.ON_LINK,
                Ipv6Address.UNSPECIFIED,
                FRONT,
                Links6.frontLink(1));
        FixedNeighbors.add(gateway.neighbors, Links6.frontPort(1), Net6.model(twin), 0x0200000000e5L);
        for (int i = 0; i < 2; i++) {
            byte[] one = gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, FRONT_HOST, 1, 2)))
                    .onlyExt();
            byte[] other = gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, twin, 1, 2)))
                    .onlyExt();
            assertThat(Wire.mac(one, 0)).isEqualTo(mac(1, FRONT_HOST));
            assertThat(Wire.mac(other, 0)).isEqualTo(0x0200000000e5L);
        }
    }

    @Test
    @Requirement("RFC 8200 3a")
    void changedAndCutFramesOfTenantsVlansDoNoHarm() {
        Random random = new Random(12);
        byte[][] seeds = {
            fromFront(1, Wire6.udpPacket(FRONT_HOST, Net6.VM1, 1, 2)),
            fromFront(1, Nd.solicitation(FRONT_HOST, 9, FRONT, FRONT)),
            fromBack(1, Wire6.tcpPacket(BACK_VM, Net6.SERVER, 4000, 80, 2)),
            fromBack(2, Nd.advertisement(BACK_VM, BACK, 3 << 29, BACK_VM, 9))
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
        assertThat(gateway.drops()).containsKeys(DropReason.IPV6_VERSION, DropReason.MALFORMED_ND, DropReason.URPF);
        gateway.turnAfter(20_000);
        gateway.turnAfter(20_000);
    }
}
