package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Packets that do not fit the next link: refused with the right MTU, or fragmented, with options and when they are fragments. */
@ExtendWith(EalExtension.class)
class TooBigTest {

    private static final int MORE = 0x2000;
    private static final int DF = 0x4000;

    private TestGateway gateway;
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @BeforeEach
    void open() {
        gateway = new TestGateway();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private byte[] udp(int source, int destination, int port, int otherPort, int fragment, int size) {
        byte[] data = new byte[size - 28];
        random.nextBytes(data);
        byte[] l4 = Wire.udp(source, destination, port, otherPort, data);
        return Wire.ipv4(source, destination, Wire.UDP, 64, 77, fragment, 0, l4);
    }

    /** The packet with options behind its header's first 20 bytes. */
    private static byte[] withOptions(byte[] ip, int... options) {
        ByteBuffer b = ByteBuffer.allocate(ip.length + options.length).put(ip, 0, 20);
        for (int option : options) {
            b.put((byte) option);
        }
        b.put(ip, 20, ip.length - 20);
        b.put(0, (byte) (0x40 | (20 + options.length) / 4)).putShort(2, (short) b.capacity());
        return Wire.fixIp(b.array());
    }

    private static byte[] toVm1(byte[] frame) {
        byte[] ip = TestGateway.ip(TestGateway.inner(frame, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]));
        Wire.requireRight(ip);
        return ip;
    }

    private static void requireNeeded(byte[] error, int source, int mtu, byte[] about) {
        assertThat(Wire.i32(error, 12)).isEqualTo(source);
        assertThat(Wire.u16(error, 20)).isEqualTo(0x0304);
        assertThat(Wire.i32(error, 24)).isEqualTo(mtu);
        byte[] body = Wire.slice(error, 28);
        assertThat(body).isEqualTo(Arrays.copyOf(about, body.length));
    }

