package net.nvgate.gateway.worker;

import java.io.IOException;
import java.util.List;
import net.nvgate.gateway.acl.AclHits;
import net.nvgate.gateway.dpdk.LcoreThreads;
import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.flow.SessionReader;
import net.nvgate.gateway.kept.KeptFile;
import net.nvgate.gateway.kept.KeptSource;
import net.nvgate.gateway.kept.KeptWriter;
import net.nvgate.gateway.nat.MappingEvents;
import net.nvgate.gateway.nat.NatBindings;
import net.nvgate.gateway.nat64.HostReader;
import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.neighbor.NeighborTable;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.Quiescence;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TableSpace;
import net.nvgate.gateway.talkers.SessionTraffic;
import net.nvgate.gateway.watch.Side;
import org.jspecify.annotations.Nullable;

/**
 * Forwards packets between the PA port and the external port: one platform thread, run to completion, sharing only tables that
 * others write and counters that others read. Nothing in the loop allocates, locks or throws.
 *
 * <pre>
 *  PA port --burst--> PaInput ---> Burst: touch and find sessions ---> TenantPath ---> Egress --burst--> external port
 *                    (outer, GRE, inner)                              (NAT, routes) \       \--burst--> PA port
 *                                                                         HairpinQueue
 *  ext port --burst-> ExtInput --> Burst: touch and find sessions ---> ExternalPath -> Egress --burst--> PA port
 * </pre>
 */
public final class Worker implements Runnable {

    private static final int TIMERS_PER_TURN = 32;
    private static final int COMMANDS_PER_TURN = 32;
    /** Sessions looked at when port ACLs have changed. */
    private static final int SWEPT_PER_TURN = 64;

    static final long HOUSEKEEPING_NANOS = 1_000_000;

    private final WorkerConfig config;
    private final WorkerPorts ports;
    private final WorkerParts parts;
    private final @Nullable HandOff handOff;
    private final WorkerClock clock;
    private final Idling idling;
    private final WorkerCounters counters;
    private final Quiescence quiescence;
    private final int quiescenceSlot;
    private long housekeepingAt;
    private long turnAt;
    private boolean busy;
    /** More sessions are to end than a turn has time for. */
    private boolean behind;

    private final int self;
    private final int workers;
    private @Nullable KeptSource kept;

    private volatile boolean stopped;
    private volatile boolean forwarding;

    /**
     * Takes all memory it will ever use.
     *
     * @param pool for packets that the worker makes itself
     * @param memory where tables live, e.g. {@code TableMemory::allocate}
     */
    public Worker(
            WorkerConfig config,
            RouteTables tables,
            NeighborTable neighbors,
            NeighborChannel channel,
            WorkerPorts ports,
            Mempool pool,
            TableSpace.Source memory) {
        this(config, tables, neighbors, channel, ports, pool, memory, System.nanoTime());
    }

    /**
     * One of several.
     *
     * @param self its number in the group, from 0
     */
    public Worker(
            WorkerConfig config,
            RouteTables tables,
            NeighborTable neighbors,
            NeighborChannel channel,
            WorkerPorts ports,
            Mempool pool,
            TableSpace.Source memory,
            WorkerGroup group,
            int self) {
        this(config, tables, neighbors, channel, ports, pool, memory, group, self, System.nanoTime());
    }

    Worker(
            WorkerConfig config,
            RouteTables tables,
            NeighborTable neighbors,
            NeighborChannel channel,
            WorkerPorts ports,
            Mempool pool,
            TableSpace.Source memory,
            long nowNanos) {
        this(config, tables, neighbors, channel, ports, pool, memory, null, 0, nowNanos);
    }

    Worker(
            WorkerConfig config,
            RouteTables tables,
            NeighborTable neighbors,
            NeighborChannel channel,
            WorkerPorts ports,
            Mempool pool,
            TableSpace.Source memory,
            @Nullable WorkerGroup group,
            int self,
            long nowNanos) {
        this.config = config;
        this.ports = ports;
        this.parts = new WorkerParts(config, tables, neighbors, channel, ports, pool, memory, group, self, nowNanos);
        this.handOff = parts.handOff;
        this.self = self;
        this.workers = group == null ? 1 : group.workers();
        this.clock = parts.clock;
        this.counters = parts.counters;
        this.quiescence = tables.quiescence;
        this.quiescenceSlot = quiescence.register();
        this.idling =
                new Idling(config, ports, handOff == null, parts.limitQueues, counters, quiescence, quiescenceSlot);
        this.housekeepingAt = nowNanos;
    }

