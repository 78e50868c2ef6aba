package net.nvgate.gateway.worker;

/** What is wrong with a packet itself, from the wire to the inner packet. */
final class DropsForm extends DropCases {

    private static final int GRE_WORD = 0x20006558;
    private static final byte[] GOOD = Net.udp(Net.VM1, Net.SERVER, 4000, 53);

    DropsForm(Taker taker) {
        super(taker);
    }

    @Override
    void all() {
        link();
        gre();
        inner();
        fragments();
    }

    private static byte[] gre(int word, byte[] frame) {
        return Net.outer(Net.HOST_A, Wire.gre(word, Net.GATEWAY_VSID[1], 0, frame));
    }

    private static byte[] innerFrame(int vsid, byte[] frame) {
        return Net.outer(Net.HOST_A, Wire.gre(GRE_WORD, vsid, 0, frame));
    }

    private void link() {
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

    private void gre() {
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

    private void inner() {
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

    private void fragments() {
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
}
