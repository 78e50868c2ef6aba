package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import net.nvgate.fabric.model.AclAction;
import net.nvgate.gateway.route.DhcpTable;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.MacTable;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.route.VsidEntry;

/** Packets in order that have no way, or are too big or too many for it. */
final class DropsWay extends DropCases {

    private static final byte[] GOOD = Net.udp(Net.VM1, Net.SERVER, 4000, 53);

    DropsWay(Taker taker) {
        super(taker);
    }

    @Override
    void all() {
        routing();
        dhcp();
        pcp();
        sending();
    }

    private void routing() {
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

    private void dhcp() {
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

    private void pcp() {
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

    private void sending() {
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
}
