package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The edges of NAT: odd ports, no address, others' addresses, what must not be translated. */
class NatBoundaryTest extends GatewayFixture {

    private static final int SYN = 2;

    private byte[] out(int tenant, byte[] ip) {
        TestGateway.Sent all = gateway.intoPa(Net.fromVm1(tenant, ip));
        assertThat(all.ext()).as("dropped: %s", gateway.drops()).hasSize(1);
        byte[] sent = TestGateway.ip(all.onlyExt());
        Wire.requireRight(sent);
        return sent;
    }

    private byte[] toVm(TestGateway.Sent sent, int hostPa, long hostMac, int tenant) {
        byte[] ip = Wire.slice(TestGateway.inner(sent.onlyPa(), hostPa, hostMac, Net.VM_VSID[tenant]), 14);
        Wire.requireRight(ip);
        return ip;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 80, 1023, 65535})
    @Requirement("nat-behaviour 2")
    void portsGivenOutAre1024OrAbove(int inside) {
        assertThat(Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, inside, 53)), 20))
                .isGreaterThanOrEqualTo(1024);
        assertThat(Wire.u16(out(1, Net.tcp(Net.VM1, Net.SERVER, inside, 80, SYN)), 20))
                .isGreaterThanOrEqualTo(1024);
        assertThat(Wire.u16(out(1, Net.ping(Net.VM1, Net.SERVER, inside)), 24)).isGreaterThanOrEqualTo(1024);
    }

    @Test
    @Requirement("nat-behaviour 4")
    void portOutOfRangeIsReplacedAndIsNoWayIn() {
        int external = Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 500, 53)), 20);
        assertThat(gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 500)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.UNSOLICITED, 1L));
        byte[] reply = Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, external));
        assertThat(Wire.u16(toVm(gateway.intoExt(reply), Net.HOST_A, Net.HOST_A_MAC, 1), 22))
                .isEqualTo(500);
    }

    @Test
    @Requirement("nat-behaviour 5")
    void withoutAnAddressNothingLeavesAndWithOneItDoes() {
        gateway.removeNat(1, 1);
        byte[] frame = Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        assertThat(gateway.intoPa(frame, frame, frame).ext()).isEmpty();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NO_NAT, 3L));
        gateway.nat(1, 1, 1024, 65535);
        assertThat(gateway.intoPa(frame, frame, frame).ext()).hasSize(3);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.NO_NAT, 3L));
    }

    @Test
    @Requirement("nat-behaviour 14")
    void natNeedsNoAddressOfTheExternalPort() {
        gateway.tables.ownAddresses.remove(Net.EXTERNAL);
        FibRow link = new FibRow(0, Wire.address("203.0.113.0"), 24, FibEntry.ON_LINK, 0, 0, 0, 0, 0);
        gateway.tables.externalFib.put(link);
        gateway.tables.epochs.bumpExternal();
        gateway.rule(1, Wire.TCP, 8080, Net.VM1, 80);
        assertThat(Wire.i32(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 12)).isEqualTo(Net.NAT[1]);
        byte[] syn = Net.fromOutside(Net.tcp(Net.SERVER, Net.NAT[1], 30000, 8080, SYN));
        assertThat(Wire.u16(toVm(gateway.intoExt(syn), Net.HOST_A, Net.HOST_A_MAC, 1), 22))
                .isEqualTo(80);
    }

    @Test
    @Requirement("nat-behaviour 16")
    void natAddressAnswersArpOutsideOnlyAndNoMoreWhenRemoved() {
        long asker = 0x020000000009L;
        byte[] question = Wire.ethernet(0xffffffffffffL, asker, 0x806, Wire.arp(1, asker, Net.SERVER, 0, Net.NAT[1]));
        assertThat(gateway.intoExt(question).ext()).hasSize(1);
        assertThat(gateway.intoPa(question).isEmpty()).isTrue();
        gateway.removeNat(1, 1);
        gateway.tables.ownAddresses.remove(Net.NAT[1]);
        assertThat(gateway.intoExt(question).isEmpty()).isTrue();
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.ARP_NOT_FOR_US, 2L));
    }

    @Test
    @Requirement("nat-behaviour 49")
    void aServiceIsReachedUntranslatedByItsRealAddress() {
        gateway.rule(1, Wire.TCP, 8080, Net.VM2, 80);
        byte[] ip = Net.tcp(Net.VM1, Net.VM2, 4001, 80, SYN);
        byte[] got = toVm(gateway.intoPa(Net.fromVm1(1, ip)), Net.HOST_B, Net.HOST_B_MAC, 1);
        assertThat(Wire.slice(got, 12)).isEqualTo(Wire.slice(ip, 12));
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isZero();
    }

    @Test
    @Requirement("nat-behaviour 53")
    void aHostThatTalksToItsOwnMappingMakesNoLoop() {
        gateway.rule(1, Wire.UDP, 4000, Net.VM1, 4000);
        byte[] own = Net.fromVm1(1, Net.udp(Net.VM1, Net.NAT[1], 4000, 4000));
        for (int i = 0; i < 3; i++) {
            assertThat(gateway.intoPa(own).pa()).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(gateway.count(WorkerCounter.HAIRPINS)).isLessThanOrEqualTo(3L * HairpinQueue.ROUNDS_MAX);
        assertThat(gateway.turnAfter(1).isEmpty()).isTrue();
    }

    /** Found by the fuzzer: the refusal waited for the next burst, and was lost when there was none. */
    @Test
    @Requirement({"RFC 5382 REQ-4", "RFC 5508 REQ-7"})
    void refusalOfAHairpinnedSynComesBackByItself() {
        assertThat(gateway.intoPa(Net.fromVm1(1, Net.tcp(Net.VM1, Net.NAT[2], 4001, 9999, SYN)))
                        .isEmpty())
                .isTrue();
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            sent.addAll(gateway.turnAfter(100).pa());
        }
        byte[] ip = toVm(new TestGateway.Sent(sent, List.of()), Net.HOST_A, Net.HOST_A_MAC, 1);
        assertThat(Wire.u16(ip, 20)).as("port unreachable").isEqualTo(0x0303);
        assertThat(Wire.i32(ip, 16)).isEqualTo(Net.VM1);
        assertThat(gateway.mbufsHeld()).isZero();
    }

    @Test
    @Requirement("nat-behaviour 74")
    void countersAreExact() {
        for (int i = 0; i < 5; i++) {
            out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
            out(1, Net.tcp(Net.VM1, Net.SERVER, 4000, 80, SYN));
            out(1, Net.ping(Net.VM1, Net.SERVER, 4000));
        }
        gateway.intoExt(Net.fromOutside(Net.udp(Net.FAR, Net.NAT[1], 1, 2)));
        assertThat(gateway.count(WorkerCounter.PA_RX_PACKETS)).isEqualTo(15);
        assertThat(gateway.count(WorkerCounter.EXT_TX_PACKETS)).isEqualTo(15);
        assertThat(gateway.count(WorkerCounter.EXT_RX_PACKETS)).isEqualTo(1);
        assertThat(gateway.count(WorkerCounter.FIRST_PACKETS)).isEqualTo(4);
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isEqualTo(3);
        assertThat(gateway.worker.sessions().count()).isEqualTo(3);
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.UNSOLICITED, 1L));
        assertThat(gateway.worker.counters().vsid(3, VsidCounter.RX_PACKETS)).isEqualTo(15);
        assertThat(gateway.worker.counters().vsid(3, VsidCounter.RX_BYTES)).isEqualTo(5L * (33 + 43 + 31));
    }

    @Test
    @Requirement({"nat-behaviour M12", "nat-behaviour 20"})
    void oneTenantOutOfPortsDoesNotTouchAnother() {
        gateway.nat(1, 1, 5000, 5000);
        out(1, Net.udp(Net.VM1, Net.SERVER, 1, 53));
        assertThat(gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 2, 53)))
                        .ext())
                .isEmpty();
        for (int port = 4000; port < 4030; port++) {
            out(2, Net.udp(Net.VM1, Net.SERVER, port, 53));
        }
    }

    @Test
    @Requirement({"RFC 7857 5", "RFC 7857 6"})
    void udpAndTcpOfOnePortAreTwoMappings() {
        assertThat(Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 20)).isEqualTo(4000);
        assertThat(gateway.intoExt(Net.fromOutside(Net.tcp(Net.SERVER, Net.NAT[1], 53, 4000, 16)))
                        .isEmpty())
                .isTrue();
        byte[] other = Net.nvgre(
                Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, Net.tcp(Net.VM2, Net.SERVER, 4000, 53, SYN));
        assertThat(Wire.u16(TestGateway.ip(gateway.intoPa(other).onlyExt()), 20))
                .as("TCP 4000 is free, whatever UDP 4000 is")
                .isEqualTo(4000);
    }

    @Test
    @Requirement({"RFC 6056 3.2", "RFC 6056 3.3", "RFC 6056 4", "RFC 6888 REQ-15", "RFC 7857 9"})
    void chosenPortsAreSpreadAndFollowNoStep() {
        List<Integer> ports = new ArrayList<>();
        for (int inside = 1; inside <= 40; inside++) {
            ports.add(Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 2 * inside, 53)), 20));
        }
        assertThat(ports).doesNotHaveDuplicates().allMatch(p -> p >= 1024);
        assertThat(ports.stream().mapToInt(p -> p / 8192).distinct().count())
                .as("of eight parts of the range: " + ports)
                .isGreaterThanOrEqualTo(5);
        List<Integer> steps = new ArrayList<>();
        for (int i = 1; i < ports.size(); i++) {
            steps.add(ports.get(i) - ports.get(i - 1));
        }
        assertThat(steps.stream().distinct().count()).as("steps " + steps).isGreaterThan(30);
        assertThat(Wire.u16(out(1, Net.udp(Net.VM1, Net.SERVER, 40001, 53)), 20))
                .as("what the host chose at random stays")
                .isEqualTo(40001);
    }

    /** Another gateway, the same packets: other ports. */
    @Test
    @Requirement("RFC 6888 REQ-15")
    void portsOfOneGatewaySayNothingOfAnothers() {
        List<Integer> here = new ArrayList<>();
        List<Integer> there = new ArrayList<>();
        try (TestGateway other = new TestGateway()) {
            for (int inside = 1; inside <= 20; inside++) {
                byte[] frame = Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, inside, 53));
                here.add(Wire.u16(TestGateway.ip(gateway.intoPa(frame).onlyExt()), 20));
                there.add(Wire.u16(TestGateway.ip(other.intoPa(frame).onlyExt()), 20));
            }
        }
        assertThat(here).isNotEqualTo(there);
    }

    /** Loose source route towards another router: it passes as it is, and nobody follows it (options copied, RFC 791 §3.1). */
    @Test
    @Requirement({"RFC 1812 4.2.2.1", "RFC 791 3.1a"})
    void optionsPassUnchangedAndSourceRoutesAreNotFollowed() {
        byte[] plain = Net.udp(Net.VM1, Net.SERVER, 4000, 53);
        byte[] options = {(byte) 131, 7, 4, (byte) 198, 51, 100, 7, 1};
        byte[] ip = new byte[plain.length + options.length];
        System.arraycopy(plain, 0, ip, 0, 20);
        System.arraycopy(options, 0, ip, 20, options.length);
        System.arraycopy(plain, 20, ip, 20 + options.length, plain.length - 20);
        ip[0] = 0x47;
        ip[3] = (byte) ip.length;
        byte[] sent = out(1, Wire.fixIp(ip));
        assertThat(Wire.i32(sent, 16)).isEqualTo(Net.SERVER);
        assertThat(Wire.slice(sent, 20, options.length)).isEqualTo(options);
        assertThat(Wire.u16(sent, 28)).isEqualTo(4000);
    }

    @Test
    @Requirement("RFC 1812 4.3.2.5")
    void errorsHaveThePrecedenceOfNetworkControl() {
        byte[] ip = Net.udp(Net.VM1, Net.SERVER, 4000, 53);
        ip[8] = 1;
        byte[] error = toVm(gateway.intoPa(Net.fromVm1(1, Wire.fixIp(ip))), Net.HOST_A, Net.HOST_A_MAC, 1);
        assertThat(Wire.u8(error, 20)).isEqualTo(11);
        assertThat(Wire.u8(error, 1) >>> 5).isEqualTo(6);
    }

    @Test
    @Requirement("nat-behaviour 83")
    void ipv6OfATenantWithoutIpv6IsACountedDrop() {
        for (byte[] target : List.of(Wire6.address("2001:db8:ee::50"), Wire6.address("fd00:1::4"))) {
            byte[] ip = Wire6.udpPacket(Wire6.address("fd00:1::3"), target, 4000, 53);
            byte[] frame = Net.nvgre(Net.HOST_A, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, Wire6.TYPE, ip);
            assertThat(gateway.intoPa(frame).isEmpty()).isTrue();
        }
        assertThat(gateway.drops().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(2);
        assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isZero();
    }

    @Test
    @Requirement("RFC 6598 4")
    void sharedAddressSpaceInsideIsTranslatedLikeAnyOther() {
        int shared = Wire.address("100.64.7.9");
        gateway.record(1, shared, Net.VM_VSID[1], Net.VM1_MAC, Net.HOST_A, 0);
        byte[] sent = out(1, Net.udp(shared, Net.SERVER, 4000, 53));
        assertThat(Wire.i32(sent, 12)).isEqualTo(Net.NAT[1]);
    }
}
