package net.nvgate.gateway.worker;

import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.Nptv6Table;

/** The cases of {@link DropReasonTest} in IPv6. */
final class Drops6 extends DropCases {

    private static final byte[] GOOD = Wire6.udpPacket(Net6.VM1, Net6.SERVER, 4000, 53);
    private static final byte[] IN = Wire6.udpPacket(Net6.SERVER, Net6.OUTSIDE_VM1, 53, 4000);

    Drops6(Taker taker) {
        super(taker);
    }

    @Override
    void all() {
        link();
        inner();
        routing();
    }

    @Override
    void pa(DropReason reason, String what, byte[] frame) {
        with(reason, what, g -> Net6.on(g).intoPa(frame));
    }

    @Override
    void ext(DropReason reason, String what, byte[] frame) {
        with(reason, what, g -> Net6.on(g).intoExt(frame));
    }

    private static byte[] outer(byte[] ip) {
        return Wire.ethernet(Net.PA_MAC, Net.HOST_B_MAC, Wire6.TYPE, ip);
    }

    private void link() {
        byte[] good = Net6.fromVm2(1, Wire6.udpPacket(Net6.VM2, Net6.SERVER, 1, 2));
        pa(DropReason.TRUNCATED_IPV6, "39 bytes", cut(good, 14 + 39));
        ext(DropReason.TRUNCATED_IPV6, "39 bytes", cut(Net6.fromOutside(IN), 14 + 39));
        pa(DropReason.IPV6_VERSION, "version 4", changed(good, 14, 0x45));
        pa(DropReason.IPV6_PAYLOAD_LENGTH, "beyond the frame", cut(good, good.length - 1));
        byte[] chain = new byte[0];
        for (int i = 0; i < 9; i++) {
            chain = Wire6.extension(i == 0 ? Wire.GRE : 60, 1, chain);
        }
        pa(DropReason.IPV6_EXTENSION, "nine headers", outer(Wire6.ipv6(Net6.HOST_B, Net6.PA, 60, chain)));
        pa(DropReason.IPV6_EXTENSION, "header cut", outer(Wire6.ipv6(Net6.HOST_B, Net6.PA, 60, new byte[] {
            47, 9, 0, 0, 0, 0, 0, 0
        })));
        byte[] mdns = Wire6.address("ff02::fb");
        byte[] multicast = Wire6.udpPacket(Net6.SERVER, mdns, 5353, 5353);
        ext(DropReason.IPV6_MULTICAST, "mDNS", Wire.ethernet(0x3333000000fbL, 2, Wire6.TYPE, multicast));
        pa(DropReason.IPV6_MULTICAST, "mDNS", Wire.ethernet(0x3333000000fbL, 2, Wire6.TYPE, multicast));
        byte[] solicitation = Nd.solicitation(Net6.SERVER, Net6.SERVER_MAC, Net6.EXTERNAL);
        ext(DropReason.MALFORMED_ND, "hop limit 64", Nd.toGroup(Net6.EXTERNAL, changed(solicitation, 7, 64)));
        ext(
                DropReason.ND_NOT_FOR_US,
                "who has the router",
                Nd.toGroup(Net6.ROUTER, Nd.solicitation(Net6.SERVER, Net6.SERVER_MAC, Net6.ROUTER)));
        pa(
                DropReason.NOT_OUR_ADDRESS,
                "other IPv6 PA",
                outer(Wire6.ipv6(Net6.HOST_B, Wire6.address("2001:db8:aa::77"), Wire.GRE, new byte[40])));
        pa(
                DropReason.NOT_OUR_ADDRESS,
                "IPv6 PA on another VLAN",
                Wire.tagged(Net.PA_MAC, 2, 7, Wire6.TYPE, Wire6.ipv6(Net6.HOST_B, Net6.PA, Wire.GRE, new byte[40])));
        pa(DropReason.OUTER_PROTOCOL, "UDP to the PA", outer(Wire6.udpPacket(Net6.HOST_B, Net6.PA, 1, 2)));
        byte[] fragment = Wire6.fragment(Wire.UDP, 0, true, 7, new byte[40]);
        pa(DropReason.OUTER_FRAGMENT, "IPv6", outer(Wire6.ipv6(Net6.HOST_B, Net6.PA, Wire6.FRAGMENT, fragment)));
        pa(
                DropReason.TRUNCATED_ICMP,
                "7 bytes of ICMPv6",
                outer(Wire6.ipv6(Net6.HOST_B, Net6.PA, Wire6.ICMPV6, new byte[7])));
        byte[] ping = Wire6.ping(Net6.HOST_B, Net6.PA, 5);
        pa(DropReason.ICMP_CHECKSUM, "ping to the PA", outer(changed(ping, 50, 77)));
    }

