package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sizes of IPv6 inside and outside: MSS, path MTU of the PA network, fragments of outer packets, diagnosis. */
@ExtendWith(EalExtension.class)
class Sizes6Test {

    /** IPv6, GRE and inner Ethernet of a PA network of 1500. */
    private static final int INNER_MTU = 1500 - 62;

    private static final byte[] PA_ROUTER = Wire6.address("2001:db8:aa::1");

    private final TestGateway gateway = Net6.on(new TestGateway());
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @AfterEach
    void close() {
        gateway.close();
    }

    private static byte[] syn(byte[] source, byte[] destination, int flags, int mss) {
        ByteBuffer b = ByteBuffer.allocate(24);
        b.putShort((short) 4000).putShort((short) 80).putInt(1).putInt(0);
        b.put((byte) 0x60).put((byte) flags).putShort((short) 8192).putInt(0);
        b.put((byte) 2).put((byte) 4).putShort((short) mss);
        b.putShort(16, (short) ~Wire6.l4Sum(source, destination, Wire.TCP, b.array()));
        return Wire6.ipv6(source, destination, Wire.TCP, b.array());
    }

    private static byte[] udp(byte[] source, byte[] destination, int size) {
        byte[] udp = Wire6.udp(source, destination, 4000, 53, new byte[size - 48]);
        return Wire6.ipv6(source, destination, Wire.UDP, udp);
    }

    @Test
    @Requirement({"nat-behaviour 70", "RFC 2923 2.1"})
    void mssIsLoweredBothWays() {
        byte[] out = gateway.intoPa(Net6.fromVm1(1, syn(Net6.VM1, Net6.SERVER, 2, 1440)))
                .onlyExt();
        byte[] sent = Net6.outside(out, Net6.SERVER_MAC);
        // Host A of VM 1 is reached by IPv4.
        assertThat(Wire.u16(sent, 62)).isEqualTo(1458 - 60);
        byte[] answer = syn(Net6.SERVER, Net6.OUTSIDE_VM1, 0x12, 1440);
        byte[] in = gateway.intoExt(Net6.fromOutside(answer)).onlyPa();
        assertThat(Wire.u16(Net6.inHostA(in, Net.VM_VSID[1], Net.VM1_MAC), 62)).isEqualTo(1458 - 60);
        byte[] between = gateway.intoPa(Net6.fromVm1(1, syn(Net6.VM1, Net6.VM2, 2, 1440)))
                .onlyPa();
        assertThat(Wire.u16(Net6.inHostB(between, Net.VM_VSID[1], Net.VM2_MAC), 62))
                .isEqualTo(INNER_MTU - 60);
        byte[] small = gateway.intoPa(Net6.fromVm1(1, syn(Net6.VM1, Net6.VM2, 2, 1220)))
                .onlyPa();
        assertThat(Wire.u16(Net6.inHostB(small, Net.VM_VSID[1], Net.VM2_MAC), 62))
                .isEqualTo(1220);
        MtuRow vm = gateway.worker.mtuRows().getFirst();
        assertThat(vm.customerAddress()).isEqualTo(Net6.model(Net6.VM1));
        assertThat(vm.mssClamped()).isEqualTo(3);
        assertThat(vm.mssAnnounced()).isEqualTo(1440);
    }

    @Test
    @Requirement("RFC 4459 3.2")
    void whoSendsTooMuchIsSeen() {
        byte[] big = udp(Net6.VM1, Net6.VM2, INNER_MTU + 1);
        byte[] error = Net6.inHostA(gateway.intoPa(Net6.fromVm1(1, big)).onlyPa(), Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire.u8(error, 40)).isEqualTo(2);
        assertThat(Wire.i32(error, 44)).isEqualTo(INNER_MTU);
        MtuRow vm = gateway.worker.mtuRows().getFirst();
        assertThat(vm.refused()).isEqualTo(1);
        assertThat(vm.lastSize()).isEqualTo(INNER_MTU + 1);
        assertThat(gateway.worker.counters().vsid(2, VsidCounter.TOO_BIG)).isEqualTo(1);
    }

    /** What we sent to host B, as routers see it. */
    private byte[] ours() {
        return Wire.slice(
                gateway.intoPa(Net6.fromVm1(1, udp(Net6.VM1, Net6.VM2, INNER_MTU)))
                        .onlyPa(),
                14);
    }

    private static byte[] tooBig(int mtu, byte[] about) {
        byte[] error = Wire6.icmp(PA_ROUTER, Net6.PA, 2, 0, mtu, about);
        return Wire.ethernet(Net.PA_MAC, 2, Wire6.TYPE, Wire6.ipv6(PA_ROUTER, Net6.PA, Wire6.ICMPV6, error));
    }

