package net.nvgate.gateway.talkers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.flow.SessionMatch;
import net.nvgate.gateway.flow.SessionReader;
import net.nvgate.gateway.route.TableSpace;
import net.nvgate.gateway.talkers.TrafficSnapshot.Traffic;

/**
 * Adds up what sessions that live and sessions that have ended have carried. It only reads what workers write: a million sessions are
 * looked through slice by slice, in about a fifth of a second. A session that ends between the two is in the next snapshot.
 */
public final class TrafficWatch {

    private static final int SLICE = 8192;
    private static final long REST_NANOS = 100_000;
    private static final int CACHE_LINE = 64;

    /** A worker's sessions, those that live and those that have ended. */
    public record Source(SessionReader living, SessionTraffic ended) {}

    /** The last two snapshots; rates are their difference. */
    public record Pair(TrafficSnapshot before, TrafficSnapshot now) {

        /** Seconds between them, 0 if there are not two. */
        public double seconds() {
            return before.atNanos() == 0 ? 0 : (now.atNanos() - before.atNanos()) / 1e9;
        }
    }

    private final List<Source> sources;
    private final TrafficTotals vms;
    private final TrafficTotals rules;
    private volatile Pair last = new Pair(TrafficSnapshot.NONE, TrafficSnapshot.NONE);
    private volatile boolean stopped;

    public TrafficWatch(List<Source> sources, TableSpace.Source memory) {
        this.sources = List.copyOf(sources);
        int vmsMax = SessionTraffic.VMS;
        int rulesMax = SessionTraffic.RULES;
        this.vms = new TrafficTotals(memory.allocate(TrafficTotals.bytes(vmsMax), CACHE_LINE), vmsMax);
        this.rules = new TrafficTotals(memory.allocate(TrafficTotals.bytes(rulesMax), CACHE_LINE), rulesMax);
    }

    /** Any thread: a snapshot that is under way need not be finished. */
    public void stop() {
        stopped = true;
    }

    /** Any thread. */
    public Pair last() {
        return last;
    }

    /** Takes a snapshot; by one thread. */
    public void look(long nowNanos) {
        rules.clear();
        List<Map<Long, Traffic>> byVm = new ArrayList<>();
        for (Source source : sources) {
            vms.clear();
            source.ended.vms().forEach(vms::add);
            source.ended.rules().forEach(rules::add);
            SessionReader living = source.living;
            for (int place = 0; place < living.touched() && !stopped; ) {
                place = living.look(
                        place,
                        place + SLICE,
                        SessionMatch.ALL,
                        0,
                        (item, session, stamp) -> add(source, item, session, stamp));
                LockSupport.parkNanos(REST_NANOS);
            }
            List<Map<Long, Traffic>> before = last.now.vms();
            byVm.add(map(vms, byVm.size() < before.size() ? before.get(byVm.size()) : Map.of()));
        }
        last = new Pair(last.now, new TrafficSnapshot(nowNanos, byVm, map(rules, last.now.rules())));
    }

    /** What was read counts only if all of it was this session's. */
    private boolean add(Source source, int item, long session, long stamp) {
        long inbound = Session.other(session);
        long vm = source.ended.vm(session);
        long rule = TrafficKeys.rule(session);
        long packetsOut = Session.packets(session);
        long bytesOut = Session.bytes(session);
        long packetsIn = Session.packets(inbound);
        long bytesIn = Session.bytes(inbound);
        if (source.living.isStill(item, stamp)) {
            vms.add(vm, packetsOut, bytesOut, packetsIn, bytesIn);
            if (rule != 0) {
                rules.add(rule, packetsOut, bytesOut, packetsIn, bytesIn);
            }
        }
        return true;
    }

    /** A session that ended between the look at those that had and the look at its place is missing for one snapshot; nothing goes down. */
    private static Map<Long, Traffic> map(TrafficTotals totals, Map<Long, Traffic> before) {
        Map<Long, Traffic> map = new HashMap<>();
        totals.forEach((key, packetsOut, bytesOut, packetsIn, bytesIn, missed) -> map.put(
                key,
                new Traffic(packetsOut, bytesOut, packetsIn, bytesIn, missed)
                        .atLeast(before.getOrDefault(key, Traffic.NONE))));
        return map;
    }
}
