package net.nvgate.gateway.control;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ObjIntConsumer;
import net.nvgate.gateway.police.Meters;

/** What limits of traffic let through, cost and hold up: of each tenant, NAT connection, virtual NIC and port that has some. */
final class LimitSamples {

    /** Tenants, connections or NICs that are shown at most: the lowest ids. */
    private static final int SHOWN_MAX = 4_096;

    private static final double NANOS = 1e9;

    /** By the numbers of {@link Meters}. */
    private static final List<String> DIRECTIONS = List.of("inbound", "outbound");

    private static final UUID NOBODY = new UUID(0, 0);

    /** There is one pair of ports, which all tenants share. */
    private static final TablePolicy.Limited PORTS = new TablePolicy.Limited(NOBODY, NOBODY, 0);

    private final DataPath path;
    private final List<Sample> samples;

    private LimitSamples(DataPath path, List<Sample> samples) {
        this.path = path;
        this.samples = samples;
    }

    /** Who has limits. */
    private enum Kind {
        TENANT("nvgate_tenant_limit", "rdid", "a tenant's limit") {
            @Override
            int meter(Meters meters, int index, int direction) {
                return meters.tenant(index, direction);
            }
        },
        CONNECTION("nvgate_nat_connection_limit", "connection", "a NAT connection's limit") {
            @Override
            int meter(Meters meters, int index, int direction) {
                return meters.connection(index, direction);
            }
        },
        NIC("nvgate_nic_limit", "nic", "the maximum of a NIC's port profile") {
            @Override
            int meter(Meters meters, int index, int direction) {
                return meters.nic(index, direction);
            }
        },
        PORT("nvgate_port_limit", "port", "a port's rate") {
            @Override
            int meter(Meters meters, int index, int direction) {
                return meters.port(direction);
            }

            @Override
            Map<String, String> labels(TablePolicy.Limited one, int direction) {
                return Map.of(
                        label, direction == Meters.INBOUND ? "pa" : "ext", "direction", DIRECTIONS.get(direction));
            }
        };

        final String metric;
        final String label;
        final String what;

        Kind(String metric, String label, String what) {
            this.metric = metric;
            this.label = label;
            this.what = what;
        }

        abstract int meter(Meters meters, int index, int direction);

        /** By its id and its tenant. */
        Map<String, String> labels(TablePolicy.Limited one, int direction) {
            Map<String, String> labels = new LinkedHashMap<>();
            labels.put(label, one.id().toString());
            labels.put("rdid", one.rdid().toString());
            labels.put("direction", DIRECTIONS.get(direction));
            return labels;
        }
    }

    static void read(DataPath path, List<Sample> samples) {
        LimitSamples reader = new LimitSamples(path, samples);
        TablePolicy policy = path.policy();
        reader.read(
                Kind.TENANT,
                policy.tenantLimits().stream()
                        .map(tenant -> new TablePolicy.Limited(tenant.rdid(), tenant.rdid(), tenant.index()))
                        .toList());
        reader.read(Kind.CONNECTION, policy.connectionLimits());
        reader.read(Kind.NIC, policy.nicLimits());
        if (path.tables().rates.ofPorts() != 0) {
            reader.read(Kind.PORT, List.of(PORTS));
        }
    }

    private void read(Kind kind, List<TablePolicy.Limited> all) {
        List<TablePolicy.Limited> shown = all.stream().limit(SHOWN_MAX).toList();
        counter(kind, shown, "_bytes", "Bytes of IP packets that %s has let through", Meters::bytes);
        counter(kind, shown, "_packets", "Packets that %s has let through", Meters::packets);
        counter(kind, shown, "_drops", "Packets that %s has cost", Meters::drops);
        each(kind, shown, (labels, meter) -> {
            long waiting = path.workers().stream()
                    .mapToLong(worker -> worker.meters().waiting(meter))
                    .sum();
            samples.add(Sample.gauge(
                    kind.metric + "_queue_packets", "Packets that wait for " + kind.what, labels, waiting));
        });
        each(kind, shown, (labels, meter) -> {
            double longest = path.workers().stream()
                    .mapToDouble(worker -> worker.meters().delayNanos(meter) / NANOS)
                    .max()
                    .orElse(0);
            String text = "How long the packet waited that left the queue of " + kind.what + " last";
            samples.add(Sample.gauge(kind.metric + "_queue_delay_seconds", text, labels, longest));
        });
    }

    private interface Value {
        long of(Meters meters, int meter);
    }

    private void counter(Kind kind, List<TablePolicy.Limited> shown, String name, String text, Value value) {
        each(kind, shown, (labels, meter) -> {
            long sum = path.workers().stream()
                    .mapToLong(worker -> value.of(worker.meters(), meter))
                    .sum();
            samples.add(Sample.counter(kind.metric + name, text.formatted(kind.what), labels, sum));
        });
    }

    /** Both directions of each, with the number of the direction's meter, which is the same with each worker. */
    private void each(Kind kind, List<TablePolicy.Limited> shown, ObjIntConsumer<Map<String, String>> action) {
        if (path.workers().isEmpty()) {
            return;
        }
        Meters any = path.workers().getFirst().meters();
        for (TablePolicy.Limited one : shown) {
            for (int direction = Meters.INBOUND; direction <= Meters.OUTBOUND; direction++) {
                action.accept(kind.labels(one, direction), kind.meter(any, one.index(), direction));
            }
        }
    }
}
