package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.flow.SessionFilter;
import net.nvgate.gateway.flow.SessionRow;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for any packet and any history; the seed is the name of each run. */
@ExtendWith(EalExtension.class)
class NatPropertiesTest {

    private static final int[] FLAGS = {2, 18, 16, 24, 17, 4};

    static LongStream seeds() {
        return new Random().longs(3);
    }

    private static byte[] datagram(Random random, int source, int destination, int sourcePort, int destinationPort) {
        byte[] data = new byte[random.nextInt(1200)];
        random.nextBytes(data);
        return switch (random.nextInt(3)) {
            case 0 ->
                Wire.ipv4(
                        source,
                        destination,
                        Wire.UDP,
                        Wire.udp(source, destination, sourcePort, destinationPort, data));
            case 1 ->
                Wire.ipv4(
                        source,
                        destination,
                        Wire.TCP,
                        Wire.tcp(source, destination, sourcePort, destinationPort, 16, data));
            default ->
                Wire.ipv4(source, destination, Wire.ICMP, Wire.icmp(8, 0, sourcePort << 16 | destinationPort, data));
        };
    }

    /** The packet but for what a NAT may change: addresses, ports or id, TTL, and sums. */
    private static byte[] payload(byte[] ip) {
        return Wire.slice(ip, ip[9] == Wire.TCP ? 40 : 28);
    }

