package net.nvgate.gateway.worker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.MbufChains;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.MemoryGuard;
import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.dpdk.TableMemory;
import net.nvgate.gateway.neighbor.FixedNeighbors;
import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.neighbor.NeighborTable;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.LookupRow;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatOneToOnes;
import net.nvgate.gateway.route.NatRuleEntry;
import net.nvgate.gateway.route.NatSettingsRow;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.Prefixes;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.route.VsidRow;

/** A real worker with real mbufs between two ports without wires, in the network of {@link Net}; time stands until moved. */
final class TestGateway implements AutoCloseable {

    static final WorkerConfig CONFIG =
            new WorkerConfig(-1, 64, 8, 64, 64, 64, net.nvgate.gateway.nat.NatTimers.DEFAULT, true, 1000, 100, 0);

    /** TCP makes sessions by SYNs alone. */
    static WorkerConfig withoutMidstream() {
        return new WorkerConfig(-1, 64, 8, 64, 64, 64, net.nvgate.gateway.nat.NatTimers.DEFAULT, false, 1000, 100, 0);
    }

    /** Workers of a test that does not say how many: two show that none of its packets needs the worker that receives it. */
    static final int WORKERS = Integer.getInteger("nvgate.test.workers", 1);

    /** Packets that a ring between two workers takes. */
    static final int RING = 2 * Burst.MAX;

    private static final AtomicInteger POOLS = new AtomicInteger();

    final RouteTables tables;
    final NeighborTable neighbors;
    final NeighborChannel channel = new NeighborChannel(64);
    final PacketPort pa;
    final PacketPort ext;
    /** The one that has tenant 1. */
    final Worker worker;
    /** All, of which the first one has the ports. */
    final List<Worker> workers = new ArrayList<>();

    private final Mempool pool;
    private final List<Long> memory = new ArrayList<>();
    private final long array;
    private final AtomicLong nanos = new AtomicLong(5_000_000_000L);
    private long drained;
    private int drainedCount;
    private long lastFlags;
    private long lastOffloadLengths;
    private int lastGeneration;

    TestGateway() {
        this(CONFIG);
    }

    TestGateway(WorkerConfig config) {
        this(config, PacketPort.detached(Net.PA_MAC, Net.MTU, false));
    }

    TestGateway(WorkerConfig config, int count) {
        this(config, PacketPort.detached(Net.PA_MAC, Net.MTU, false), count);
    }

    /** Sends by a PA port of the caller's, which has the MAC and MTU of {@link Net}. */
    TestGateway(WorkerConfig config, PacketPort paPort) {
        this(config, paPort, WORKERS);
    }

    /** @param count of workers, the first of which has the ports */
    TestGateway(WorkerConfig config, PacketPort paPort, int count) {
        pool = Mempool.create("nvgc" + POOLS.incrementAndGet(), 255, 0, 4096 + 128);
        MemoryGuard.watch(pool);
        tables = new RouteTables(this::allocate, 4);
        neighbors = new NeighborTable(this::allocate, tables.quiescence);
        pa = paPort;
        ext = PacketPort.detached(Net.EXT_MAC, Net.MTU, false);
        array = allocate(8L * Burst.MAX, 64);
        links();
        tenant(1, true);
        tenant(2, true);
        tenant(3, false);
        WorkerPorts ports = new WorkerPorts(pa, Net.PA_PORT, ext, Net.EXT_PORT);
        WorkerGroup group = new WorkerGroup(count, RING);
        for (int self = 0; self < count; self++) {
            workers.add(worker(config, group, self, ports));
        }
        worker = workers.get(group.ownerOf(1));
    }

    private Worker worker(WorkerConfig config, WorkerGroup group, int self, WorkerPorts ports) {
        WorkerPorts own = self == 0
                ? ports
                : new WorkerPorts(
                        PacketPort.relayed(pa, group.ring(self, 0), HandOffRing.TO_PA),
                        Net.PA_PORT,
                        PacketPort.relayed(ext, group.ring(self, 0), HandOffRing.TO_EXT),
                        Net.EXT_PORT);
        return new Worker(config, tables, neighbors, channel, own, pool, this::allocate, group, self, nanos.get());
    }

