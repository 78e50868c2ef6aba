package net.nvgate.gateway.bench;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Checksum;

/** Whether a packet that the worker has sent is what ought to have become of the one it received; throws if not. */
final class PacketCheck {

    private static final int ROUTED_TTL = 63;
    private static final int TUNNEL_WITHOUT_INNER_ETHERNET = BenchPackets.TUNNEL - 14;

    private final BenchShape shape;
    private final boolean translated;

    PacketCheck(BenchShape shape, boolean translated) {
        this.shape = shape;
        this.translated = translated;
    }

    /**
     * A packet from a VM.
     *
     * @param received address of the frame that came in
     * @param bytes of it
     * @param mbuf what was sent
     */
    void outbound(long received, int bytes, long mbuf) {
        long inner = received + BenchPackets.TUNNEL;
        long frame = Mbuf.dataAddress(mbuf);
        int tenant = (Mem.i32Be(received + 38) >>> 8) - BenchFabric.gatewayVsid(0);
        int tag = translated ? 0 : 4;
        int length = bytes - TUNNEL_WITHOUT_INNER_ETHERNET + tag;
        long ip = frame + 14 + tag;
        require("length", length, Mbuf.packetLength(mbuf));
        require("next hop", translated ? BenchFabric.ROUTER_MAC : BenchFabric.SITE_MAC, Mem.i64Be(frame) >>> 16);
        if (!translated) {
            require("VLAN", 0x8100_0000 | BenchFabric.vlan(tenant), Mem.i32Be(frame + 12));
        }
        require("destination", Mem.i32Be(inner + 16), Mem.i32Be(ip + 16));
        require("destination port", Mem.u16Be(inner + 22), Mem.u16Be(ip + 22));
        if (translated) {
            int addresses = shape.natAddressesPerTenant();
            require("tenant of the NAT address", tenant, (Mem.i32Be(ip + 12) - BenchFabric.NAT) / addresses);
        } else {
            require("source", Mem.i32Be(inner + 12), Mem.i32Be(ip + 12));
            require("source port", Mem.u16Be(inner + 20), Mem.u16Be(ip + 20));
        }
        requireRight(ip, Mem.u16Be(inner + 2));
    }

    /** A packet to a VM. As {@link #outbound}. */
    void inbound(long received, int bytes, long mbuf) {
        int tag = translated ? 0 : 4;
        long outside = received + 14 + tag;
        long frame = Mbuf.dataAddress(mbuf);
        long inner = frame + BenchPackets.TUNNEL;
        int length = bytes + TUNNEL_WITHOUT_INNER_ETHERNET - tag;
        require("length", length, Mbuf.packetLength(mbuf));
        require("outer checksum", 0, Checksum.of(frame + 14, BenchPackets.IP));
        require("GRE", 0x2000_6558, Mem.i32Be(frame + 34));
        int tenant = (Mem.i32Be(frame + 38) >>> 8) - BenchFabric.vmVsid(0);
        int vm = (Mem.i32Be(inner + 16) - BenchFabric.ca(shape, 0)) * shape.tenants() + tenant;
        require("host of the VM", BenchFabric.hostPa(vm), Mem.i32Be(frame + 30));
        require("MAC of the host", BenchFabric.hostMac(vm), Mem.i64Be(frame) >>> 16);
        require("MAC of the VM", BenchFabric.vmMac(vm), Mem.i64Be(frame + 42) >>> 16);
        require("source", Mem.i32Be(outside + 12), Mem.i32Be(inner + 12));
        if (!translated) {
            require("destination", Mem.i32Be(outside + 16), Mem.i32Be(inner + 16));
            require("destination port", Mem.u16Be(outside + 22), Mem.u16Be(inner + 22));
        }
        requireFlow(vm, Mem.u16Be(inner + 22));
        requireRight(inner, Mem.u16Be(outside + 2));
    }

    private void requireFlow(int vm, int port) {
        long flow = (long) (port - shape.portOf(0)) * shape.vms() + vm;
        if (vm < 0 || vm >= shape.vms() || flow < 0 || flow >= shape.sessions()) {
            throw new IllegalStateException("a packet went to VM " + vm + ", port " + port + ", which sent none");
        }
    }

    /** Lengths, TTL and checksums. */
    private static void requireRight(long ip, int bytes) {
        require("IP length", bytes, Mem.u16Be(ip + 2));
        require("TTL", ROUTED_TTL, Mem.u8(ip + 8));
        require("IP checksum", 0, Checksum.of(ip, BenchPackets.IP));
        int udpBytes = bytes - BenchPackets.IP;
        long sum = Checksum.pseudoHeader(Mem.i32Be(ip + 12), Mem.i32Be(ip + 16), Mem.u8(ip + 9), udpBytes)
                + Checksum.sum(ip + BenchPackets.IP, udpBytes);
        require("UDP checksum", 0xffff, Checksum.fold(sum));
    }

    private static void require(String what, long expected, long found) {
        if (expected != found) {
            throw new IllegalStateException("a forwarded packet has the wrong " + what + ": 0x"
                    + Long.toHexString(found) + ", not 0x" + Long.toHexString(expected));
        }
    }
}
