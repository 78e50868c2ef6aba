package net.nvgate.gateway.neighbor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.model.MacAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Duplicate address detection (RFC 4862 §5.4) for own IPv6 addresses: nobody may answer a solicitation from :: within a second, then
 * the address is ours. One that somebody else has is not used, and is looked for again every minute, so that the mistake needs no
 * restart once it is mended.
 *
 * <pre>
 *  tentative --probe sent--> waiting --1 s, silence--> unique
 *      ^                        | claimed by another, or probed for by another
 *      +------- 60 s ------- duplicate: logged, counted
 * </pre>
 *
 * Used by the thread of the {@link NeighborAgent}.
 */
public final class DuplicateCheck {

    /** RetransTimer (RFC 4861 §10), with one transmission. */
    static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final Logger LOG = LoggerFactory.getLogger(DuplicateCheck.class);

    private enum State {
        TENTATIVE,
        WAITING,
        DUPLICATE
    }

    private static final class Check {
        private final Announcements.Own own;
        private State state = State.TENTATIVE;
        private long deadlineNanos;

        Check(Announcements.Own own) {
            this.own = own;
        }
    }

    private final NeighborChannel channel;
    private final NeighborCounters counters;
    /** Tenants may have given us the same address, each on a VLAN of its own. */
    private record Key(int port, IpAddress address) {}

    private final Map<Key, Check> checks = new HashMap<>();
    private final List<Announcements.Own> unique = new ArrayList<>();

    DuplicateCheck(NeighborChannel channel, NeighborCounters counters) {
        this.channel = channel;
        this.counters = counters;
    }

    /** Sets which own addresses are not known to be unique yet. */
    public void replace(Collection<Announcements.Own> tentative) {
        Map<Key, Announcements.Own> wanted = new HashMap<>();
        tentative.forEach(own -> wanted.put(new Key(own.port(), own.address()), own));
        checks.entrySet().removeIf(check -> !check.getValue().own.equals(wanted.get(check.getKey())));
        wanted.forEach((key, own) -> checks.computeIfAbsent(key, _ -> new Check(own)));
        unique.removeIf(own -> !wanted.containsValue(own));
    }

    /** Addresses found to be nobody else's since the last call. */
    public List<Announcements.Own> takeUnique() {
        List<Announcements.Own> taken = List.copyOf(unique);
        unique.clear();
        return taken;
    }

    int doWork(long nowNanos) {
        int work = 0;
        for (Check check : checks.values()) {
            boolean due = check.state == State.TENTATIVE || nowNanos >= check.deadlineNanos;
            if (due && check.state == State.WAITING) {
                unique.add(check.own);
                work++;
            } else if (due && probe(check, nowNanos)) {
                work++;
            }
        }
        unique.forEach(own -> checks.remove(new Key(own.port(), own.address())));
        return work;
    }

    private boolean probe(Check check, long nowNanos) {
        Announcements.Own own = check.own;
        if (!channel.request(own.port(), own.vlan(), 0, Ipv6Address.UNSPECIFIED, own.address())) {
            return false;
        }
        check.state = State.WAITING;
        check.deadlineNanos = nowNanos + WAIT_NANOS;
        return true;
    }

    /** Somebody advertises or uses the address; {@code port} is as in {@link NeighborEntry#portOf}. */
    void claimed(int port, Ipv6Address address, long mac, long nowNanos) {
        Check check = checks.get(new Key(port, address));
        if (check != null && check.state != State.DUPLICATE) {
            check.state = State.DUPLICATE;
            check.deadlineNanos = nowNanos + AGAIN_NANOS;
            counters.duplicates.increment();
            LOG.error(
                    "address {} is not used: {} has it already (port {}, VLAN {})",
                    address,
                    mac == 0 ? "somebody" : new MacAddress(mac),
                    NeighborEntry.portId(check.own.port()),
                    check.own.vlan());
        }
    }

    /** Somebody wants to know whether the address is free: then we both want it, and none may have it. */
    void probed(int port, Ipv6Address address, long mac, long nowNanos) {
        claimed(port, address, mac, nowNanos);
    }
}