    /** Aligned as asked for and no better, as it may come from hugepages. */
    private long allocate(long bytes, int align) {
        long address = TableMemory.allocate(bytes + align, align);
        memory.add(address);
        return address + align;
    }

    private void links() {
        tables.ownAddresses.put(new OwnAddresses.Row(Net.GATEWAY_PA, OwnAddresses.PROVIDER, 24, 0));
        tables.ownAddresses.put(new OwnAddresses.Row(Net.EXTERNAL, OwnAddresses.EXTERNAL, 24, 0));
        tables.providerFib.put(link("10.10.10.0", 24, FibEntry.ON_LINK, 0, Net.GATEWAY_PA));
        tables.externalFib.put(link("203.0.113.0", 24, FibEntry.ON_LINK, 0, Net.EXTERNAL));
        tables.externalFib.put(link("198.51.100.0", 24, FibEntry.VIA_ROUTER, Net.ROUTER, Net.EXTERNAL));
        FixedNeighbors.add(neighbors, Net.PA_PORT, Net.HOST_A, Net.HOST_A_MAC);
        FixedNeighbors.add(neighbors, Net.PA_PORT, Net.HOST_B, Net.HOST_B_MAC);
        FixedNeighbors.add(neighbors, Net.EXT_PORT, Net.ROUTER, Net.ROUTER_MAC);
        FixedNeighbors.add(neighbors, Net.EXT_PORT, Net.SERVER, Net.SERVER_MAC);
    }

    private static FibRow link(String prefix, int length, int kind, int nextHop, int source) {
        return new FibRow(0, Wire.address(prefix), length, kind, nextHop, 0, 0, source, 0);
    }

    private void tenant(int rdid, boolean nat) {
        int vm = Net.VM_VSID[rdid];
        int gw = Net.GATEWAY_VSID[rdid];
        tables.vsids.put(new VsidRow(
                vm,
                rdid,
                VsidEntry.VM_SUBNET,
                Net.GATEWAY_MAC,
                Net.GATEWAY_CA,
                Net.DG_MAC,
                Net.DG,
                Net.GATEWAY_PA,
                Net.VM_SUBNET,
                24,
                2 * rdid));
        tables.vsids.put(new VsidRow(
                gw,
                rdid,
                VsidEntry.TERMINATES_HERE | VsidEntry.GATEWAY_SUBNET,
                Net.GATEWAY_MAC,
                Net.GATEWAY_CA,
                Net.ROUTER_CA_MAC,
                Net.ROUTER_CA,
                Net.GATEWAY_PA,
                Wire.address("10.254.254.0"),
                29,
                2 * rdid + 1));
        record(rdid, Net.VM1, vm, Net.VM1_MAC, Net.HOST_A, 0);
        record(rdid, Net.VM2, vm, Net.VM2_MAC, Net.HOST_B, 0);
        record(rdid, Net.VM3, vm, Net.VM2_MAC, Net.HOST_C, 0);
        record(rdid, Net.VM4, vm, Net.VM2_MAC, Wire.address("172.16.0.1"), 0);
        record(rdid, Net.DG, vm, Net.DG_MAC, Wire.address("169.254.254.254"), LookupEntry.DEFAULT_GATEWAY);
        record(rdid, Net.GATEWAY_CA, gw, Net.GATEWAY_MAC, Net.GATEWAY_PA, LookupEntry.OWN_GATEWAY);
        record(
                rdid,
                Net.ROUTER_CA,
                gw,
                Net.ROUTER_CA_MAC,
                Wire.address("169.254.254.254"),
                LookupEntry.DEFAULT_GATEWAY);
        route(rdid, "192.168.1.0", 24, FibEntry.ON_LINK, vm);
        route(rdid, "10.254.254.0", 29, FibEntry.ON_LINK, gw);
        route(rdid, "203.0.113.0", 24, FibEntry.GATEWAY, gw);
        route(rdid, "198.51.100.0", 24, FibEntry.GATEWAY, gw);
        route(rdid, "8.0.0.0", 8, FibEntry.GATEWAY, gw);
        if (nat) {
            nat(rdid, rdid, 1024, 65535);
        }
    }

