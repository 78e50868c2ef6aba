package net.nvgate.gateway.worker;

import net.nvgate.gateway.route.NatQuotas;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.Prefixes;

/** Packets that NAT has no session for, or makes none. */
final class DropsNat extends DropCases {

    private static final byte[] GOOD = Net.udp(Net.VM1, Net.SERVER, 4000, 53);

    DropsNat(Taker taker) {
        super(taker);
    }

    @Override
    void all() {
        nat();
        icmp();
    }

    private void nat() {
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

    private void sessions(TestGateway g, int tenant, int count) {
        for (int i = 0; i < count; i++) {
            g.intoPa(Net.fromVm1(tenant, Net.udp(Net.VM1, Net.SERVER, 4000 + i, 53)));
        }
    }

    private void quota(DropReason reason, NatQuotas.Row quota) {
        with(reason, "the third of two", g -> {
            g.tables.nat.quotas.set(1, quota);
            sessions(g, 1, 3);
        });
    }

    private void icmp() {
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
}
