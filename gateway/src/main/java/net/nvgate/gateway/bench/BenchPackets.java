package net.nvgate.gateway.bench;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Checksum;

/**
 * Writes the packets of a measurement: UDP, with right checksums over a payload of zeros. An IP packet of 46 bytes makes an inner
 * frame of 60 bytes and an NVGRE frame of 102.
 */
final class BenchPackets {

    static final int IP = 20;
    static final int UDP = 8;
    /** Outer Ethernet, outer IPv4, GRE with key, inner Ethernet. */
    static final int TUNNEL = 14 + 20 + 8 + 14;

    static final int REMOTE_PORT = 53;
    private static final int PROTOCOL_UDP = 17;
    private static final int PROTOCOL_GRE = 47;
    private static final int TTL = 64;

    private BenchPackets() {}

    /** From a VM, in NVGRE. Returns the bytes of the frame. */
    static int outbound(long at, BenchShape shape, int flow, int remote, int ipBytes, long gatewayPortMac) {
        int vm = shape.vmOf(flow);
        int pa = BenchFabric.hostPa(vm);
        macs(at, gatewayPortMac, BenchFabric.hostMac(vm));
        Mem.u16Be(at + 12, 0x0800);
        ip(at + 14, IP + 8 + 14 + ipBytes, PROTOCOL_GRE, pa, BenchFabric.GATEWAY_PA);
        Mem.i32Be(at + 34, 0x2000_6558);
        Mem.i32Be(at + 38, BenchFabric.gatewayVsid(shape.tenantOf(vm)) << 8 | (flow & 0xff));
        macs(at + 42, BenchFabric.GATEWAY_MAC, BenchFabric.vmMac(vm));
        Mem.u16Be(at + 54, 0x0800);
        udp(at + TUNNEL, ipBytes, BenchFabric.ca(shape, vm), shape.portOf(flow), remote, REMOTE_PORT);
        return TUNNEL + ipBytes;
    }

    /** From a tenant's site to a VM, on the tenant's VLAN. Returns the bytes of the frame. */
    static int fromSite(long at, BenchShape shape, int flow, int ipBytes, long gatewayPortMac) {
        int vm = shape.vmOf(flow);
        macs(at, gatewayPortMac, BenchFabric.SITE_MAC);
        Mem.i32Be(at + 12, 0x8100_0000 | BenchFabric.vlan(shape.tenantOf(vm)));
        Mem.u16Be(at + 16, 0x0800);
        udp(at + 18, ipBytes, BenchFabric.SITE, REMOTE_PORT, BenchFabric.ca(shape, vm), shape.portOf(flow));
        return 18 + ipBytes;
    }

    /** The answer of the server on the Internet to an untagged frame that the gateway has sent there. Returns its bytes. */
    static int answer(long at, long sent, long gatewayPortMac) {
        long ip = sent + 14;
        int ipBytes = Mem.u16Be(ip + 2);
        macs(at, gatewayPortMac, BenchFabric.ROUTER_MAC);
        Mem.u16Be(at + 12, 0x0800);
        udp(at + 14, ipBytes, Mem.i32Be(ip + 16), Mem.u16Be(ip + IP + 2), Mem.i32Be(ip + 12), Mem.u16Be(ip + IP));
        return 14 + ipBytes;
    }

    private static void macs(long at, long destination, long source) {
        Mem.i64Be(at, destination << 16 | source >>> 32);
        Mem.i32Be(at + 8, (int) source);
    }

    private static void udp(long ip, int bytes, int source, int sourcePort, int destination, int destinationPort) {
        ip(ip, bytes, PROTOCOL_UDP, source, destination);
        long udp = ip + IP;
        int length = bytes - IP;
        Mem.u16Be(udp, sourcePort);
        Mem.u16Be(udp + 2, destinationPort);
        Mem.u16Be(udp + 4, length);
        long sum = Checksum.pseudoHeader(source, destination, PROTOCOL_UDP, length)
                + sourcePort
                + destinationPort
                + length;
        int checksum = ~Checksum.fold(sum) & 0xffff;
        Mem.u16Be(udp + 6, checksum == 0 ? 0xffff : checksum);
    }

    private static void ip(long at, int bytes, int protocol, int source, int destination) {
        Mem.i32Be(at, 0x4500_0000 | bytes);
        Mem.i32Be(at + 4, 0x0000_4000);
        Mem.i32Be(at + 8, TTL << 24 | protocol << 16);
        Mem.i32Be(at + 12, source);
        Mem.i32Be(at + 16, destination);
        Mem.u16Be(at + 10, Checksum.of(at, IP));
    }
}