    void nat(int rdid, int address, int portMin, int portMax) {
        tables.ownAddresses.put(new OwnAddresses.Row(Net.NAT[address], OwnAddresses.NAT, 32, 0));
        NatTable.Connection there = tables.nat.connections.rowOf(address);
        int generation = there != null && there.rdid() == rdid ? there.generation() : ++lastGeneration;
        connection(new NatTable.Connection(Net.NAT[address], rdid, address, portMin, portMax, generation));
    }

    /** Sets an external address's only connection, by which all of its tenant's hosts leave. */
    void connection(NatTable.Connection row) {
        tables.nat.connections.put(row);
        tables.nat.connections.setAddress(row.externalIp(), List.of(row));
        tables.nat.connections.setTenant(row.rdid(), List.of(new NatConnections.Choice(Prefixes.Row.ANY, row)));
        choose6(row.rdid(), new NatConnections.Choice6(Ipv6Address.UNSPECIFIED, 0, row));
        tables.epochs.bump(row.rdid());
    }

    /** A tenant's only connections, all a pool for every host, each alone on its address. */
    void pool(int rdid, NatTable.Connection... rows) {
        List<NatConnections.Choice> choices = new ArrayList<>();
        for (NatTable.Connection row : rows) {
            tables.ownAddresses.put(new OwnAddresses.Row(row.externalIp(), OwnAddresses.NAT, 32, 0));
            tables.nat.connections.put(row);
            tables.nat.connections.setAddress(row.externalIp(), List.of(row));
            choices.add(new NatConnections.Choice(Prefixes.Row.ANY, row));
        }
        tables.nat.connections.setTenant(rdid, choices);
        tables.epochs.bump(rdid);
    }

    /** Changes the settings of a tenant's connection. */
    void settings(int rdid, UnaryOperator<NatSettingsRow> change) {
        NatTable.Connection row = Objects.requireNonNull(tables.nat.connections.rowOf(rdid));
        tables.nat.connections.put(new NatTable.Connection(
                row.externalIp(),
                rdid,
                rdid,
                row.portMin(),
                row.portMax(),
                row.generation(),
                change.apply(row.settings())));
        tables.epochs.bump(rdid);
    }

    void oneToOne(int rdid, int external, int ca) {
        tables.ownAddresses.put(new OwnAddresses.Row(external, OwnAddresses.NAT, 32, 0));
        tables.nat.oneToOnes.put(new NatOneToOnes.Row(external, rdid, ca, ++lastGeneration));
        tables.epochs.bump(rdid);
    }

    /** All of a tenant's hosts of a prefix leave by its connection, others by none. */
    void choose(int rdid, Prefixes.Row prefix) {
        NatTable.Connection row = Objects.requireNonNull(tables.nat.connections.rowOf(rdid));
        tables.nat.connections.setTenant(rdid, List.of(new NatConnections.Choice(prefix, row)));
        tables.epochs.bump(rdid);
    }

    /** By which connections a tenant's NAT64 hosts leave, longest prefix first. */
    void choose6(int rdid, NatConnections.Choice6... choices) {
        tables.nat.connections.setTenant6(rdid, List.of(choices));
        tables.epochs.bump(rdid);
    }

    void removeNat(int rdid, int address) {
        tables.nat.connections.setTenant(rdid, List.of());
        tables.nat.connections.setTenant6(rdid, List.of());
        tables.nat.connections.setAddress(Net.NAT[address], List.of());
        tables.nat.connections.remove(address);
        tables.epochs.bump(rdid);
    }

