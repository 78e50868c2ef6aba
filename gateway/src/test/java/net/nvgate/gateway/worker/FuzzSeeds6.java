package net.nvgate.gateway.worker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/** IPv6 and DHCP to begin with. */
final class FuzzSeeds6 {

    private static final int SYN = 2;

    private FuzzSeeds6() {}

    /** @param add takes whether it comes by the PA port, and the frame */
    static void addTo(BiConsumer<Boolean, byte[]> add) {
        for (int tenant = 1; tenant <= 2; tenant++) {
            fromTenant(tenant, add);
        }
        byte[] back = Wire6.udpPacket(Net6.SERVER, Net6.OUTSIDE_VM1, 53, 4000);
        add.accept(false, Net6.fromOutside(back));
        add.accept(false, Net6.fromOutside(Wire6.tcpPacket(Net6.FAR, Net6.OUTSIDE_VM1, 80, 4001, SYN)));
        add.accept(false, Net6.fromOutside(Wire6.ping(Net6.SERVER, Net6.OUTSIDE_VM1, 5)));
        add.accept(false, Net6.fromOutside(Wire6.ping(Net6.SERVER, Net6.EXTERNAL, 5)));
        byte[] about = Arrays.copyOf(Wire6.udpPacket(Net6.OUTSIDE_VM1, Net6.SERVER, 4000, 53), 56);
        for (int type : new int[] {1, 2, 3, 4}) {
            int word = type == 2 ? 1300 : 0;
            byte[] error = Wire6.icmpPacket(Net6.FAR, Net6.OUTSIDE_VM1, type, 0, word, about);
            add.accept(false, Net6.fromOutside(error));
        }
        long asker = 0x020000000009L;
        add.accept(false, Nd.toGroup(Net6.EXTERNAL, Nd.solicitation(Net6.ROUTER, asker, Net6.EXTERNAL)));
        add.accept(
                false, Net6.fromOutside(Nd.advertisement(Net6.ROUTER, Net6.EXTERNAL, 0x60000000, Net6.ROUTER, asker)));
        add.accept(true, Nd.toGroup(Net6.PA, Nd.solicitation(Net6.HOST_B, asker, Net6.PA)));
        dhcp(add);
        nat64(add);
        pcp(add);
    }