    private static byte[] innerFrame(byte[] frame) {
        return Net.outer(Net.HOST_A, Wire.gre(0x20006558, Net.GATEWAY_VSID[1], 0, frame));
    }

    private void inner() {
        byte[] frame = Wire.ethernet(Net.GATEWAY_MAC, Net.VM1_MAC, Wire6.TYPE, GOOD);
        pa(DropReason.INNER_TRUNCATED_IPV6, "39 bytes", innerFrame(cut(frame, 14 + 39)));
        pa(DropReason.INNER_IPV6_VERSION, "version 4", innerFrame(changed(frame, 14, 0x45)));
        pa(DropReason.INNER_IPV6_PAYLOAD_LENGTH, "beyond the frame", innerFrame(cut(frame, frame.length - 1)));
        pa(DropReason.INNER_WRONG_MAC, "IPv6", innerFrame(changed(frame, 5, 0x77)));
        byte[] group = Wire6.udpPacket(Net6.VM1, Wire6.address("ff02::fb"), 5353, 5353);
        pa(
                DropReason.INNER_MULTICAST,
                "mDNS",
                innerFrame(Wire.ethernet(0x3333000000fbL, Net.VM1_MAC, Wire6.TYPE, group)));
        byte[] solicitation = Nd.solicitation(Net6.VM1, Net.VM1_MAC, Net6.GATEWAY_CA);
        byte[] wrong = changed(solicitation, 60, 1);
        pa(
                DropReason.INNER_MALFORMED_ND,
                "checksum",
                innerFrame(Wire.ethernet(Net.GATEWAY_MAC, Net.VM1_MAC, Wire6.TYPE, wrong)));
        byte[] other = Nd.solicitation(Net6.VM1, Net.VM1_MAC, Net6.VM2);
        pa(
                DropReason.INNER_ND_NOT_FOR_US,
                "who has VM 2",
                innerFrame(Wire.ethernet(Net.GATEWAY_MAC, Net.VM1_MAC, Wire6.TYPE, other)));
        byte[] spoofed = Nd.solicitation(Net6.VM2, Net.VM1_MAC, Net6.GATEWAY_CA);
        pa(
                DropReason.SPOOFED_SOURCE,
                "solicitation of VM 2 from host A",
                innerFrame(Wire.ethernet(Net.GATEWAY_MAC, Net.VM1_MAC, Wire6.TYPE, spoofed)));
        byte[] inGre = Wire.gre(0x20006558, Net.GATEWAY_VSID[1], 0, frame);
        byte[] marked = Wire.ipv4(Net.HOST_A, Net.GATEWAY_PA, Wire.GRE, 64, 0, 0x4000, 3, inGre);
        pa(DropReason.INNER_ECN, "IPv6", Wire.ethernet(Net.PA_MAC, Net.HOST_A_MAC, 0x800, marked));
    }