    /** Forwards until {@link #stop}, on the thread that calls it, which must be a platform thread. */
    @Override
    public void run() {
        if (config.cpu() >= 0) {
            LcoreThreads.pin(config.cpu());
        }
        LcoreThreads.register();
        KeptFile file = kept == null ? null : kept.await(() -> stopped);
        quiescence.unpark(quiescenceSlot);
        if (kept != null && file != null) {
            restore(kept, file, System.nanoTime());
        }
        idling.open();
        forwarding = !stopped;
        while (!stopped) {
            idling.after(turn(System.nanoTime()));
        }
        idling.close();
        close();
        LcoreThreads.unregister();
    }

    /** Any thread: it has begun to forward, with the sessions of before if there are any. */
    public boolean forwarding() {
        return forwarding;
    }

    /** Before {@link #run}: sessions are made again before the first packet. */
    public void keepFrom(KeptSource source) {
        kept = source;
    }

    void restore(KeptSource source, KeptFile file, long nowNanos) {
        clock.set(nowNanos);
        KeptSessions sessions = new KeptSessions(
                parts, self, workers, source, file.elapsedMs(), () -> stopped, quiescence, quiescenceSlot);
        try {
            sessions.restore(file);
        } catch (IOException e) {
            source.failed(e);
        }
        source.restored(sessions.results(), sessions.living(), stopped);
    }

    /** Writes the sessions that are left; when the loop has ended. */
    public void save(KeptWriter out) throws IOException {
        KeptSessions.save(parts, self, out);
    }

    /** One turn of the loop at a time on the scale of {@link System#nanoTime}; the work done. */
    public int turn(long nowNanos) {
        clock.set(nowNanos);
        // A turn with work is followed by the next one at once: its end is read off that one's clock.
        if (busy) {
            counters.add(WorkerCounter.BUSY_NANOS, nowNanos - turnAt);
        }
        turnAt = nowNanos;
        int work = receivedFromPa(parts.rxArray, ports.pa().receive(parts.rxArray, Burst.MAX));
        work += receivedFromExt(parts.rxArray, ports.ext().receive(parts.rxArray, Burst.MAX));
        work += takeOver(work);
        if (nowNanos - housekeepingAt >= 0) {
            housekeepingAt = nowNanos + HOUSEKEEPING_NANOS;
            work += keepHouse();
        } else if (behind) {
            work += catchUp();
            settle();
        }
        if (nowNanos >= parts.limitQueues.due()) {
            work += parts.limitQueues.send();
            finish();
        }
        counters.add(WorkerCounter.LOOPS, 1);
        busy = work > 0;
        quiescence.pass(quiescenceSlot);
        return work;
    }

    /** Takes packets that the PA port has received; those of other workers' tenants go to these. */
    int receivedFromPa(long array, int count) {
        fromPa(array, handOff == null ? count : handOff.splitPa(array, count));
        return count;
    }

    /** As {@link #receivedFromPa}, of the external port. */
    int receivedFromExt(long array, int count) {
        fromExt(array, handOff == null ? count : handOff.splitExt(array, count));
        return count;
    }

    /**
     * Takes what other workers have handed over, see {@link HandOff#take}.
     *
     * @param received packets that its own queues have brought in this turn
     */
    int takeOver(int received) {
        return handOff == null ? 0 : handOff.take(this, received);
    }

    /** Packets of one kind, of {@link HandOffRing}, that another worker has handed over. */
    void takeOver(int kind, long array, int count) {
        switch (kind) {
            case HandOffRing.FROM_PA -> fromPa(array, count);
            case HandOffRing.FROM_EXT -> fromExt(array, count);
            case HandOffRing.TURNED -> turned(array, count);
            default -> send(kind == HandOffRing.TO_PA ? parts.paOutput : parts.extOutput, array, count);
        }
    }

    /** Packets to NAT addresses of this worker's tenants, whose data begins with the IP header. */
    private void turned(long array, int count) {
        Burst burst = parts.burst;
        burst.clear();
        for (int i = 0; i < count; i++) {
            long mbuf = Mem.i64(array + 8L * i);
            parts.extInput.enter(mbuf, Mbuf.dataAddress(mbuf), Mbuf.dataLength(mbuf), ExternalPath.ANY_VLAN, burst);
        }
        burst.lookUp();
        forward(burst, Side.EXT);
        end();
    }

