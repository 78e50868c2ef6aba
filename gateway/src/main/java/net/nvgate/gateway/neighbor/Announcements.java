package net.nvgate.gateway.neighbor;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import net.nvgate.fabric.model.IpAddress;

/**
 * Tells the networks which addresses are ours: one gratuitous ARP request (RFC 5944 §4.6: sender = target) or unsolicited neighbour
 * advertisement (RFC 4861 §7.2.6) for each as soon as it is there, so that routers and hosts that knew it at another MAC learn ours at once. What is waiting is bounded by the number
 * of addresses. Used by the thread of the {@link NeighborAgent}, the one that asks workers for requests.
 */
public final class Announcements {

    /** About 4,000 a second: a gateway with every NAT address has told all in four seconds, and no switch is flooded. */
    static final int PER_CYCLE = 8;

    /**
     * An address of ours.
     *
     * @param port as in {@link NeighborEntry#portOf}
     * @param address that we have, known to be nobody else's
     * @param vlan 802.1Q VLAN id, 0 = untagged
     */
    public record Own(int port, IpAddress address, int vlan) {}

    private record Key(int port, IpAddress address) {}

    private final NeighborChannel channel;
    private final NeighborCounters counters;
    private final Deque<Own> waiting = new ArrayDeque<>();
    private Map<Key, Own> known = Map.of();

    /** @param channel to the worker that sends */
    public Announcements(NeighborChannel channel, NeighborCounters counters) {
        this.channel = channel;
        this.counters = counters;
    }

    /** Sets what is ours now. Addresses that are new, or in another VLAN than before, will be announced. */
    public void replace(Collection<Own> all) {
        Map<Key, Own> now = HashMap.newHashMap(all.size());
        all.forEach(own -> now.put(key(own), own));
        waiting.removeIf(own -> !own.equals(now.get(key(own))));
        for (Own own : all) {
            if (!own.equals(known.get(key(own)))) {
                waiting.add(own);
            }
        }
        known = now;
    }

    private static Key key(Own own) {
        return new Key(own.port, own.address);
    }

    /** Hands some of what waits to the worker; what it does not take is tried again in the next cycle. Requests handed over. */
    public int doWork() {
        int done = 0;
        while (done < PER_CYCLE && !waiting.isEmpty()) {
            Own own = waiting.peek();
            if (!channel.request(own.port, own.vlan, 0, own.address, own.address)) {
                counters.announcementsDeferred.increment();
                return done;
            }
            waiting.remove();
            counters.announced.increment();
            done++;
        }
        return done;
    }
}