    /** Deltas are right if a full computation agrees, out and in again; the way there and back is the identity. */
    @ParameterizedTest
    @MethodSource("seeds")
    @Requirement({"nat-behaviour 1", "nat-behaviour 62"})
    void translationThereAndBackIsTheIdentity(long seed) {
        Random random = new Random(seed);
        try (TestGateway gateway = new TestGateway()) {
            for (int i = 0; i < 500; i++) {
                int port = random.nextInt(1 << 16);
                byte[] ip = datagram(random, Net.VM1, Net.SERVER, port, 1 + random.nextInt(65000));
                byte[] sent = TestGateway.ip(gateway.intoPa(Net.fromVm1(1, ip)).onlyExt());
                Wire.requireRight(sent);
                assertThat(payload(sent)).isEqualTo(payload(ip));
                TestGateway.Sent back = gateway.intoExt(Net.fromOutside(answer(sent)));
                byte[] got =
                        Wire.slice(TestGateway.inner(back.onlyPa(), Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]), 14);
                Wire.requireRight(got);
                assertThat(got).isEqualTo(ttl(answer(ip), 63));
                gateway.turnAfter(8_000_000);
            }
        }
    }

    /** What its receiver sends back: the same data, endpoints swapped. */
    private static byte[] answer(byte[] ip) {
        byte[] data = payload(ip);
        int source = Wire.i32(ip, 16);
        int destination = Wire.i32(ip, 12);
        int a = Wire.u16(ip, 22);
        int b = Wire.u16(ip, 20);
        return switch (ip[9]) {
            case Wire.UDP -> Wire.ipv4(source, destination, Wire.UDP, Wire.udp(source, destination, a, b, data));
            case Wire.TCP -> Wire.ipv4(source, destination, Wire.TCP, Wire.tcp(source, destination, a, b, 16, data));
            default -> Wire.ipv4(source, destination, Wire.ICMP, Wire.icmp(0, 0, Wire.i32(ip, 24), data));
        };
    }

    private static byte[] ttl(byte[] ip, int ttl) {
        ip[8] = (byte) ttl;
        return Wire.fixIp(ip);
    }

    /** Decapsulated and encapsulated again, a packet has lost one of its TTL and nothing else. */
    @ParameterizedTest
    @MethodSource("seeds")
    @Requirement({"nat-behaviour 79", "nat-behaviour 90", "nat-behaviour M1", "RFC 7637 3.2"})
    void decapsulationAndEncapsulationIsTheIdentity(long seed) {
        Random random = new Random(seed);
        try (TestGateway gateway = new TestGateway()) {
            for (int i = 0; i < 500; i++) {
                byte[] ip = datagram(random, Net.VM1, Net.VM2, random.nextInt(1 << 16), random.nextInt(1 << 16));
                byte[] frame = gateway.intoPa(Net.fromVm1(1, ip)).onlyPa();
                int flowId = Wire.u8(frame, 14 + 20 + 7);
                byte[] inner = Wire.ethernet(Net.VM2_MAC, Net.GATEWAY_MAC, 0x800, ttl(ip, 63));
                byte[] gre = Wire.gre(0x20006558, Net.VM_VSID[1], flowId, inner);
                byte[] outer = Wire.ipv4(Net.GATEWAY_PA, Net.HOST_B, Wire.GRE, gre);
                assertThat(frame).isEqualTo(Wire.ethernet(Net.HOST_B_MAC, Net.PA_MAC, 0x800, outer));
            }
        }
    }

    /** Any FlowID of a VSID is one VSID, and one flow. */
    @ParameterizedTest
    @MethodSource("seeds")
    @Requirement({"nat-behaviour M3", "RFC 7637 3.2a"})
    void everyFlowIdIsTheSameTenant(long seed) {
        int first = new Random(seed).nextInt(256);
        byte[] inner = Wire.ethernet(Net.GATEWAY_MAC, Net.VM1_MAC, 0x800, Net.udp(Net.VM1, Net.SERVER, 4000, 53));
        try (TestGateway gateway = new TestGateway()) {
            for (int i = 0; i < 256; i++) {
                byte[] gre = Wire.gre(0x20006558, Net.GATEWAY_VSID[1], (first + i) & 255, inner);
                gateway.intoPa(Net.outer(Net.HOST_A, gre)).onlyExt();
            }
            assertThat(gateway.count(WorkerCounter.SESSIONS_CREATED)).isEqualTo(1);
        }
    }

    /** Days of flows that come and go through a few ports: never two sessions of one external tuple, and no port is lost. */
    @ParameterizedTest
    @MethodSource("seeds")
    @Requirement({"nat-behaviour 6", "RFC 4787 REQ-3", "RFC 5382 REQ-7", "RFC 4787 REQ-11"})
    void churnNeitherSharesNorLosesPorts(long seed) {
        Random random = new Random(seed);
        try (TestGateway gateway = new TestGateway()) {
            gateway.nat(1, 1, 5000, 5019);
            gateway.rule(1, Wire.TCP, 8080, Net.VM2, 80);
            for (int step = 0; step < 4000; step++) {
                churn(gateway, random);
                if (step % 20 == 0) {
                    requireOwnTuples(gateway);
                }
            }
            for (int i = 0; i < 5; i++) {
                gateway.turnAfter(8_000_000);
            }
            assertThat(gateway.worker.sessions().count()).isZero();
            Set<Integer> ports = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                byte[] ip = Net.udp(Net.VM1, Net.SERVER, 30_000 + i, 53);
                ports.add(Wire.u16(
                        TestGateway.ip(gateway.intoPa(Net.fromVm1(1, ip)).onlyExt()), 20));
            }
            assertThat(ports).as("all twenty ports are there").hasSize(20);
        }
    }

    private static void churn(TestGateway gateway, Random random) {
        int vm = random.nextBoolean() ? Net.VM1 : Net.VM2;
        int host = vm == Net.VM1 ? Net.HOST_A : Net.HOST_B;
        int remote = random.nextBoolean() ? Net.SERVER : Net.FAR;
        int port = 1 + random.nextInt(40);
        byte[] ip = switch (random.nextInt(4)) {
            case 0 -> Net.ping(vm, remote, port);
            case 1 -> Net.tcp(vm, remote, port, 80, FLAGS[random.nextInt(FLAGS.length)]);
            default -> Net.udp(vm, remote, port, 53);
        };
        gateway.intoPa(Net.nvgre(host, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, ip));
        int external = 5000 + random.nextInt(20);
        byte[] in = random.nextBoolean()
                ? Net.tcp(remote, Net.NAT[1], 80, external, FLAGS[random.nextInt(FLAGS.length)])
                : Net.tcp(remote, Net.NAT[1], random.nextInt(5) + 1000, 8080, FLAGS[random.nextInt(FLAGS.length)]);
        gateway.intoExt(Net.fromOutside(in));
        if (random.nextInt(10) == 0) {
            gateway.turnAfter(random.nextInt(400_000));
        }
    }

    private static void requireOwnTuples(TestGateway gateway) {
        List<SessionRow> rows = gateway.worker.sessions().list(SessionFilter.ALL, 1000, 5_000);
        Set<List<Integer>> tuples = new HashSet<>();
        for (SessionRow row : rows) {
            assertThat(tuples.add(List.of(
                            row.protocol(),
                            row.externalAddress(),
                            row.externalPort(),
                            row.remoteAddress(),
                            row.remotePort())))
                    .as("two sessions of one tuple: %s", row)
                    .isTrue();
        }
    }
}
