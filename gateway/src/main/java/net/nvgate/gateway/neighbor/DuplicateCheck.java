package net.nvgate.gateway.neighbor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
    private final Map<Ipv6Address, Check> checks = new HashMap<>();
    private final List<Ipv6Address> unique = new ArrayList<>();

    DuplicateCheck(NeighborChannel channel, NeighborCounters counters) {
        this.channel = channel;
        this.counters = counters;
    }

    /** Sets which own addresses are not known to be unique yet. */
    public void replace(Collection<Announcements.Own> tentative) {
        Map<Ipv6Address, Announcements.Own> wanted = new HashMap<>();
        for (Announcements.Own own : tentative) {
            if (own.address() instanceof Ipv6Address address) {
                wanted.put(address, own);
            }
        }
        checks.values().removeIf(check -> !check.own.equals(wanted.get(check.own.address())));
        wanted.forEach((address, own) -> checks.computeIfAbsent(address, _ -> new Check(own)));
        unique.removeIf(address -> !wanted.containsKey(address));
    }

    /** Addresses found to be nobody else's since the last call. */
    public List<Ipv6Address> takeUnique() {
        List<Ipv6Address> taken = List.copyOf(unique);
        unique.clear();
        return taken;
    }

    int doWork(long nowNanos) {
        int work = 0;
        for (Map.Entry<Ipv6Address, Check> entry : checks.entrySet()) {
            Check check = entry.getValue();
            boolean due = check.state == State.TENTATIVE || nowNanos >= check.deadlineNanos;
            if (due && check.state == State.WAITING) {
                unique.add(entry.getKey());
                work++;
            } else if (due && probe(check, nowNanos)) {
                work++;
            }
        }
        unique.forEach(checks::remove);
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

    /** Somebody advertises or uses the address. */
    void claimed(Ipv6Address address, long mac, long nowNanos) {
        Check check = checks.get(address);
        if (check != null && check.state != State.DUPLICATE) {
            check.state = State.DUPLICATE;
            check.deadlineNanos = nowNanos + AGAIN_NANOS;
            counters.duplicates.increment();
            LOG.error(
                    "address {} is not used: {} has it already (port {}, VLAN {})",
                    address,
                    mac == 0 ? "somebody" : new MacAddress(mac),
                    check.own.port(),
                    check.own.vlan());
        }
    }

    /** Somebody wants to know whether the address is free: then we both want it, and none may have it. */
    void probed(Ipv6Address address, long mac, long nowNanos) {
        claimed(address, mac, nowNanos);
    }
}
