package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.sync.FollowerState;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.gateway.dpdk.LinkState;
import net.nvgate.gateway.dpdk.Port;
import net.nvgate.gateway.dpdk.PortStats;
import net.nvgate.gateway.worker.DropReason;
import net.nvgate.gateway.worker.VsidCounter;
import net.nvgate.gateway.worker.WorkerCounter;
import net.nvgate.gateway.worker.WorkerCounters;
import tools.jackson.databind.json.JsonMapper;

/** What this gateway tells the manager of itself: the status document and the answers to queries. */
public final class GatewayState implements FollowerState {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** A status frame is small; the rest is in the counters view. */
    private static final int VSIDS_IN_STATUS_MAX = 1000;

    private final DataPath path;
    private final LiveViews liveViews;
    private final SessionEnder ender;
    private final TraceQueries traces;
    private final WatchQueries watches;
    private final Map<Integer, Busy> lastBusy = new LinkedHashMap<>();

    /** A worker's busy time at a moment. */
    private record Busy(long atNanos, long busyNanos, double percent) {}

    /** @param node name of this gateway */
    public GatewayState(DataPath path, String node) {
        this.path = path;
        this.liveViews = new LiveViews(path);
        this.traces = new TraceQueries(path);
        this.watches = new WatchQueries(path, node);
        this.ender = new SessionEnder(path.workers(), path.policy(), liveViews.nat()::check);
    }

    @Override
    public boolean forwarding() {
        return path.forwarding();
    }

    @Override
    public synchronized String statusJson() {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("ports", path.ports().stream().map(GatewayState::port).toList());
        status.put("workers", path.workers().stream().map(this::worker).toList());
        status.put("drops", drops());
        status.put("vsids", vsids());
        status.put("sessions", path.sessions());
        status.put("records", path.tables().records.size());
        status.put("uptimeSeconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - path.startedNanos()));
        status.put("version", path.version());
        return JSON.writeValueAsString(status);
    }

    @Override
    public QueryResult query(String kind, Map<String, String> filter, int limit) {
        if (kind.equals(TraceQueries.KIND)) {
            return traces.trace(filter);
        }
        if (WatchQueries.KINDS.contains(kind)) {
            return watches.query(kind, filter);
        }
        if (kind.equals(SessionEnder.KIND)) {
            return ender.end(filter, limit);
        }
        if (LiveViews.KINDS.contains(kind)) {
            return liveViews.query(kind, filter, limit);
        }
        if (TablePolicy.queryKinds().contains(kind)) {
            return path.policy().query(kind, filter, limit);
        }
        List<String> kinds = new ArrayList<>(TablePolicy.queryKinds());
        kinds.addAll(LiveViews.KINDS);
        throw new IllegalArgumentException(
                "no view '" + kind + "'; there are " + kinds.stream().sorted().toList());
    }

    private static Map<String, Object> port(Port port) {
        PortStats stats = port.stats();
        LinkState link = port.link();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", port.name());
        json.put("device", port.device());
        json.put("mac", port.mac().toString());
        json.put("mtu", port.mtu());
        json.put("linkUp", link.up());
        json.put("speedMbps", link.speedMbps());
        json.put("rxPackets", stats.rxPackets());
        json.put("rxBytes", stats.rxBytes());
        json.put("txPackets", stats.txPackets());
        json.put("txBytes", stats.txBytes());
        json.put("rxMissed", stats.rxMissed());
        json.put("rxErrors", stats.rxErrors());
        json.put("txErrors", stats.txErrors());
        return json;
    }

    private Map<String, Object> worker(WorkerThread worker) {
        WorkerCounters counters = worker.counters();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", worker.id());
        json.put("cpu", worker.cpu());
        json.put("rxPackets", counters.get(WorkerCounter.PA_RX_PACKETS) + counters.get(WorkerCounter.EXT_RX_PACKETS));
        json.put("txPackets", counters.get(WorkerCounter.PA_TX_PACKETS) + counters.get(WorkerCounter.EXT_TX_PACKETS));
        json.put("busyPercent", busyPercent(worker));
        return json;
    }

    /** Share of the time since the last status that the worker spent on packets, at one decimal. */
    private double busyPercent(WorkerThread worker) {
        long now = System.nanoTime();
        long busy = worker.counters().get(WorkerCounter.BUSY_NANOS);
        Busy before = lastBusy.getOrDefault(worker.id(), new Busy(path.startedNanos(), 0, 0));
        long elapsed = now - before.atNanos();
        if (elapsed < TimeUnit.MILLISECONDS.toNanos(100)) {
            return before.percent();
        }
        double percent = Math.clamp(Math.round(1000.0 * (busy - before.busyNanos()) / elapsed) / 10.0, 0, 100);
        lastBusy.put(worker.id(), new Busy(now, busy, percent));
        return percent;
    }

    private Map<String, Long> drops() {
        Map<String, Long> drops = new LinkedHashMap<>();
        for (DropReason reason : DropReason.values()) {
            long count = Samples.drops(path, reason);
            if (count > 0) {
                drops.put(reason.label(), count);
            }
        }
        return drops;
    }

    private List<Map<String, Object>> vsids() {
        return path.policy().vsidNames().stream()
                .limit(VSIDS_IN_STATUS_MAX)
                .map(vsid -> {
                    int index = vsid.countersIndex();
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("vsid", vsid.vsid());
                    json.put("vmNetwork", vsid.vmNetwork());
                    json.put("rxPackets", Samples.vsid(path, index, VsidCounter.RX_PACKETS));
                    json.put("rxBytes", Samples.vsid(path, index, VsidCounter.RX_BYTES));
                    json.put("txPackets", Samples.vsid(path, index, VsidCounter.TX_PACKETS));
                    json.put("txBytes", Samples.vsid(path, index, VsidCounter.TX_BYTES));
                    json.put("drops", Samples.vsidDrops(path, index));
                    return json;
                })
                .toList();
    }
}
