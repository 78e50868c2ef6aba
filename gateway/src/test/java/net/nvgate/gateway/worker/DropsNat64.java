package net.nvgate.gateway.worker;

import java.util.Arrays;
import java.util.function.Consumer;
import net.nvgate.fabric.model.Ipv6Address;

/** The cases of {@link DropReasonTest} in NAT64. */
final class DropsNat64 extends DropCases {

    private static final byte[] VM1 = Net6.VM1;
    private static final byte[] SERVER = Wire6.address("2001:db8:64::" + Wire.dotted(Net.SERVER));
    private static final byte[] OUT = Net6.fromVm1(1, Wire6.udpPacket(VM1, SERVER, 4000, 53));

    DropsNat64(Taker taker) {
        super(taker);
    }

    @Override
    void all() {
        byte[] router = Wire6.address("2001:db8:64::192.0.2.1");
        add(DropReason.NAT64_ADDRESS, "to a group", g -> {
            byte[] group = Wire6.address("2001:db8:64::224.0.0.1");
            g.intoPa(Net6.fromVm1(1, Wire6.udpPacket(VM1, group, 4000, 53)));
        });
        add(DropReason.NAT64_SOURCE, "from the prefix", g -> {
            Net6.record(g, 1, router, Net.VM_VSID[1], Net.VM1_MAC, Net.HOST_A, 0);
            g.intoPa(Net6.fromVm1(1, Wire6.udpPacket(router, SERVER, 4000, 53)));
        });
        add(DropReason.NAT64_HEADER, "authentication header", g -> {
            byte[] udp = Wire6.udp(VM1, SERVER, 4000, 53, new byte[3]);
            g.intoPa(Net6.fromVm1(1, Wire6.ipv6(VM1, SERVER, 51, Wire6.extension(Wire.UDP, 2, udp))));
        });
        add(
                DropReason.IPV6_EXTENSION,
                "extension header beyond the packet",
                g -> g.intoPa(Net6.fromVm1(
                        1, Wire6.ipv6(VM1, SERVER, Wire6.HOP_BY_HOP, new byte[] {17, 9, 0, 0, 0, 0, 0, 0}))));
        add(
                DropReason.NAT64_PROTOCOL,
                "SCTP",
                g -> g.intoPa(Net6.fromVm1(1, Wire6.ipv6(VM1, SERVER, 132, new byte[20]))));
        add(DropReason.NAT64_FRAGMENT, "first fragment of a ping", g -> {
            byte[] ping = Arrays.copyOf(Wire.slice(Wire6.ping(VM1, SERVER, 5), 40), 8);
            g.intoPa(Net6.fromVm1(
                    1, Wire6.ipv6(VM1, SERVER, Wire6.FRAGMENT, Wire6.fragment(Wire6.ICMPV6, 0, true, 3, ping))));
        });
        add(
                DropReason.NAT64_ICMP,
                "multicast listener report",
                g -> g.intoPa(Net6.fromVm1(1, Wire6.icmpPacket(VM1, SERVER, 131, 0, 0, new byte[16]))));
        add(DropReason.NO_NAT64, "the prefix is gone", g -> {
            g.intoPa(OUT);
            g.tables.nat64.remove(1, Ipv6Address.parse("2001:db8:64::"), 96);
            g.tables.epochs.bump(1);
            g.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)));
        });
        add(DropReason.NAT64_HOSTS_FULL, "one host more than its tenant may have", g -> {
            // Of room for 64, two tenants leave 9 to a third. Handles outlive their sessions by a minute.
            g.tables.nat64.put(2, Ipv6Address.parse("2001:db8:64::"), 96);
            for (int i = 1; i <= 56; i++) {
                byte[] host = Wire6.address("fd00:7::" + Integer.toHexString(i));
                g.intoPa(Net6.fromVm2(1 + i % 2, Wire6.udpPacket(host, SERVER, 4000, 53)));
                g.turnAfter(i == 30 ? 302_000 : 0);
            }
        });
    }

    private void add(DropReason reason, String what, Consumer<TestGateway> act) {
        with(reason, what, g -> {
            Net6.on(g).tables.nat64.put(1, Ipv6Address.parse("2001:db8:64::"), 96);
            act.accept(g);
        });
    }
}