    private static void nat64(BiConsumer<Boolean, byte[]> add) {
        for (int server : new int[] {Net.SERVER, Net.FAR, Net.NAT[2]}) {
            byte[] target = Wire6.address("2001:db8:64::" + Wire.dotted(server));
            for (byte[] ip : List.of(
                    Wire6.udpPacket(Net6.VM1, target, 4600, 53),
                    Wire6.tcpPacket(Net6.VM1, target, 4601, 80, SYN),
                    Wire6.tcpPacket(Net6.VM1, target, 4601, 80, 16),
                    Wire6.ping(Net6.VM1, target, 4602))) {
                add.accept(true, Net6.fromVm1(1, ip));
            }
            byte[] line = "EPSV\r\n".getBytes(StandardCharsets.US_ASCII);
            byte[] ftp = Wire6.tcp(Net6.VM1, target, 4603, 21, 24, line);
            add.accept(true, Net6.fromVm1(1, Wire6.tcpPacket(Net6.VM1, target, 4603, 21, SYN)));
            add.accept(true, Net6.fromVm1(1, Wire6.ipv6(Net6.VM1, target, Wire.TCP, ftp)));
            byte[] whole = Wire6.udp(Net6.VM1, target, 4604, 53, new byte[1400]);
            for (int[] cut : new int[][] {{0, 704}, {704, whole.length}}) {
                byte[] part = Arrays.copyOfRange(whole, cut[0], cut[1]);
                byte[] fragment = Wire6.fragment(Wire.UDP, cut[0], cut[0] == 0, 9, part);
                add.accept(true, Net6.fromVm1(1, Wire6.ipv6(Net6.VM1, target, Wire6.FRAGMENT, fragment)));
            }
        }
        for (int port = 4600; port < 4604; port++) {
            add.accept(false, Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, port)));
            add.accept(false, Net.fromOutside(Net.tcp(Net.SERVER, Net.NAT[1], port == 4603 ? 21 : 80, port, 18)));
            byte[] about = Net.udp(Net.NAT[1], Net.SERVER, port, 53);
            byte[] error = Wire.icmp(3, 4, 1300, about);
            add.accept(false, Net.fromOutside(Wire.ipv4(Net.ROUTER, Net.NAT[1], Wire.ICMP, error)));
        }
    }

    /** ANNOUNCE, MAP and PEER of RFC 6887. */
    private static void pcp(BiConsumer<Boolean, byte[]> add) {
        for (int opcode = 0; opcode <= 2; opcode++) {
            ByteBuffer b = ByteBuffer.allocate(60);
            b.put((byte) 2).put((byte) opcode).putShort((short) 0).putInt(600);
            b.putLong(0).putInt(0xffff).putInt(Net.VM1);
            b.putLong(0x0102030405060708L).putInt(77).put((byte) Wire.UDP).put(new byte[3]);
            b.putShort((short) 53)
                    .putShort((short) 5353)
                    .putLong(0)
                    .putInt(0xffff)
                    .putInt(0);
            byte[] ip = Wire.ipv4(
                    Net.VM1, Net.GATEWAY_CA, Wire.UDP, Wire.udp(Net.VM1, Net.GATEWAY_CA, 5350, 5351, b.array()));
            add.accept(true, Net.fromVm1(1, ip));
        }
    }

    private static void fromTenant(int tenant, BiConsumer<Boolean, byte[]> add) {
        List<byte[]> targets =
                List.of(Net6.SERVER, Net6.FAR, Net6.VM2, Net6.VM4, Net6.DG, Net6.BEHIND_VM2, Net6.OUTSIDE_VM1);
        for (byte[] target : targets) {
            add.accept(true, Net6.fromVm1(tenant, Wire6.udpPacket(Net6.VM1, target, 4000, 53)));
            add.accept(true, Net6.fromVm1(tenant, Wire6.tcpPacket(Net6.VM1, target, 4001, 80, SYN)));
            add.accept(true, Net6.fromVm1(tenant, Wire6.ping(Net6.VM1, target, 9)));
            add.accept(true, Net6.fromVm2(tenant, Wire6.udpPacket(Net6.VM2, target, 4000, 53)));
        }
        byte[] options = Wire6.extension(Wire.UDP, 1, Wire6.udp(Net6.VM1, Net6.SERVER, 1, 2, new byte[8]));
        add.accept(true, Net6.fromVm1(tenant, Wire6.ipv6(Net6.VM1, Net6.SERVER, Wire6.HOP_BY_HOP, options)));
        byte[] fragment = Wire6.fragment(Wire.UDP, 0, true, 7, new byte[16]);
        add.accept(true, Net6.fromVm1(tenant, Wire6.ipv6(Net6.VM1, Net6.SERVER, Wire6.FRAGMENT, fragment)));
        byte[] big = Wire6.udp(Net6.VM1, Net6.SERVER, 4000, 53, new byte[1500]);
        add.accept(true, Net6.fromVm1(tenant, Wire6.ipv6(Net6.VM1, Net6.SERVER, Wire.UDP, big)));
        byte[] question = Nd.solicitation(Net6.VM1, Net.VM1_MAC, Net6.DG);
        byte[] inner = Wire.ethernet(Nd.groupMac(Net6.DG), Net.VM1_MAC, Wire6.TYPE, question);
        add.accept(true, Net.outer(Net.HOST_A, Wire.gre(0x20006558, Net.VM_VSID[tenant], 0, inner)));
        byte[] host = Wire.ethernet(Net.GATEWAY_MAC, Net.VM2_MAC, 0x800, Net.udp(Net.VM2, Net.SERVER, 4000, 53));
        add.accept(true, Net6.outer(Wire.gre(0x20006558, Net.GATEWAY_VSID[tenant], 0, host)));
    }

    private static void dhcp(BiConsumer<Boolean, byte[]> add) {
        for (int type = 1; type <= 8; type++) {
            ByteBuffer b = ByteBuffer.allocate(300);
            b.put(0, (byte) 1).put(1, (byte) 1).put(2, (byte) 6).putInt(4, 77);
            b.putShort(28, (short) (Net.VM1_MAC >>> 32))
                    .putInt(30, (int) Net.VM1_MAC)
                    .putInt(236, 0x63825363);
            b.put(240, (byte) 53).put(241, (byte) 1).put(242, (byte) type);
            b.put(243, (byte) 50).put(244, (byte) 4).putInt(245, Net.VM1).put(249, (byte) 255);
            byte[] ip = Wire.ipv4(0, -1, Wire.UDP, Wire.udp(0, -1, 68, 67, b.array()));
            add.accept(true, Net.nvgre(Net.HOST_A, Net.VM_VSID[1], 0xffffffffffffL, 0x800, ip));
        }
    }
}
