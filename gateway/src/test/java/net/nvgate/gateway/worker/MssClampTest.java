package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import net.nvgate.gateway.conformance.Requirement;
import org.junit.jupiter.api.Test;

/** The MSS option of SYN packets is lowered to what fits NVGRE and the physical side, and nothing else is changed. */
class MssClampTest extends GatewayFixture {

    private static final int SYN = 2;
    private static final int ACK = 0x10;
    /** The least of PA MTU 1500 less NVGRE and external MTU 1500, without 40 bytes of headers. */
    private static final int FITS = 1458 - 40;

    private static byte[] options(int... bytes) {
        byte[] options = new byte[(bytes.length + 3) / 4 * 4];
        for (int i = 0; i < bytes.length; i++) {
            options[i] = (byte) bytes[i];
        }
        return options;
    }

    private static byte[] mss(int value) {
        return options(2, 4, value >>> 8, value & 255);
    }

    private static byte[] segment(int source, int destination, int sourcePort, int flags, byte[] options, byte[] data) {
        byte[] tcp = Wire.tcp(source, destination, sourcePort, 80, flags, new byte[0]);
        ByteBuffer b = ByteBuffer.allocate(20 + options.length + data.length);
        b.put(tcp).put(options).put(data);
        b.put(12, (byte) ((20 + options.length) << 2)).putShort(16, (short) 0);
        b.putShort(16, (short) ~Wire.l4Sum(source, destination, Wire.TCP, b.array()));
        return Wire.ipv4(source, destination, Wire.TCP, b.array());
    }

    private static byte[] syn(int source, int destination, byte[] options) {
        return segment(source, destination, 4000, SYN, options, new byte[0]);
    }

    private byte[] out(byte[] ip) {
        return gateway.intoPa(Net.fromVm1(1, ip)).outside();
    }

    private byte[] toVm(byte[] frame, int hostPa, long hostMac) {
        byte[] sent = TestGateway.ip(TestGateway.inner(frame, hostPa, hostMac, Net.VM_VSID[1]));
        Wire.requireRight(sent);
        return sent;
    }

    @Test
    @Requirement({"nat-behaviour 70", "RFC 4459 3.3", "RFC 2923 2.1", "RFC 6691 2"})
    void synFromInsideIsLowered() {
        assertThat(Wire.u16(out(syn(Net.VM1, Net.SERVER, mss(1460))), 42)).isEqualTo(FITS);
        assertThat(gateway.worker.counters().vsid(2, VsidCounter.MSS_CLAMPED)).isEqualTo(1);
    }

    @Test
    @Requirement({"nat-behaviour 70", "RFC 4459 3.3"})
    void answerFromOutsideIsLowered() {
        out(syn(Net.VM1, Net.SERVER, mss(1460)));
        byte[] answer = segment(Net.SERVER, Net.NAT[1], 80, SYN | ACK, mss(1460), new byte[0]);
        ByteBuffer.wrap(answer).putShort(22, (short) 4000);
        fixTcp(answer);
        byte[] sent = toVm(gateway.intoExt(Net.fromOutside(answer)).onlyPa(), Net.HOST_A, Net.HOST_A_MAC);
        assertThat(Wire.u16(sent, 42)).isEqualTo(FITS);
        assertThat(gateway.worker.counters().vsid(2, VsidCounter.MSS_CLAMPED)).isEqualTo(2);
    }

    @Test
    @Requirement("nat-behaviour 70")
    void synToARuleIsLowered() {
        gateway.rule(1, Wire.TCP, 80, Net.VM1, 8080);
        byte[] syn = syn(Net.SERVER, Net.NAT[1], mss(8960));
        byte[] sent = toVm(gateway.intoExt(Net.fromOutside(syn)).onlyPa(), Net.HOST_A, Net.HOST_A_MAC);
        assertThat(Wire.u16(sent, 42)).isEqualTo(FITS);
    }

    @Test
    @Requirement("nat-behaviour 70")
    void synBetweenVmsIsLowered() {
        byte[] syn = syn(Net.VM1, Net.VM2, mss(1460));
        byte[] sent = toVm(gateway.intoPa(Net.fromVm1(1, syn)).onlyPa(), Net.HOST_B, Net.HOST_B_MAC);
        assertThat(Wire.u16(sent, 42)).isEqualTo(FITS);
        byte[] data = segment(Net.VM1, Net.VM2, 4000, ACK, mss(1460), new byte[3]);
        sent = toVm(gateway.intoPa(Net.fromVm1(1, data)).onlyPa(), Net.HOST_B, Net.HOST_B_MAC);
        assertThat(Wire.u16(sent, 42)).isEqualTo(1460);
    }

