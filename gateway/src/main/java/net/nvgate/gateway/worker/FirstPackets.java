package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.FlowTable;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.nat.BindingsAhead;
import net.nvgate.gateway.route.LookupTable;

/**
 * Between second and third pass, where several packets of a burst from inside have no session: reads ahead what making their sessions will most
 * probably read, so that the cache misses overlap. One session alone would wait for eleven, one after another. Changes nothing that counts: a port drawn here is the one that is tried first.
 *
 * <pre>
 *  buckets of the hosts and their records ---> these themselves ---> whether the hosts' own ports are free ---> else, whether drawn ones are
 *    ---> buckets of mappings and sessions, their lines
 *
 *  memory:  numbers of the packets (64 x i64)   per packet: lines to be touched (6 x i64)   what is foreseen of each, see BindingsAhead
 * </pre>
 */
final class FirstPackets {

    /** Fewer are not worth it. */
    static final int WORTH = 4;

    private static final int LINES = 6;
    private static final int HOST_LINES = 2;

    private final long numbers;
    private final long memory;
    private final long foreseen;
    private final LookupTable records;
    private final FlowTable flows;
    private final BindingsAhead bindings;
    private long touched;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    FirstPackets(long memory, LookupTable records, FlowTable flows, BindingsAhead bindings) {
        this.numbers = memory;
        this.memory = memory + 8L * Burst.MAX;
        this.foreseen = memory + 8L * (1 + LINES) * Burst.MAX;
        this.records = records;
        this.flows = flows;
        this.bindings = bindings;
    }

    static long bytes() {
        return (8L * (1 + LINES) + BindingsAhead.BYTES) * Burst.MAX;
    }

    /**
     * A burst from inside, looked up, of which {@link #WORTH} packets or more have no session.
     *
     * @param routed knows which of them need none
     */
    void touch(Burst burst, FastRoutedPath routed) {
        int count = choose(burst, routed);
        long sum = touchHosts(burst, count) + touchPorts(burst, count);
        int lines = 0;
        for (int n = 0; n < count; n++) {
            int i = number(n);
            lines = collect(foreseen(i), burst.key0(i), burst.key1(i), lines);
        }
        touched += sum + touchLines(lines);
    }

    /** The third pass makes the session of packet {@code i} of the burst: what was found out for it is used. */
    void expect(int i) {
        bindings.expect(foreseen(i));
    }

    private long foreseen(int i) {
        return foreseen + (long) BindingsAhead.BYTES * i;
    }

    /** Packets that will make a session by a mapping, as it seems. */
    private int choose(Burst burst, FastRoutedPath routed) {
        int count = 0;
        for (int i = 0; i < burst.count(); i++) {
            BindingsAhead.clear(foreseen(i));
            if (burst.line(i) == 0 && !routed.has(i) && L4.hasPorts(FlowKey.protocol(burst.key1(i)))) {
                Mem.i64(numbers + 8L * count, i);
                count++;
            }
        }
        return count;
    }

    private int number(int n) {
        return (int) Mem.i64(numbers + 8L * n);
    }

    private long touchHosts(Burst burst, int count) {
        for (int n = 0; n < count; n++) {
            int ca = FlowKey.source(burst.key0(number(n)));
            int domain = FlowKey.domain(burst.key1(number(n)));
            long at = memory + 8L * HOST_LINES * n;
            Mem.i64(at, bindings.hostBucket(domain, ca));
            Mem.i64(at + 8, records.slot(domain, ca));
        }
        long sum = touchLines(HOST_LINES * count);
        for (int n = 0; n < count; n++) {
            int i = number(n);
            int ca = FlowKey.source(burst.key0(i));
            int domain = FlowKey.domain(burst.key1(i));
            long at = memory + 8L * HOST_LINES * n;
            long host = bindings.hostLine(foreseen(i), domain, ca);
            long record = records.candidate(domain, ca);
            Mem.i64(at, host == 0 ? at : host);
            Mem.i64(at + 8, record == 0 ? at : record);
        }
        return sum + touchLines(HOST_LINES * count);
    }

    private long touchPorts(Burst burst, int count) {
        for (int n = 0; n < count; n++) {
            int i = number(n);
            long key1 = burst.key1(i);
            int ca = FlowKey.source(burst.key0(i));
            int protocol = FlowKey.protocol(key1);
            int port = FlowKey.sourcePort(key1);
            long line = bindings.wantedLine(foreseen(i), FlowKey.domain(key1), ca, port, protocol);
            toTouch(n, line);
        }
        long sum = touchLines(count);
        for (int n = 0; n < count; n++) {
            int i = number(n);
            long key1 = burst.key1(i);
            toTouch(n, bindings.drawnLine(foreseen(i), FlowKey.sourcePort(key1), FlowKey.protocol(key1)));
        }
        return sum + touchLines(count);
    }

    /** @param line 0 = none */
    private void toTouch(int n, long line) {
        long at = memory + 8L * n;
        Mem.i64(at, line == 0 ? at : line);
    }

    private long touchLines(int lines) {
        long sum = 0;
        for (int at = 0; at < lines; at++) {
            sum += Mem.i64(Mem.i64(memory + 8L * at));
        }
        return sum;
    }

    private int collect(long ahead, long key0, long key1, int lines) {
        int ca = FlowKey.source(key0);
        int protocol = FlowKey.protocol(key1);
        int port = FlowKey.sourcePort(key1);
        if (!bindings.guess(ahead, port, protocol)) {
            return lines;
        }
        FlowIndex index = flows.index();
        long inKey0 = FlowKey.addresses(FlowKey.destination(key0), bindings.external());
        int inPorts = FlowKey.ports(FlowKey.destinationPort(key1), bindings.externalPort());
        long inKey1 = FlowKey.rest(inPorts, FlowKey.OUTSIDE, protocol);
        long rest = FlowKey.rest(FlowKey.ports(port, 0), FlowKey.domain(key1), protocol);
        int number = lines / LINES;
        long at = memory + 8L * lines;
        Mem.i64(at, bindings.insideBucket(ca, rest));
        Mem.i64(at + 8, bindings.outsideBucket(protocol));
        Mem.i64(at + 16, index.bucket(index.hash(inKey0, inKey1)));
        Mem.i64(at + 24, bindings.mapping(number));
        Mem.i64(at + 32, flows.upcoming(number));
        Mem.i64(at + 40, flows.upcoming(number) + Session.LINE);
        return lines + LINES;
    }

    /** Keeps the touching reads alive for the compiler. */
    long touched() {
        return touched;
    }
}