    private void send(Transmitter output, long array, int count) {
        for (int i = 0; i < count; i++) {
            long mbuf = Mem.i64(array + 8L * i);
            output.add(mbuf, Mbuf.dataLength(mbuf));
        }
        finish();
    }

    /**
     * Forwards packets as if the PA port had received them; for who brings packets otherwise, on the worker's thread.
     *
     * @param array address of {@code count} mbuf addresses, at most {@link Burst#MAX}; the worker owns the mbufs
     */
    public int forwardFromPa(long nowNanos, long array, int count) {
        clock.set(nowNanos);
        return fromPa(array, count);
    }

    /** Takes packets from the PA port through all passes. */
    int fromPa(long array, int count) {
        if (count == 0) {
            return 0;
        }
        long bytes = parts.tap.isOn() ? parts.watched.pass(this, Side.PA, array, count) : pass(Side.PA, array, count);
        counters.add(WorkerCounter.PA_RX_PACKETS, count);
        counters.add(WorkerCounter.PA_RX_BYTES, bytes);
        return count;
    }

    /** Takes packets from the external port through all passes. */
    int fromExt(long array, int count) {
        if (count == 0) {
            return 0;
        }
        long bytes = parts.tap.isOn() ? parts.watched.pass(this, Side.EXT, array, count) : pass(Side.EXT, array, count);
        counters.add(WorkerCounter.EXT_RX_PACKETS, count);
        counters.add(WorkerCounter.EXT_RX_BYTES, bytes);
        return count;
    }

    /** Takes packets that nobody watches through all passes; their bytes. */
    long pass(Side side, long array, int count) {
        if (count == 0) {
            return 0;
        }
        Burst burst = parts.burst;
        burst.clear();
        long bytes = side == Side.PA
                ? parts.fastPaInput.receive(array, count, burst)
                : parts.fastExtInput.receive(array, count, burst);
        burst.lookUp();
        forward(burst, side);
        end();
        return bytes;
    }

    /** Takes packets through all passes up to the first one that somebody watches; how many they are. */
    int passUnwatched(Side side, long array, int count) {
        Burst burst = parts.burst;
        burst.clear();
        int passed = side == Side.PA
                ? parts.fastPaInput.receiveUnwatched(array, count, burst, parts.watched)
                : parts.fastExtInput.receiveUnwatched(array, count, burst, parts.watched);
        if (passed > 0) {
            burst.lookUp();
            forward(burst, side);
            end();
        }
        return passed;
    }

    /** Takes a packet that is watched through all passes; its bytes. */
    long alone(Side side, long mbuf) {
        Burst burst = parts.burst;
        burst.clear();
        long bytes = parts.watched.receive(side, mbuf, burst);
        burst.lookUp();
        forward(burst, side);
        end();
        return bytes;
    }

    private void forward(Burst burst, Side from) {
        if (parts.tap.isFollowing()) {
            parts.watched.forward(burst, from);
        } else if (from == Side.PA) {
            parts.fastTenantPath.forward(burst);
        } else {
            parts.fastExternalPath.forward(burst);
        }
    }

    private void end() {
        turnRound();
        releaseFragments();
        finish();
    }

    /** Packets to NAT addresses of ours go through the inbound path; they may make others, e.g. a ping's answer. */
    private void turnRound() {
        HairpinQueue hairpin = parts.hairpin;
        Burst burst = parts.burst;
        for (int round = 0; hairpin.count() > 0 && round < HairpinQueue.ROUNDS_MAX; round++) {
            burst.clear();
            int count = hairpin.count();
            hairpin.clear();
            for (int i = 0; i < count; i++) {
                // A trial stays here: nothing of it may reach others.
                if (handOff == null
                        || parts.tap.isTrial()
                        || !handOff.takesTurned(hairpin.mbuf[i], hairpin.ip[i], hairpin.length[i])) {
                    parts.extInput.enter(
                            hairpin.mbuf[i], hairpin.ip[i], hairpin.length[i], ExternalPath.ANY_VLAN, burst);
                }
            }
            burst.lookUp();
            forward(burst, Side.EXT);
        }
        hairpin.dropAll();
    }

    /** Fragments whose first one was in the burst follow it, as if they had come after it. */
    private void releaseFragments() {
        Burst burst = parts.burst;
        while (parts.sizes.fragments.hasReady()) {
            burst.clear();
            boolean inside = parts.sizes.fragments.fill(burst);
            burst.lookUp();
            forward(burst, inside ? Side.PA : Side.EXT);
            turnRound();
        }
        parts.sizes.fragments.endBurst();
    }