    private void routing() {
        byte[] linkLocal = Wire6.address("fe80::5");
        pa(DropReason.BAD_SOURCE, "IPv6 loopback", vm1(Wire6.address("::1"), Net6.SERVER));
        pa(DropReason.BAD_SOURCE, "IPv6 group", vm1(Wire6.address("ff02::1"), Net6.SERVER));
        pa(DropReason.IPV6_LINK_LOCAL, "from", vm1(linkLocal, Net6.SERVER));
        pa(DropReason.IPV6_LINK_LOCAL, "to", vm1(Net6.VM1, linkLocal));
        ext(DropReason.IPV6_LINK_LOCAL, "from outside", out(linkLocal, Net6.OUTSIDE_VM1));
        pa(DropReason.SPOOFED_SOURCE, "VM 2 from host A", vm1(Net6.VM2, Net6.SERVER));
        pa(DropReason.SPOOFED_SOURCE, "nobody", vm1(Wire6.address("fd00:1::99"), Net6.SERVER));
        byte[] stranger = Wire6.ipv6(
                Wire6.address("2001:db8:aa::66"),
                Net6.PA,
                Wire.GRE,
                Wire.gre(
                        0x20006558,
                        Net.GATEWAY_VSID[1],
                        0,
                        Wire.ethernet(Net.GATEWAY_MAC, 2, Wire6.TYPE, Wire6.udpPacket(Net6.VM2, Net6.SERVER, 1, 2))));
        pa(DropReason.SPOOFED_SOURCE, "a PA that no record has", outer(stranger));
        ext(DropReason.SPOOFED_SOURCE, "a tenant's prefix from outside", out(Net6.OUTSIDE_VM1, Net6.OUTSIDE_VM1));
        pa(DropReason.LOCAL_PROTOCOL, "UDP to the IPv6 gateway", vm1(Net6.VM1, Net6.GATEWAY_CA));
        ext(DropReason.LOCAL_PROTOCOL, "UDP to the external IPv6 address", out(Net6.SERVER, Net6.EXTERNAL));
        pa(DropReason.NO_ROUTE, "IPv6", vm1(Net6.VM1, Wire6.address("fc00::1")));
        pa(DropReason.NO_RECORD, "IPv6", vm1(Net6.VM1, Wire6.address("fd00:1::99")));
        ext(DropReason.NO_RECORD, "no VM", out(Net6.SERVER, Wire6.address("2001:db8:1:cf47::99")));
        ext(DropReason.NOT_OUR_ADDRESS, "nobody's prefix", out(Net6.SERVER, Wire6.address("2001:db8:9::1")));
        pa(DropReason.NO_PROVIDER_ROUTE, "IPv6", vm1(Net6.VM1, Net6.VM4));
        with(DropReason.NO_EXTERNAL_ROUTE, "IPv6", g -> {
            Net6.on(g);
            Net6.route(g, 1, "5000::", 4, FibEntry.GATEWAY, Net6.model(Net6.GATEWAY_CA));
            g.intoPa(vm1(Net6.VM1, Wire6.address("5000::1")));
        });
        with(DropReason.NO_OUTSIDE_PREFIX, "source in no prefix", g -> {
            Net6.on(g);
            byte[] other = Wire6.address("fd00:2::3");
            Net6.record(g, 1, other, Net.VM_VSID[1], Net.VM1_MAC, Net.HOST_A, 0);
            g.intoPa(vm1(other, Net6.SERVER));
        });
        with(DropReason.NPTV6_UNMAPPABLE, "subnet ffff", g -> {
            Net6.on(g);
            byte[] last = Wire6.address("fd00:1:0:ffff::3");
            Net6.record(g, 1, last, Net.VM_VSID[1], Net.VM1_MAC, Net.HOST_A, 0);
            g.intoPa(vm1(last, Net6.SERVER));
        });
        ext(DropReason.NPTV6_UNMAPPABLE, "to subnet ffff", out(Net6.SERVER, Wire6.address("2001:db8:1:ffff::3")));
        byte[] expired = Wire6.ipv6(Net6.VM1, Net6.SERVER, 59, 1, 0, 0, new byte[0]);
        pa(DropReason.TTL_EXPIRED, "IPv6", Net6.fromVm1(1, expired));
        byte[] big = Wire6.ipv6(Net6.SERVER, Net6.OUTSIDE_VM1, 59, new byte[1459 - 40]);
        byte[] smallest = Wire6.ipv6(Net6.SERVER, Net6.OUTSIDE_VM1, 59, new byte[1280 - 40]);
        with(
                DropReason.BELOW_IPV6_MTU,
                "1280 bytes into 1321",
                1321,
                g -> Net6.on(g).intoExt(Net6.fromOutside(smallest)));
        ext(DropReason.TOO_BIG, "IPv6 of 1459 bytes to a VM", Net6.fromOutside(big));
    }

    private static byte[] vm1(byte[] source, byte[] destination) {
        return Net6.fromVm1(1, Wire6.udpPacket(source, destination, 4000, 53));
    }

    private static byte[] out(byte[] source, byte[] destination) {
        return Net6.fromOutside(Wire6.udpPacket(source, destination, 53, 4000));
    }

    /** A pair of prefixes more. */
    static void pair(TestGateway g, int rdid, String inside, String outside, int length) {
        g.tables.nptv6.put(new Nptv6Table.Row(rdid, Ipv6Address.parse(inside), Ipv6Address.parse(outside), length));
        g.tables.epochs.bump(rdid);
    }
}