    void rule(int rdid, int protocol, int externalPort, int ca, int port) {
        rule(rdid, protocol, externalPort, ca, port, Prefixes.Row.ANY);
    }

    /** Sets the rule of a port of the tenant's external address, for some remote hosts. */
    void rule(int rdid, int protocol, int externalPort, int ca, int port, Prefixes.Row remote) {
        NatTable.Connection row = Objects.requireNonNull(tables.nat.connections.rowOf(rdid));
        List<NatTable.Rule> rules = List.of(new NatTable.Rule(
                rdid, protocol, row.externalIp(), externalPort, ca, port, 0, remote, row.generation()));
        tables.nat.rules.setOutside(row.externalIp(), protocol, 0, externalPort, rules);
        tables.nat.rules.setInside(rdid, ca, protocol, 0, port, rules);
        tables.epochs.bump(rdid);
    }

    /** As {@link #rule(int, int, int, int, int)}, to an IPv6 server. */
    void rule(int rdid, int protocol, int externalPort, Ipv6Address server, int port) {
        NatTable.Connection row = Objects.requireNonNull(tables.nat.connections.rowOf(rdid));
        int key = NatRuleEntry.key(server.high(), server.low());
        List<NatTable.Rule> rules = List.of(new NatTable.Rule(
                rdid,
                protocol,
                row.externalIp(),
                externalPort,
                key,
                port,
                0,
                Prefixes.Row.ANY,
                row.generation(),
                server));
        tables.nat.rules.setOutside(row.externalIp(), protocol, 0, externalPort, rules);
        tables.nat.rules.setInside(rdid, key, protocol, 0, port, rules);
        tables.epochs.bump(rdid);
    }

    void record(int rdid, int ca, int vsid, long mac, int pa, int flags) {
        tables.records.put(new LookupRow(rdid, ca, vsid, mac, pa, 0, flags, 2 * rdid));
        tables.epochs.bump(rdid);
    }

    void route(int rdid, String prefix, int length, int kind, int vsid) {
        tables.tenantFib.put(new FibRow(rdid, Wire.address(prefix), length, kind, 0, vsid, 0, 0, 255));
        tables.epochs.bump(rdid);
    }

    /** What left the gateway. */
    record Sent(List<byte[]> pa, List<byte[]> ext) {

        /** The one frame that left by the external port; nothing else did. */
        byte[] onlyExt() {
            if (ext.size() != 1 || !pa.isEmpty()) {
                throw new AssertionError("sent " + pa.size() + " by PA and " + ext.size() + " by external port");
            }
            return ext.getFirst();
        }

        /** The one frame that left by the PA port; nothing else did. */
        byte[] onlyPa() {
            if (pa.size() != 1 || !ext.isEmpty()) {
                throw new AssertionError("sent " + pa.size() + " by PA and " + ext.size() + " by external port");
            }
            return pa.getFirst();
        }

        /** The IP packet in {@link #onlyExt}, whose checksums are right. */
        byte[] outside() {
            byte[] packet = ip(onlyExt());
            Wire.requireRight(packet);
            return packet;
        }

        /** The inner packet in {@link #onlyPa}, whose checksums are right, for tenant 1's VM on host A. */
        byte[] insideVm1() {
            byte[] packet = Wire.slice(inner(onlyPa(), Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]), 14);
            Wire.requireRight(packet);
            return packet;
        }

