package net.nvgate.gateway.control;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.NatChoice;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.worker.Event;
import net.nvgate.gateway.worker.EventKind;
import net.nvgate.gateway.worker.MtuRow;

/**
 * Conditions that nobody tells because no packet meets them all at once: external addresses that fill up, VMs whose packets do not fit,
 * neighbours that have gone. Looked for on the control thread, every {@link #PERIOD_NANOS}; of one subject an event a minute at most.
 */
final class Conditions {

    static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int[] PROTOCOLS = {Ipv4.TCP, Ipv4.UDP, Ipv4.ICMP};
    private static final int HIGH_PERCENT = 80;
    private static final int FULL_PERCENT = 95;
    /** So far it must fall below a threshold before that is told again. */
    private static final int RETURN_PERCENT = 5;

    private static final int NEIGHBORS_MAX = 1024;

    /** Takes what was found. */
    interface Teller {
        void tell(Event event, Optional<IpAddress> address);
    }

    /** Ports of a connection, of one protocol. */
    private record Pool(int external, int portMin, int protocol) {}

    /** A VM whose packets do not fit. */
    private record Vm(int domain, IpAddress address) {}

    /** @param toldNanos when it was told last */
    private record Trouble(long packets, long toldNanos) {}

    private final List<WorkerThread> workers;
    private final TablePolicy policy;
    private final Teller teller;
    private Map<Pool, EventKind> full = Map.of();
    private Map<Vm, Trouble> troubles = Map.of();
    private final Map<IpAddress, Long> lost = new LinkedHashMap<>();
    private long nextNanos;

    Conditions(List<WorkerThread> workers, TablePolicy policy, Teller teller) {
        this.workers = List.copyOf(workers);
        this.policy = policy;
        this.teller = teller;
    }

    /** @param nowNanos a clock that never goes back, from 0 on */
    void doWork(long nowNanos) {
        if (nowNanos < nextNanos) {
            return;
        }
        nextNanos = nowNanos + PERIOD_NANOS;
        pools();
        sizes(nowNanos);
    }

    private void pools() {
        Map<Pool, EventKind> now = new HashMap<>();
        for (NatTable.Connection connection : policy.natConnections()) {
            int first = Math.max(NatChoice.PORT_FIRST, connection.portMin());
            int usable = connection.portMax() - first + 1;
            int any = workers.stream()
                    .mapToInt(worker -> worker.nat().ports().taken(connection.externalIp()))
                    .sum();
            // Of all protocols and connections of the address together: mostly that is the end of it.
            if (usable > 0 && any >= percent(HIGH_PERCENT - RETURN_PERCENT, usable)) {
                for (int protocol : PROTOCOLS) {
                    pool(connection, first, usable, protocol, now);
                }
            }
        }
        full = now;
    }

    private static long percent(int percent, int of) {
        return (long) of * percent / 100;
    }

    private void pool(NatTable.Connection connection, int first, int usable, int protocol, Map<Pool, EventKind> now) {
        long taken = workers.stream()
                .mapToLong(worker ->
                        worker.nat().ports().taken(connection.externalIp(), protocol, first, connection.portMax()))
                .sum();
        Pool pool = new Pool(connection.externalIp(), connection.portMin(), protocol);
        EventKind before = full.get(pool);
        boolean was80 = before != null;
        boolean was95 = before == EventKind.NAT_POOL_95;
        if (taken >= percent(was95 ? FULL_PERCENT - RETURN_PERCENT : FULL_PERCENT, usable)) {
            now.put(pool, EventKind.NAT_POOL_95);
        } else if (taken >= percent(was80 ? HIGH_PERCENT - RETURN_PERCENT : HIGH_PERCENT, usable)) {
            now.put(pool, EventKind.NAT_POOL_80);
        }
        EventKind kind = now.get(pool);
        if (kind != null && kind != before && !was95) {
            teller.tell(new Event(kind, connection.rdid(), 0, connection.externalIp(), protocol, 1), Optional.empty());
        }
    }

    private void sizes(long nowNanos) {
        Map<Vm, Trouble> now = new HashMap<>();
        packetsThatDoNotFit().forEach((vm, packets) -> {
            Trouble before = troubles.getOrDefault(vm, new Trouble(0, nowNanos - QUIET_NANOS));
            boolean tells = packets > before.packets && nowNanos - before.toldNanos >= QUIET_NANOS;
            if (tells) {
                int v4 = vm.address instanceof Ipv4Address address ? address.value() : 0;
                teller.tell(
                        new Event(EventKind.MTU_TROUBLE, vm.domain, v4, 0, 0, packets - before.packets),
                        Optional.of(vm.address));
            }
            now.put(vm, tells ? new Trouble(packets, nowNanos) : before);
        });
        troubles = now;
    }

    /** Two workers may know one VM: one of them puts its host's fragments together. */
    private Map<Vm, Long> packetsThatDoNotFit() {
        Map<Vm, Long> all = new LinkedHashMap<>();
        for (WorkerThread worker : workers) {
            for (MtuRow row : worker.mtuRows()) {
                all.merge(new Vm(row.domain(), row.customerAddress()), row.refused() + row.receivedTooBig(), Long::sum);
            }
        }
        return all;
    }

    /** A neighbour that answered once answers no more. */
    void lost(IpAddress neighbor, long nowNanos) {
        Long told = lost.get(neighbor);
        if (told != null && nowNanos - told < QUIET_NANOS) {
            return;
        }
        lost.remove(neighbor);
        if (lost.size() == NEIGHBORS_MAX) {
            lost.remove(lost.keySet().iterator().next());
        }
        lost.put(neighbor, nowNanos);
        teller.tell(new Event(EventKind.NEIGHBOR_LOST, 0, 0, 0, 0, 1), Optional.of(neighbor));
    }
}
