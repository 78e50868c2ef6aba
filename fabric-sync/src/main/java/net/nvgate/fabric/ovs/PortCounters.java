package net.nvgate.fabric.ovs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import org.jspecify.annotations.Nullable;

/**
 * Packets, bytes and drops of each virtual port, as {@code nvgate_host_port_*}. The switch counts per OpenFlow port and per entry and
 * begins anew when a VM is plugged in again; here only the growth is added. One writer, any readers.
 */
final class PortCounters {

    private final MeterRegistry registry;
    private final Map<UUID, PortMeters> ports = new ConcurrentHashMap<>();

    PortCounters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** What the switch has counted of one OpenFlow port: from the VM and to it. */
    record PortTotals(long fromPackets, long fromBytes, long toPackets, long toBytes) {}

    /** Sums over the entries of one reason and port. */
    record PortReason(int ofport, FlowCounter reason) {}

    void update(
            List<VirtualPort> policy,
            PluggedPorts plugged,
            Map<Integer, PortTotals> totals,
            Map<PortReason, Long> drops) {
        Set<UUID> wanted = new HashSet<>();
        for (VirtualPort port : policy) {
            wanted.add(port.nicId());
            PortMeters meters = ports.compute(
                    port.nicId(),
                    (_, known) -> known != null && known.vm.equals(port.vmName()) ? known : replaced(known, port));
            OvsInterface at = plugged.byNic().get(port.nicId());
            if (at != null) {
                meters.update(at.ofport(), totals.get(at.ofport()), drops);
            }
        }
        for (UUID nic : List.copyOf(ports.keySet())) {
            PortMeters gone = wanted.contains(nic) ? null : ports.remove(nic);
            if (gone != null) {
                gone.remove();
            }
        }
    }

    private PortMeters replaced(@Nullable PortMeters known, VirtualPort port) {
        if (known != null) {
            known.remove();
        }
        return new PortMeters(registry, port.vmName(), port.nicId());
    }

    /** By reason, only what happened. */
    Map<String, Long> drops(UUID nic) {
        PortMeters meters = ports.get(nic);
        return meters == null ? Map.of() : meters.dropped();
    }

    private static final class PortMeters {

        private final MeterRegistry registry;
        private final String vm;
        private final UUID nic;
        private final Counter fromPackets;
        private final Counter fromBytes;
        private final Counter toPackets;
        private final Counter toBytes;
        private final Map<FlowCounter, Counter> drops = new EnumMap<>(FlowCounter.class);
        private int ofport;
        private PortTotals last = new PortTotals(0, 0, 0, 0);
        private final Map<FlowCounter, Long> lastDrops = new HashMap<>();

        PortMeters(MeterRegistry registry, String vm, UUID nic) {
            this.registry = registry;
            this.vm = vm;
            this.nic = nic;
            fromPackets = counter("packets", "Packets of a virtual port", "direction", "from-vm");
            toPackets = counter("packets", "Packets of a virtual port", "direction", "to-vm");
            fromBytes = counter("bytes", "Bytes of a virtual port", "direction", "from-vm");
            toBytes = counter("bytes", "Bytes of a virtual port", "direction", "to-vm");
            for (FlowCounter reason : FlowCounter.OF_SENDER) {
                drops.put(reason, counter("drops", "Packets of a VM that were dropped", "reason", reason.label()));
            }
        }

        private Counter counter(String name, String meaning, String label, String value) {
            return Counter.builder("nvgate.host.port." + name)
                    .description(meaning)
                    .tag("vm", vm)
                    .tag("nic", nic.toString())
                    .tag(label, value)
                    .register(registry);
        }

        void update(int port, @Nullable PortTotals totals, Map<PortReason, Long> seen) {
            if (port != ofport) {
                ofport = port;
                last = new PortTotals(0, 0, 0, 0);
                lastDrops.clear();
            }
            if (totals != null) {
                grow(fromPackets, last.fromPackets(), totals.fromPackets());
                grow(fromBytes, last.fromBytes(), totals.fromBytes());
                grow(toPackets, last.toPackets(), totals.toPackets());
                grow(toBytes, last.toBytes(), totals.toBytes());
                last = totals;
            }
            drops.forEach((reason, counter) -> {
                long now = seen.getOrDefault(new PortReason(port, reason), 0L);
                grow(counter, lastDrops.getOrDefault(reason, 0L), now);
                lastDrops.put(reason, now);
            });
        }

        /** Less than before: the switch began anew. */
        private static void grow(Counter counter, long before, long now) {
            counter.increment((double) (now >= before ? now - before : now));
        }

        Map<String, Long> dropped() {
            Map<String, Long> dropped = new LinkedHashMap<>();
            drops.forEach((reason, counter) -> {
                if (counter.count() > 0) {
                    dropped.put(reason.label(), (long) counter.count());
                }
            });
            return dropped;
        }

        void remove() {
            List.of(fromPackets, fromBytes, toPackets, toBytes).forEach(registry::remove);
            drops.values().forEach(registry::remove);
        }
    }
}