    @Test
    @Requirement({"RFC 8201 4", "RFC 8201 5.3"})
    void pathMtuIsLearnedAndForgotten() {
        byte[] outer = ours();
        gateway.intoPa(tooBig(1400, Arrays.copyOf(outer, 48)));
        gateway.intoPa(tooBig(1450, Arrays.copyOf(outer, 1000)));
        assertThat(gateway.count(WorkerCounter.PATH_MTUS_LEARNED)).isEqualTo(1);
        gateway.turnAfter(1000);
        gateway.intoPa(Net6.fromVm1(1, udp(Net6.VM1, Net6.VM2, 500))).onlyPa();
        byte[] big = udp(Net6.VM1, Net6.VM2, 1400 - 62 + 1);
        byte[] error = Net6.inHostA(gateway.intoPa(Net6.fromVm1(1, big)).onlyPa(), Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire.i32(error, 44)).isEqualTo(1400 - 62);
        gateway.turnAfter(PathMtus.LIFETIME_MS);
        gateway.intoPa(Net6.fromVm1(1, udp(Net6.VM1, Net6.VM2, 500))).onlyPa();
        assertThat(ours()).hasSize(1500);
    }

    @Test
    @Requirement("RFC 8201 4")
    void whatCannotBeTrueIsDropped() {
        byte[] outer = ours();
        byte[] badSum = tooBig(1400, outer);
        badSum[14 + 42] ^= 1;
        byte[][] wrong = {
            tooBig(1279, outer),
            tooBig(1500, outer),
            tooBig(-1, outer),
            tooBig(1400, Arrays.copyOf(outer, 47)),
            tooBig(1400, with(outer, 23, 99)),
            tooBig(1400, with(outer, 39, 99)),
            tooBig(1400, with(outer, 6, 17)),
            tooBig(1400, with(outer, 40, 0)),
            tooBig(1400, with(outer, 44, 99)),
            badSum
        };
        for (int i = 0; i < wrong.length; i++) {
            gateway.intoPa(wrong[i]);
            assertThat(gateway.drops()).as("case " + i).isEqualTo(Map.of(DropReason.PATH_MTU, i + 1L));
        }
        assertThat(ours()).hasSize(1500);
    }

    private static byte[] with(byte[] packet, int at, int value) {
        byte[] copy = packet.clone();
        copy[at] = (byte) value;
        return copy;
    }

    /** Fragments of outer IPv6 with random sizes and in any order are the packet. */
    @Test
    @Requirement({"RFC 7637 4.4a", "RFC 7676 3"})
    void outerFragmentsAreReassembled() {
        for (int i = 0; i < 150; i++) {
            byte[] ip = Wire.ipv4(
                    Net.VM2,
                    Net.SERVER,
                    Wire.UDP,
                    Wire.udp(Net.VM2, Net.SERVER, 4000, 53, bytes(random.nextInt(1400))));
            gateway.record(
                    1,
                    Net.VM2,
                    Net.VM_VSID[1],
                    Net.VM2_MAC,
                    gateway.tables.providerAddresses6.handle(Net6.model(Net6.HOST_B)),
                    0);
            byte[] inner = Wire.ethernet(Net.GATEWAY_MAC, Net.VM2_MAC, 0x800, ip);
            byte[] gre = Wire.gre(0x20006558, Net.GATEWAY_VSID[1], 7, inner);
            List<byte[]> frames = new ArrayList<>();
            int at = 0;
            while (at < gre.length) {
                int end = Math.min(gre.length, at + 8 * (1 + random.nextInt(100)));
                byte[] piece =
                        Wire6.fragment(Wire.GRE, at, end < gre.length, 0x10000 + i, Wire.slice(gre, at, end - at));
                byte[] outer = Wire6.ipv6(Net6.HOST_B, Net6.PA, Wire6.FRAGMENT, piece);
                frames.add(Wire.ethernet(Net.PA_MAC, Net.HOST_B_MAC, Wire6.TYPE, outer));
                at = end;
            }
            Collections.shuffle(frames, random);
            byte[] sent =
                    TestGateway.ip(gateway.intoPa(frames.toArray(byte[][]::new)).onlyExt());
            Wire.requireRight(sent);
            assertThat(Wire.slice(sent, 28)).as("seed " + seed + " round " + i).isEqualTo(Wire.slice(ip, 28));
        }
        assertThat(gateway.drops()).isEmpty();
        assertThat(gateway.mbufsHeld()).isZero();
        assertThat(gateway.worker.mtuRows().getFirst().tunnelFragmented()).isPositive();
    }

    @Test
    @Requirement({"RFC 5722 3", "RFC 7637 4.4a"})
    void overlappingOuterFragmentsDropAll() {
        for (int at : new int[] {0, 400, 600}) {
            byte[] piece = Wire6.fragment(Wire.GRE, at, true, 7, new byte[400]);
            byte[] outer = Wire6.ipv6(Net6.HOST_B, Net6.PA, Wire6.FRAGMENT, piece);
            gateway.intoPa(Wire.ethernet(Net.PA_MAC, Net.HOST_B_MAC, Wire6.TYPE, outer));
        }
        assertThat(gateway.drops()).isEqualTo(Map.of(DropReason.OUTER_FRAGMENT_OVERLAP, 3L));
        byte[] stranger =
                Wire6.ipv6(PA_ROUTER, Net6.PA, Wire6.FRAGMENT, Wire6.fragment(Wire.GRE, 0, true, 7, new byte[400]));
        gateway.intoPa(Wire.ethernet(Net.PA_MAC, Net.HOST_B_MAC, Wire6.TYPE, stranger));
        assertThat(gateway.drops()).containsEntry(DropReason.OUTER_FRAGMENT_SOURCE, 1L);
        assertThat(gateway.mbufsHeld()).isZero();
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
