package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;

/**
 * Third pass over packets from inside that have no session and need none, for those that nearly all of them are: to another VM or out of a tenant's
 * own interface, by a way that {@link RouteCache} knows, whole, no SYN, small enough. All others go to {@link TenantPath}, untouched. Decides nothing
 * that {@link TenantRouter} would decide otherwise.
 *
 * <pre>
 *  memory:  adjacency of each packet of the burst, 0 = another way (64 x i64)   sets of the packets' sources (64 x i64)
 * </pre>
 */
final class FastRoutedPath {

    private static final long SOURCES = 8L * Burst.MAX;

    private final long memory;
    private final RouteCache cache;
    private final Adjacencies adjacencies;
    private final BurstEpochs epochs;
    private final Egress egress;
    private final WorkerClock clock;
    private final WorkerCounters counters;
    /** Epoch that is common to all tenants when ways were looked up. */
    private int common;
    /** Ways were looked up in this burst, and hold. */
    private boolean looked;

    private long touched;

    /** Memory of {@link #bytes}. */
    FastRoutedPath(long memory, WorkerParts parts) {
        this.memory = memory;
        this.cache = parts.routeCache;
        this.adjacencies = parts.adjacencies;
        this.epochs = new BurstEpochs(parts.adjacencies, parts.tables.epochs);
        this.egress = parts.egress;
        this.clock = parts.clock;
        this.counters = parts.counters;
    }

    static long bytes() {
        return 2 * SOURCES;
    }

    /**
     * A burst from inside, whose sessions have been looked up: finds the way of the others, reading what that needs of all packets together, so that the cache
     * misses overlap.
     *
     * @return packets that have neither session nor way
     */
    int lookUp(Burst burst) {
        looked = burst.unknown() > 0;
        if (!looked) {
            return 0;
        }
        epochs.renew();
        common = adjacencies.commonEpoch();
        touched += touchSets(burst);
        return find(burst);
    }

    private long touchSets(Burst burst) {
        long sum = 0;
        for (int i = 0; i < burst.count(); i++) {
            long key0 = burst.key0(i);
            int domain = FlowKey.domain(burst.key1(i));
            long destination = cache.set(domain, FlowKey.destination(key0));
            long source = cache.set(domain, FlowKey.source(key0));
            Mem.i64(memory + 8L * i, destination);
            Mem.i64(memory + SOURCES + 8L * i, source);
            sum += Mem.i64(destination) + Mem.i64(source);
        }
        return sum;
    }

    private int find(Burst burst) {
        int version = cache.version();
        int none = 0;
        for (int i = 0; i < burst.count(); i++) {
            long at = memory + 8L * i;
            long adjacency = burst.line(i) == 0 ? adjacency(burst, i, at, version) : 0;
            none += adjacency == 0 && burst.line(i) == 0 ? 1 : 0;
            Mem.i64(at, adjacency);
        }
        long sum = 0;
        for (int i = 0; i < burst.count(); i++) {
            long adjacency = Mem.i64(memory + 8L * i);
            long line = adjacency == 0 ? adjacencies.address(0) : adjacency;
            sum += Adjacency.mtu(line) + Adjacency.lastHeaders(line);
        }
        touched += sum;
        return none;
    }

    private long adjacency(Burst burst, int i, long sets, int version) {
        long key0 = burst.key0(i);
        int domain = FlowKey.domain(burst.key1(i));
        int epoch = epochs.of(domain) + version;
        long source = RouteCache.find(Mem.i64(sets + SOURCES), domain, FlowKey.source(key0), epoch);
        long destination = RouteCache.find(Mem.i64(sets), domain, FlowKey.destination(key0), epoch);
        if (source == 0 || destination == 0 || !RouteCache.comesFrom(source, burst.outerSource(i))) {
            return 0;
        }
        int number = RouteCache.adjacency(destination);
        return number < 0 ? 0 : adjacencies.address(number);
    }

    /** Whether a packet has a way, and none of a session. */
    boolean has(int i) {
        return looked && Mem.i64(memory + 8L * i) != 0;
    }

    /** A packet has gone another way: what it has changed may make ways void. */
    void renew() {
        looked = looked && adjacencies.commonEpoch() == common;
    }

    /**
     * Forwards packets of a burst one after another.
     *
     * @param from packet that {@link #has} a way
     * @return the first packet from there that must go another one, or {@link Burst#count}
     */
    int forward(Burst burst, int from) {
        int nowMs = (int) clock.ms();
        int i = from;
        while (i < burst.count() && forward(burst, i, Mem.i64(memory + 8L * i), nowMs)) {
            i++;
        }
        counters.add(WorkerCounter.FIRST_PACKETS, i - from);
        return i;
    }

    private boolean forward(Burst burst, int i, long adjacency, int nowMs) {
        long ip = burst.ip(i);
        return adjacency != 0
                && Ipv4Words.isPlainWhole(ip)
                && Ipv4.ttl(ip) > 1
                && (burst.tcpFlags(i) & Tcp.SYN) == 0
                && egress.route(burst.mbuf(i), ip, burst.length(i), adjacency, (int) burst.hash(i), nowMs);
    }

    /** Keeps the touching reads alive for the compiler. */
    long touched() {
        return touched;
    }
}
