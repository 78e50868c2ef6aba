package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.route.DhcpTable;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.MacTable;
import net.nvgate.gateway.route.NatQuotas;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.Prefixes;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.route.VsidEntry;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each wrong packet produces exactly the drop counter it should, and nothing else; every reason has one. */
@ExtendWith(EalExtension.class)
class DropReasonTest {

    private static final int GRE_WORD = 0x20006558;
    private static final byte[] GOOD = Net.udp(Net.VM1, Net.SERVER, 4000, 53);
    private static final List<Case> CASES = new ArrayList<>();

    /** What leads to a drop; it may send good packets before. */
    private record Case(DropReason reason, String what, int paMtu, Consumer<TestGateway> act) {

        TestGateway gateway() {
            int workers = reason == DropReason.HAND_OFF_FULL ? 2 : TestGateway.WORKERS;
            return new TestGateway(TestGateway.CONFIG, PacketPort.detached(Net.PA_MAC, paMtu, false), workers);
        }
    }

    private static void pa(DropReason reason, String what, byte[] frame) {
        CASES.add(new Case(reason, what, Net.MTU, g -> g.intoPa(frame)));
    }

    private static void ext(DropReason reason, String what, byte[] frame) {
        CASES.add(new Case(reason, what, Net.MTU, g -> g.intoExt(frame)));
    }

    private static void with(DropReason reason, String what, Consumer<TestGateway> act) {
        with(reason, what, Net.MTU, act);
    }

    private static void with(DropReason reason, String what, int paMtu, Consumer<TestGateway> act) {
        CASES.add(new Case(reason, what, paMtu, act));
    }

    static {
        link();
        gre();
        inner();
        fragments();
        routing();
        dhcp();
        pcp();
        nat();
        icmp();
        sending();
        Drops6.addTo(DropReasonTest::with);
        DropsNat64.addTo(DropReasonTest::with);
        DropsLimits.addTo(DropReasonTest::with);
    }

    private static byte[] cut(byte[] frame, int length) {
        return Arrays.copyOf(frame, length);
    }

    private static byte[] changed(byte[] packet, int at, int value) {
        byte[] copy = packet.clone();
        copy[at] = (byte) value;
        return copy;
    }

    private static byte[] gre(int word, byte[] frame) {
        return Net.outer(Net.HOST_A, Wire.gre(word, Net.GATEWAY_VSID[1], 0, frame));
    }

    private static byte[] innerFrame(int vsid, byte[] frame) {
        return Net.outer(Net.HOST_A, Wire.gre(GRE_WORD, vsid, 0, frame));
    }