    /** Errors come from the tenant's gateway address, about first packets of a flow, known flows, and packets with options. */
    @Test
    @Requirement({"RFC 4787 REQ-13", "RFC 1191 4", "RFC 1812 4.3.2.4"})
    void refusedToTheVm() {
        for (int i = 0; i < 2; i++) {
            byte[] plain = udp(Net.VM1, Net.SERVER, 4000, 53, DF, 1501);
            byte[] options = withOptions(udp(Net.VM1, Net.SERVER, 4000, 53, DF, 1498), 1, 1, 1, 0);
            for (byte[] ip : List.of(plain, options)) {
                TestGateway.Sent sent = gateway.intoPa(Net.fromVm1(1, ip));
                requireNeeded(toVm1(sent.onlyPa()), Net.GATEWAY_CA, 1500, ip);
            }
            gateway.intoPa(Net.fromVm1(1, udp(Net.VM1, Net.SERVER, 4000, 53, DF, 1500)))
                    .onlyExt();
        }
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.TOO_BIG, 4L));
    }

    /** Of a fragment with DF the first one is answered (RFC 1122 §3.2.2), and it names the flow's packet. */
    @Test
    @Requirement({"RFC 1122 3.2.2", "RFC 791 3.2a"})
    void fragmentsWithDfAreNotFragmented() {
        byte[] first = Arrays.copyOf(udp(Net.VM1, Net.VM2, 4000, 53, DF | MORE, 2000), 1476);
        first[2] = (byte) (1476 >>> 8);
        first[3] = (byte) 1476;
        Wire.fixIp(first);
        requireNeeded(toVm1(gateway.intoPa(Net.fromVm1(1, first)).onlyPa()), Net.GATEWAY_CA, 1458, first);
        byte[] later = Wire.ipv4(Net.VM1, Net.VM2, Wire.UDP, 64, 77, DF | MORE | 182, 0, new byte[1456]);
        assertThat(gateway.intoPa(Net.fromVm1(1, later)).isEmpty()).isTrue();
    }

    /** Both directions through the NAT, where the sender outside sees only our address. */
    @Test
    @Requirement({"RFC 4787 REQ-13", "RFC 1191 4", "RFC 4459 3.2"})
    void refusedToTheServer() {
        gateway.intoPa(Net.fromVm1(1, udp(Net.VM1, Net.SERVER, 4000, 53, DF, 100)))
                .onlyExt();
        byte[] in = udp(Net.SERVER, Net.NAT[1], 53, 4000, DF, 1459);
        byte[] error = TestGateway.ip(gateway.intoExt(Net.fromOutside(in)).onlyExt());
        Wire.requireRight(error);
        requireNeeded(error, Net.EXTERNAL, 1458, in);
        assertThat(Wire.i32(error, 16)).isEqualTo(Net.SERVER);
    }

    /** A packet that turned round does not fit: its sender, a VM, hears of its own packet. */
    @Test
    @Requirement({"RFC 5508 REQ-7", "RFC 4787 REQ-13"})
    void refusedAfterAHairpin() {
        gateway.rule(2, Wire.UDP, 5000, Net.VM2, 53);
        byte[] out = udp(Net.VM1, Net.NAT[2], 4000, 5000, DF, 1459);
        byte[] error = toVm1(gateway.intoPa(Net.fromVm1(1, out)).onlyPa());
        assertThat(Wire.u16(error, 20)).isEqualTo(0x0304);
        assertThat(Wire.i32(error, 24)).isEqualTo(1458);
        assertThat(Wire.slice(error, 28 + 12, 16)).isEqualTo(Wire.slice(out, 12, 16));
    }

    /** Fragments leave in order, fit, and are the packet; whatever its options, as whole packet or fragment (RFC 791 §3.2). */
    @Test
    @Requirement({"RFC 4787 REQ-13a", "RFC 4459 3.4", "RFC 791 3.2", "RFC 791 3.1a"})
    void fragmentedInOrderWithOptions() {
        int[][] options = {{}, {1, 1, 1, 0}, {0x88, 4, 0x12, 0x34}, {7, 7, 4, 0, 0, 0, 0, 1, 0x94, 4, 0, 0}};
        for (int i = 0; i < 60; i++) {
            String round = "seed " + seed + " round " + i;
            byte[] ip = udp(Net.VM1, Net.VM2, 4000, 53, 0, 1500 + random.nextInt(2300));
            int[] option = options[i % options.length];
            byte[] packet = withOptions(ip, option);
            List<byte[]> sent = new ArrayList<>();
            for (byte[] frame : gateway.intoPa(Net.fromVm1(1, packet)).pa()) {
                sent.add(TestGateway.ip(TestGateway.inner(frame, Net.HOST_B, Net.HOST_B_MAC, Net.VM_VSID[1])));
            }
            int at = 0;
            for (int j = 0; j < sent.size(); j++) {
                byte[] piece = sent.get(j);
                int header = (piece[0] & 15) * 4;
                Wire.requireRight(piece);
                assertThat(piece.length).as(round).isLessThanOrEqualTo(1458);
                assertThat((Wire.u16(piece, 6) & 0x1fff) * 8).as(round).isEqualTo(at);
                assertThat((Wire.u16(piece, 6) & MORE) != 0).as(round).isEqualTo(j < sent.size() - 1);
                assertThat(Wire.slice(piece, header))
                        .as(round)
                        .isEqualTo(Wire.slice(packet, 20 + option.length + at, piece.length - header));
                assertThat(Wire.slice(piece, 20, header - 20)).as(round).isEqualTo(expected(option, at > 0));
                at += piece.length - header;
            }
            assertThat(at).as(round).isEqualTo(ip.length - 20);
        }
    }

    /** Options without the copied flag are in the first fragment only; later ones have no-operations there. */
    private static byte[] expected(int[] options, boolean later) {
        byte[] expected = new byte[options.length];
        int i = 0;
        while (i < options.length) {
            int size = options[i] <= 1 ? 1 : options[i + 1];
            for (int j = i; j < i + size; j++) {
                expected[j] = (byte) (later && (options[i] & 0x80) == 0 ? 1 : options[j]);
            }
            i += size;
        }
        return expected;
    }

    /** Fragments of a server that fit outside but not NVGRE are made smaller; with the others they are the datagram. */
    @Test
    @Requirement({"RFC 4787 REQ-13a", "RFC 791 3.2", "nat-behaviour 67"})
    void fragmentsAreFragmentedAgain() {
        gateway.intoPa(Net.fromVm1(1, udp(Net.VM1, Net.SERVER, 4000, 53, DF, 100)))
                .onlyExt();
        byte[] in = udp(Net.SERVER, Net.NAT[1], 53, 4000, 0, 4300);
        List<byte[]> pieces = new ArrayList<>(Pieces.cut(in, 1480));
        java.util.Collections.shuffle(pieces, random);
        List<byte[]> sent = gateway
                .intoExt(pieces.stream().map(Net::fromOutside).toArray(byte[][]::new))
                .pa()
                .stream()
                .map(TooBigTest::toVm1)
                .toList();
        assertThat(sent)
                .hasSizeGreaterThan(3)
                .allSatisfy(p -> assertThat(p.length).isLessThanOrEqualTo(1458));
        assertThat(Wire.slice(Pieces.join(sent), 28)).as("seed " + seed).isEqualTo(Wire.slice(in, 28));
    }

    /** Our own packets are atomic: DF, so that their identification means nothing. */
    @Test
    @Requirement({"RFC 6864 4.1", "RFC 6864 4.3"})
    void ownErrorsAreAtomic() {
        byte[] ip = udp(Net.VM1, Net.SERVER, 4000, 53, DF, 1501);
        assertThat(Wire.u16(toVm1(gateway.intoPa(Net.fromVm1(1, ip)).onlyPa()), 6))
                .isEqualTo(DF);
    }

    /** Bytes behind the IP packet, as Ethernet has them, belong to no checksum. */
    @Test
    @Requirement("nat-behaviour 66")
    void trailersDoNotSpoilIcmp() {
        byte[] ping = Net.ping(Net.VM1, Net.SERVER, 4000);
        byte[] trailed = Arrays.copyOf(ping, ping.length + 7);
        Arrays.fill(trailed, ping.length, trailed.length, (byte) 0xee);
        byte[] left = TestGateway.ip(gateway.intoPa(Net.fromVm1(1, trailed)).onlyExt());
        Wire.requireRight(left);
        assertThat(left).hasSameSizeAs(ping);
        byte[] error = Wire.ipv4(Net.ROUTER, Net.NAT[1], 1, Wire.icmp(11, 0, 0, Arrays.copyOf(left, 28)));
        byte[] frame = Net.fromOutside(Arrays.copyOf(error, error.length + 9));
        Arrays.fill(frame, frame.length - 9, frame.length, (byte) 0xee);
        assertThat(toVm1(gateway.intoExt(frame).onlyPa())).hasSameSizeAs(error);
        assertThat(gateway.drops()).isEmpty();
    }
}
