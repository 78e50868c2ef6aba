package net.nvgate.gateway.neighbor;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.model.MacAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@link NeighborTable}: RFC 826 with the cache rules of RFC 1122 §2.3.2, and neighbour discovery (RFC 4861 §7.2, §7.3), whose
 * states both have.
 *
 * <pre>
 *              needed                    answer
 *   (none) ───────────▶ INCOMPLETE ───────────────────▶ REACHABLE ◀──────────────┐
 *     │                     │ 3 broadcasts, silence          │ 30..60 s          │ answer
 *     │ request to us       ▼                                ▼         needed    │
 *     │                  FAILED ──5 s──▶ (none)            STALE ─────────────▶ PROBE
 *     │                   │  ▲                              ▲ │                  │ 3 unicasts, then 3 broadcasts, silence
 *     │                   └──┘ needed: another broadcast    │ └──10 min──▶ (none)▼
 *     └─────────────────────────────────────────────────────┘                 FAILED
 * </pre>
 *
 * <p>One thread calls {@link #doWork}; time is given to it. Packets keep flowing to a MAC that is being verified. Workers look at the
 * neighbours that they send to once a second and tell that they need one that is stale: so one that is used is asked every minute,
 * and one that nobody uses is not.
 */
public final class NeighborAgent {

    private static final Logger LOG = LoggerFactory.getLogger(NeighborAgent.class);
    private static final int EVENTS_PER_CYCLE = 1024;
    private static final long CONFLICT_LOG_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long MAC_MULTICAST = 1L << 40;

    private final NeighborTable table;
    private final List<NeighborChannel> channels;
    private final LinkAddresses links;
    private final NeighborTimers timers;
    private final RandomGenerator random;
    private final Runnable changed;
    private final NeighborCounters counters = new NeighborCounters();
    private final Map<Key, Neighbor> neighbors = new HashMap<>();
    private final TreeSet<Neighbor> byDeadline = new TreeSet<>(
            Comparator.<Neighbor>comparingLong(n -> n.deadlineNanos).thenComparingLong(n -> n.serial));
    private final DuplicateCheck duplicates;
    private final GroupReports groups;
    private final long[] event = new long[NeighborChannel.WORDS];
    private @Nullable RouterDiscovery routers;
    private Consumer<IpAddress> lost = _ -> {};
    private long nextSerial;

    private record Key(int port, IpAddress address) {}

    private long nextConflictLogNanos;

    /**
     * @param channels one per worker; the first one's worker sends the requests
     * @param random spreads the probes
     * @param changed told after the table shows another MAC for an address that had one, so that cached flows resolve again:
     *     {@code epochs::bumpExternal}. New MACs are awaited by who needs them and lost ones noticed within a second, so
     *     that neighbours who come and go cost flows nothing
     */
    public NeighborAgent(
            NeighborTable table,
            List<NeighborChannel> channels,
            LinkAddresses links,
            NeighborTimers timers,
            RandomGenerator random,
            Runnable changed) {
        this.table = table;
        this.channels = List.copyOf(channels);
        this.links = links;
        this.timers = timers;
        this.random = random;
        this.changed = changed;
        this.duplicates = new DuplicateCheck(this.channels.getFirst(), counters);
        this.groups = new GroupReports(this.channels.getFirst());
    }

    /** @param listener told whenever a neighbour that answered once answers no more, on the thread of {@link #doWork} */
    public void onLost(Consumer<IpAddress> listener) {
        lost = listener;
    }

    /** Learns default routers from now on. */
    public void discoverRouters(RouterDiscovery discovery) {
        routers = discovery;
    }

    /** Of own IPv6 addresses; used by the thread that calls {@link #doWork}. */
    public DuplicateCheck duplicates() {
        return duplicates;
    }

    /** What we listen to; used by the thread that calls {@link #doWork}. */
    public GroupReports groups() {
        return groups;
    }

    public NeighborCounters counters() {
        return counters;
    }

    /**
     * One duty cycle: what workers told, what time has run out for.
     *
     * @param nowNanos a clock that never goes back, from 0 or more
     * @return events and timeouts handled
     */
    public int doWork(long nowNanos) {
        int work = 0;
        for (NeighborChannel channel : channels) {
            for (int i = 0; i < EVENTS_PER_CYCLE && channel.pollEvent(event); i++) {
                onEvent(nowNanos);
                work++;
            }
        }
        while (!byDeadline.isEmpty() && byDeadline.first().deadlineNanos <= nowNanos) {
            onDeadline(byDeadline.first(), nowNanos);
            work++;
        }
        work += groups.doWork();
        work += duplicates.doWork(nowNanos);
        table.reclaim();
        return work;
    }

    private void onEvent(long nowNanos) {
        int port = NeighborChannel.port(event);
        int kind = NeighborChannel.eventKind(event);
        if (kind == NeighborChannel.EVENT_NEEDED) {
            onNeeded(port, NeighborChannel.target(event), nowNanos);
            return;
        }
        if (kind == NeighborChannel.EVENT_ROUTER) {
            if (routers != null && NeighborChannel.sender(event) instanceof Ipv6Address router) {
                routers.advertised(port, router, NeighborChannel.routerLifetime(event), nowNanos);
            }
            return;
        }
        if (kind == NeighborChannel.EVENT_GROUP_QUERY) {
            groups.queried(port, NeighborChannel.queryVlan(event));
            return;
        }
        long mac = NeighborChannel.eventMac(event);
        IpAddress sender = NeighborChannel.sender(event);
        boolean advertised = kind >= NeighborChannel.EVENT_ADVERTISEMENT && kind < NeighborChannel.EVENT_ROUTER;
        if ((mac == 0 && !advertised) || (mac & MAC_MULTICAST) != 0) {
            counters.malformed.increment();
        } else if (sender.isUnspecified()) {
            // An ARP probe (RFC 5227 §1.1) says nothing of its sender; one of IPv6 may be for what we are about to use.
            if (NeighborChannel.target(event) instanceof Ipv6Address wanted) {
                duplicates.probed(port, wanted, mac, nowNanos);
            }
        } else if (links.isOwn(port, sender)) {
            onConflict(port, mac, sender, nowNanos);
        } else if (!links.isOnLink(port, sender)) {
            counters.refusedOffLink.increment();
        } else if (advertised) {
            onAdvertisement(port, kind - NeighborChannel.EVENT_ADVERTISEMENT, mac, sender, nowNanos);
        } else {
            boolean reply = kind == NeighborChannel.EVENT_ARP_REPLY;
            onArp(port, reply, mac, sender, links.isOwn(port, NeighborChannel.target(event)), nowNanos);
        }
    }

    private void onConflict(int port, long mac, IpAddress address, long now) {
        counters.conflicts.increment();
        if (address instanceof Ipv6Address own) {
            duplicates.claimed(port, own, mac, now);
        }
        if (now >= nextConflictLogNanos) {
            nextConflictLogNanos = now + CONFLICT_LOG_NANOS;
            LOG.warn("port {}: {} claims our address {}", port, new MacAddress(mac), address);
        }
    }

    private void onNeeded(int port, IpAddress address, long now) {
        Neighbor neighbor = neighbors.get(new Key(port, address));
        if (neighbor != null) {
            neighbor.needed = true;
            if (neighbor.state == NeighborState.STALE) {
                probe(neighbor, now);
            } else if (neighbor.state == NeighborState.FAILED) {
                tryAgain(neighbor, now);
            }
        } else if (links.isOwn(port, address) || !links.isOnLink(port, address)) {
            counters.refusedOffLink.increment();
        } else {
            Neighbor fresh = create(port, address, true);
            if (fresh != null) {
                fresh.needed = true;
                move(fresh, NeighborState.INCOMPLETE, 0, now + timers.retry().toNanos());
                ask(fresh, 0, now);
            }
        }
    }

    /** RFC 4861 §7.2.5; advertisements of who is not asked for are ignored. */
    private void onAdvertisement(int port, int flags, long mac, IpAddress target, long now) {
        Neighbor neighbor = neighbors.get(new Key(port, target));
        long told = neighbor != null && mac == 0 ? neighbor.mac : mac;
        if (neighbor == null || told == 0) {
            return;
        }
        boolean solicited = (flags & NeighborChannel.SOLICITED) != 0;
        boolean override = (flags & NeighborChannel.OVERRIDE) != 0;
        if (neighbor.mac != 0 && neighbor.mac != told && !override) {
            if (neighbor.state == NeighborState.REACHABLE) {
                becomeStale(neighbor, neighbor.mac, now);
            }
        } else if (solicited) {
            counters.resolved.increment();
            neighbor.tries = 0;
            move(neighbor, NeighborState.REACHABLE, told, now + reachableNanos());
        } else if (neighbor.mac != told) {
            becomeStale(neighbor, told, now);
        }
    }

    /** Is verified at once if packets depend on it. */
    private void becomeStale(Neighbor neighbor, long mac, long now) {
        move(neighbor, NeighborState.STALE, mac, now + timers.stale().toNanos());
        if (neighbor.needed) {
            probe(neighbor, now);
        }
    }

    /** RFC 826 "Packet Reception": a known sender is merged; an unknown one is learned only if the packet is for us. So it is with solicitations (RFC 4861 §7.2.3). */
    private void onArp(int port, boolean reply, long mac, IpAddress sender, boolean toUs, long now) {
        Neighbor neighbor = neighbors.get(new Key(port, sender));
        if (neighbor == null) {
            Neighbor fresh = !reply && toUs ? create(port, sender, false) : null;
            if (fresh != null) {
                move(fresh, NeighborState.STALE, mac, now + timers.stale().toNanos());
            }
        } else if (reply && toUs) {
            counters.resolved.increment();
            neighbor.tries = 0;
            move(neighbor, NeighborState.REACHABLE, mac, now + reachableNanos());
        } else if (neighbor.mac != mac) {
            // A request or a gratuitous ARP: believed, and verified if packets depend on it.
            becomeStale(neighbor, mac, now);
        }
    }

    private long reachableNanos() {
        long base = timers.reachable().toNanos();
        return base + random.nextLong(base);
    }

    private void onDeadline(Neighbor neighbor, long now) {
        switch (neighbor.state) {
            case INCOMPLETE -> {
                if (neighbor.tries < timers.triesMax()) {
                    askAgain(neighbor, 0, now);
                } else {
                    fail(neighbor, now);
                }
            }
            case REACHABLE -> {
                neighbor.needed = false;
                move(
                        neighbor,
                        NeighborState.STALE,
                        neighbor.mac,
                        now + timers.stale().toNanos());
            }
            case PROBE -> {
                if (neighbor.tries < 2 * timers.triesMax()) {
                    askAgain(neighbor, neighbor.tries < timers.triesMax() ? neighbor.mac : 0, now);
                } else {
                    fail(neighbor, now);
                }
            }
            case STALE, FAILED -> forget(neighbor);
        }
    }

    private void probe(Neighbor neighbor, long now) {
        neighbor.tries = 0;
        move(neighbor, NeighborState.PROBE, neighbor.mac, now + timers.retry().toNanos());
        ask(neighbor, neighbor.mac, now);
    }

    /** Stays failed, for whoever has another next hop, but an answer is a matter of a round trip; of a second for the next packets. */
    private void tryAgain(Neighbor neighbor, long now) {
        if (now - neighbor.askedNanos >= timers.retry().toNanos()) {
            move(neighbor, NeighborState.FAILED, 0, now + timers.failed().toNanos());
            ask(neighbor, 0, now);
        }
    }

    private void askAgain(Neighbor neighbor, long mac, long now) {
        move(neighbor, neighbor.state, neighbor.mac, now + timers.retry().toNanos());
        ask(neighbor, mac, now);
    }

    /** @param mac whom to ask, 0 = everybody */
    private void ask(Neighbor neighbor, long mac, long now) {
        neighbor.tries++;
        neighbor.askedNanos = now;
        IpAddress source = links.sourceFor(neighbor.port, neighbor.address);
        if (source != null) {
            int vlan = links.vlanFor(neighbor.port, neighbor.address);
            if (channels.getFirst().request(neighbor.port, vlan, mac, source, neighbor.address)) {
                counters.requests.increment();
            }
        }
    }

    private void fail(Neighbor neighbor, long now) {
        counters.failed.increment();
        if (neighbor.mac != 0) {
            lost.accept(neighbor.address);
        }
        neighbor.needed = false;
        move(neighbor, NeighborState.FAILED, 0, now + timers.failed().toNanos());
    }

    /** All changes of state pass here: the table first, then whoever cached what it said. */
    private void move(Neighbor neighbor, NeighborState state, long mac, long deadlineNanos) {
        boolean moved = neighbor.mac != mac && neighbor.mac != 0 && mac != 0;
        if (moved) {
            counters.moved.increment();
        }
        byDeadline.remove(neighbor);
        neighbor.state = state;
        neighbor.mac = mac;
        neighbor.deadlineNanos = deadlineNanos;
        byDeadline.add(neighbor);
        table.set(neighbor.port, neighbor.address, mac, state);
        if (moved) {
            changed.run();
        }
    }

    /** Null, and counted, if the table is full. What is needed takes the place of what nobody needs. */
    private @Nullable Neighbor create(int port, IpAddress address, boolean needed) {
        if (neighbors.size() >= timers.neighborsMax() && !(needed && evict())) {
            counters.refusedFull.increment();
            return null;
        }
        Neighbor neighbor = new Neighbor(port, address, nextSerial++);
        neighbors.put(new Key(port, address), neighbor);
        return neighbor;
    }

    private boolean evict() {
        for (Neighbor neighbor : byDeadline) {
            if (!neighbor.needed) {
                forget(neighbor);
                return true;
            }
        }
        return false;
    }

    private void forget(Neighbor neighbor) {
        byDeadline.remove(neighbor);
        neighbors.remove(new Key(neighbor.port, neighbor.address));
        table.remove(neighbor.port, neighbor.address);
    }
}