    @Test
    @Requirement("nat-behaviour 70")
    void whatFitsStays() {
        for (int value : new int[] {0, 536, 1400, FITS}) {
            assertThat(Wire.u16(out(syn(Net.VM1, Net.SERVER, mss(value))), 42)).isEqualTo(value);
        }
        assertThat(out(syn(Net.VM1, Net.SERVER, new byte[0]))).hasSize(40);
        assertThat(gateway.worker.counters().vsid(2, VsidCounter.MSS_CLAMPED)).isZero();
    }

    @Test
    @Requirement("nat-behaviour 70")
    void onlySynIsTouched() {
        out(syn(Net.VM1, Net.SERVER, mss(1460)));
        byte[] data = segment(Net.VM1, Net.SERVER, 4000, ACK, mss(1460), new byte[9]);
        assertThat(Wire.u16(out(data), 42)).isEqualTo(1460);
    }

    @Test
    @Requirement("nat-behaviour 70")
    void offMeansUntouched() {
        gateway.close();
        gateway = new TestGateway(TestGateway.CONFIG.withMtu(MtuConfig.DEFAULT.withMssClamp(false)));
        assertThat(Wire.u16(out(syn(Net.VM1, Net.SERVER, mss(1460))), 42)).isEqualTo(1460);
    }

    /** The option is found behind others, at an odd offset too, where its checksum words straddle. */
    @Test
    @Requirement("nat-behaviour 70")
    void anyPlaceAmongTheOptions() {
        byte[] odd = options(1, 2, 4, 0x05, 0xb4, 4, 2, 0);
        assertThat(Wire.u16(out(syn(Net.VM1, Net.SERVER, odd)), 43)).isEqualTo(FITS);
        byte[] last = options(8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 3, 3, 7, 4, 2, 1, 2, 4, 0x23, 0x28);
        assertThat(Wire.u16(out(syn(Net.VM1, Net.SERVER, last)), 58)).isEqualTo(FITS);
    }

    /** Malformed lists end the search; what lies behind the header is data, whatever it looks like. */
    @Test
    @Requirement("nat-behaviour 70")
    void malformedOptionsPassUnchanged() {
        byte[][] lists = {
            options(0, 2, 4, 5, 0xb4),
            options(7, 0, 2, 4, 5, 0xb4),
            options(7, 1, 2, 4),
            options(7, 9, 2, 4, 5, 0xb4),
            options(1, 1, 1, 2),
            options(2, 3, 5, 0xb4),
            options(2, 4, 5, 0xb4)
        };
        for (int i = 0; i < lists.length; i++) {
            byte[] syn = syn(Net.VM1, Net.SERVER, lists[i]);
            if (i == lists.length - 1) {
                // The data offset says that there are no options.
                syn[32] = 0x50;
                fixTcp(syn);
            }
            assertThat(Wire.slice(out(syn), 40)).as("list " + i).isEqualTo(Wire.slice(syn, 40));
        }
    }

    @Test
    @Requirement("nat-behaviour 70")
    void randomOptionsKeepTheChecksumRight() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 3000; i++) {
            byte[] options = new byte[4 * random.nextInt(11)];
            for (int j = 0; j < options.length; j++) {
                options[j] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(6));
            }
            byte[] sent = TestGateway.ip(gateway.intoPa(Net.fromVm1(1, syn(Net.VM1, Net.SERVER, options)))
                    .onlyExt());
            assertThat(Wire.l4Sum(Net.NAT[1], Net.SERVER, Wire.TCP, Wire.slice(sent, 20)))
                    .as("seed " + seed + " round " + i)
                    .isEqualTo(0xffff);
        }
    }

    private static void fixTcp(byte[] ip) {
        ByteBuffer b = ByteBuffer.wrap(ip);
        b.putShort(36, (short) 0);
        b.putShort(36, (short) ~Wire.l4Sum(Wire.i32(ip, 12), Wire.i32(ip, 16), Wire.TCP, Wire.slice(ip, 20)));
    }
}
