package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.nat.PortBlockEvents;
import net.nvgate.gateway.neighbor.Announcements;
import net.nvgate.gateway.neighbor.NeighborAgent;
import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.neighbor.NeighborCounters;
import net.nvgate.gateway.neighbor.NeighborEntry;
import net.nvgate.gateway.neighbor.NeighborTable;
import net.nvgate.gateway.neighbor.NeighborTimers;
import net.nvgate.gateway.neighbor.RouterDiscovery;
import net.nvgate.gateway.neighbor.TableLinkAddresses;
import net.nvgate.gateway.route.Own6Addresses;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinkAddresses6;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.worker.WorkerCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread beside the workers: resolves neighbours, announces our addresses, reclaims table memory that no worker holds any more,
 * and logs what the workers tell.
 */
public final class ControlThread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlThread.class);
    private static final Logger PORT_BLOCKS = LoggerFactory.getLogger(PortBlockLog.class);
    /** Adds to the time until the first packet to a new neighbour is sent. */
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** When workers and this thread have had nothing to do for so long, it looks less often: a wake-up costs some 30 us of CPU. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long QUIET_IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long NOT_ANNOUNCED = -1;
    private static final long RECLAIM_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int LEARNED_PER_CYCLE = 64;
    private static final int LAST_CYCLES = 4;
    private static final long STOP_MILLIS_MAX = 1000;

    private final NeighborAgent agent;
    private final Announcements announcements;
    private final EventLog eventLog;
    private final PortBlockLog portBlockLog;
    private final Conditions conditions;
    private final EventCounts found = new EventCounts();
    private final List<NeighborChannel> channels;
    private final TablePolicy policy;
    private final int paPort;
    private final int extPort;
    private final Thread thread = Thread.ofPlatform().name("control").daemon().unstarted(this::run);
    private final List<WorkerThread> workers;
    private volatile boolean stopped;
    private boolean saidThatItForwards;
    private long announcedRevision;
    private final RouterDiscovery routers;
    private Optional<Ipv6Address> knownRouter = Optional.empty();
    private long workSeen;
    private long quietSince;

    /**
     * @param paPort DPDK port id
     * @param extPort DPDK port id
     * @param acceptRouterAdvertisements of the external side
     * @param sink told of what goes to the log
     */
    public ControlThread(
            RouteTables tables,
            TablePolicy policy,
            NeighborTable neighbors,
            List<NeighborChannel> channels,
            List<WorkerThread> workers,
            int paPort,
            int extPort,
            boolean acceptRouterAdvertisements,
            EventSink sink) {
        this.policy = policy;
        this.workers = List.copyOf(workers);
        this.channels = List.copyOf(channels);
        this.eventLog = new EventLog(workers, policy, sink);
        this.portBlockLog = new PortBlockLog(
                workers.stream().map(worker -> worker.nat().blockEvents()).toList(), policy, sink);
        this.conditions = new Conditions(workers, policy, (event, address) -> {
            found.add(event.kind(), event.count());
            eventLog.tell(event, address);
        });
        this.paPort = paPort;
        this.extPort = extPort;
        this.agent = new NeighborAgent(
                neighbors,
                channels,
                new TableLinkAddresses(tables, paPort, extPort),
                NeighborTimers.DEFAULT,
                new SplittableRandom(),
                tables.epochs::bumpExternal);
        agent.onLost(neighbor -> conditions.lost(neighbor, System.nanoTime()));
        this.routers = new RouterDiscovery(extPort);
        if (acceptRouterAdvertisements) {
            agent.discoverRouters(routers);
        }
        this.announcements = new Announcements(channels.getFirst(), agent.counters());
    }

    public void start() {
        thread.start();
    }

    /** Any thread: a block that a process before this one had given is its host's no more; false = there is no room now. */
    public boolean blockEnded(PortBlockEvents.Event block) {
        return portBlockLog.ended(block);
    }

    public NeighborCounters counters() {
        return agent.counters();
    }

    /** Events that this thread found itself. */
    public EventCounts found() {
        return found;
    }

    private void run() {
        long begun = System.nanoTime();
        long reclaimedAt = 0;
        while (!stopped) {
            long now = System.nanoTime() - begun;
            int work = cycle(now);
            if (now - reclaimedAt >= RECLAIM_NANOS) {
                reclaimedAt = now;
                policy.reclaim();
                policy.forgetLearned(now);
            }
            if (work == 0) {
                idle(now);
            }
        }
        // What workers have told since, which have ended before: as often as it takes for their rings of events. Blocks
        // keep their rate.
        for (int i = 0; i < LAST_CYCLES; i++) {
            cycle(System.nanoTime() - begun);
        }
    }

    private void idle(long now) {
        if (now - quietSince < QUIET_NANOS) {
            LockSupport.parkNanos(IDLE_NANOS);
            return;
        }
        // Once woken it is told by the workers' counters that there is work, and stays awake.
        boolean nothingCame = true;
        for (NeighborChannel channel : channels) {
            nothingCame &= channel.wakeOnEvent();
        }
        if (nothingCame && !stopped) {
            LockSupport.parkNanos(QUIET_IDLE_NANOS);
        }
        channels.forEach(NeighborChannel::awake);
    }

    /** Whoever has had work lately may soon have more: for this thread, too. */
    private void noteWork(long done, long now) {
        long seen = 0;
        for (WorkerThread worker : workers) {
            seen += worker.counters().get(WorkerCounter.BUSY_NANOS);
        }
        if (done > 0 || seen != workSeen) {
            workSeen = seen;
            quietSince = now;
        }
    }

    private int cycle(long now) {
        try {
            announceNew();
            // No reason for another cycle at once: their pace is that of an idle thread.
            int paced = announcements.doWork() + eventLog.doWork() + portBlockLog.doWork(now, PORT_BLOCKS::info);
            conditions.doWork(now);
            for (NeighborChannel channel : channels) {
                paced += channel.learning()
                        .poll(LEARNED_PER_CYCLE, (vsid, mac, ca, pa) -> policy.learn(vsid, mac, ca, pa, now));
            }
            int work = agent.doWork(now);
            noteWork(work + paced, now);
            for (Announcements.Own own : agent.duplicates().takeUnique()) {
                confirm(own);
                announcedRevision = NOT_ANNOUNCED;
            }
            followRouters(now);
            sayThatItForwards();
            return work;
        } catch (RuntimeException e) {
            // One impossible packet must not end the resolution of all others.
            LOG.error("neighbour agent", e);
            // Its events may still be there and would forbid the long sleep: the short one, not none.
            quietSince = now;
            return 0;
        }
    }

    /** Once: workers need a policy, and the sessions of before. */
    private void sayThatItForwards() {
        long revision = saidThatItForwards ? 0 : policy.revision();
        if (revision != 0 && workers.stream().allMatch(WorkerThread::forwarding)) {
            saidThatItForwards = true;
            LOG.info("forwards by policy revision {}", revision);
        }
    }

    private void followRouters(long now) {
        Optional<Ipv6Address> router = routers.current(now);
        if (!router.equals(knownRouter)) {
            knownRouter = router;
            policy.learnedRouter(router);
        }
    }

    private void announceNew() {
        long revision = policy.revision();
        if (revision != announcedRevision) {
            announcedRevision = revision;
            List<Announcements.Own> usable = new ArrayList<>();
            List<Announcements.Own> tentative = new ArrayList<>();
            policy.ownAddresses()
                    .forEach(row -> usable.add(own(row.flags(), new Ipv4Address(row.address()), row.vlan())));
            policy.linkAddresses().forEach(row -> usable.add(own(row.link(), new Ipv4Address(row.address()))));
            for (Own6Addresses.Row row : policy.ownAddresses6()) {
                boolean unique = (row.flags() & Own6Addresses.TENTATIVE) == 0;
                (unique ? usable : tentative).add(own(row.flags(), row.address(), row.vlan()));
            }
            for (TenantLinkAddresses6.Row row : policy.linkAddresses6()) {
                (row.tentative() ? tentative : usable).add(own(row.link(), row.address()));
            }
            announcements.replace(usable);
            agent.duplicates().replace(tentative);
            usable.addAll(tentative);
            agent.groups().replace(usable);
        }
    }

    private Announcements.Own own(int flags, IpAddress address, int vlan) {
        boolean provider = (flags & OwnAddresses.PROVIDER) != 0;
        return new Announcements.Own(provider ? paPort : extPort, address, vlan);
    }

    private Announcements.Own own(int link, IpAddress address) {
        int vlan = TenantLinks.vlan(link);
        int port = TenantLinks.isBackEnd(link) ? paPort : extPort;
        return new Announcements.Own(NeighborEntry.portOf(port, vlan), address, vlan);
    }

    private void confirm(Announcements.Own own) {
        int vlan = NeighborEntry.tenantVlan(own.port());
        boolean onPa = NeighborEntry.portId(own.port()) == paPort;
        if (!(own.address() instanceof Ipv6Address address)) {
            return;
        }
        if (vlan == 0) {
            policy.confirmUnique(address);
        } else {
            policy.confirmUnique(onPa ? TenantLinks.backEnd(vlan) : TenantLinks.frontEnd(vlan), address);
        }
    }

    /** @throws StillRunningException if it takes longer than a second */
    @Override
    public void close() {
        stopped = true;
        try {
            thread.join(STOP_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new StillRunningException("the control thread");
        }
    }
}
