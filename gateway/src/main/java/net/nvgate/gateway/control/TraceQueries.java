package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.gateway.dpdk.Port;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.VsidRow;
import net.nvgate.gateway.trace.TraceNames;
import net.nvgate.gateway.trace.TraceReport;
import net.nvgate.gateway.watch.Watch;
import net.nvgate.gateway.watch.WatchReader;
import net.nvgate.gateway.watch.WatchedPacket;
import net.nvgate.gateway.worker.Worker;
import net.nvgate.gateway.worker.WorkerGroup;
import tools.jackson.databind.json.JsonMapper;

/** What would become of a packet: it is made, given to a worker as a trial, and what that reports is told in words. */
final class TraceQueries {

    static final String KIND = "trace";

    static final String TENANT = "tenant";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> FIELDS = Set.of(
            "audience",
            "from",
            "rdid",
            "vmNetwork",
            "vsid",
            "source",
            "destination",
            "protocol",
            "sourcePort",
            "destinationPort",
            "size",
            "ttl",
            "tcpFlags",
            "dontFragment",
            "providerAddress",
            "innerMac");
    private static final Map<Character, Integer> TCP_FLAGS = Map.of('F', 1, 'S', 2, 'R', 4, 'P', 8, 'A', 16);
    private static final long WAIT_MS_MAX = 2_000;

    private static final long PAUSE_NANOS = 200_000;
    private static final long SOME_MAC = 0x020000000001L;

    private final DataPath path;
    private final TraceNames names;

    TraceQueries(DataPath path) {
        this.path = path;
        this.names = new PolicyTraceNames(path.policy(), path.tables());
    }

    /**
     * Makes the packet of a filter's fields and tells what would become of it.
     *
     * @throws IllegalArgumentException for fields that make no packet
     * @throws IllegalStateException if no worker answers
     */
    QueryResult trace(Map<String, String> fields) {
        TraceAsk ask = new TraceAsk(path.policy(), fields, FIELDS);
        boolean tenant = ask.text("audience", "").equals(TENANT);
        boolean fromOutside = ask.text("from", "inside").equals("outside");
        byte[] frame = fromOutside ? outside(ask) : inside(ask, tenant);
        WatchedPacket packet = run(frame, !fromOutside);
        if (tenant && fromOutside && !isOf(packet, ask.domain())) {
            throw new IllegalArgumentException("no address of this VM network is " + ask.address("destination"));
        }
        return new QueryResult(
                JSON.writeValueAsString(List.of(new TraceReport(names, tenant ? ask.domain() : 0).of(packet))), false);
    }

    /** Whether a packet from outside has come to a tenant, by any decision about it. */
    private static boolean isOf(WatchedPacket packet, int domain) {
        return packet.records().stream()
                .filter(WatchedPacket.Decision.class::isInstance)
                .map(WatchedPacket.Decision.class::cast)
                .anyMatch(decision -> TraceReport.domain(decision) == domain);
    }

    private WatchedPacket run(byte[] frame, boolean fromPa) {
        // Which worker has the tenant, if there is one, is not known before: the one that has decided about a tenant of
        // its own is right.
        List<WatchedPacket> reports = new ArrayList<>();
        for (WorkerThread worker : path.workers()) {
            Watch watch = Watch.trial(frame, fromPa, Worker.nowMs() + WAIT_MS_MAX);
            if (!worker.tap().post(watch)) {
                throw new IllegalStateException("too many traces and captures at once");
            }
            reports.add(await(watch));
        }
        for (int worker = 0; worker < reports.size(); worker++) {
            int domain = firstDomain(reports.get(worker));
            if (domain > 0 && WorkerGroup.ownerOf(domain, reports.size()) == worker) {
                return reports.get(worker);
            }
        }
        return reports.getFirst();
    }

    /** The tenant that a packet was found to be of first, 0 = of none. */
    private static int firstDomain(WatchedPacket packet) {
        return packet.records().stream()
                .filter(WatchedPacket.Decision.class::isInstance)
                .mapToInt(decision -> TraceReport.domain((WatchedPacket.Decision) decision))
                .filter(domain -> domain > 0)
                .findFirst()
                .orElse(0);
    }

