package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.nvgate.gateway.dpdk.LinkState;
import net.nvgate.gateway.dpdk.Port;
import net.nvgate.gateway.dpdk.PortStats;
import net.nvgate.gateway.worker.DropReason;
import net.nvgate.gateway.worker.EventKind;
import net.nvgate.gateway.worker.VsidCounter;
import net.nvgate.gateway.worker.WorkerCounter;

/** Reads every number of the data path: from the workers' memory, the ports and the tables, at the moment it is asked. */
public final class Samples {

    private static final Map<String, String> NONE = Map.of();

    private Samples() {}

    /** All samples; those of one name follow each other. */
    public static List<Sample> read(DataPath path) {
        List<Sample> samples = new ArrayList<>();
        drops(path, samples);
        vsids(path, samples);
        events(path, samples);
        NatGauges.read(path, samples);
        LimitSamples.read(path, samples);
        TrafficSamples.read(path, samples);
        AclViews.samples(path, samples);
        mtu(
                path,
                VsidCounter.MSS_CLAMPED,
                "mss_clamped",
                "TCP SYN packets whose MSS was lowered to what fits",
                samples);
        mtu(path, VsidCounter.TOO_BIG, "too_big", "Packets that did not fit and were refused with ICMP", samples);
        mtu(path, VsidCounter.FRAGMENTED, "fragmented", "Packets that did not fit and were fragmented", samples);
        mtu(path, VsidCounter.TUNNEL_FRAGMENTED, "tunnel_fragmented", "NVGRE packets that came in fragments", samples);
        InterfaceSamples.read(path, samples);
        NeighborSamples.read(path.neighborCounters(), samples);
        workers(path, samples);
        ports(path, samples);
        gauges(path, samples);
        return samples;
    }

    /** Drops of all workers for a reason. */
    static long drops(DataPath path, DropReason reason) {
        return path.workers().stream()
                .mapToLong(worker -> worker.counters().drops(reason))
                .sum();
    }

    /** A VSID's counter in all workers. */
    static long vsid(DataPath path, int countersIndex, VsidCounter counter) {
        return path.workers().stream()
                .mapToLong(worker -> worker.counters().vsid(countersIndex, counter))
                .sum();
    }

    /** A VSID's drops for any reason, in all workers. */
    static long vsidDrops(DataPath path, int countersIndex) {
        long sum = 0;
        for (WorkerThread worker : path.workers()) {
            for (DropReason reason : DropReason.values()) {
                sum += worker.counters().vsidDrops(countersIndex, reason);
            }
        }
        return sum;
    }

    private static void drops(DataPath path, List<Sample> samples) {
        for (DropReason reason : DropReason.values()) {
            samples.add(Sample.counter(
                    "nvgate_drops",
                    "Packets dropped, by reason",
                    Map.of("reason", reason.label()),
                    drops(path, reason)));
        }
    }

    private static void vsids(DataPath path, List<Sample> samples) {
        List<TablePolicy.VsidName> vsids = path.policy().vsidNames();
        vsid(
                path,
                vsids,
                "packets",
                "Packets of a virtual subnet",
                VsidCounter.RX_PACKETS,
                VsidCounter.TX_PACKETS,
                samples);
        vsid(
                path,
                vsids,
                "bytes",
                "Bytes of inner IP packets of a virtual subnet",
                VsidCounter.RX_BYTES,
                VsidCounter.TX_BYTES,
                samples);
        for (TablePolicy.VsidName vsid : vsids) {
            samples.add(Sample.counter(
                    "nvgate_vsid_drops",
                    "Packets of a virtual subnet dropped for any reason",
                    Map.of("vsid", Integer.toString(vsid.vsid())),
                    vsidDrops(path, vsid.countersIndex())));
        }
    }

    private static void mtu(DataPath path, VsidCounter counter, String name, String help, List<Sample> samples) {
        for (TablePolicy.VsidName vsid : path.policy().vsidNames()) {
            samples.add(Sample.counter(
                    "nvgate_mtu_" + name,
                    help,
                    Map.of("vsid", Integer.toString(vsid.vsid())),
                    vsid(path, vsid.countersIndex(), counter)));
        }
    }

    private static void vsid(
            DataPath path,
            List<TablePolicy.VsidName> vsids,
            String what,
            String help,
            VsidCounter rx,
            VsidCounter tx,
            List<Sample> samples) {
        for (TablePolicy.VsidName vsid : vsids) {
            String label = Integer.toString(vsid.vsid());
            samples.add(Sample.counter(
                    "nvgate_vsid_" + what,
                    help + "; rx is from the tenant",
                    labels("vsid", label, "direction", "rx"),
                    vsid(path, vsid.countersIndex(), rx)));
            samples.add(Sample.counter(
                    "nvgate_vsid_" + what,
                    help + "; rx is from the tenant",
                    labels("vsid", label, "direction", "tx"),
                    vsid(path, vsid.countersIndex(), tx)));
        }
    }