    private static void link() {
        byte[] good = Net.fromVm1(1, GOOD);
        byte[] outside = Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000));
        with(DropReason.MULTI_SEGMENT, "in two buffers", g -> g.intoPaSegmented(good));
        pa(DropReason.TRUNCATED_ETHERNET, "13 bytes", cut(good, 13));
        pa(DropReason.TRUNCATED_ETHERNET, "tag cut", cut(Wire.tagged(Net.PA_MAC, 2, 7, 0x800, GOOD), 17));
        pa(DropReason.NOT_OUR_MAC, "other unicast", changed(good, 5, 0x77));
        pa(DropReason.NOT_OUR_MAC, "IPv4 broadcast", Wire.ethernet(0xffffffffffffL, 2, 0x800, GOOD));
        pa(DropReason.UNKNOWN_ETHERTYPE, "LLDP", Wire.ethernet(Net.PA_MAC, 2, 0x88cc, GOOD));
        pa(DropReason.UNKNOWN_ETHERTYPE, "two tags", Wire.tagged(Net.PA_MAC, 2, 7, 0x8100, GOOD));
        byte[] arp = Wire.ethernet(0xffffffffffffL, 2, 0x806, Wire.arp(1, 2, Net.SERVER, 0, Net.EXTERNAL));
        ext(DropReason.MALFORMED_ARP, "27 bytes", cut(arp, 14 + 27));
        ext(DropReason.MALFORMED_ARP, "hardware type", changed(arp, 15, 6));
        ext(
                DropReason.ARP_NOT_FOR_US,
                "who has the router",
                Wire.ethernet(0xffffffffffffL, 2, 0x806, Wire.arp(1, 2, Net.SERVER, 0, Net.ROUTER)));
        ext(
                DropReason.ARP_NOT_FOR_US,
                "PA asked outside",
                Wire.ethernet(0xffffffffffffL, 2, 0x806, Wire.arp(1, 2, Net.SERVER, 0, Net.GATEWAY_PA)));
        pa(DropReason.TRUNCATED_IPV4, "19 bytes", cut(good, 14 + 19));
        pa(DropReason.IPV4_VERSION, "version 6", changed(good, 14, 0x65));
        pa(DropReason.IPV4_HEADER_LENGTH, "16 bytes", changed(good, 14, 0x44));
        ext(DropReason.IPV4_HEADER_LENGTH, "beyond the frame", changed(cut(outside, 14 + 24), 14, 0x47));
        pa(DropReason.IPV4_TOTAL_LENGTH, "beyond the frame", cut(good, good.length - 1));
        pa(DropReason.IPV4_TOTAL_LENGTH, "below the header", changed(changed(good, 16, 0), 17, 19));
        pa(DropReason.IPV4_CHECKSUM, "flipped", changed(good, 24, good[24] ^ 1));
        ext(DropReason.IPV4_CHECKSUM, "flipped", changed(outside, 24, outside[24] ^ 1));
        pa(
                DropReason.NOT_OUR_ADDRESS,
                "other PA",
                Wire.ethernet(Net.PA_MAC, 2, 0x800, Wire.ipv4(Net.HOST_A, Net.HOST_B, Wire.GRE, new byte[40])));
        pa(
                DropReason.NOT_OUR_ADDRESS,
                "wrong VLAN",
                Wire.tagged(Net.PA_MAC, 2, 7, 0x800, Wire.ipv4(Net.HOST_A, Net.GATEWAY_PA, Wire.GRE, new byte[40])));
        ext(DropReason.NOT_OUR_ADDRESS, "other address", Net.fromOutside(Net.udp(Net.SERVER, Net.FAR, 53, 4000)));
        ext(
                DropReason.NOT_OUR_ADDRESS,
                "wrong VLAN",
                Wire.tagged(Net.EXT_MAC, 2, 9, 0x800, Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)));
        pa(
                DropReason.TRUNCATED_ICMP,
                "7 bytes",
                Wire.ethernet(Net.PA_MAC, 2, 0x800, Wire.ipv4(Net.HOST_A, Net.GATEWAY_PA, 1, new byte[7])));
    }

    private static byte[] outerFragment(int host, int protocol, int word, int bytes) {
        byte[] ip = Wire.ipv4(host, Net.GATEWAY_PA, protocol, 64, 1, word, 0, new byte[bytes]);
        return Wire.ethernet(Net.PA_MAC, 2, 0x800, ip);
    }

    private static void gre() {
        byte[] frame = Wire.ethernet(Net.GATEWAY_MAC, 2, 0x800, GOOD);
        byte[] whole = Wire.gre(GRE_WORD, Net.GATEWAY_VSID[1], 0, frame);
        pa(DropReason.OUTER_FRAGMENT, "UDP", outerFragment(Net.HOST_A, Wire.UDP, 0x2000, 64));
        int stranger = Wire.address("10.10.10.66");
        pa(DropReason.OUTER_FRAGMENT_SOURCE, "no record", outerFragment(stranger, Wire.GRE, 0x2000, 64));
        pa(DropReason.OUTER_FRAGMENT_SIZE, "beyond a buffer", outerFragment(Net.HOST_A, Wire.GRE, 600, 64));
        with(DropReason.OUTER_FRAGMENT_OVERLAP, "again", g -> {
            g.intoPa(outerFragment(Net.HOST_A, Wire.GRE, 0x2000, 64));
            g.intoPa(outerFragment(Net.HOST_A, Wire.GRE, 0x2000, 64));
        });
        with(DropReason.OUTER_FRAGMENT_TIMEOUT, "alone", g -> {
            g.intoPa(outerFragment(Net.HOST_A, Wire.GRE, 0x2000, 64));
            g.turnsAfter(OuterReassembly.LIFETIME_MS);
        });
        with(DropReason.OUTER_FRAGMENT_LIMIT, "65 datagrams of a host", g -> {
            for (int i = 0; i < 65; i++) {
                byte[] ip = Wire.ipv4(Net.HOST_A, Net.GATEWAY_PA, Wire.GRE, 64, i, 0x2000, 0, new byte[64]);
                g.intoPa(Wire.ethernet(Net.PA_MAC, 2, 0x800, ip));
            }
        });
        byte[] needed = Wire.ipv4(Net.HOST_A, Net.GATEWAY_PA, 1, Wire.icmp(3, 4, 1400, GOOD));
        pa(DropReason.PATH_MTU, "about another's packet", Wire.ethernet(Net.PA_MAC, 2, 0x800, needed));
        with(DropReason.PATH_MTU_LIMIT, "101 in a second", g -> {
            byte[] outer = Wire.slice(
                    g.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.VM2, 1, 2))).onlyPa(), 14);
            outer[2] = 5;
            byte[] ip = Wire.ipv4(Net.HOST_A, Net.GATEWAY_PA, 1, Wire.icmp(3, 4, 1000, Wire.fixIp(outer)));
            for (int i = 0; i < 101; i++) {
                g.intoPa(Wire.ethernet(Net.PA_MAC, 2, 0x800, ip));
            }
        });
        pa(
                DropReason.OUTER_PROTOCOL,
                "UDP",
                Wire.ethernet(Net.PA_MAC, 2, 0x800, Net.udp(Net.HOST_A, Net.GATEWAY_PA, 1, 4789)));
        pa(
                DropReason.OUTER_PROTOCOL,
                "echo reply",
                Wire.ethernet(Net.PA_MAC, 2, 0x800, Net.pong(Net.HOST_A, Net.GATEWAY_PA, 1)));
        pa(DropReason.TRUNCATED_GRE, "3 bytes", Net.outer(Net.HOST_A, cut(whole, 3)));
        pa(DropReason.TRUNCATED_GRE, "7 bytes", Net.outer(Net.HOST_A, cut(whole, 7)));
        pa(DropReason.GRE_VERSION, "version 1", gre(GRE_WORD | 1 << 16, frame));
        pa(DropReason.GRE_CHECKSUM_PRESENT, "C", gre(GRE_WORD | 0x80000000, frame));
        pa(DropReason.GRE_SEQUENCE_PRESENT, "S", gre(GRE_WORD | 0x10000000, frame));
        pa(DropReason.GRE_NO_KEY, "no K", gre(0x6558, frame));
        pa(DropReason.GRE_RESERVED_BITS, "R", gre(GRE_WORD | 0x40000000, frame));
        pa(DropReason.GRE_RESERVED_BITS, "low bits", gre(GRE_WORD | 0x00080000, frame));
        pa(DropReason.GRE_PROTOCOL_TYPE, "IPv4 in GRE", gre(0x20000800, frame));
        for (int vsid : new int[] {0, 1, 4095, 0xffffff}) {
            pa(DropReason.RESERVED_VSID, "VSID " + vsid, innerFrame(vsid, frame));
        }
        pa(DropReason.UNKNOWN_VSID, "VSID 4096", innerFrame(4096, frame));
    }

    private static void inner() {
        byte[] frame = Wire.ethernet(Net.GATEWAY_MAC, 2, 0x800, GOOD);
        int vsid = Net.GATEWAY_VSID[1];
        pa(DropReason.INNER_TRUNCATED_ETHERNET, "13 bytes", innerFrame(vsid, cut(frame, 13)));
        pa(DropReason.INNER_VLAN, "802.1Q", innerFrame(vsid, Wire.tagged(Net.GATEWAY_MAC, 2, 5, 0x800, GOOD)));
        pa(DropReason.INNER_VLAN, "802.1ad", innerFrame(vsid, Wire.ethernet(Net.GATEWAY_MAC, 2, 0x88a8, GOOD)));
        pa(DropReason.INNER_ETHERTYPE, "LLDP", innerFrame(vsid, Wire.ethernet(Net.GATEWAY_MAC, 2, 0x88cc, GOOD)));
        byte[] arp = Wire.arp(1, 2, Net.VM1, 0, Net.GATEWAY_CA);
        pa(
                DropReason.INNER_MALFORMED_ARP,
                "cut",
                innerFrame(vsid, Wire.ethernet(0xffffffffffffL, 2, 0x806, cut(arp, 27))));
        pa(
                DropReason.INNER_ARP_NOT_FOR_US,
                "who has VM 2",
                innerFrame(vsid, Wire.ethernet(0xffffffffffffL, 2, 0x806, Wire.arp(1, 2, Net.VM1, 0, Net.VM2))));
        pa(
                DropReason.INNER_ARP_NOT_FOR_US,
                "reply",
                innerFrame(vsid, Wire.ethernet(Net.GATEWAY_MAC, 2, 0x806, Wire.arp(2, 2, Net.VM1, 0, Net.GATEWAY_CA))));
        pa(
                DropReason.INNER_MULTICAST,
                "broadcast MAC",
                innerFrame(vsid, Wire.ethernet(0xffffffffffffL, 2, 0x800, GOOD)));
        pa(
                DropReason.INNER_MULTICAST,
                "group address",
                Net.fromVm1(1, Net.udp(Net.VM1, Wire.address("224.0.0.5"), 1, 2)));
        pa(DropReason.INNER_WRONG_MAC, "a VM's MAC", innerFrame(vsid, Wire.ethernet(Net.VM2_MAC, 2, 0x800, GOOD)));
        pa(
                DropReason.INNER_WRONG_MAC,
                "ARP to a VM's MAC",
                innerFrame(vsid, Wire.ethernet(Net.VM2_MAC, 2, 0x806, arp)));
        pa(DropReason.INNER_TRUNCATED_IPV4, "19 bytes", innerFrame(vsid, cut(frame, 14 + 19)));
        pa(DropReason.INNER_IPV4_VERSION, "version 6", Net.fromVm1(1, changed(GOOD, 0, 0x65)));
        pa(DropReason.INNER_IPV4_HEADER_LENGTH, "16 bytes", Net.fromVm1(1, changed(GOOD, 0, 0x44)));
        pa(DropReason.INNER_IPV4_HEADER_LENGTH, "beyond", Net.fromVm1(1, changed(cut(GOOD, 24), 0, 0x47)));
        pa(DropReason.INNER_IPV4_TOTAL_LENGTH, "beyond", Net.fromVm1(1, cut(GOOD, GOOD.length - 1)));
        pa(DropReason.INNER_IPV4_TOTAL_LENGTH, "below header", Net.fromVm1(1, changed(GOOD, 3, 19)));
        pa(DropReason.INNER_IPV4_CHECKSUM, "flipped", Net.fromVm1(1, changed(GOOD, 10, GOOD[10] ^ 1)));
        byte[] marked =
                Wire.ipv4(Net.HOST_A, Net.GATEWAY_PA, Wire.GRE, 64, 0, 0x4000, 3, Wire.gre(GRE_WORD, vsid, 0, frame));
        pa(DropReason.INNER_ECN, "CE on not-ECT", Wire.ethernet(Net.PA_MAC, 2, 0x800, marked));
        pa(DropReason.TRUNCATED_L4, "UDP of 7", Net.fromVm1(1, Wire.ipv4(Net.VM1, Net.SERVER, Wire.UDP, new byte[7])));
        pa(
                DropReason.TRUNCATED_L4,
                "TCP of 19",
                Net.fromVm1(1, Wire.ipv4(Net.VM1, Net.SERVER, Wire.TCP, new byte[19])));
        ext(
                DropReason.TRUNCATED_L4,
                "ICMP of 7",
                Net.fromOutside(Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.ICMP, new byte[7])));
        pa(DropReason.BAD_SOURCE, "loopback", Net.fromVm1(1, Net.udp(Wire.address("127.0.0.1"), Net.SERVER, 1, 2)));
        ext(DropReason.BAD_SOURCE, "group", Net.fromOutside(Net.udp(Wire.address("224.1.1.1"), Net.NAT[1], 1, 2)));
    }

    private static byte[] fragment(int protocol, int word, int bytes) {
        return Wire.ipv4(Net.VM1, Net.SERVER, protocol, 64, 9, word, 0, new byte[bytes]);
    }

    private static byte[] fragmentIn(int protocol, int word, int bytes) {
        return Net.fromOutside(Wire.ipv4(Net.SERVER, Net.NAT[1], protocol, 64, 9, word, 0, new byte[bytes]));
    }

    private static void fragments() {
        byte[] error = Wire.icmp(3, 1, 0, GOOD);
        ext(
                DropReason.FRAGMENT,
                "of an ICMP error",
                Net.fromOutside(Wire.ipv4(Net.SERVER, Net.NAT[1], 1, 64, 9, 0x2000, 0, error)));
        pa(DropReason.FRAGMENT_MALFORMED, "9 bytes", Net.fromVm1(1, fragment(Wire.UDP, 0x2000, 9)));
        pa(DropReason.FRAGMENT_MALFORMED, "beyond 65535", Net.fromVm1(1, fragment(Wire.UDP, 8190, 64)));
        ext(DropReason.FRAGMENT_MALFORMED, "empty", fragmentIn(Wire.UDP, 100, 0));
        pa(DropReason.FRAGMENT_TINY, "first without TCP's flags", Net.fromVm1(1, fragment(Wire.TCP, 0x2000, 16)));
        ext(DropReason.FRAGMENT_TINY, "first of 0 bytes", fragmentIn(Wire.UDP, 0x2000, 0));
        pa(DropReason.FRAGMENT_TINY, "offset 1", Net.fromVm1(1, fragment(Wire.TCP, 1, 16)));
        ext(DropReason.FRAGMENT_TINY, "offset 2", fragmentIn(Wire.TCP, 0x2002, 16));
        with(DropReason.FRAGMENT_OVERLAP, "the same again", g -> {
            g.intoPa(Net.fromVm1(1, fragment(Wire.UDP, 0x2000, 64)));
            g.intoPa(Net.fromVm1(1, fragment(Wire.UDP, 0x2000, 64)));
        });
        with(DropReason.FRAGMENT_TIMEOUT, "later fragment alone, from inside", g -> {
            g.intoPa(Net.fromVm1(1, fragment(Wire.UDP, 100, 64)));
            g.turnsAfter(Fragments.LIFETIME_MS);
        });
        with(DropReason.FRAGMENT_TIMEOUT, "later fragment alone, from outside", g -> {
            g.intoExt(fragmentIn(Wire.UDP, 100, 64));
            g.turnsAfter(Fragments.LIFETIME_MS);
        });
        with(DropReason.FRAGMENT_LIMIT, "65 wait", g -> {
            for (int i = 0; i < 65; i++) {
                g.intoPa(Net.fromVm1(1, fragment(Wire.UDP, 0x2000 | (10 + i), 8)));
            }
        });
    }

    private static void routing() {
        pa(
                DropReason.SPOOFED_SOURCE,
                "CA without record",
                Net.fromVm1(1, Net.udp(Wire.address("192.168.1.99"), Net.SERVER, 1, 2)));
        pa(
                DropReason.SPOOFED_SOURCE,
                "CA of another host",
                Net.nvgre(Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, GOOD));
        with(DropReason.SPOOFED_SOURCE, "into a living session", g -> {
            g.intoPa(Net.fromVm1(1, GOOD));
            g.intoPa(Net.nvgre(Net.HOST_B, Net.GATEWAY_VSID[1], Net.GATEWAY_MAC, 0x800, GOOD));
        });
        pa(
                DropReason.SPOOFED_SOURCE,
                "ARP of another's CA",
                Net.nvgre(
                        Net.HOST_B,
                        Net.GATEWAY_VSID[1],
                        0xffffffffffffL,
                        0x806,
                        Wire.arp(1, 2, Net.VM1, 0, Net.GATEWAY_CA)));
        pa(
                DropReason.SOURCE_ROUTE,
                "ping of the gateway's CA, to be sent on from there",
                Net.fromVm1(1, Wire.sourceRouted(Net.ping(Net.VM1, Net.GATEWAY_CA, 1), Net.SERVER)));
        pa(
                DropReason.LOCAL_PROTOCOL,
                "UDP to the gateway's CA",
                Net.fromVm1(1, Net.udp(Net.VM1, Net.GATEWAY_CA, 1, 2)));
        ext(
                DropReason.LOCAL_PROTOCOL,
                "TCP to our address",
                Net.fromOutside(Net.tcp(Net.SERVER, Net.EXTERNAL, 1, 22, 2)));
        pa(DropReason.NO_ROUTE, "no route", Net.fromVm1(1, Net.udp(Net.VM1, Wire.address("9.9.9.9"), 1, 2)));
        with(DropReason.NO_ROUTE, "black hole", g -> {
            g.route(1, "9.0.0.0", 8, FibEntry.BLACKHOLE, 0);
            g.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Wire.address("9.9.9.9"), 1, 2)));
        });
        with(DropReason.BLACKHOLE_ROUTE, "of the tenant", g -> {
            g.route(1, "9.0.0.0", 8, FibEntry.PROHIBITED, 0);
            g.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Wire.address("9.9.9.9"), 1, 2)));
        });
        with(DropReason.ACL, "denied", g -> {
            Acls.set(g, 1, Acls.list(AclAction.ALLOW, AclAction.DENY));
            g.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 1, 2)));
        });
        with(DropReason.ACL_REJECT, "rejected", g -> {
            Acls.set(g, 1, Acls.list(AclAction.ALLOW, AclAction.REJECT));
            g.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 1, 2)));
        });
        with(DropReason.URPF, "no route back over the interface", g -> {
            g.tables.tenantLinks.put(
                    new TenantLinks.Row(TenantLinks.frontEnd(7), 1, TenantLinks.URPF_STRICT, Net.EXTERNAL, 0, -1));
            g.intoExt(Wire.tagged(Net.EXT_MAC, 2, 7, 0x800, Net.udp(Net.SERVER, Net.VM1, 1, 2)));
        });
        pa(DropReason.NO_RECORD, "on-link", Net.fromVm1(1, Net.udp(Net.VM1, Wire.address("192.168.1.77"), 1, 2)));
        pa(DropReason.NO_NAT, "tenant 3", Net.fromVm1(3, Net.udp(Net.VM1, Net.SERVER, 1, 2)));
        pa(DropReason.NO_EXTERNAL_ROUTE, "8.8.8.8", Net.fromVm1(1, Net.udp(Net.VM1, Wire.address("8.8.8.8"), 1, 2)));
        pa(DropReason.NO_PROVIDER_ROUTE, "VM 4", Net.fromVm1(1, Net.udp(Net.VM1, Net.VM4, 1, 2)));
        byte[] ttl1 = Wire.fixIp(changed(GOOD, 8, 1));
        pa(DropReason.TTL_EXPIRED, "out", Net.fromVm1(1, ttl1));
        pa(
                DropReason.TTL_EXPIRED,
                "to a VM",
                Net.fromVm1(1, Wire.fixIp(changed(Net.udp(Net.VM1, Net.VM2, 1, 2), 8, 1))));
        with(DropReason.TTL_EXPIRED, "in", g -> {
            g.intoPa(Net.fromVm1(1, GOOD));
            g.intoExt(Net.fromOutside(Wire.fixIp(changed(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000), 8, 1))));
        });
        with(DropReason.TOO_BIG, "in", g -> {
            g.intoPa(Net.fromVm1(1, GOOD));
            g.intoExt(Net.fromOutside(big(Net.SERVER, Net.NAT[1], 53, 4000, 1459)));
        });
        pa(DropReason.TOO_BIG, "out", Net.fromVm1(1, big(Net.VM1, Net.SERVER, 4000, 53, 1501)));
        pa(DropReason.TOO_BIG, "to a VM", Net.fromVm1(1, big(Net.VM1, Net.VM2, 4000, 53, 1459)));
    }

    private static void dhcp() {
        byte[] discover = new byte[244];
        discover[0] = 1;
        discover[1] = 1;
        discover[2] = 6;
        System.arraycopy(new byte[] {0x63, (byte) 0x82, 0x53, 0x63, 53, 1, 1}, 0, discover, 236, 7);
        byte[] ip = Wire.ipv4(0, -1, Wire.UDP, Wire.udp(0, -1, 68, 67, discover));
        byte[] frame = Net.nvgre(Net.HOST_A, Net.VM_VSID[1], 0xffffffffffffL, 0x800, ip);
        pa(DropReason.DHCP_NOT_SERVED, "no settings", frame);
        Consumer<TestGateway> served =
                g -> g.tables.dhcp.put(new DhcpTable.Row(Net.VM_VSID[1], Net.DG, 60, 1458, List.of(), ""));
        with(DropReason.DHCP_NO_RECORD, "unknown MAC", served.andThen(g -> g.intoPa(frame)));
        with(DropReason.DHCP_MALFORMED, "cut", served.andThen(g -> {
            byte[] cut = Wire.ipv4(0, -1, Wire.UDP, Wire.udp(0, -1, 68, 67, cut(discover, 239)));
            g.intoPa(Net.nvgre(Net.HOST_A, Net.VM_VSID[1], 0xffffffffffffL, 0x800, cut));
        }));
        with(DropReason.DHCP_OTHER_SERVER, "server 9.9.9.9", served.andThen(g -> {
            g.tables.macs.put(new MacTable.Row(Net.VM_VSID[1], 0, Net.VM1, Net.HOST_A));
            byte[] request = Arrays.copyOf(discover, 249);
            System.arraycopy(new byte[] {53, 1, 3, 54, 4, 9, 9, 9, 9}, 0, request, 240, 9);
            byte[] other = Wire.ipv4(0, -1, Wire.UDP, Wire.udp(0, -1, 68, 67, request));
            g.intoPa(Net.nvgre(Net.HOST_A, Net.VM_VSID[1], 0xffffffffffffL, 0x800, other));
        }));
        with(DropReason.DHCP_LIMITED, "one too many", served.andThen(g -> {
            g.tables.macs.put(new MacTable.Row(Net.VM_VSID[1], 0, Net.VM1, Net.HOST_A));
            for (int i = 0; i <= DhcpServer.PER_SECOND; i++) {
                g.intoPa(frame);
            }
        }));
    }

    private static void pcp() {
        byte[] request = new byte[24];
        request[0] = 2;
        byte[] ip =
                Wire.ipv4(Net.VM1, Net.GATEWAY_CA, Wire.UDP, Wire.udp(Net.VM1, Net.GATEWAY_CA, 4000, 5351, request));
        Consumer<TestGateway> served = g -> PcpTest.flags(g, VsidEntry.PCP);
        byte[] wrong = changed(ip, ip.length - 1, 1);
        with(DropReason.PCP_MALFORMED, "checksum", served.andThen(g -> g.intoPa(Net.fromVm1(1, wrong))));
        with(DropReason.PCP_LIMITED, "one too many", served.andThen(g -> {
            for (int i = 0; i <= PcpResponder.PER_SECOND; i++) {
                g.intoPa(Net.fromVm1(1, ip));
            }
        }));
    }

    private static byte[] big(int source, int destination, int sourcePort, int destinationPort, int length) {
        return Wire.ipv4(
                source,
                destination,
                Wire.UDP,
                Wire.udp(source, destination, sourcePort, destinationPort, new byte[length - 28]));
    }

    private static void nat() {
        pa(DropReason.NAT_PROTOCOL, "AH out", Net.fromVm1(1, Wire.ipv4(Net.VM1, Net.SERVER, 51, new byte[40])));
        ext(DropReason.UNSOLICITED, "ESP in", Net.fromOutside(Wire.ipv4(Net.SERVER, Net.NAT[1], 50, new byte[40])));
        with(DropReason.NAT_PORTS_EXHAUSTED, "one port", g -> {
            g.nat(1, 1, 5000, 5000);
            g.intoPa(Net.fromVm1(1, GOOD));
            g.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4001, 53)));
        });
        with(DropReason.NAT_TABLE_FULL, "nine external addresses", g -> {
            for (int i = 0; i < 9; i++) {
                g.connection(new NatTable.Connection(Net.NAT[1] + 10 + i, 1, 9, 1024, 65535, 100 + i));
                g.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4000 + i, 53)));
            }
        });
        with(DropReason.TENANT_SHARE, "49 sessions of 64", g -> sessions(g, 1, 49));
        with(DropReason.FLOW_TABLE_FULL, "65 sessions of a tenant that may have more", g -> {
            g.tables.nat.quotas.set(1, new NatQuotas.Row(0, 1_000, 0, 0, 0, 0));
            sessions(g, 1, 65);
        });
        with(DropReason.NAT_SOURCE, "another prefix has NAT", g -> {
            g.choose(1, new Prefixes.Row(Wire.address("192.168.2.0"), 24));
            g.intoPa(Net.fromVm1(1, GOOD));
        });
        quota(DropReason.QUOTA_TENANT_PORTS, new NatQuotas.Row(2, 0, 0, 0, 0, 0));
        quota(DropReason.QUOTA_TENANT_SESSIONS, new NatQuotas.Row(0, 2, 0, 0, 0, 0));
        quota(DropReason.QUOTA_TENANT_RATE, new NatQuotas.Row(0, 0, 2, 0, 0, 0));
        quota(DropReason.QUOTA_HOST_PORTS, new NatQuotas.Row(0, 0, 0, 2, 0, 0));
        quota(DropReason.QUOTA_HOST_SESSIONS, new NatQuotas.Row(0, 0, 0, 0, 2, 0));
        quota(DropReason.QUOTA_HOST_RATE, new NatQuotas.Row(0, 0, 0, 0, 0, 2));
        with(DropReason.NAT_TUPLE_IN_USE, "rule over a living tuple", g -> {
            g.intoPa(Net.fromVm1(1, GOOD));
            g.rule(1, Wire.UDP, 4000, Net.VM1, 9000);
            g.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 9000, 53)));
        });
        pa(DropReason.TCP_NO_SESSION, "RST", Net.fromVm1(1, Net.tcp(Net.VM1, Net.SERVER, 4000, 80, 4)));
        pa(DropReason.TCP_NO_SESSION, "SYN and ACK", Net.fromVm1(1, Net.tcp(Net.VM1, Net.SERVER, 4000, 80, 18)));
        with(DropReason.UNSOLICITED, "TCP SYN, after six seconds", g -> {
            g.intoExt(Net.fromOutside(Net.tcp(Net.SERVER, Net.NAT[1], 1, 80, 2)));
            g.turnAfter(7_000);
        });
        ext(DropReason.UNSOLICITED, "UDP", Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 1, 80)));
    }

    private static void sessions(TestGateway g, int tenant, int count) {
        for (int i = 0; i < count; i++) {
            g.intoPa(Net.fromVm1(tenant, Net.udp(Net.VM1, Net.SERVER, 4000 + i, 53)));
        }
    }

    private static void quota(DropReason reason, NatQuotas.Row quota) {
        with(reason, "the third of two", g -> {
            g.tables.nat.quotas.set(1, quota);
            sessions(g, 1, 3);
        });
    }

    private static void icmp() {
        pa(
                DropReason.ICMP_TYPE,
                "redirect out",
                Net.fromVm1(1, Wire.ipv4(Net.VM1, Net.SERVER, 1, Wire.icmp(5, 0, 0, new byte[28]))));
        ext(
                DropReason.ICMP_TYPE,
                "address mask in",
                Net.fromOutside(Wire.ipv4(Net.SERVER, Net.NAT[1], 1, Wire.icmp(17, 0, 0, new byte[12]))));
        byte[] error = Wire.icmp(3, 3, 0, Net.udp(Net.NAT[1], Net.SERVER, 4000, 53));
        ext(
                DropReason.ICMP_CHECKSUM,
                "flipped",
                Net.fromOutside(Wire.ipv4(Net.SERVER, Net.NAT[1], 1, changed(error, 2, error[2] ^ 1))));
        byte[] embedded = Net.udp(Net.NAT[1], Net.SERVER, 4000, 53);
        ext(
                DropReason.ICMP_CHECKSUM,
                "embedded header",
                Net.fromOutside(Wire.ipv4(
                        Net.SERVER, Net.NAT[1], 1, Wire.icmp(3, 3, 0, changed(embedded, 10, embedded[10] ^ 1)))));
        ext(DropReason.ICMP_NO_SESSION, "error", Net.fromOutside(Wire.ipv4(Net.SERVER, Net.NAT[1], 1, error)));
        ext(DropReason.ICMP_NO_SESSION, "echo reply", Net.fromOutside(Net.pong(Net.SERVER, Net.NAT[1], 1)));
        pa(DropReason.ICMP_NO_SESSION, "echo reply out", Net.fromVm1(1, Net.pong(Net.VM1, Net.SERVER, 1)));
        ext(
                DropReason.TRUNCATED_L4,
                "embedded header cut",
                Net.fromOutside(Wire.ipv4(Net.SERVER, Net.NAT[1], 1, Wire.icmp(3, 3, 0, new byte[24]))));
    }

    private static void sending() {
        with(DropReason.NEIGHBOR_UNRESOLVED, "no answer for 2 s", g -> {
            g.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SILENT, 1, 2)));
            g.turnAfter(2000);
        });
        with(DropReason.NEIGHBOR_UNRESOLVED, "silent host", g -> {
            g.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.VM3, 1, 2)));
            g.turnAfter(2000);
        });
        with(DropReason.NEIGHBOR_QUEUE_FULL, "fifth packet", g -> {
            byte[] frame = Net.fromVm1(1, Net.udp(Net.VM1, Net.SILENT, 1, 2));
            g.intoPa(frame, frame, frame, frame, frame);
        });
        with(DropReason.NO_HEADROOM, "buffer without headroom", g -> {
            g.intoPa(Net.fromVm1(1, GOOD));
            g.intoExtWithHeadroom(20, Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)));
        });
        with(DropReason.NO_MBUF, "fragments without buffers", g -> {
            g.drainPool();
            g.intoPa(Net.fromVm1(1, Wire.fixIp(unset(big(Net.VM1, Net.SERVER, 4000, 53, 1600)))));
            g.refillPool();
        });
        with(DropReason.TX_FULL, "the port takes none", g -> {
            g.ext.refuse(true);
            g.intoPa(Net.fromVm1(1, GOOD));
        });
        with(DropReason.HAIRPIN_LOOP, "more than a burst turns round", g -> {
            g.overfillHairpin(Net.fromVm1(1, Net.udp(Net.NAT[1], Net.NAT[2], 1, 2)));
        });
        with(DropReason.HAND_OFF_FULL, "the other worker is behind", g -> {
            for (int i = 0; i < TestGateway.RING + 1; i++) {
                g.intoPaOfFirstAlone(Net.fromVm1(1, GOOD));
            }
            assertThat(g.sent().ext()).hasSize(TestGateway.RING);
        });
        with(DropReason.ADJACENCY_TABLE_FULL, "no next hop", TestGateway::sendWithoutAdjacency);
    }

    private static byte[] unset(byte[] ip) {
        return changed(ip, 6, 0);
    }

    @TestFactory
    @Requirement({
        "RFC 7637 3.2",
        "RFC 7637 3.3",
        "RFC 7637 3.4",
        "RFC 7637 3.4a",
        "RFC 2784 2.1",
        "RFC 2784 2.3",
        "RFC 2890 2.1",
        "RFC 791 3.1",
        "RFC 1812 5.2.2",
        "RFC 1812 5.3.7",
        "RFC 1812 4.2.3.1",
        "RFC 1122 3.2.1.3",
        "RFC 5508 REQ-3",
        "RFC 5508 REQ-3a",
        "RFC 5508 REQ-11",
        "RFC 6040 4.2",
        "RFC 2827 3",
        "nat-behaviour 78",
        "nat-behaviour 82",
        "nat-behaviour 85",
        "nat-behaviour 95",
        "nat-behaviour M2",
        "nat-behaviour M4",
        "nat-behaviour M5",
        "nat-behaviour M6",
        "nat-behaviour M7",
        "nat-behaviour M8",
        "nat-behaviour M9",
        "nat-behaviour M10"
    })
    Stream<DynamicTest> exactlyOneCounter() {
        return CASES.stream()
                .map(c -> DynamicTest.dynamicTest(c.reason().label() + ": " + c.what(), () -> {
                    try (TestGateway gateway = c.gateway()) {
                        c.act().accept(gateway);
                        assertThat(gateway.drops()).isEqualTo(Map.of(c.reason(), 1L));
                    }
                }));
    }

    @Test
    void everyReasonHasACase() {
        Set<DropReason> missing = EnumSet.allOf(DropReason.class);
        CASES.forEach(c -> missing.remove(c.reason()));
        assertThat(missing).isEmpty();
    }

    @Test
    void labelsAreKebabCaseAndUnique() {
        assertThat(Stream.of(DropReason.values()).map(DropReason::label))
                .doesNotHaveDuplicates()
                .allMatch(label -> label.matches("[a-z0-9]+(-[a-z0-9]+)*"));
    }

    /** Every length of a good frame, cut short, ends in a counted drop and never in a packet or an exception. */
    @Test
    @Requirement({"nat-behaviour M8", "RFC 2784 2.1"})
    void everyTruncationIsACountedDrop() {
        byte[] good = Net.fromVm1(1, GOOD);
        try (TestGateway gateway = new TestGateway()) {
            for (int length = 0; length < good.length; length++) {
                assertThat(gateway.intoPa(cut(good, length)).isEmpty())
                        .as("length " + length)
                        .isTrue();
            }
            assertThat(gateway.drops().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(good.length);
        }
    }
}