    /** A few sessions of those that are to end, or to be looked at: many wait for the next turns, so that none takes long. */
    private int catchUp() {
        int timers = parts.sessions.expire(TIMERS_PER_TURN);
        int swept = parts.aclSweep.run(SWEPT_PER_TURN);
        int commands = parts.commands.run(parts.sessions, COMMANDS_PER_TURN);
        behind = timers == TIMERS_PER_TURN || swept > 0 || commands == COMMANDS_PER_TURN;
        return timers + swept + commands;
    }

    private int keepHouse() {
        int work = catchUp();
        work += parts.bindings.keepHouse(TIMERS_PER_TURN, clock.ms());
        parts.pcp.keepHouse();
        work += parts.expectations.keepHouse();
        work += parts.arpRequester.poll();
        work += parts.services.requester.poll();
        work += parts.egress.sendPending();
        work += parts.sizes.fragments.expire();
        work += parts.sizes.reassembly.expire();
        work += parts.heldSyns.poll();
        work += parts.watched.poll(this);
        parts.events.tick();
        // An error about a hairpinned packet turns round, too.
        settle();
        return work;
    }

    /** Lets what is collected go on, to the last packet. */
    void settle() {
        turnRound();
        finish();
    }

    private void finish() {
        parts.egress.flush();
        parts.disposal.flush();
    }

    /** Any thread: the loop ends after the turn it is in. */
    public void stop() {
        stopped = true;
    }

    /** Gives waiting packets back. Only when the loop does not run. */
    void close() {
        parts.pending.clear();
        parts.sizes.fragments.clear();
        parts.sizes.reassembly.clear();
        parts.heldSyns.clear();
        parts.limitQueues.clear();
        if (handOff != null) {
            handOff.clear();
        }
        finish();
        quiescence.unregister(quiescenceSlot);
    }

    /** For tests of single steps. */
    HairpinQueue hairpin() {
        return parts.hairpin;
    }

    /** For tests of single steps. */
    Egress egress() {
        return parts.egress;
    }

    /** For tests of single steps: datagrams whose fragments are followed, inside and outside. */
    int datagrams() {
        return parts.sizes.fragments.followed() + parts.sizes.reassembly.followed();
    }

    /** Any thread: what NAT has in use, by the readers among its methods. */
    public NatBindings nat() {
        return parts.bindings;
    }

    /** Any thread may read it: how often rules of port ACLs have decided. */
    public AclHits aclHits() {
        return parts.acl.hits();
    }

    /** Any thread may read it. */
    public WorkerCounters counters() {
        return counters;
    }

    /** Any thread may read what it counts. */
    public Meters meters() {
        return parts.meters;
    }

    /** For one other thread, which takes the events; any thread may read their counts. */
    public Events events() {
        return parts.events;
    }

    /** For one other thread: what the worker shall do with its sessions. */
    public SessionCommands commands() {
        return parts.commands;
    }

    /** Any thread: takes orders to report packets. */
    public Tap tap() {
        return parts.tap;
    }

    /**
     * Before {@link #run}: somebody exports sessions.
     *
     * @param made also what is made, not only what ends
     */
    public SessionEvents tellSessions(TableSpace.Source memory, boolean made) {
        SessionEvents told = new SessionEvents(memory, parts.flows, parts.hosts, clock, made);
        parts.sessions.tell(told);
        return told;
    }

    /** Before {@link #run}: somebody exports mappings. */
    public MappingEvents tellMappings(TableSpace.Source memory) {
        MappingEvents told = new MappingEvents(memory, parts.hosts);
        parts.bindings.tell(told);
        return told;
    }

    /** For one other thread: the sessions of this worker. */
    public SessionReader sessions() {
        return new SessionReader(parts.flows);
    }

    /** For one other thread: what sessions have carried that have ended. */
    public SessionTraffic traffic() {
        return parts.traffic;
    }

    /** Any thread: the hosts behind inside addresses that are handles. */
    public HostReader hosts() {
        return new HostReader(parts.hosts);
    }

    /** For one other thread: VMs whose packets do not fit. */
    public List<MtuRow> mtuRows() {
        return parts.sizes.table.list();
    }

    /** Any thread: time on the scale of the sessions' timers, ms. */
    public static long nowMs() {
        return Math.floorDiv(System.nanoTime(), 1_000_000L);
    }
}
