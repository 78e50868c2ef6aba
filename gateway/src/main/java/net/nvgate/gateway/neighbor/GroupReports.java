package net.nvgate.gateway.neighbor;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Mld;

/**
 * Tells switches that snoop MLD which groups we listen to: the solicited-node groups of our IPv6 addresses (RFC 4861 §7.2.1), each as
 * soon as there is such an address and before it is probed for (RFC 4862 §5.4.2), and all of a link when somebody there asks (RFC 3810
 * §6.2). Used by the thread of the {@link NeighborAgent}.
 */
public final class GroupReports {

    /** Of a link with many addresses the answer is spread. */
    static final int PER_CYCLE = 8;

    private record Group(int port, int vlan, Ipv6Address address) {}

    private record Report(Group group, int record) {}

    private final NeighborChannel channel;
    private final Deque<Report> waiting = new ArrayDeque<>();
    private Set<Group> groups = Set.of();

    GroupReports(NeighborChannel channel) {
        this.channel = channel;
    }

    /** Sets what is ours now, tentative addresses included. New groups will be reported. */
    public void replace(Collection<Announcements.Own> all) {
        Set<Group> now = new LinkedHashSet<>();
        for (Announcements.Own own : all) {
            if (own.address() instanceof Ipv6Address address) {
                now.add(new Group(own.port(), own.vlan(), groupOf(address)));
            }
        }
        waiting.removeIf(report -> !now.contains(report.group));
        for (Group group : now) {
            if (!groups.contains(group)) {
                waiting.add(new Report(group, Mld.CHANGE_TO_EXCLUDE));
            }
        }
        groups = now;
    }

    private static Ipv6Address groupOf(Ipv6Address address) {
        return new Ipv6Address(Ipv6.LINK_MULTICAST_HIGH, Ipv6.solicitedNodeLow(address.low()));
    }

    /** Somebody on a link asks who listens to what; {@code port} is as in {@link NeighborEntry#portOf}. */
    void queried(int port, int vlan) {
        for (Group group : groups) {
            Report report = new Report(group, Mld.MODE_IS_EXCLUDE);
            if (group.port == port && group.vlan == vlan && !waiting.contains(report)) {
                waiting.add(report);
            }
        }
    }

    /** Hands some of what waits to the worker; what it does not take is tried again in the next cycle. Requests handed over. */
    int doWork() {
        int done = 0;
        while (done < PER_CYCLE && !waiting.isEmpty()) {
            Report next = waiting.element();
            if (!channel.report(next.group.port, next.group.vlan, next.record, next.group.address)) {
                return done;
            }
            waiting.remove();
            done++;
        }
        return done;
    }
}
