package net.nvgate.gateway.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.nvgate.gateway.neighbor.FixedNeighbors;
import net.nvgate.gateway.neighbor.NeighborTable;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.LookupRow;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.Prefixes;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.route.VsidRow;

/** 50 tenants of 20 VMs each on 16 hosts, and a packet of each VM to the physical side: 102 bytes, 60 of them inner. */
final class BenchFabric {

    static final int TENANTS = 50;
    static final int VMS_PER_TENANT = 20;
    static final int VMS = TENANTS * VMS_PER_TENANT;
    static final int FIRST_PORT = 1024;
    /** Where the inner UDP header lies in the packets. */
    static final int UDP_OFFSET = 14 + 20 + 8 + 14 + 20;

    private static final int HOSTS = 16;
    private static final int GATEWAY_PA = 0x0a0a0002;
    private static final int HOST_PA = 0x0a0a0010;
    private static final int EXTERNAL = 0xcb007102;
    private static final int ROUTER = 0xcb007101;
    private static final int NAT = 0xcb007180;
    private static final int SERVER = 0xc6336407;
    private static final int FIRST_CA = 0xc0a80103;
    private static final int VM_VSID = 0x6000;
    private static final int GATEWAY_VSID = 0x5000;
    private static final long GATEWAY_MAC = 0x001dd8b71c01L;
    private static final long VM_MAC = 0x001dd8b80000L;
    private static final long HOST_MAC = 0x020000001000L;
    private static final int DATA = 18;

    private BenchFabric() {}

    static void fill(RouteTables tables, NeighborTable neighbors, int paPort, int extPort) {
        tables.ownAddresses.put(new OwnAddresses.Row(GATEWAY_PA, OwnAddresses.PROVIDER, 24, 0));
        tables.ownAddresses.put(new OwnAddresses.Row(EXTERNAL, OwnAddresses.EXTERNAL, 24, 0));
        tables.providerFib.put(route(0, 0x0a0a0000, 24, FibEntry.ON_LINK, 0, GATEWAY_PA));
        tables.externalFib.put(route(0, 0, 0, FibEntry.VIA_ROUTER, ROUTER, EXTERNAL));
        FixedNeighbors.add(neighbors, extPort, ROUTER, 0x020000000001L);
        for (int host = 0; host < HOSTS; host++) {
            FixedNeighbors.add(neighbors, paPort, HOST_PA + host, HOST_MAC + host);
        }
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            tenant(tables, tenant);
        }
    }

    private static void tenant(RouteTables tables, int tenant) {
        int rdid = tenant + 1;
        int vsid = GATEWAY_VSID + tenant;
        int flags = VsidEntry.TERMINATES_HERE | VsidEntry.GATEWAY_SUBNET;
        tables.vsids.put(
                new VsidRow(vsid, rdid, flags, GATEWAY_MAC, 0x0afefe02, 0, 0, GATEWAY_PA, 0x0afefe00, 29, 2 * rdid));
        tables.vsids.put(new VsidRow(
                VM_VSID + tenant,
                rdid,
                VsidEntry.VM_SUBNET,
                GATEWAY_MAC,
                0x0afefe02,
                0,
                0,
                GATEWAY_PA,
                0xc0a80100,
                24,
                2 * rdid + 1));
        for (int vm = 0; vm < VMS_PER_TENANT; vm++) {
            tables.records.put(new LookupRow(
                    rdid, FIRST_CA + vm, VM_VSID + tenant, VM_MAC + vm, HOST_PA + vm % HOSTS, 0, 0, 2 * rdid + 1));
        }
        tables.tenantFib.put(route(rdid, 0xc0a80100, 24, FibEntry.ON_LINK, 0, 0));
        tables.tenantFib.put(route(rdid, 0, 0, FibEntry.GATEWAY, 0, 0));
        tables.ownAddresses.put(new OwnAddresses.Row(NAT + tenant, OwnAddresses.NAT, 32, 0));
        NatTable.Connection nat = new NatTable.Connection(NAT + tenant, rdid, tenant, 1024, 65535, tenant);
        tables.nat.connections.put(nat);
        tables.nat.connections.setAddress(NAT + tenant, List.of(nat));
        tables.nat.connections.setTenant(rdid, List.of(new NatConnections.Choice(Prefixes.Row.ANY, nat)));
        tables.epochs.bump(rdid);
    }

    private static FibRow route(int rdid, int prefix, int length, int kind, int nextHop, int source) {
        return new FibRow(rdid, prefix, length, kind, nextHop, 0, 0, source, 0);
    }

    /** Writes one packet per VM as a capture file. */
    static void writeCapture(Path file, long gatewayMac) throws IOException {
        int length = UDP_OFFSET + 8 + DATA;
        ByteBuffer b = ByteBuffer.allocate(24 + VMS * (16 + length)).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65535)
                .putInt(1);
        for (int i = 0; i < VMS; i++) {
            b.putLong(0).putInt(length).putInt(length).put(packet(i / VMS_PER_TENANT, i % VMS_PER_TENANT, gatewayMac));
        }
        Files.write(file, b.array());
    }

    private static byte[] packet(int tenant, int vm, long gatewayMac) {
        ByteBuffer b = ByteBuffer.allocate(UDP_OFFSET + 8 + DATA);
        mac(b, gatewayMac);
        mac(b, HOST_MAC + vm % HOSTS);
        b.putShort((short) 0x0800);
        ip(b, 8 + 14 + 20 + 8 + DATA, 47, HOST_PA + vm % HOSTS, GATEWAY_PA);
        b.putInt(0x20006558).putInt(((GATEWAY_VSID + tenant) << 8) | vm);
        mac(b, GATEWAY_MAC);
        mac(b, VM_MAC + vm);
        b.putShort((short) 0x0800);
        int ca = FIRST_CA + vm;
        ip(b, 8 + DATA, 17, ca, SERVER);
        b.putShort((short) FIRST_PORT)
                .putShort((short) 53)
                .putShort((short) (8 + DATA))
                .putShort((short) 0);
        long sum = 17L + 2 * (8 + DATA) + FIRST_PORT + 53 + words(ca) + words(SERVER);
        b.putShort(UDP_OFFSET + 6, (short) ~fold(sum));
        return b.array();
    }

    private static void mac(ByteBuffer b, long mac) {
        b.putShort((short) (mac >>> 32)).putInt((int) mac);
    }

    private static void ip(ByteBuffer b, int payload, int protocol, int source, int destination) {
        int at = b.position();
        b.putShort((short) 0x4500).putShort((short) (20 + payload)).putInt(0x00004000);
        b.put((byte) 64).put((byte) protocol).putShort((short) 0).putInt(source).putInt(destination);
        long sum = 0x4500 + 20 + payload + 0x4000 + (64 << 8 | protocol) + words(source) + words(destination);
        b.putShort(at + 10, (short) ~fold(sum));
    }

    private static long words(int value) {
        return (value >>> 16) + (value & 0xffffL);
    }

    private static int fold(long sum) {
        long s = (sum & 0xffff) + (sum >>> 16);
        return (int) ((s & 0xffff) + (s >>> 16));
    }
}