    private static WatchedPacket await(Watch watch) {
        WatchReader reader = new WatchReader(watch);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS_MAX);
        while (true) {
            boolean last = watch.isDone();
            WatchedPacket packet = reader.next();
            if (packet != null) {
                return packet;
            }
            if (last || System.nanoTime() - deadline > 0) {
                watch.stop();
                throw new IllegalStateException("the worker did not take the packet in time");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private TracePacket.Ip ip(TraceAsk ask) {
        IpAddress source = ask.address("source");
        int protocol = ask.protocol() == 0 ? Ipv4.TCP : ask.protocol();
        boolean ping6 = source instanceof Ipv6Address && protocol == Ipv4.ICMP;
        return new TracePacket.Ip(
                source,
                ask.address("destination"),
                ping6 ? 58 : protocol,
                ask.number("sourcePort", 40_000, 0, 0xffff),
                ask.number("destinationPort", 80, 0, 0xffff),
                flags(ask.text("tcpFlags", "S")),
                ask.number("size", 64, 20, 9_000),
                ask.number("ttl", 64, 0, 255),
                ask.flag("dontFragment"));
    }

    private static int flags(String text) {
        int flags = 0;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            Integer flag = TCP_FLAGS.get(each);
            if (flag == null) {
                throw new IllegalArgumentException("tcpFlags are of F, S, R, P and A, not '" + each + "'");
            }
            flags |= flag;
        }
        return flags;
    }

    private byte[] outside(TraceAsk ask) {
        TracePacket.Ip packet = ip(ask);
        int vlan = packet.destination() instanceof Ipv4Address v4 ? vlan(v4) : 0;
        return TracePacket.ethernet(port("ext").mac().value(), SOME_MAC, vlan, type(packet), packet.bytes());
    }

    private byte[] inside(TraceAsk ask, boolean tenant) {
        TracePacket.Ip packet = ip(ask);
        int domain = ask.domain();
        Optional<TraceNames.Host> host = host(domain, ask, packet.source());
        int vsid = ask.number("vsid", host.map(TraceNames.Host::vsid).orElse(0), 1, 0xffffff);
        if (vsid == 0) {
            vsid = anyVsid(domain);
        }
        VsidRow row = path.tables().vsids.row(vsid);
        if (tenant && (row == null || row.rdid() != domain)) {
            throw new IllegalArgumentException("VSID " + vsid + " is not of this VM network");
        }
        long mac = row == null ? SOME_MAC : row.gatewayMac() != 0 ? row.gatewayMac() : row.routerMac();
        if (ask.has("innerMac")) {
            mac = MacAddress.parse(ask.text("innerMac", "")).value();
        }
        IpAddress outer = !tenant && ask.has("providerAddress")
                ? ask.address("providerAddress")
                : host.map(TraceNames.Host::providerAddress).orElse(new Ipv4Address(0x0a000001));
        if (!(outer instanceof Ipv4Address from)) {
            throw new IllegalArgumentException("the host's provider address is IPv6: watch real packets instead");
        }
        Ipv4Address own = ownProviderAddress(row);
        byte[] inner = TracePacket.ethernet(mac, SOME_MAC, 0, type(packet), packet.bytes());
        byte[] tunnel = TracePacket.nvgre(from, own, vsid, inner);
        return TracePacket.ethernet(port("pa").mac().value(), SOME_MAC, vlan(own), Ethernet.TYPE_IPV4, tunnel);
    }

    private Optional<TraceNames.Host> host(int domain, TraceAsk ask, IpAddress source) {
        int vsid = ask.number("vsid", 0, 1, 0xffffff);
        VsidRow row = vsid == 0 ? null : path.tables().vsids.row(vsid);
        int known = domain != 0 ? domain : row == null ? 0 : row.rdid();
        return known == 0 ? Optional.empty() : names.host(known, source);
    }

    private int anyVsid(int domain) {
        if (domain == 0) {
            throw new IllegalArgumentException("say vsid, rdid or vmNetwork");
        }
        return path.policy().vsidNames().stream()
                .map(TablePolicy.VsidName::vsid)
                .filter(vsid -> {
                    VsidRow row = path.tables().vsids.row(vsid);
                    return row != null && row.rdid() == domain && row.gatewayMac() != 0;
                })
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the VM network has no virtual subnet here"));
    }

    private Ipv4Address ownProviderAddress(@org.jspecify.annotations.Nullable VsidRow row) {
        if (row != null && row.ownPa() != 0) {
            return new Ipv4Address(row.ownPa());
        }
        return path.policy().ownAddresses().stream()
                .filter(own -> (own.flags() & OwnAddresses.PROVIDER) != 0)
                .map(own -> new Ipv4Address(own.address()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the gateway has no IPv4 provider address"));
    }

    private int vlan(Ipv4Address address) {
        OwnAddresses.Row own = path.tables().ownAddresses.row(address.value());
        return own == null ? 0 : own.vlan();
    }

    private static int type(TracePacket.Ip packet) {
        return packet.source() instanceof Ipv4Address ? Ethernet.TYPE_IPV4 : Ethernet.TYPE_IPV6;
    }

    private Port port(String name) {
        return path.ports().stream()
                .filter(port -> port.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no port " + name));
    }
}
