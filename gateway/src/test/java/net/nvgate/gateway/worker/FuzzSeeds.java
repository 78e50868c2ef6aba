package net.nvgate.gateway.worker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Good and bad packets to begin with: every protocol, both ports, attacks that have a name. */
final class FuzzSeeds {

    /** A frame, and the port it comes by. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares seeds.
    record Seed(boolean fromPa, byte[] frame) {}

    private static final int SYN = 2;
    private static final int SYN_ACK = 18;
    private static final int ACK = 16;
    private static final int FIN_ACK = 17;
    private static final int RST = 4;

    private final List<Seed> seeds = new ArrayList<>();

    private FuzzSeeds() {}

    static List<Seed> all() {
        FuzzSeeds s = new FuzzSeeds();
        for (int tenant = 1; tenant <= 2; tenant++) {
            s.fromTenant(tenant);
            s.fromOutside(tenant);
        }
        s.links();
        s.errors();
        s.fragments();
        s.attacks();
        s.ipv6();
        FuzzSeeds6.addTo((fromPa, frame) -> s.seeds.add(new Seed(fromPa, frame)));
        return List.copyOf(s.seeds);
    }

    private void pa(byte[] frame) {
        seeds.add(new Seed(true, frame));
    }

    private void ext(byte[] frame) {
        seeds.add(new Seed(false, frame));
    }

    private void vm(int tenant, byte[] ip) {
        pa(Net.fromVm1(tenant, ip));
    }

    private void outside(byte[] ip) {
        ext(Net.fromOutside(ip));
    }

    private void fromTenant(int tenant) {
        int other = 3 - tenant;
        for (int target : new int[] {Net.SERVER, Net.FAR, Net.VM2, Net.NAT[other], Net.NAT[tenant], Net.SILENT}) {
            vm(tenant, Net.udp(Net.VM1, target, 4000, 53));
            vm(tenant, Net.ping(Net.VM1, target, 7));
            for (int flags : new int[] {SYN, SYN_ACK, ACK, FIN_ACK, RST}) {
                vm(tenant, Net.tcp(Net.VM1, target, 4001, 80, flags));
            }
        }
        vm(tenant, Net.ping(Net.VM1, Net.GATEWAY_CA, 1));
        vm(tenant, Net.ping(Net.VM1, Net.EXTERNAL, 1));
        vm(tenant, Wire.ipv4(Net.VM1, Net.SERVER, 50, new byte[40]));
        vm(tenant, Wire.ipv4(Net.VM1, Net.SERVER, Wire.GRE, new byte[40]));
        vm(tenant, Net.udp(Net.VM1, Wire.address("255.255.255.255"), 68, 67));
        vm(tenant, Net.udp(Net.VM1, Wire.address("224.0.0.5"), 1, 2));
        vm(tenant, ftp(Net.VM1, Net.SERVER, 4002, 21, "PORT 192,168,1,3,16,1\r\n"));
        vm(tenant, ftp(Net.VM1, Net.SERVER, 4002, 21, "EPRT |1|192.168.1.3|4097|\r\n"));
        for (int target : new int[] {Net.DG, Net.GATEWAY_CA, Net.VM2}) {
            byte[] arp = Wire.arp(1, Net.VM1_MAC, Net.VM1, 0, target);
            pa(Net.nvgre(Net.HOST_A, Net.VM_VSID[tenant], 0xffffffffffffL, 0x806, arp));
        }
    }

    private void fromOutside(int tenant) {
        int nat = Net.NAT[tenant];
        for (int source : new int[] {Net.SERVER, Net.FAR}) {
            outside(Net.udp(source, nat, 53, 4000));
            outside(Net.ping(source, nat, 7));
            outside(Net.pong(source, nat, 7));
            for (int flags : new int[] {SYN, SYN_ACK, ACK, FIN_ACK, RST}) {
                outside(Net.tcp(source, nat, 80, 4001, flags));
                outside(Net.tcp(source, nat, 30000, 8080, flags));
            }
            outside(ftp(source, nat, 21, 4002, "227 Entering Passive Mode (203,0,113,50,16,1)\r\n"));
            outside(ftp(source, nat, 21, 4002, "229 Entering Extended Passive Mode (|||4097|)\r\n"));
        }
        outside(Wire.ipv4(Net.SERVER, nat, 50, new byte[40]));
        int oneToOne = Wire.address("203.0.113.12");
        outside(Net.udp(Net.SERVER, oneToOne, 53, 4000));
        outside(Wire.ipv4(Net.SERVER, oneToOne, 50, new byte[40]));
        vm(tenant, Net.udp(Net.VM1, oneToOne, 4000, 53));
    }

    private static byte[] ftp(int source, int destination, int sourcePort, int destinationPort, String line) {
        byte[] data = line.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return Wire.ipv4(
                source,
                destination,
                Wire.TCP,
                Wire.tcp(source, destination, sourcePort, destinationPort, ACK | 8, data));
    }

    private void links() {
        long asker = 0x020000000009L;
        pa(Wire.ethernet(0xffffffffffffL, asker, 0x806, Wire.arp(1, asker, Net.HOST_A, 0, Net.GATEWAY_PA)));
        ext(Wire.ethernet(0xffffffffffffL, asker, 0x806, Wire.arp(1, asker, Net.SERVER, 0, Net.NAT[1])));
        ext(Wire.ethernet(Net.EXT_MAC, asker, 0x806, Wire.arp(2, asker, Net.SILENT, Net.EXT_MAC, Net.EXTERNAL)));
        pa(Wire.ethernet(Net.PA_MAC, Net.HOST_A_MAC, 0x800, Net.ping(Net.HOST_A, Net.GATEWAY_PA, 6)));
        ext(Net.fromOutside(Net.ping(Net.SERVER, Net.EXTERNAL, 6)));
        ext(Wire.tagged(Net.EXT_MAC, Net.SERVER_MAC, 9, 0x800, Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)));
    }

    private void errors() {
        byte[][] embedded = {
            Net.udp(Net.NAT[1], Net.SERVER, 4000, 53),
            Net.tcp(Net.NAT[1], Net.SERVER, 4001, 80, SYN),
            Net.ping(Net.NAT[1], Net.SERVER, 7)
        };
        for (byte[] about : embedded) {
            for (int type : new int[] {3, 11, 12}) {
                outside(Wire.ipv4(Net.ROUTER, Net.NAT[1], Wire.ICMP, Wire.icmp(type, 0, 0, about)));
                outside(Wire.ipv4(Net.ROUTER, Net.NAT[1], Wire.ICMP, Wire.icmp(type, 0, 0, Arrays.copyOf(about, 28))));
            }
            outside(Wire.ipv4(Net.ROUTER, Net.NAT[1], Wire.ICMP, Wire.icmp(3, 4, 1300, about)));
        }
        vm(1, Wire.ipv4(Net.VM1, Net.SERVER, 1, Wire.icmp(3, 3, 0, Net.udp(Net.SERVER, Net.VM1, 53, 4000))));
        byte[] nvgre = Arrays.copyOfRange(Net.fromVm1(1, embedded[0]), 14, 14 + 48);
        byte[] paError = Wire.ipv4(Net.HOST_A, Net.GATEWAY_PA, Wire.ICMP, Wire.icmp(3, 4, 1400, nvgre));
        pa(Wire.ethernet(Net.PA_MAC, Net.HOST_A_MAC, 0x800, paError));
    }

    private void fragments() {
        byte[] udp = Wire.udp(Net.VM1, Net.SERVER, 4000, 53, new byte[2000]);
        byte[] back = Wire.udp(Net.SERVER, Net.NAT[1], 53, 4000, new byte[2000]);
        for (int[] cut : new int[][] {{0, 8}, {8, 16}, {0, 1200}, {1200, 2008}, {1192, 1208}, {1192, 2008}}) {
            int word = cut[0] / 8 | (cut[1] < udp.length ? 0x2000 : 0);
            byte[] part = Arrays.copyOfRange(udp, cut[0], cut[1]);
            vm(1, Wire.ipv4(Net.VM1, Net.SERVER, Wire.UDP, 64, 5, word, 0, part));
            byte[] backPart = Arrays.copyOfRange(back, cut[0], cut[1]);
            outside(Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.UDP, 64, 6, word, 0, backPart));
        }
        vm(1, Wire.ipv4(Net.VM1, Net.SERVER, Wire.UDP, 64, 7, 0, 0, udp));
        vm(1, Wire.ipv4(Net.VM1, Net.VM2, Wire.UDP, 64, 7, 0, 0, udp));
        byte[] whole = Wire.slice(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000, 53)), 34);
        for (int[] cut : new int[][] {{0, 24}, {24, whole.length}, {16, 48}}) {
            int word = cut[0] / 8 | (cut[1] < whole.length ? 0x2000 : 0);
            byte[] part = Arrays.copyOfRange(whole, cut[0], cut[1]);
            byte[] outer = Wire.ipv4(Net.HOST_A, Net.GATEWAY_PA, Wire.GRE, 64, 9, word, 0, part);
            pa(Wire.ethernet(Net.PA_MAC, Net.HOST_A_MAC, 0x800, outer));
        }
    }

    /** Land, spoofed, reflected, tiny first fragment, ping of death. */
    private void attacks() {
        outside(Net.tcp(Net.NAT[1], Net.NAT[1], 4001, 4001, SYN));
        outside(Net.udp(Net.EXTERNAL, Net.EXTERNAL, 7, 7));
        outside(Net.udp(Net.NAT[2], Net.NAT[1], 4000, 4000));
        vm(1, Net.tcp(Net.VM1, Net.VM1, 80, 80, SYN));
        vm(1, Net.udp(Wire.address("192.168.1.99"), Net.SERVER, 4000, 53));
        vm(1, Net.udp(Net.SERVER, Net.VM1, 53, 4000));
        vm(1, Net.udp(Net.VM1, Net.HOST_A, 4000, 47));
        vm(1, Wire.ipv4(Net.VM1, Net.SERVER, Wire.TCP, 64, 3, 0x2000, 0, new byte[8]));
        vm(1, Wire.ipv4(Net.VM1, Net.SERVER, Wire.TCP, 64, 3, 1, 0, new byte[16]));
        outside(Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.ICMP, 64, 3, 0x1fff, 0, new byte[64]));
        pa(Net.fromVm1(1, Wire.slice(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 1, 2)), 14)));
    }

    private void ipv6() {
        byte[] vm = Wire6.address("fd00:1::3");
        byte[] server = Wire6.address("2001:db8::50");
        byte[] nat64 = Wire6.address("64:ff9b::cb00:7132");
        for (byte[] target : List.of(server, nat64)) {
            for (byte[] ip : List.of(
                    Wire6.udpPacket(vm, target, 4000, 53),
                    Wire6.tcpPacket(vm, target, 4001, 80, SYN),
                    Wire6.ping(vm, target, 9))) {
                pa(Net.nvgre(Net.HOST_A, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, Wire6.TYPE, ip));
                ext(Wire.ethernet(Net.EXT_MAC, Net.ROUTER_MAC, Wire6.TYPE, ip));
            }
        }
        byte[] options = Wire6.extension(Wire.UDP, 1, Wire6.udp(vm, server, 1, 2, new byte[8]));
        byte[] ip = Wire6.ipv6(vm, server, Wire6.HOP_BY_HOP, options);
        pa(Net.nvgre(Net.HOST_A, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, Wire6.TYPE, ip));
        byte[] fragment = Wire6.fragment(Wire.UDP, 0, true, 7, new byte[16]);
        byte[] first = Wire6.ipv6(vm, nat64, Wire6.FRAGMENT, fragment);
        pa(Net.nvgre(Net.HOST_A, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, Wire6.TYPE, first));
    }
}