    private static void events(DataPath path, List<Sample> samples) {
        for (EventKind kind : EventKind.values()) {
            samples.add(Sample.counter(
                    "nvgate_events",
                    "Rare events, by kind; the log has a line for each, at most one per second, kind and tenant",
                    Map.of("kind", kind.label()),
                    path.workers().stream()
                                    .mapToLong(worker -> worker.events().count(kind))
                                    .sum()
                            + path.found().count(kind)));
        }
        samples.add(Sample.counter(
                "nvgate_events_lost",
                "Events counted but not logged, because too many came at once",
                NONE,
                path.workers().stream()
                        .mapToLong(worker -> worker.events().lost())
                        .sum()));
    }

    private static void workers(DataPath path, List<Sample> samples) {
        for (WorkerCounter counter : WorkerCounter.values()) {
            boolean time = counter == WorkerCounter.BUSY_NANOS;
            String name =
                    "nvgate_worker_" + (time ? "busy_seconds" : counter.label().replace('-', '_'));
            for (WorkerThread worker : path.workers()) {
                long value = worker.counters().get(counter);
                samples.add(Sample.counter(
                        name,
                        capitalised(counter.explanation()),
                        Map.of("worker", Integer.toString(worker.id())),
                        time ? value / WorkerThread.NANOS_PER_SECOND : value));
            }
        }
    }

    private static String capitalised(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static void ports(DataPath path, List<Sample> samples) {
        Map<Port, PortStats> stats = new LinkedHashMap<>();
        Map<Port, LinkState> links = new LinkedHashMap<>();
        for (Port port : path.ports()) {
            stats.put(port, port.stats());
            links.put(port, port.link());
        }
        stats.forEach((port, s) -> {
            samples.add(directed(port, "packets", "Packets of a port", "rx", s.rxPackets()));
            samples.add(directed(port, "packets", "Packets of a port", "tx", s.txPackets()));
        });
        stats.forEach((port, s) -> {
            samples.add(directed(port, "bytes", "Bytes of a port", "rx", s.rxBytes()));
            samples.add(directed(port, "bytes", "Bytes of a port", "tx", s.txBytes()));
        });
        stats.forEach((port, s) -> {
            samples.add(directed(port, "errors", "Packets a port could not take or send", "rx", s.rxErrors()));
            samples.add(directed(port, "errors", "Packets a port could not take or send", "tx", s.txErrors()));
        });
        stats.forEach((port, s) -> samples.add(Sample.counter(
                "nvgate_port_rx_missed", "Packets lost because the receive ring was full", name(port), s.rxMissed())));
        stats.forEach((port, s) -> samples.add(Sample.counter(
                "nvgate_port_rx_no_buffer", "Receptions that found no packet buffer", name(port), s.rxNoMbuf())));
        stats.keySet()
                .forEach(port -> samples.add(Sample.counter(
                        "nvgate_port_rx_discarded",
                        "Packets that were there before the port was started: nobody gets them",
                        name(port),
                        port.discarded())));
        links.forEach((port, link) -> samples.add(
                Sample.gauge("nvgate_port_link_up", "1 while the link is up", name(port), link.up() ? 1 : 0)));
    }

    private static Sample directed(Port port, String what, String help, String direction, long value) {
        return Sample.counter("nvgate_port_" + what, help, labels("port", port.name(), "direction", direction), value);
    }

    private static Map<String, String> name(Port port) {
        return Map.of("port", port.name());
    }

    private static void gauges(DataPath path, List<Sample> samples) {
        samples.add(Sample.gauge("nvgate_sessions", "NAT sessions", NONE, path.sessions()));
        samples.add(Sample.gauge(
                "nvgate_sessions_max",
                "NAT sessions that there is room for",
                NONE,
                (double) path.workerConfig().sessionsMax() * path.workers().size()));
        samples.add(Sample.gauge(
                "nvgate_lookup_records",
                "Lookup records in the table",
                NONE,
                path.tables().records.size()));
        samples.add(Sample.gauge(
                "nvgate_policy_revision",
                "Revision of the policy that packets are handled by",
                NONE,
                path.policy().revision()));
        samples.add(Sample.gauge(
                "nvgate_forwarding", "1 while packets are forwarded by some policy", NONE, path.forwarding() ? 1 : 0));
        samples.add(Sample.gauge(
                "nvgate_table_bytes",
                "Memory of the policy tables",
                NONE,
                path.tables().allocatedBytes()));
        samples.add(Sample.gauge(
                "nvgate_packet_buffers",
                "Packet buffers in all",
                NONE,
                path.pool().size()));
        samples.add(Sample.gauge(
                "nvgate_packet_buffers_used",
                "Packet buffers that hold a packet or wait in a receive ring",
                NONE,
                path.pool().inUse()));
    }

    private static Map<String, String> labels(String name, String value, String name2, String value2) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(name, value);
        labels.put(name2, value2);
        return labels;
    }
}