        boolean isEmpty() {
            return pa.isEmpty() && ext.isEmpty();
        }
    }

    Sent intoPa(byte[]... frames) {
        fill(frames);
        workers.getFirst().receivedFromPa(array, frames.length);
        return sent();
    }

    Sent intoExt(byte[]... frames) {
        fill(frames);
        workers.getFirst().receivedFromExt(array, frames.length);
        return sent();
    }

    /** As if the driver had looked at a packet: RTE_MBUF_F_RX_ bits, RTE_PTYPE_ bits. */
    Sent intoPaWith(long flags, int packetType, byte[] frame) {
        fillWith(flags, packetType, frame);
        workers.getFirst().receivedFromPa(array, 1);
        return sent();
    }

    /** As {@link #intoPaWith}. */
    Sent intoExtWith(long flags, int packetType, byte[] frame) {
        fillWith(flags, packetType, frame);
        workers.getFirst().receivedFromExt(array, 1);
        return sent();
    }

    private void fillWith(long flags, int packetType, byte[] frame) {
        fill(frame);
        Mbuf.flags(Mem.i64(array), flags);
        Mbuf.packetType(Mem.i64(array), packetType);
    }

    /** As if the driver had delivered a packet in two buffers. */
    Sent intoPaSegmented(byte[] frame) {
        fill(frame);
        long first = Mem.i64(array);
        fill(frame);
        MbufChains.chain(first, Mem.i64(array));
        Mem.i64(array, first);
        workers.getFirst().receivedFromPa(array, 1);
        return sent();
    }

    /** As if the driver had left little room before the packet. */
    Sent intoExtWithHeadroom(int headroom, byte[] frame) {
        fill(new byte[0]);
        long mbuf = Mem.i64(array);
        Mbuf.frame(mbuf, Mbuf.dataAddress(mbuf) - Mbuf.headroom(mbuf) + headroom, frame.length);
        write(mbuf, frame);
        workers.getFirst().receivedFromExt(array, 1);
        return sent();
    }

    Mempool pool() {
        return pool;
    }

    /** Takes all buffers but one out of the pool. */
    void drainPool() {
        drained = allocate(8L * 256, 64);
        while (pool.available() > 1 && pool.allocate(drained + 8L * drainedCount, 1)) {
            drainedCount++;
        }
    }

    void refillPool() {
        Mempool.free(drained, drainedCount);
    }

    /** One packet more turns round than the queue takes. */
    void overfillHairpin(byte[] frame) {
        long mbuf = 0;
        HairpinQueue hairpin = worker.hairpin();
        for (int i = 0; i < Burst.MAX + 1; i++) {
            fill(frame);
            mbuf = Mem.i64(array);
            hairpin.add(mbuf, Mbuf.dataAddress(mbuf) + 56, frame.length - 56);
        }
        for (int i = 0; i < Burst.MAX; i++) {
            Mem.i64(array, hairpin.mbuf[i]);
            Mempool.free(array, 1);
        }
        hairpin.clear();
        worker.turn(nanos.get());
    }

    /** What a step does when the table of next hops has no room. */
    void sendWithoutAdjacency() {
        fill(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)));
        long mbuf = Mem.i64(array);
        worker.egress().send(mbuf, Mbuf.dataAddress(mbuf) + 14, 33, -1, 0);
        worker.turn(nanos.get());
    }

    /** Time goes on, and the worker sees it with its next packet, before its timers have their turn. */
    void pass(long ms) {
        long now = nanos.addAndGet(ms * 1_000_000);
        workers.forEach(each -> each.forwardFromPa(now, array, 0));
    }

    /** As {@link Worker#nowMs}, of the time that stands here. */
    long nowMs() {
        return nanos.get() / 1_000_000;
    }

    Sent turnAfter(long ms) {
        long now = nanos.addAndGet(ms * 1_000_000);
        workers.forEach(each -> each.turn(now));
        return sent();
    }

    /** Time moves, then so many turns that every table was looked at for what is too old. */
    Sent turnsAfter(long ms) {
        Sent sent = turnAfter(ms);
        for (int i = 0; i < 400; i++) {
            Sent more = turnAfter(i % 4 == 0 ? 1 : 0);
            sent.pa().addAll(more.pa());
            sent.ext().addAll(more.ext());
        }
        return sent;
    }

    private void fill(byte[]... frames) {
        if (!pool.allocate(array, frames.length)) {
            throw new AssertionError("no mbufs left");
        }
        for (int i = 0; i < frames.length; i++) {
            long mbuf = Mem.i64(array + 8L * i);
            write(mbuf, frames[i]);
        }
    }

    private static void write(long mbuf, byte[] frame) {
        MemoryGuard.put(Mbuf.dataAddress(mbuf), frame);
        Mbuf.length(mbuf, frame.length);
    }

    /** Gives the first worker packets, and the others no turn. */
    void intoPaOfFirstAlone(byte[]... frames) {
        fill(frames);
        workers.getFirst().receivedFromPa(array, frames.length);
    }

    Sent sent() {
        while (workers.stream().mapToInt(each -> each.takeOver(0)).sum() > 0) {
            // What they make of it may be for others again.
        }
        return new Sent(take(pa), take(ext));
    }

    private List<byte[]> take(PacketPort port) {
        long[] mbufs = port.takeSent();
        List<byte[]> frames = new ArrayList<>();
        for (long mbuf : mbufs) {
            byte[] frame = MemoryGuard.get(Mbuf.dataAddress(mbuf), Mbuf.dataLength(mbuf));
            if (frame.length != Mbuf.packetLength(mbuf) || Mbuf.segments(mbuf) != 1) {
                throw new AssertionError("mbuf lengths differ");
            }
            frames.add(frame);
            lastFlags = Mbuf.flags(mbuf);
            lastOffloadLengths = Mbuf.offloadLengths(mbuf);
            Mem.i64(array, mbuf);
            Mempool.free(array, 1);
        }
        return frames;
    }

    /** RTE_MBUF_F_ bits of the mbuf that was sent last. */
    long lastFlags() {
        return lastFlags;
    }

    /** Header lengths for offloads of the mbuf that was sent last. */
    long lastOffloadLengths() {
        return lastOffloadLengths;
    }

    /** Reasons with a count, and their counts. */
    Map<DropReason, Long> drops() {
        Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            long count = workers.stream()
                    .mapToLong(each -> each.counters().drops(reason))
                    .sum();
            if (count != 0) {
                drops.put(reason, count);
            }
        }
        return drops;
    }

    long count(WorkerCounter counter) {
        return workers.stream().mapToLong(each -> each.counters().get(counter)).sum();
    }

    /** Mbufs that neither the pool nor a test has. */
    int mbufsHeld() {
        return MemoryGuard.out(pool);
    }

    /** Bytes of the packets that neither the pool nor a test has. */
    List<byte[]> packetsHeld() {
        return MemoryGuard.packets(pool);
    }

    @Override
    public void close() {
        workers.forEach(Worker::close);
        int held = pool.inUse();
        MemoryGuard.unwatch(pool);
        pool.close();
        memory.forEach(TableMemory::free);
        if (held != 0) {
            throw new AssertionError(held + " mbufs leaked");
        }
    }

    static byte[] ip(byte[] frame) {
        byte[] ip = Wire.slice(frame, 14);
        return Arrays.copyOf(ip, Wire.u16(ip, 2));
    }

    /** The inner frame of an NVGRE frame, whose outer headers are checked. */
    static byte[] inner(byte[] frame, int hostPa, long hostMac, int vsid) {
        require(Wire.mac(frame, 0) == hostMac && Wire.mac(frame, 6) == Net.PA_MAC, "outer MACs");
        require(Wire.u16(frame, 12) == 0x800, "outer EtherType");
        byte[] ip = Wire.slice(frame, 14);
        Wire.requireRight(ip);
        require(Wire.u8(ip, 0) == 0x45 && Wire.u8(ip, 9) == Wire.GRE && Wire.u8(ip, 8) == 64, "outer header");
        require(Wire.u16(ip, 4) == 0 && Wire.u16(ip, 6) == 0x4000, "outer id 0 and DF");
        require(Wire.i32(ip, 12) == Net.GATEWAY_PA && Wire.i32(ip, 16) == hostPa, "outer addresses");
        require(Wire.i32(ip, 20) == 0x20006558, "GRE word");
        require(Wire.i32(ip, 24) >>> 8 == vsid, "VSID");
        return Wire.slice(ip, 28);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("wrong " + what);
        }
    }
}
